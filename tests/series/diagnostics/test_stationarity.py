import warnings

import numpy as np
import pytest
from statsmodels.tsa import stattools

from rnn_core.messages import SeriesError
from rnn_core.series.diagnostics import stationarity
from rnn_core.series.diagnostics.stationarity import level_statistic, random_walk_statistic


def noise(length, seed=0):
    return np.random.default_rng(seed).normal(size=length)


@pytest.mark.parametrize("length", [30, 144, 1000])
@pytest.mark.parametrize("integrated", [False, True])
def test_adf_is_that_of_statsmodels(length, integrated):
    values = noise(length).cumsum() if integrated else noise(length)
    expected = stattools.adfuller(values, regression="c", autolag="AIC", result_object=True)
    found = stationarity(values)
    assert found.adf == pytest.approx(expected.statistic, rel=1e-6)
    assert found.adf_p == pytest.approx(expected.pvalue, rel=1e-6)


@pytest.mark.parametrize(("values", "expected"), [
    (np.arange(100.0), 0.0), (np.sin(np.arange(100.0)), -np.inf)
])  # fmt: skip
def test_adf_without_noise(values, expected):
    assert random_walk_statistic(values) == expected


@pytest.mark.parametrize("length", [30, 144, 1000])
def test_kpss_is_that_of_statsmodels(length):
    values = noise(length).cumsum()
    lags = int(4 * (length / 100) ** 0.25)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # p values outside its table
        expected = stattools.kpss(values, regression="c", nlags=lags)
    assert level_statistic(values) == pytest.approx(expected[0])
    assert stationarity(values).kpss_p == pytest.approx(expected[1])


STEPS = np.arange(500)


@pytest.mark.parametrize(("values", "verdict"), [
    (noise(500), "stationary"),
    (noise(500).cumsum(), "wanders"),
    (noise(500) + 0.02 * STEPS, "wanders"),
    (noise(500) + 0.5 * (STEPS > 250), "shifts"),
    (noise(20, seed=3).cumsum(), "unclear"),
    (np.full(500, 7.0), "constant"),
])  # fmt: skip
def test_verdicts(values, verdict):
    found = stationarity(values)
    assert found.verdict == verdict
    assert found.message.kind == f"stationarity.{verdict}"
    assert str(found.message)


def test_the_words_carry_both_probabilities():
    said = str(stationarity(noise(500)).message)
    assert "keeps to its level" in said
    assert "ADF, p < 0.001" in said
    assert "KPSS, p ≥ 0.1" in said


def test_too_short():
    with pytest.raises(SeriesError, match=r"There are 19 known values, .* at least 20"):
        stationarity(np.arange(19))


def test_the_newest_values_are_tested():
    values = np.concatenate([noise(3000).cumsum(), noise(5000, seed=1)])
    found = stationarity(values)
    assert found.verdict == "stationary"
    assert "Looked at 5,000 of 8,000 values" in str(*found.notes)
