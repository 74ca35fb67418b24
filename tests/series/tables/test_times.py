import datetime

import numpy as np
import pyarrow as pa
import pytest

from rnn_core.series.tables.column_form import form_of, has_zone
from rnn_core.series.tables.forms import FORMS, month_of
from rnn_core.series.tables.instants import of_arrow
from rnn_core.series.tables.times import parse_times


def parse(*texts, **choices):
    cells = pa.array(texts)
    form = form_of(cells, **choices)
    return parse_times(cells, form.name if form else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1949", "1949-01-01"),
        ("1000", "1000-01-01"),
        ("2999", "2999-01-01"),
        ("1949-02", "1949-02-01"),
        ("1949-02-03", "1949-02-03"),
        ("19580329", "1958-03-29"),
        ("2020-02-29 13:30", "2020-02-29T13:30"),
        ("2020-02-29T13:30:59.9", "2020-02-29T13:30:59"),
        ("2020-02-29T13:30Z", "2020-02-29T13:30"),
        ("2020-02-29T13:30:00+02:00", "2020-02-29T11:30"),
        ("2020-02-29T13:30:00-0530", "2020-02-29T19:00"),
        ("31.12.99", "1999-12-31"),
        ("31.12.68", "2068-12-31"),
        ("12/31/2020 12:00 AM", "2020-12-31T00:00"),
        ("12/31/2020 12:00 PM", "2020-12-31T12:00"),
        ("2020-W53-7", "2021-01-03"),
        ("2021-W01", "2021-01-04"),
        ("Q4 1999", "1999-10-01"),
        ("-", None),
        ("1e9", None),
        ("1577836800", "2020-01-01"),
        ("1577836800000", "2020-01-01"),
    ],
)
def test_times_of_every_form(text, expected):
    times = parse(text)
    assert times.dtype == "datetime64[s]"
    assert np.isnat(times[0]) if expected is None else times[0] == np.datetime64(expected)


@pytest.mark.parametrize(
    "text",
    ["", "0999", "3000", "999", "112", "1949-13", "19581301", "2021-02-29", "99/99/2020", "May",
     "2021-W53", "2020-W00", "2020-01-01 24:01", "2020-01-01 12:60", "1/1/2020 13:00 PM",
     "Foo 2020", "0.5", "2020.5", "12,5", "9223372036854775808"],
)  # fmt: skip
def test_what_is_no_time(text):
    assert np.isnat(parse(text)[0])


def test_weeks_agree_with_the_standard_library():
    import datetime

    days = [datetime.date(2004, 12, 27) + datetime.timedelta(7 * week) for week in range(900)]
    texts = [f"{day.isocalendar().year}-W{day.isocalendar().week:02}" for day in days]
    np.testing.assert_array_equal(parse(*texts), np.array(days, "datetime64[s]"))


def test_a_cell_of_another_form_is_no_time():
    assert np.isnat(parse("1949", "1950", "19510101", "1952")).tolist() == [0, 0, 1, 0]
    assert np.isnat(parse("2998-01", "2999-01", "3000-01")).tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("texts", "form", "guessed"),
    [
        (["13/01/2020", "01/02/2020"], "dmy", False),
        (["01/13/2020", "01/02/2020"], "mdy", False),
        (["01/02/2020", "01/03/2020", "01/04/2020"], "dmy", True),
        (["02/01/2020", "03/01/2020", "04/01/2020"], "mdy", True),
        (["01/02/2020", "02/02/2020", "03/02/2020"], "dmy", True),
        (["03.04.2020", "05.04.2020"], "dmy", True),
    ],
)
def test_day_first_is_told_by_the_whole_column(texts, form, guessed):
    found = form_of(pa.array(texts))
    assert (found.name, found.guessed) == (form, guessed)
    assert form_of(pa.array(texts), "yes").name == "dmy"
    assert form_of(pa.array(texts), "no").name == "mdy"


def test_the_one_day_above_twelve_counts_wherever_it_stands():
    texts = ["01/02/2020"] * 5000
    texts[3217] = "25/02/2020"
    found = form_of(pa.array(texts))
    assert (found.name, found.guessed) == ("dmy", False)


def test_a_zone_is_noticed():
    assert has_zone(pa.array(["2020-01-01T00:00Z"]), "iso")
    assert not has_zone(pa.array(["2020-01-01T00:00"]), "iso")
    assert not has_zone(pa.array(["2020"]), "year")


def test_every_form_has_words():
    assert all(form.label for form in FORMS.values())


@pytest.mark.parametrize("zone", ["Z", "+00:00", "+01:00", "-0530"])
@pytest.mark.parametrize("fraction", ["", ".25"])
def test_one_zone_behind_all_times_is_read_as_behind_each(zone, fraction):
    texts = [f"2020-02-28T23:5{at}:0{at}{fraction}{zone}" for at in range(8)]
    together, each = parse(*texts), [parse(text, "2020-01-01T00:00:00.5Z")[0] for text in texts]
    np.testing.assert_array_equal(together, np.array(each).astype(together.dtype))
    assert (
        parse("2020-02-28T00:00:00Z", "2020-02-28T01:00:00+01:00").tolist()
        == [datetime.datetime(2020, 2, 28)] * 2
    )


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("jan", 1), ("janv", 1), ("febuary", 0), ("februarie", 2), ("mrz", 3), ("maart", 3),
        ("maj", 5), ("juin", 6), ("juil", 7), ("jui", 0), ("września", 9), ("okt", 10),
        ("ноября", 11), ("aralık", 12), ("settings", 0), ("output", 0), ("energy", 0), ("temp", 0),
        ("group", 0), ("ma", 0), ("", 0),
    ],
)  # fmt: skip
def test_a_name_is_a_months_or_none(name, month):
    assert month_of(name) == month


def test_nanoseconds_are_rounded_down_before_1970_too():
    moments = pa.array([-1_001, -1, 999, 1_999], pa.timestamp("ns"))
    assert of_arrow(moments).astype("datetime64[us]").astype(np.int64).tolist() == [-2, -1, 0, 1]
