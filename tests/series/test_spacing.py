import numpy as np
import pytest

from rnn_core.series.spacing import spacing_of, step_of, steps_between


@pytest.mark.parametrize(
    ("start", "step", "word", "season"),
    [
        ("2020", "Y", "year", 0),
        ("2020-01", "M", "month", 12),
        ("2020-01", "3M", "quarter", 4),
        ("2020-01", "6M", "half a year", 2),
        ("2020-01-01", "7D", "week", 52),
        ("2020-01-01", "D", "day", 7),
        ("2020-01-01T00", "h", "hour", 24),
        ("2020-01-01T00:00", "m", "minute", 0),
        ("2020-01-01T00:00:00", "s", "second", 0),
        ("2020-01-01T00:00", "7m", "step", 0),
        ("2020-01-01T00:00", "5m", "five minutes", 0),
        ("2020-01-01T00:00", "10m", "ten minutes", 0),
        ("2020-01-01T00:00", "15m", "quarter of an hour", 0),
        ("2020-01-01T00:00", "30m", "half an hour", 0),
        ("2020", "10Y", "step", 0),
    ],
)
def test_spacing_tells_the_step_and_the_season(start, step, word, season):
    delta = np.timedelta64(int(step[:-1] or 1), step[-1])
    times = (np.datetime64(start) + np.arange(30) * delta).astype("datetime64[s]")
    assert spacing_of(times) == (word, season)
    gone = np.delete(times, [7, 8, 20])
    assert spacing_of(gone) == (word, season)  # a few gaps
    if step != "10Y":  # decades differ by a leap day
        assert set(steps_between(times, step_of(times))) == {1}
        assert sorted(steps_between(gone, step_of(gone)))[-2:] == [2, 3]


def test_one_time_or_none_has_no_spacing():
    one, none = np.array(["2020"], "datetime64[s]"), np.array([], "datetime64[s]")
    assert spacing_of(one) == spacing_of(none) == ("step", 0)
    assert step_of(one) is None


@pytest.mark.parametrize(
    ("milliseconds", "word"),
    [
        (1, "millisecond"),
        (10, "hundredth of a second"),
        (100, "tenth of a second"),
        (1000, "second"),
        (60_000, "minute"),
        (250, "step"),
    ],
)
@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_spacing_of_times_with_parts_of_a_second(milliseconds, word, unit):
    every = np.timedelta64(milliseconds, "ms")
    moments = np.datetime64("2020-01-01T12:00:00.007") + np.arange(30) * every
    times = moments.astype(f"datetime64[{unit}]")
    assert spacing_of(times) == (word, 0)
    assert set(steps_between(times, step_of(times))) == {1}
    assert sorted(steps_between(np.delete(times, [5, 9, 10]), step_of(times)))[-2:] == [2, 3]
