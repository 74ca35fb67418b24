import numpy as np
import pytest

from rnn_core.series.samples import load_sample


# Mean and extremes as published: Box & Jenkins series G; NOAA yearly sunspots, 1957 the highest;
# Cobb's Nile flow, mean 919.35, 1879 the highest, 1913 the lowest. Means of the others are those
# that the packages they came with give.
@pytest.mark.parametrize(
    ("name", "rows", "first", "last", "highest", "mean", "span", "season", "time_unit"),
    [
        ("airline", 144, 112, 432, (622, "1960-07"), 280.30, ("1949-01", "1960-12"), 12, "month"),
        ("sunspots", 309, 5, 2.9, (190.2, "1957"), 49.75, ("1700", "2008"), 11, "year"),
        ("nile", 100, 1120, 740, (1370, "1879"), 919.35, ("1871", "1970"), 0, "year"),
        ("shampoo", 36, 266.0, 646.9, (682.0, "1993-09"), 312.60, ("1991-01", "1993-12"), 0,
         "month"),
        ("elnino", 732, 23.11, 22.07, (29.24, "1998-03"), 23.09, ("1950-01", "2010-12"), 12,
         "month"),
        ("unemployment", 203, 5.8, 9.6, (10.7, "1982-10"), 5.88, ("1959-01", "2009-07"), 0,
         "quarter"),
        ("seattle", 1461, 12.8, 5.6, (35.6, "2014-08-11"), 16.44, ("2012-01-01", "2015-12-31"),
         365, "day"),
        ("rain", 1461, 0.0, 0.0, (55.9, "2015-03-15"), 3.03, ("2012-01-01", "2015-12-31"), 0,
         "day"),
    ],
)  # fmt: skip
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


def test_weeks_without_a_measurement_are_missing():
    series = load_sample("co2")
    missing = np.isnan(series.values)
    assert (len(series), missing.sum()) == (2284, 59)
    assert series.times[0] == np.datetime64("1958-03-29")
    assert series.times[-1] == np.datetime64("2001-12-29")
    assert (np.diff(series.times) == np.timedelta64(7, "D")).all()
    # As the Mauna Loa record has it: 316 ppm in 1958, 371 ppm in 2001.
    assert series.values[0] == 316.1
    assert series.values[-1] == 371.5
    assert np.nanmax(series.values) == 373.9
    assert missing[6]
    assert (series.season, series.time_unit, series.unit) == (52, "week", "ppm")


@pytest.mark.parametrize("name", ["sunspots", "nile", "co2", "elnino", "unemployment"])
def test_samples_that_statsmodels_has_too_are_the_same(name):
    from statsmodels import datasets

    read = {
        "sunspots": lambda: datasets.sunspots.load_pandas().data["SUNACTIVITY"],
        "nile": lambda: datasets.nile.load_pandas().data["volume"],
        "co2": lambda: datasets.co2.load_pandas().data["co2"],
        "elnino": lambda: datasets.elnino.load_pandas().data.iloc[:, 1:].stack(),
        "unemployment": lambda: datasets.macrodata.load_pandas().data["unemp"],
    }[name]
    assert np.array_equal(load_sample(name).values, read().to_numpy(), equal_nan=True)
