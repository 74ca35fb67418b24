"""What is read fast, all at once, is read as it is one by one."""

import itertools

import numpy as np
import pyarrow as pa
import pytest

from rnn_core.series.tables.alike import times_alike
from rnn_core.series.tables.numerals import Style, _parse_any, parse_numbers
from rnn_core.series.tables.times import _parse_any as one_by_one
from rnn_core.series.tables.times import parse_times

DAYS = ["1", "07", "28", "29", "30", "31", "32", "0"]
MONTHS = ["1", "02", "4", "12", "13", "00"]
YEARS = ["2020", "2021", "0012", "0999", "2999", "20", "68", "69", "99"]
CLOCKS = ["", " 0:00", " 00:05", " 12:30", " 13:05", " 23:59", " 24:00", " 24:01", " 9:60",
          " 9:05:07", " 9:05:60", " 9:05:61", " 9:05:07.250", "  9:05", "T09:05"]  # fmt: skip
HALVES = [" 0:05 PM", " 12:05 AM", " 12:05 pm", " 1:05 p.m.", " 1:05PM", " 13:05 PM", " 9:05 AM x"]


@pytest.mark.parametrize(
    ("form", "order", "sep", "example"),
    [
        ("dmy", "dmy", ".", "5.6.2020"),
        ("mdy", "mdy", "/", "06/05/2020 1:05 PM"),
        ("mdy", "mdy", "/", "6/5/20"),
        ("ymd", "ymd", "/", "2020/06/05 13:05"),
        ("ymd", "ymd", ".", "2020.06.05 13:05:00"),
        ("iso", "ymd", "-", "2020-06-05T13:05"),
    ],
)
def test_times_are_those_of_the_parts(form, order, sep, example):
    parts = {"d": DAYS, "m": MONTHS, "y": YEARS}
    dates = [sep.join(each) for each in itertools.product(*(parts[name] for name in order))]
    texts = [example, "", "-", *(date + time for date in dates for time in (*CLOCKS, *HALVES))]
    cells = pa.array(texts, pa.string())
    _times, rest = times_alike(cells, form)
    assert 0 < (~rest).sum() < len(texts)  # both ways are taken
    expected = one_by_one(cells, form)
    known = (expected >= np.datetime64("1000")) & (expected < np.datetime64("3000"))
    expected[~known] = np.datetime64("NaT", "s")
    np.testing.assert_array_equal(parse_times(cells, form), expected)


@pytest.mark.parametrize("text", ["2020-01", "Fri, 5 June 2020", "5.6.2020 10:00 CET", "2020W05"])
def test_what_has_words_or_no_day_is_left(text):
    for form in ("iso", "dmy", "day-name", "week"):
        assert times_alike(pa.array([text]), form) is None


@pytest.mark.parametrize("style", [Style(), Style(".", ","), Style(",", "."), Style(".", "'"),
                                   Style(",", " ")], ids=str)  # fmt: skip
@pytest.mark.parametrize("sign", ["€", "%"])
def test_numbers_are_those_of_each_cell(style, sign):
    mark, group = style.decimal, style.thousands
    bodies = ["5", f"5{mark}25", f"1{group}234", f"12{group}345{group}678{mark}5", f"1{group}23",
              f"{mark}5", "", "x", "1e5", f"1{group}234{mark}", "12.34.56", "1,2,3"]  # fmt: skip
    texts = [f"{before}{body}{behind}" for body in bodies for before, behind in (
        ("", ""), (sign, ""), ("-" + sign, ""), (sign + "-", ""), (sign + " ", ""), ("", sign),
        ("", " " + sign), ("(", ")"), ("", "-"), (sign, sign), ("+", ""))]  # fmt: skip
    cells = pa.array([f"{sign}1{group}500{mark}5", *texts], pa.string())
    values, lost = parse_numbers(cells, style)
    expected = np.concatenate(
        [_parse_any(cells[at : at + 1], style, "") for at in range(len(cells))]
    )
    expected[lost] = np.nan
    np.testing.assert_array_equal(values, expected)
