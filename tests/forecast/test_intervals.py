import math

import numpy as np
import pytest

from rnn_core.forecast.intervals import (
    LEVELS,
    Coverage,
    calibrate,
    coverage_message,
    intervals_message,
    measure_coverage,
    needed,
)
from rnn_core.messages import Message
from rnn_core.series.generators import generate

HORIZON = 12


def fitted_ar(values, end, order=2):
    """Least squares on ``values[:end]``: how a forecaster that knows only the training part is."""
    lags = np.stack([values[order - lag : end - lag] for lag in range(1, order + 1)], axis=1)
    design = np.c_[np.ones(len(lags)), lags]
    return np.linalg.lstsq(design, values[order:end])[0]


def ar_forecasts(values, weights, origins):
    before, last = values[origins - 2], values[origins - 1]
    steps = []
    for _ in range(HORIZON):
        before, last = last, weights[0] + weights[1] * last + weights[2] * before
        steps.append(last)
    return np.stack(steps, axis=1)


def truth(values, origins):
    return values[origins[:, None] + np.arange(HORIZON)]


def test_intervals_hold_what_they_promise_on_200_stationary_series():
    """The fitted forecaster's intervals of 80 % hold 75 to 85 % at each of 12 steps ahead."""
    shares = []
    for seed in range(200):
        values = generate("ar", 800, seed=seed).values
        weights = fitted_ar(values, 300)
        validation = np.arange(300, 500 - HORIZON + 1)
        test = np.arange(500, 800 - HORIZON + 1)
        intervals = calibrate(
            truth(values, validation), ar_forecasts(values, weights, validation), log=False
        )
        measured = measure_coverage(
            intervals, truth(values, test), ar_forecasts(values, weights, test)
        )
        shares.append(measured.shares)
    mean = np.mean(shares, axis=0)
    assert mean.shape == (3, HORIZON)
    assert ((mean[1] >= 0.75) & (mean[1] <= 0.85)).all()
    assert ((mean[0] >= 0.45) & (mean[0] <= 0.55)).all()
    assert ((mean[2] >= 0.92) & (mean[2] <= 0.98)).all()


def test_one_step_ahead_they_hold_even_from_ten_residuals():
    random = np.random.default_rng(0)
    shares = []
    for _ in range(3000):
        errors = random.normal(size=(30, 1))
        zero = np.zeros((30, 1))
        intervals = calibrate(errors[:10], zero[:10], log=False)
        shares.append(measure_coverage(intervals, errors[10:], zero[10:]).shares[:, 0])
    # ⌈11 · level⌉ / 11 where there are enough residuals, by symmetry.
    np.testing.assert_allclose(np.mean(shares, axis=0), [6 / 11, 9 / 11, math.nan], atol=0.01)


def test_the_radius_is_the_ranked_residual_of_its_step():
    residuals = np.stack([np.arange(1.0, 20), 10 * np.arange(19.0, 0, -1)], axis=1)
    signs = np.where(np.arange(19) % 2, -1, 1)[:, None]
    intervals = calibrate(100 + signs * residuals, np.full((19, 2), 100.0), log=False)
    assert intervals.radii.tolist() == [[10, 100], [16, 160], [19, 190]]
    lower, upper = intervals.around(np.array([5.0, 7.0]))
    assert lower.tolist() == [[-5, -93], [-11, -153], [-14, -183]]
    assert upper.tolist() == [[15, 107], [21, 167], [24, 197]]
    assert intervals.around(np.zeros((6, 4, 1)))[0].shape == (3, 6, 4, 1)


def test_on_the_logarithm_the_fan_grows_with_the_level():
    forecast = np.full((19, 1), 100.0)
    intervals = calibrate(forecast * 1.5, forecast, log=True)
    lower, upper = intervals.around(np.array([[60.0], [600.0]]))
    np.testing.assert_allclose(lower[0], [[40], [400]])
    np.testing.assert_allclose(upper[0], [[90], [900]])


@pytest.mark.parametrize(("level", "least"), [(0.5, 1), (0.8, 4), (0.9, 9), (0.95, 19)])
def test_the_fewest_residuals_of_a_level(level, least):
    assert needed(level) == least
    assert math.ceil((least + 1) * level - 1e-9) <= least
    assert math.ceil(least * level - 1e-9) > least - 1
    zero = np.zeros((least, 1))
    assert not np.isnan(calibrate(zero, zero, log=False, levels=(level,)).radii).any()
    assert np.isnan(calibrate(zero[1:], zero[1:], log=False, levels=(level,)).radii).all()


@pytest.mark.parametrize(("count", "kind", "sentence"), [
    (19, None, ""),
    (10, "intervals.short",
     "No interval of 95 %: the validation part gives 10 residuals, and that needs at least 19. "
     "Widen the validation part."),
    (3, "intervals.short",
     "No interval of 80, 95 %: the validation part gives 3 residuals, and that needs at least "
     "19. Widen the validation part."),
    (0, "intervals.none",
     "No intervals: the validation part gives 0 residuals, and 50, 80, 95 % need at least 19. "
     "Widen the validation part."),
])  # fmt: skip
def test_a_validation_part_that_is_too_short_has_its_sentence(count, kind, sentence):
    zero = np.zeros((count, 2))
    message = intervals_message(calibrate(zero, zero, log=False))
    assert (message and message.kind) == kind
    if message:
        assert str(message) == sentence
        assert Message.from_json(message.to_json()) == message


def test_unknown_points_do_not_count():
    truth = np.array([[1.0, 5.0], [2.0, np.nan], [np.nan, np.nan], [4.0, 1.0]])
    zero = np.zeros((4, 2))
    intervals = calibrate(truth, zero, log=False, levels=(0.5,))
    assert intervals.counts.tolist() == [3, 2]
    assert intervals.radii.tolist() == [[2, 5]]
    measured = measure_coverage(intervals, truth, zero)
    assert measured.counts.tolist() == [3, 2]
    np.testing.assert_allclose(measured.shares, [[2 / 3, 1]])


def test_a_forecast_that_ran_away_covers_nothing():
    zero = np.zeros((19, 1))
    intervals = calibrate(zero + 1, zero, log=False)
    away = measure_coverage(intervals, zero, zero + np.inf)
    assert away.shares.tolist() == [[0], [0], [0]]
    infinite = calibrate(zero, zero + np.inf, log=False)
    assert np.isinf(infinite.radii).all()


def test_chance_of_a_coverage_is_the_one_simulated():
    random = np.random.default_rng(4)
    calibration, test = random.random((20_000, 20)), random.random((20_000, 15))
    radius = np.sort(calibration)[:, math.ceil(21 * 0.8 - 1e-9) - 1]
    inside = (test <= radius[:, None]).sum(axis=1)
    for hits in (8, 10, 12, 15):
        coverage = Coverage(LEVELS, np.full((3, 1), hits / 15), np.array([15]), np.array([20]))
        assert coverage.by_chance(1) == pytest.approx(np.mean(inside <= hits), abs=0.01)


def test_promised_and_measured_stand_next_to_each_other():
    coverage = Coverage(
        LEVELS, np.array([[0.5], [0.7292], [math.nan]]), np.array([48]), np.array([10])
    )
    assert str(coverage_message(coverage)) == (
        "The intervals of 80 % hold 72.9 % of the 48 test points at step 1 ahead; they were made "
        "from 10 residuals."
    )
    assert coverage_message(coverage, 0.95).kind == "coverage.unknown"
    assert coverage.by_chance(2) == 1


def test_intervals_that_end_before_the_horizon_say_where():
    residuals = np.ones((10, 12))
    for step in range(12):  # 10, 9, … residuals, and none of the last two steps
        residuals[10 - step :, step] = np.nan
    residuals[:, 10:] = np.nan
    message = intervals_message(calibrate(residuals, 0 * residuals, log=False))
    assert str(message) == (
        "No interval of 95 %: the validation part gives 10 residuals, and that needs at least 19. "
        "Widen the validation part. "
        "From step 8 on there is no interval of 80 %: so far ahead the validation part gives 3 "
        "residuals, and that needs at least 4. "
        "From step 11 on there is no interval of 50 %: so far ahead the validation part gives 0 "
        "residuals, and that needs at least 1."
    )
    assert Message.from_json(message.to_json()) == message
    most = intervals_message(calibrate(residuals, 0 * residuals, log=False, levels=(0.5,)))
    assert str(most).startswith("From step 11 on there is no interval of 50 %")
    assert str(most).endswith("needs at least 1. Widen the validation part, or choose a shorter "
                              "horizon.")  # fmt: skip


def test_what_rounding_leaves_of_a_constant_is_covered():
    random = np.random.default_rng(0)
    truth = np.full((40, 1), 5.0)
    forecast = truth + 1e-15 * random.normal(size=(40, 1))
    intervals = calibrate(truth, truth, log=False)
    assert measure_coverage(intervals, truth, forecast).shares.tolist() == [[1], [1], [1]]
    assert measure_coverage(intervals, truth, forecast + 1e-6).shares.tolist() == [[0], [0], [0]]
