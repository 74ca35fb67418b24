import io

import numpy as np
import pandas as pd

from rnn_core.config import Experiment
from rnn_core.series import Series, load_series
from rnn_core.takeaway.tables import forecast_csv, series_csv


def test_a_series_is_read_back_as_it_was():
    series = load_series(Experiment().series)
    table = pd.read_csv(io.StringIO(series_csv(series)), parse_dates=["time"])
    np.testing.assert_array_equal(table["value"], series.values)
    np.testing.assert_array_equal(table["time"].to_numpy().astype("datetime64[s]"), series.times)
    steps = Series("test", [0.1, 1 / 3], np.array([7, 8]))
    assert series_csv(steps) == "time,value\n7,0.1\n8,0.3333333333333333\n"


def test_moments_within_a_day_keep_their_time():
    times = np.array(["2024-01-01T05:30", "2024-01-01T06:30"], "datetime64[s]")
    assert series_csv(Series("test", [1.0, 2.0], times)).splitlines()[1] == (
        "2024-01-01T05:30:00,1.0"
    )


def test_parts_of_a_second_stay():
    times = np.datetime64("2024-01-01T00:00:00", "us") + 100_000 * np.arange(3)
    lines = series_csv(Series("test", [1.0, 2.0, 3.0], times)).splitlines()
    assert lines[2:] == ["2024-01-01T00:00:00.100000,2.0", "2024-01-01T00:00:00.200000,3.0"]
    table = pd.read_csv(io.StringIO("\n".join(lines)), parse_dates=["time"])
    np.testing.assert_array_equal(table["time"].to_numpy(), times)


def test_forecast_intervals_and_baselines_have_a_column_each():
    forecast = np.array([10.0, 20.0])
    radii = np.array([[1.0, 2.0], [3.0, np.nan]])
    text = forecast_csv(
        np.array([5, 6]),
        forecast,
        truth=np.array([11.0, np.nan]),
        levels=(0.8, 0.95),
        lower=forecast - radii,
        upper=forecast + radii,
        baselines={"theta": forecast + 0.5},
    )
    assert text == (
        "time,truth,forecast,lower_80,upper_80,lower_95,upper_95,theta\n"
        "5,11.0,10.0,9.0,11.0,7.0,13.0,10.5\n"
        "6,,20.0,18.0,22.0,,,20.5\n"
    )
    assert forecast_csv(np.array([5, 6]), forecast) == "time,forecast\n5,10.0\n6,20.0\n"


def test_quantiles_have_a_column_each_beside_the_intervals():
    text = forecast_csv(
        np.array([5, 6]),
        np.array([10.0, 20.0]),
        quantiles={0.025: np.array([8.0, np.nan]), 0.5: np.array([10.0, np.nan])},
        baselines={"mean": np.array([1.0, 2.0])},
    )
    assert (
        text == "time,forecast,quantile_2.5,quantile_50,mean\n5,10.0,8.0,10.0,1.0\n6,20.0,,,2.0\n"
    )
