import math
import warnings

import numpy as np
import pytest

from rnn_core.forecast.significance import comparison_message, diebold_mariano
from rnn_core.messages import Message

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from scipy import stats
    from statsmodels.regression.linear_model import OLS
    from statsmodels.stats.sandwich_covariance import weights_uniform

BASELINE = Message("baseline", "seasonal naive")


@pytest.mark.parametrize("seed", range(5))
def test_one_step_ahead_it_is_student_s_test_of_the_mean(seed):
    one, other = np.random.default_rng(seed).normal(size=(2, 40)) * [[1], [1.3]]
    expected = stats.ttest_1samp(one**2 - other**2, 0)
    found = diebold_mariano(one, other)
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue)
    assert found.better == (np.mean(one**2) < np.mean(other**2))


@pytest.mark.parametrize("horizon", [2, 3, 6])
def test_many_steps_ahead_it_is_the_corrected_hac_test(horizon):
    shocks = np.random.default_rng(horizon).normal(size=(2, 80 + horizon))
    smooth = [np.convolve(row, np.ones(horizon), "valid")[:80] for row in shocks]
    one, other = smooth[0], 1.4 * smooth[1]
    fitted = OLS(one**2 - other**2, np.ones(80)).fit(
        cov_type="HAC", cov_kwds={"maxlags": horizon - 1, "weights_func": weights_uniform}
    )
    correction = math.sqrt((80 + 1 - 2 * horizon + horizon * (horizon - 1) / 80) / 80)
    statistic = float(fitted.tvalues[0]) * correction
    found = diebold_mariano(one, other, horizon)
    assert found.statistic == pytest.approx(statistic)
    assert found.p == pytest.approx(2 * stats.t.sf(abs(statistic), 79))


def test_a_negative_variance_is_not_taken_for_certainty():
    differential = np.tile([1.0, -1.0], 20) + np.linspace(0, 0.5, 40)
    errors = np.sqrt(differential + 5)
    found = diebold_mariano(errors, np.full(40, math.sqrt(5)), 2)
    assert 0 < found.p < 1


def test_equally_good_forecasts_are_rarely_called_different():
    random = np.random.default_rng(1)
    called = [not diebold_mariano(*random.normal(size=(2, 48))).by_chance for _ in range(1000)]
    assert np.mean(called) < 0.065


def test_what_cannot_be_tested_is_not_called_significant():
    short = diebold_mariano(np.zeros(7), np.ones(7))
    assert math.isnan(short.p)
    assert short.by_chance
    assert short.better
    assert math.isnan(diebold_mariano(np.full(20, np.inf), np.ones(20)).p)
    assert diebold_mariano(np.full(20, np.nan), np.ones(20)).count == 0
    assert math.isnan(diebold_mariano(np.zeros(11), np.ones(11), 6).p)


def test_equal_errors_differ_by_nothing_and_constant_ones_for_sure():
    errors = np.random.default_rng(0).normal(size=20)
    assert diebold_mariano(errors, errors).p == 1
    assert diebold_mariano(np.zeros(20), np.ones(20)).p == 0


def test_points_without_a_truth_are_left_out():
    one, other = np.random.default_rng(3).normal(size=(2, 30))
    padded = diebold_mariano(np.append(one, np.nan), np.append(other, 1.0))
    assert padded == diebold_mariano(one, other)


@pytest.mark.parametrize(("one", "other", "sentence"), [
    (0.1, 1.0, "Better than seasonal naive, and not by chance: p < 0.001."),
    (1.0, 0.1, "Worse than seasonal naive, and not by chance: p < 0.001."),
    (0.98, 1.0, "Better than seasonal naive on these 40 points, but that could be chance: p = "),
    (1.0, 0.98, "No better than seasonal naive on these 40 points; that could be chance: p = "),
])  # fmt: skip
def test_the_outcome_in_words(one, other, sentence):
    random = np.random.default_rng(0)
    errors = np.abs(random.normal(size=40)) + 0.5
    found = diebold_mariano(one * errors, other * random.permutation(errors))
    assert str(comparison_message(found, BASELINE)).startswith(sentence)


def test_too_few_points_have_their_sentence():
    sentence = comparison_message(diebold_mariano(np.zeros(3), np.ones(3)), BASELINE)
    assert str(sentence) == (
        "Whether the difference to seasonal naive is chance cannot be told from 3 points."
    )
