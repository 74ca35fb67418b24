import numpy as np
import pytest
from statsmodels.tsa import stattools

from rnn_core.config import SeriesConfig
from rnn_core.messages import SeriesError
from rnn_core.series import load_series
from rnn_core.series.diagnostics import autocorrelation

AIRLINE = load_series(SeriesConfig()).values


def autoregressive(weights, length, seed=0):
    shocks = np.random.default_rng(seed).normal(size=length + 200)
    values = np.zeros(length + 200)
    for t in range(len(weights), len(values)):
        values[t] = shocks[t] + sum(w * values[t - 1 - i] for i, w in enumerate(weights))
    return values[200:]


@pytest.mark.parametrize("values", [AIRLINE, autoregressive([0.5, -0.3], 301)])
def test_acf_and_its_bound_are_those_of_statsmodels(values):
    found = autocorrelation(values, 40)
    expected, around = stattools.acf(values, nlags=40, alpha=0.05, result_object=False)
    np.testing.assert_array_equal(found.lags, np.arange(1, 41))
    np.testing.assert_allclose(found.acf, expected[1:], atol=1e-12)
    np.testing.assert_allclose(found.acf_bound, (around[:, 1] - expected)[1:], rtol=1e-6)


@pytest.mark.parametrize("values", [AIRLINE, autoregressive([0.5, -0.3], 301)])
def test_pacf_is_that_of_statsmodels(values):
    found = autocorrelation(values, 40)
    expected = stattools.pacf(values, nlags=40, method="ldb")
    np.testing.assert_allclose(found.pacf, expected[1:], atol=1e-9)
    assert found.pacf_bound == pytest.approx(1.96 / np.sqrt(len(values)), rel=1e-4)


def test_acf_by_hand():
    level = AIRLINE - AIRLINE.mean()
    expected = [level[k:] @ level[:-k] / (level @ level) for k in range(1, 25)]
    np.testing.assert_allclose(autocorrelation(AIRLINE, 24).acf, expected, atol=1e-12)


def test_missing_values_are_left_out_of_the_sums():
    values = autoregressive([0.8], 400)
    values[50:80] = np.nan
    values[5::17] = np.nan
    known = np.isfinite(values)
    level = np.where(known, values - values[known].mean(), 0)
    variance = (level @ level) / known.sum()
    expected = []
    for k in range(1, 21):
        pairs = known[k:] & known[:-k]
        mean = np.mean(level[k:][pairs] * level[:-k][pairs])
        expected.append(mean * (len(values) - k) / len(values) / variance)
    found = autocorrelation(values, 20)
    np.testing.assert_allclose(found.acf, expected, atol=1e-12)
    assert found.count == known.sum()


def test_the_pacf_of_ar_1_ends_after_lag_1():
    found = autocorrelation(autoregressive([0.7], 4000), 30)
    assert found.pacf[0] == pytest.approx(0.7, abs=0.04)
    assert (np.abs(found.pacf[1:]) < 3.5 / np.sqrt(4000)).all()
    np.testing.assert_allclose(found.acf[:4], 0.7 ** np.arange(1, 5), atol=0.06)


def test_white_noise_stays_within_the_bounds():
    found = autocorrelation(np.random.default_rng(5).normal(size=5000), 400)
    for inside in (
        np.abs(found.acf) < found.acf_bound,
        np.abs(found.pacf) < found.pacf_bound,
    ):
        assert 0.92 < inside.mean() < 0.98


def test_a_sine_leaves_nothing_to_later_lags():
    found = autocorrelation(np.sin(2 * np.pi * np.arange(240) / 12), 60)
    assert int(found.acf[5:].argmax()) + 6 == 12
    assert np.isfinite(found.pacf).all()
    assert (np.abs(found.pacf) <= 1).all()


@pytest.mark.parametrize(("length", "lags", "given"), [
    (8, None, 4), (60, None, 30), (144, None, 48), (20_000, None, 48), (144, 10, 10), (144, 500, 72)
])  # fmt: skip
def test_lags(length, lags, given):
    assert len(autocorrelation(np.sin(np.arange(length)), lags).lags) == given


def test_a_constant_series_is_refused():
    with pytest.raises(SeriesError, match="All values are the same"):
        autocorrelation(np.full(50, 3.0))
