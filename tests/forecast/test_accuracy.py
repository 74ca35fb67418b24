import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_core.forecast.accuracy import (
    MEASURES,
    Accuracy,
    accuracy,
    accuracy_by_step,
    mape,
    mape_warning,
    mase_scale,
    mase_warning,
    skill,
    smape,
    truth_of,
)
from rnn_core.messages import Message
from rnn_core.series import Series

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from sklearn import metrics as independent

values = st.floats(-1e6, 1e6).map(lambda value: round(value, 6))
pairs = st.lists(st.tuples(values, values), min_size=1, max_size=30)


@given(pairs)
def test_errors_are_those_of_scikit_learn(points):
    truth, forecast = np.array(points).T
    found = accuracy(truth, forecast, 1.0)
    assert found.rmse == pytest.approx(independent.root_mean_squared_error(truth, forecast))
    assert found.mae == pytest.approx(independent.mean_absolute_error(truth, forecast))
    assert found.mase == found.mae
    if (truth == 0).any():
        assert math.isnan(found.mape)
    else:
        expected = 100 * independent.mean_absolute_percentage_error(truth, forecast)
        assert found.mape == pytest.approx(expected)


@given(pairs)
def test_smape_is_that_of_m4(points):
    # R: (abs(outsample-forecasts)*200)/(abs(outsample)+abs(forecasts))
    sized = [(y, f) for y, f in points if abs(y) + abs(f) > 0]
    expected = sum(abs(y - f) * 200 / (abs(y) + abs(f)) for y, f in sized) / len(points)
    assert smape(*np.array(points).T) == pytest.approx(expected)


def m4_mase(insample, outsample, forecasts, frequency):
    """As the competition's R code has it, one value after another."""
    naive = [None] * frequency
    for j in range(frequency, len(insample)):
        naive.append(insample[j - frequency])
    errors = [abs(a - b) for a, b in zip(insample, naive, strict=True) if b is not None]
    scale = sum(errors) / len(errors)
    return sum(abs(y - f) / scale for y, f in zip(outsample, forecasts, strict=True)) / len(
        outsample
    )


@pytest.mark.parametrize("season", [0, 1, 4, 12])
def test_mase_is_that_of_m4(season):
    random = np.random.default_rng(season)
    training, truth, forecast = random.normal(50, 9, (3, 48))
    found = accuracy(truth, forecast, mase_scale(training, season))
    assert found.mase == pytest.approx(m4_mase(training, truth, forecast, max(1, season)))


@pytest.mark.parametrize(("training", "season"), [([5.0] * 9, 0), ([1.0], 0), ([1, 2] * 6, 2)])
def test_mase_is_not_defined_where_the_naive_forecast_has_no_error(training, season):
    scale = mase_scale(np.array(training, float), season)
    assert math.isnan(accuracy(np.ones(3), np.zeros(3), scale).mase)


def test_a_season_longer_than_the_training_part_counts_as_none():
    training = np.array([1.0, 2.0, 4.0])
    assert mase_scale(training, 3) == mase_scale(training, 0) == 1.5


def test_exact_zeros_have_no_symmetric_error():
    assert smape(np.zeros(2), np.zeros(2)) == 0
    assert smape(np.array([0.0, 1.0]), np.array([0.0, 0.0])) == 100


def test_a_forecast_beyond_all_numbers_is_as_wrong_as_can_be():
    truth, forecast = np.array([1.0]), np.array([math.inf])
    assert (smape(truth, forecast), mape(truth, forecast)) == (200, math.inf)
    assert accuracy(truth, forecast, 1.0).rmse == math.inf


def test_each_step_ahead_is_measured_where_its_truth_is_known():
    series = Series("test", [1.0, 2.0, 4.0, 8.0, 16.0], np.arange(5))
    origins = np.array([2, 3, 4, 5])
    truth = truth_of(series, origins, 2)
    np.testing.assert_array_equal(truth, [[4, 8], [8, 16], [16, np.nan], [np.nan, np.nan]])
    steps = accuracy_by_step(truth, truth + np.array([1.0, 2.0]), 0.5)
    assert [step.count for step in steps] == [3, 2]
    assert [step.rmse for step in steps] == [1, 2]
    assert [step.mase for step in steps] == [2, 4]
    assert accuracy(truth[3], truth[3], 1.0).count == 0
    assert math.isnan(accuracy(truth[3], truth[3], 1.0).rmse)


def test_there_is_a_word_for_every_measure():
    fields = set(Accuracy(1, 1, 1, 1, 1, 1).to_dict()) - {"count"}
    assert set(MEASURES) == fields


def test_skill_is_against_the_best():
    errors = {"persistence": 48.0, "seasonal_naive": 40.0, "theta": math.nan}
    assert skill(20.0, errors) == ("seasonal_naive", 0.5)
    assert skill(60.0, errors) == ("seasonal_naive", -0.5)
    assert skill(1.0, {}) is None
    assert skill(1.0, {"persistence": 0.0}) is None


@pytest.mark.parametrize(("truth", "kind"), [
    ([3.0, 0.0, 5.0], "mape.zeros"),
    ([300.0, 1.0, 500.0], "mape.near_zero"),
    ([3.0, 4.0, math.nan], None),
    ([], None),
])  # fmt: skip
def test_mape_comes_with_its_warning(truth, kind):
    warning = mape_warning(np.array(truth, float))
    assert (warning and warning.kind) == kind
    if warning:
        assert "1 of the 3 true values" in str(warning)
        assert Message.from_json(warning.to_json()) == warning


def test_a_training_part_that_never_changes_says_why_there_is_no_mase():
    assert mase_warning(mase_scale(np.full(30, 50.0), 0)).kind == "mase.constant"
    assert mase_warning(mase_scale(np.arange(30.0), 0)) is None
