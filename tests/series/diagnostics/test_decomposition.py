import numpy as np
import pytest
from statsmodels.tsa.seasonal import STL

from rnn_core.config import SeriesConfig
from rnn_core.messages import SeriesError
from rnn_core.series import load_series
from rnn_core.series.diagnostics import decompose

AIRLINE = load_series(SeriesConfig()).values
STEPS = np.arange(360)
SEASON = np.array([3.0, 1, -2, -4, 0, 2])
TREND = 0.05 * STEPS


def test_the_parts_add_up():
    parts = decompose(AIRLINE, 12)
    np.testing.assert_allclose(parts.trend + parts.season + parts.remainder, AIRLINE, rtol=1e-12)
    np.testing.assert_allclose(parts.values, AIRLINE, rtol=1e-12)


def test_known_parts_come_back():
    parts = decompose(TREND + np.tile(SEASON, 60), 6)
    np.testing.assert_allclose(parts.trend, TREND, atol=1e-6)
    np.testing.assert_allclose(parts.season, np.tile(SEASON, 60), atol=1e-6)
    assert parts.trend_strength == pytest.approx(1)
    assert parts.season_strength == pytest.approx(1)


def test_noisy_parts_are_near_and_their_strengths_by_definition():
    noise = np.random.default_rng(0).normal(size=360)
    parts = decompose(TREND + np.tile(SEASON, 60) + noise, 6)
    assert np.abs(parts.season - np.tile(SEASON, 60)).mean() < 0.5
    assert np.abs(parts.trend - TREND).mean() < 0.5
    left = parts.remainder.var()
    assert parts.trend_strength == pytest.approx(1 - left / (parts.trend + parts.remainder).var())
    expected = 1 - left / (parts.season + parts.remainder).var()
    assert parts.season_strength == pytest.approx(expected)
    assert 0.8 < parts.season_strength < 0.97


def test_lines_between_the_evaluated_points_change_little():
    exact = STL(AIRLINE, period=12, seasonal=11).fit()
    parts = decompose(AIRLINE, 12)
    spread = AIRLINE.std()
    assert np.abs(parts.trend - exact.trend).max() < 0.02 * spread
    assert np.abs(parts.season - exact.seasonal).max() < 0.05 * spread


def test_the_trend_of_a_walk_is_strong_and_noise_has_none():
    noise = np.random.default_rng(1).normal(size=600)
    assert decompose(noise.cumsum(), 12).trend_strength > 0.9
    assert decompose(noise, 12).trend_strength < 0.3


def test_gaps_are_bridged_and_ends_cut():
    values = AIRLINE.copy()
    values[:3] = np.nan
    values[40:44] = np.nan
    parts = decompose(values, 12)
    assert (parts.start, len(parts.trend)) == (3, 141)
    assert [str(note) for note in parts.notes] == [
        "Missing values, 4 of 141, are bridged by straight lines here.",
    ]
    assert parts.season_strength > 0.8


def test_a_constant_series_is_all_trend():
    parts = decompose(np.full(40, 5.0), 4)
    assert (parts.trend_strength, parts.season_strength) == (0, 0)
    np.testing.assert_array_equal(parts.trend, 5)
    assert not parts.season.any()


@pytest.mark.parametrize("period", [-1, 0, 1, 73, 10_000])
def test_seasons_that_cannot_be(period):
    with pytest.raises(SeriesError, match="needs a season from 2 to 72 steps"):
        decompose(AIRLINE, period)
