import numpy as np
import pytest
from scipy import signal

from rnn_core.series.diagnostics import spectrum
from rnn_core.series.diagnostics.spectrum import background, periodogram


def noise(length, seed=0):
    return np.random.default_rng(seed).normal(size=length)


@pytest.mark.parametrize("length", [8, 99, 100, 4096])
def test_a_short_series_has_the_periodogram_of_scipy(length):
    values = noise(length).cumsum()
    frequency, power = signal.periodogram(values, window="hann", detrend="linear")
    found = spectrum(values)
    np.testing.assert_allclose(found.frequency, frequency[1:])
    np.testing.assert_allclose(found.power, power[1:] / power[1:].sum(), atol=1e-10)


def test_a_long_series_has_the_spectrum_of_welch():
    values = noise(10_000)
    frequency, power = signal.welch(values, nperseg=4096, detrend="linear")
    found = spectrum(values)
    np.testing.assert_allclose(found.frequency, frequency[1:])
    np.testing.assert_allclose(found.power, power[1:] / power[1:].sum(), atol=1e-10)


def test_the_periodogram_adds_up_to_the_variance():
    values = noise(4000)
    assert periodogram(values).sum() == pytest.approx(values.var(), rel=0.05)


@pytest.mark.parametrize("period", [2, 5, 12, 40])
def test_a_sine_stands_at_its_period(period):
    found = spectrum(np.cos(2 * np.pi * np.arange(480) / period))
    assert found.period[found.power.argmax()] == pytest.approx(period)
    assert found.power.sum() == pytest.approx(1)


@pytest.mark.parametrize("values", [np.full(50, 4.0), np.arange(50.0) * 3 + 7])
def test_nothing_is_left_of_a_line(values):
    assert not spectrum(values).power.any()


@pytest.mark.parametrize(("integrated", "shape"), [
    (False, lambda omega: np.ones_like(omega)),
    (True, lambda omega: 1 / (2 * np.sin(omega / 2)) ** 2),
])  # fmt: skip
def test_the_background_is_the_spectrum_of_noise_and_of_random_walks(integrated, shape):
    shocks = noise(20_000, seed=3)
    smooth = background(periodogram(shocks.cumsum() if integrated else shocks))
    omega = np.pi * np.arange(1, 10_001) / 10_000
    expected = shape(omega) * 2 / 20_000  # a periodogram of unit variance
    # The lowest frequencies lose power with the line that is taken out.
    np.testing.assert_allclose((smooth / expected)[20:], 1, atol=0.15)


def test_peaks_do_not_lift_the_background():
    values = noise(2000)
    seasonal = values + 3 * np.sin(2 * np.pi * np.arange(2000) / 12)
    with_peak, without = background(periodogram(seasonal)), background(periodogram(values))
    np.testing.assert_allclose(with_peak / without, 1, atol=0.1)
