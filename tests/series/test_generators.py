import time

import numpy as np
import pytest

from rnn_core.series.generators import GENERATORS, generate, integrate_mackey_glass

NAMES = list(GENERATORS)


@pytest.mark.parametrize("name", NAMES)
def test_same_arguments_give_the_same_values_bit_for_bit(name):
    one, other = (generate(name, 300, 0.3, 5).values for _ in range(2))
    assert one.tobytes() == other.tobytes()
    assert one.shape == (300,)
    assert np.isfinite(one).all()


@pytest.mark.parametrize("name", NAMES)
def test_another_seed_gives_another_series_even_without_noise(name):
    one, other = (generate(name, 300, 0.0, seed).values for seed in (0, 1))
    assert np.abs(one - other).max() > 0.1 * one.std()


@pytest.mark.parametrize("name", NAMES)
def test_noise_is_gaussian_with_the_given_deviation_in_deviations_of_the_clean_series(name):
    clean, noisy = (generate(name, 20_000, noise, 3).values for noise in (0.0, 0.5))
    noise = (noisy - clean) / clean.std()
    # Four standard errors of the mean, the deviation and the kurtosis of 20,000 values.
    assert noise.mean() == pytest.approx(0, abs=4 * 0.5 / 20_000**0.5)
    assert noise.std() == pytest.approx(0.5, rel=4 / 40_000**0.5)
    assert ((noise / 0.5) ** 4).mean() == pytest.approx(3, abs=4 * (96 / 20_000) ** 0.5)
    assert abs(np.corrcoef(noise[1:], noise[:-1])[0, 1]) < 4 / 20_000**0.5


@pytest.mark.parametrize("name", NAMES)
def test_twenty_thousand_values_take_about_a_second(name):
    start = time.perf_counter()
    series = generate(name, 20_000, 0.1, 11)
    assert time.perf_counter() - start < 3
    assert len(series) == 20_000


@pytest.mark.parametrize("name", NAMES)
def test_steps_are_numbered_from_0(name):
    series = generate(name, 50)
    assert series.times.tolist() == list(range(50))
    assert series.time_unit == "step"


def test_sines_are_exactly_the_three_waves_of_the_closed_form():
    series = generate("sines", 250, seed=7)
    steps = np.arange(250)
    # Least squares on the sine and cosine of each period, in complex form.
    basis = np.exp(-2j * np.pi * np.outer([1 / 25, 2 / 25, 1 / 5], steps))
    waves = 2 / 250 * basis @ series.values
    assert np.abs(waves) == pytest.approx([1.0, 0.5, 0.25])
    assert (waves @ basis.conj()).real == pytest.approx(series.values, abs=1e-9)


def test_sines_repeat_after_their_season():
    series = generate("sines", 100)
    assert series.season == 25
    assert series.values[25:] == pytest.approx(series.values[:-25], abs=1e-9)
    for shorter in range(1, 25):
        assert np.abs(series.values[shorter:] - series.values[:-shorter]).max() > 0.1


def euler_mackey_glass(start, until, steps_per_unit):
    """The equation as printed, by the crudest scheme, from a constant history."""
    delay = 17 * steps_per_unit
    x = [start] * (delay + 1)
    for _ in range(until * steps_per_unit):
        late = x[-1 - delay]
        x.append(x[-1] + (0.2 * late / (1 + late**10) - 0.1 * x[-1]) / steps_per_unit)
    return np.array(x[delay::steps_per_unit])


def test_mackey_glass_agrees_with_a_fine_euler_integration():
    ours = integrate_mackey_glass(1.2, 101)
    coarse, fine = (euler_mackey_glass(1.2, 100, steps) for steps in (1000, 2000))
    extrapolated = 2 * fine - coarse  # Euler's error is halved with its step
    assert ours == pytest.approx(extrapolated, abs=1e-5)
    assert np.ptp(extrapolated) > 0.5


def test_mackey_glass_starts_with_the_decay_of_its_first_delay():
    # Over the first delay the production is constant: x - x* = (x0 - x*) exp(-t / 10).
    start = 0.8
    level = 2 * start / (1 + start**10)
    exact = level + (start - level) * np.exp(-np.arange(18) / 10)
    assert integrate_mackey_glass(start, 18) == pytest.approx(exact, abs=1e-6)


def test_mackey_glass_stays_on_its_attractor_and_never_repeats():
    values = generate("mackey-glass", 5_000).values
    assert 0.2 < values.min() < 0.5
    assert 1.2 < values.max() < 1.4
    spectrum = np.abs(np.fft.rfft(values - values.mean())) ** 2
    period = 5_000 / spectrum.argmax()
    assert 45 < period < 55  # about 50 at a delay of 17
    assert all(np.abs(values[lag:] - values[:-lag]).max() > 0.1 for lag in range(10, 500))


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


def test_ar_shocks_are_independent_and_of_deviation_1():
    values = generate("ar", 20_000, seed=4).values
    shocks = values[2:] - 1.5 * values[1:-1] + 0.75 * values[:-2]
    assert shocks.std() == pytest.approx(1, rel=0.02)
    assert abs(np.corrcoef(shocks[1:], shocks[:-1])[0, 1]) < 0.03


def test_an_unknown_generator_is_refused():
    with pytest.raises(KeyError):
        generate("airline", 100)
