import numpy as np
import pytest

from rnn_core.series.dates import form_of, parse_dates, spacing_of


def parse(*texts):
    cells = np.array(texts, dtype=np.dtypes.StringDType())
    return parse_dates(cells, form_of(cells))


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
    ],
)
def test_dates_of_every_form(text, expected):
    times = parse(text)
    assert times.dtype == "datetime64[s]"
    assert times[0] == np.datetime64(expected)


@pytest.mark.parametrize(
    "text",
    ["", "0999", "3000", "999", "112", "1949-13", "19581301", "2021-02-29", "03/04/2020", "May"],
)
def test_what_is_no_date(text):
    assert np.isnat(parse(text)[0])


def test_a_cell_of_another_form_is_no_date():
    assert np.isnat(parse("1949", "1950", "19510101", "1952")).tolist() == [0, 0, 1, 0]
    assert np.isnat(parse("2998-01", "2999-01", "3000-01")).tolist() == [0, 0, 1]
    assert np.isnat(parse("19490101", "1950", "1951011", "19520101")).tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("start", "step", "word", "season"),
    [
        ("2020", "Y", "year", 0),
        ("2020-01", "M", "month", 12),
        ("2020-01", "3M", "quarter", 4),
        ("2020-01-01", "7D", "week", 52),
        ("2020-01-01", "D", "day", 7),
        ("2020-01-01T00", "h", "hour", 24),
        ("2020-01-01T00:00", "m", "minute", 0),
        ("2020-01-01T00:00:00", "s", "second", 0),
        ("2020-01-01T00:00", "15m", "step", 0),
        ("2020", "10Y", "step", 0),
    ],
)
def test_spacing_tells_the_step_and_the_season(start, step, word, season):
    times = np.datetime64(start) + np.arange(30) * np.timedelta64(*_step(step))
    times = times.astype("datetime64[s]")
    assert spacing_of(times) == (word, season)
    assert spacing_of(np.delete(times, [7, 8, 20])) == (word, season)  # a few gaps


def _step(text):
    return int(text[:-1] or 1), text[-1]


def test_one_time_or_none_has_no_spacing():
    assert spacing_of(np.array(["2020"], dtype="datetime64[s]")) == ("step", 0)
    assert spacing_of(np.array([], dtype="datetime64[s]")) == ("step", 0)
