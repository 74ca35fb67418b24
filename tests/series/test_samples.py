import numpy as np
import pytest

from rnn_core.series.samples import load_sample


# Mean and extremes as published: Box & Jenkins series G; NOAA yearly sunspots, 1957 the highest;
# Cobb's Nile flow, mean 919.35, 1879 the highest, 1913 the lowest.
@pytest.mark.parametrize(
    ("name", "rows", "first", "last", "highest", "mean", "span", "season", "time_unit"),
    [
        ("airline", 144, 112, 432, (622, "1960-07"), 280.30, ("1949-01", "1960-12"), 12, "month"),
        ("sunspots", 309, 5, 2.9, (190.2, "1957"), 49.75, ("1700", "2008"), 11, "year"),
        ("nile", 100, 1120, 740, (1370, "1879"), 919.35, ("1871", "1970"), 0, "year"),
    ],
)
def test_samples_are_as_published(name, rows, first, last, highest, mean, span, season, time_unit):
    series = load_sample(name)

    assert len(series) == rows
    assert (series.values[0], series.values[-1]) == (first, last)
    peak = series.values.argmax()
    assert (series.values[peak], series.times[peak]) == (highest[0], np.datetime64(highest[1]))
    assert series.values.mean() == pytest.approx(mean, abs=0.005)
    assert (series.times[0], series.times[-1]) == tuple(np.datetime64(time) for time in span)
    assert (series.season, series.time_unit) == (season, time_unit)
    assert series.has_calendar
    assert series.unit


def test_lowest_values_are_as_published():
    assert load_sample("airline").values.min() == 104
    nile = load_sample("nile")
    assert nile.values.min() == 456
    assert nile.times[nile.values.argmin()] == np.datetime64("1913")


def test_a_generator_is_no_sample():
    with pytest.raises(ValueError, match="generator"):
        load_sample("sines")
