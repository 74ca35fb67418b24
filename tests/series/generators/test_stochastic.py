import numpy as np
import pytest
from scipy import signal
from statsmodels.tsa.arima_process import ArmaProcess
from statsmodels.tsa.stattools import acf

from rnn_core.messages import SeriesError
from rnn_core.series.generators import generate


def shocks_of(seed, size):
    """The numbers that a generator draws, from its own stream of a seed."""
    return np.random.default_rng(seed).spawn(2)[0].standard_normal(size)


def test_ar_has_the_autocorrelation_and_deviation_of_yule_and_walker():
    values = generate("ar", 20_000, seed=2).values
    first, second = 1.5, -0.75
    expected = [1.0, first / (1 - second)]
    for _ in range(20):
        expected.append(first * expected[-1] + second * expected[-2])
    variance = 1 / (1 - first * expected[1] - second * expected[2])
    centred = values - values.mean()
    found = [
        (centred[lag:] * centred[: len(centred) - lag]).mean() / centred.var()
        for lag in range(len(expected))
    ]
    assert found == pytest.approx(expected, abs=0.06)
    assert values.std() == pytest.approx(variance**0.5, rel=0.05)


WEIGHTS = [(1.5, -0.75, 0.0, 0.0), (0.5, 0.1, -0.2, 0.3), (0.0, 0.0, 0.0, -0.9), (0.0,) * 4]


@pytest.mark.parametrize("weights", WEIGHTS)
def test_ar_is_its_shocks_through_scipys_filter(weights):
    chosen = {f"phi{lag}": weight for lag, weight in enumerate(weights, start=1)}
    values = generate("ar", 500, seed=9, **chosen).values
    filtered = signal.lfilter([1], [1, *(-weight for weight in weights)], shocks_of(9, 700))
    assert values == pytest.approx(filtered[200:])


@pytest.mark.parametrize("weights", WEIGHTS)
def test_ar_has_the_autocorrelation_that_statsmodels_gives_its_process(weights):
    chosen = {f"phi{lag}": weight for lag, weight in enumerate(weights, start=1)}
    values = generate("ar", 20_000, seed=3, **chosen).values
    process = ArmaProcess.from_coeffs(weights, ())
    assert process.isstationary
    assert acf(values, nlags=12) == pytest.approx(process.acf(13), abs=0.06)


@pytest.mark.parametrize(
    "weights", [(1.0, 0, 0, 0), (1.5, -0.45, 0, 0), (0, 0, 0, 1.0), (0, 1.0, 0, 0), (2, 1, 1, 1)]
)
def test_ar_that_would_run_away_is_refused(weights):
    chosen = {f"phi{lag}": weight for lag, weight in enumerate(weights, start=1)}
    roots = np.abs(np.roots([1, *(-weight for weight in weights)]))
    with pytest.raises(SeriesError, match="runs away") as caught:
        generate("ar", 100, **chosen)
    assert caught.value.message.kind == "generator.not_stationary"
    assert f"{roots.max():.4g}" in str(caught.value)


def test_a_random_walk_adds_up_independent_steps():
    values = generate("random-walk", 20_000, seed=1, drift=0.2).values
    steps = np.diff(values)
    assert values[0] == 0
    assert steps.mean() == pytest.approx(0.2, abs=4 / 20_000**0.5)
    assert steps.std() == pytest.approx(1, rel=4 / 40_000**0.5)
    assert np.abs(acf(steps, nlags=20)[1:]).max() < 4.5 / 20_000**0.5
    # The variance of a change grows with its span.
    spans = values[50::50] - values[:-50:50]
    assert spans.var() == pytest.approx(50, rel=0.3)


def regime_moments(stay, weights, gap):
    """Mean and variance, from the stationary equations of the moments in each regime."""
    move = np.array([[stay, 1 - stay], [1 - stay, stay]])
    weights, levels = np.array(weights), np.array([-gap / 2, gap / 2])
    pushed = levels * (1 - weights)
    mean = np.linalg.solve(np.eye(2) - weights[:, None] * move, pushed / 2)
    fixed = pushed**2 / 2 + 2 * pushed * weights * (move @ mean) + 1 / 2
    square = np.linalg.solve(np.eye(2) - weights[:, None] ** 2 * move, fixed)
    return mean.sum(), square.sum() - mean.sum() ** 2


@pytest.mark.parametrize(
    ("stay", "first", "second", "gap"),
    [(0.98, 0.9, -0.7, 4.0), (0.7, 0.5, 0.0, 6.0), (0.9, -0.9, -0.9, 0.0)],
)
def test_regimes_have_the_moments_of_a_markov_switching_process(stay, first, second, gap):
    mean, variance = regime_moments(stay, (first, second), gap)
    chosen = {"stay": stay, "first": first, "second": second, "gap": gap}
    pooled = np.concatenate(
        [generate("regimes", 20_000, seed=seed, **chosen).values for seed in range(8)]
    )
    assert pooled.mean() == pytest.approx(mean, abs=0.04 * variance**0.5)
    assert pooled.var() == pytest.approx(variance, rel=0.05)


def test_a_regime_lasts_as_long_as_it_stays():
    series = generate("regimes", 20_000, seed=2, stay=0.95, first=0.0, second=0.0, gap=20.0)
    high = series.values > 0  # ten deviations from either level
    assert high.mean() == pytest.approx(0.5, abs=0.07)
    assert (high[1:] != high[:-1]).mean() == pytest.approx(0.05, abs=4 * (0.05 / 20_000) ** 0.5)
    noise = np.abs(series.values) - 10
    assert noise.std() == pytest.approx(1, rel=0.03)


@pytest.mark.parametrize(("delay", "strength"), [(7, 0.9), (1, 0.5), (400, 0.99), (3, 0.0)])
def test_an_echo_is_its_shocks_through_scipys_filter(delay, strength):
    values = generate("echo", 2_000, seed=4, delay=delay, strength=strength).values
    shocks = shocks_of(4, -(-2_000 // delay) * delay)
    shocks[delay:] *= (1 - strength**2) ** 0.5
    filtered = signal.lfilter([1], [1, *[0] * (delay - 1), -strength], shocks)
    assert values == pytest.approx(filtered[:2_000])


def test_an_echo_is_heard_after_its_delay_alone():
    values = generate("echo", 20_000, seed=4, delay=7, strength=0.8).values
    found = acf(values, nlags=21)
    for lag in range(1, 22):
        expected = 0.8 ** (lag / 7) if lag % 7 == 0 else 0
        assert found[lag] == pytest.approx(expected, abs=0.06)
    assert values.std() == pytest.approx(1, abs=0.04)
