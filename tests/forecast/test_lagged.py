import numpy as np
import pytest

from rnn_core.forecast.lagged import lag_profile, lagged_copy_message
from rnn_core.series.generators import GENERATORS


def autoregression(values, end, timesteps):
    """One-step forecasts after ``end`` by weights fitted before it, as a network learns them."""
    mean, deviation = values[:end].mean(), values[:end].std()
    z = (values - mean) / deviation
    training, test = np.arange(timesteps, end), np.arange(end, len(values))
    windows = [np.c_[z[t[:, None] + np.arange(-timesteps, 0)], np.ones(len(t))]
               for t in (training, test)]  # fmt: skip
    gram = windows[0].T @ windows[0] + 0.01 * np.eye(timesteps + 1)
    return windows[1] @ np.linalg.solve(gram, windows[0].T @ z[training]) * deviation + mean


def walk(random):
    return np.cumsum(random.normal(size=300))


def seasonal(random):
    return GENERATORS["sines"].make(
        300, random, **GENERATORS["sines"].defaults
    ) + 0.1 * random.normal(size=300)


def growing(random):
    months = np.arange(144)
    season = 0.2 * np.sin(2 * np.pi * months / 12 + random.uniform(0, 6))
    return np.exp(0.01 * months + season + 0.03 * random.normal(size=144))


def chaotic(random):
    return GENERATORS["mackey-glass"].make(300, random, **GENERATORS["mackey-glass"].defaults)


def copy(values, end, random):
    return values[end - 1 : -1] + 0.02 * values.std() * random.normal(size=len(values) - end)


def learnt(values, end, random):
    return autoregression(values, end, 12)


@pytest.mark.parametrize(("series", "forecaster", "alarm"), [
    (walk, learnt, True), (walk, copy, True), (seasonal, copy, True), (growing, copy, True),
    (chaotic, copy, True), (seasonal, learnt, False), (growing, learnt, False),
    (chaotic, learnt, False),
])  # fmt: skip
def test_at_least_95_of_100_are_told_right(series, forecaster, alarm):
    right = 0
    for seed in range(100):
        random = np.random.default_rng(seed)
        values = series(random)
        end = 2 * len(values) // 3
        profile = lag_profile(values[end:], forecaster(values, end, random), values[end - 1 : -1])
        right += profile.lagged_copy == alarm
    assert right >= 95


@pytest.mark.parametrize("horizon", [1, 3, 12])
def test_a_copy_is_found_at_its_horizon(horizon):
    values = walk(np.random.default_rng(horizon))
    late = values[200 - horizon : 300 - horizon]
    profile = lag_profile(values[200:], late, late, horizon)
    assert profile.best == horizon
    assert profile.lagged_copy
    assert profile.errors[horizon] == 0
    assert profile.correlations[horizon] == pytest.approx(1)
    assert f"slid back by {horizon} (correlation 1.000" in str(lagged_copy_message(profile))


def test_what_is_many_times_as_far_off_as_a_copy_is_none():
    values = walk(np.random.default_rng(1))
    late = values[199:299]
    profile = lag_profile(values[200:], 50 * late, late)
    assert profile.best == 1
    assert not profile.lagged_copy


def test_correlations_are_those_of_numpy():
    truth, forecast = np.random.default_rng(0).normal(size=(2, 60))
    profile = lag_profile(truth, forecast, truth)
    for lag in (0, 5, 24):
        expected = np.corrcoef(forecast[lag : lag + 36], truth[:36])[0, 1]
        assert profile.correlations[lag] == pytest.approx(expected)
    assert len(profile.correlations) == len(profile.errors) == 25


def test_correlations_over_gaps_are_those_of_the_points_around_them():
    truth, forecast = np.random.default_rng(1).normal(size=(2, 200))
    truth[[20, 130]] = np.nan
    forecast[[21, 22, 90, 131]] = np.nan
    profile = lag_profile(truth, forecast, truth - 1)
    assert len(profile.correlations) == 25
    whole = [i for i in range(176)
             if np.isfinite(truth[i]) and np.isfinite(forecast[i : i + 25]).all()]  # fmt: skip
    for lag in (0, 5, 24):
        expected = np.corrcoef(forecast[np.array(whole) + lag], truth[whole])[0, 1]
        assert profile.correlations[lag] == pytest.approx(expected)
    known = np.isfinite(truth) & np.isfinite(forecast)
    assert profile.rmse == pytest.approx(np.sqrt(np.mean((truth - forecast)[known] ** 2)))
    assert profile.persistence_rmse == pytest.approx(1)


@pytest.mark.parametrize("horizon", [1, 6])
@pytest.mark.parametrize("copied", [True, False])
def test_a_copy_is_found_between_gaps_that_leave_few_in_a_row(horizon, copied):
    """Every 30th value missing: of a look-back of 8, 22 forecasts follow each other at the most."""
    right = 0
    for seed in range(100):
        random = np.random.default_rng(seed)
        values = walk(random) if copied else seasonal(random)
        forecast = values[100 - horizon : 300 - horizon] + 0.02 * random.normal(size=200)
        if not copied:
            forecast = values[100:] + 0.3 * values.std() * random.normal(size=200)
        before = values[100 - horizon : 300 - horizon].copy()
        truth = values[100:].copy()
        truth[::30] = np.nan
        for first in range(0, 200, 30):
            forecast[first : first + 8] = np.nan
        profile = lag_profile(truth, forecast, before, horizon)
        assert horizon < len(profile.correlations) < 25
        right += profile.lagged_copy == copied
    assert right >= 95


@pytest.mark.parametrize("forecast", [
    np.full(40, 3.0), np.full(40, np.nan), np.r_[np.inf, np.arange(39)],
])  # fmt: skip
def test_what_has_no_correlation_has_no_profile(forecast):
    truth = np.arange(40.0) % 7
    assert lag_profile(truth, forecast, truth) is None
    assert lag_profile(np.ones(40), truth, truth) is None


def test_few_points_have_no_profile():
    few = np.arange(12.0) % 5
    assert lag_profile(few, few, few) is None
    enough = np.arange(13.0) % 5
    assert lag_profile(enough, enough, enough) is not None
    assert lag_profile(enough, enough, enough, horizon=2) is None
