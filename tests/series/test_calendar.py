import numpy as np
import pandas as pd
import pytest

from rnn_core.series.calendar import future_times


def moments(*texts):
    return np.array(texts, "datetime64[s]")


@pytest.mark.parametrize(("start", "frequency"), [
    ("1949-01-01", "MS"), ("2019-11-30", "ME"), ("2020-01-01", "QS"), ("2019-12-31", "QE"),
    ("1871-01-01", "YS"), ("2019-12-31", "YE"), ("2024-01-01", "B"), ("2024-01-03", "D"),
    ("2024-01-01", "W"), ("2024-01-01 05:30", "h"), ("2024-01-01", "15min"), ("2024-01-01", "s"),
])  # fmt: skip
def test_it_goes_on_as_pandas_does(start, frequency):
    every = pd.date_range(start, periods=60, freq=frequency).to_numpy().astype("datetime64[s]")
    found = future_times(every[:20], 40)
    np.testing.assert_array_equal(found, every[20:])
    assert found.dtype == every.dtype


def test_a_day_that_a_month_does_not_have_is_its_last():
    found = future_times(moments("2023-11-30", "2023-12-30", "2024-01-30"), 3)
    np.testing.assert_array_equal(found, moments("2024-02-29", "2024-03-30", "2024-04-30"))
    after = future_times(moments("2023-12-30", "2024-01-30", "2024-02-29"), 2)
    np.testing.assert_array_equal(after, moments("2024-03-30", "2024-04-30"))


def test_the_time_of_day_stays():
    found = future_times(moments("2023-12-31T18:30", "2024-01-31T18:30"), 1)
    np.testing.assert_array_equal(found, moments("2024-02-29T18:30"))
    days = np.datetime64("2024-01-01T07:00") + np.array([0, 1, 2, 3, 4, 7, 8, 9, 10, 11]) * 24 * 60
    np.testing.assert_array_equal(
        future_times(days.astype("datetime64[s]"), 1), moments("2024-01-15T07:00")
    )


def test_days_with_weekends_among_them_have_them():
    days = np.datetime64("2024-01-01") + np.arange(12)
    np.testing.assert_array_equal(future_times(days, 2), days[-1] + np.array([1, 2]))


def test_a_hole_does_not_change_the_pace():
    days = np.datetime64("2024-01-01") + np.array([0, 1, 2, 3, 40, 41, 42])
    np.testing.assert_array_equal(future_times(days, 2), days[-1] + np.array([1, 2]))


def test_step_numbers_go_on():
    assert future_times(np.arange(10), 3).tolist() == [10, 11, 12]
    assert future_times(np.array([0, 5, 10]), 2).tolist() == [15, 20]
    assert future_times(np.array([7]), 2).tolist() == [8, 9]
    assert future_times(np.array([7]), 0).tolist() == []


def test_one_moment_goes_on_day_by_day_and_none_does_not():
    np.testing.assert_array_equal(future_times(moments("2024-01-01"), 1), moments("2024-01-02"))
    with pytest.raises(ValueError, match="no last time"):
        future_times(np.array([], "datetime64[s]"), 1)


@pytest.mark.parametrize("milliseconds", [1, 20, 100, 1500])
def test_parts_of_a_second_go_on(milliseconds):
    every = np.timedelta64(milliseconds, "ms")
    times = (np.datetime64("2024-01-01T00:00:00.000") + np.arange(12) * every).astype(
        "datetime64[us]"
    )
    found = future_times(times[:9], 3)
    assert found.dtype == times.dtype
    np.testing.assert_array_equal(found, times[9:])
