import numpy as np
import pytest
from scipy import integrate, signal
from statsmodels.tsa.seasonal import seasonal_decompose

from rnn_core.series.generators import generate

N = 300
STEPS = np.arange(N)


def test_sines_are_exactly_the_three_waves_of_the_closed_form():
    series = generate("sines", 250, seed=7)
    steps = np.arange(250)
    # Least squares on the sine and cosine of each period, in complex form.
    basis = np.exp(-2j * np.pi * np.outer([1 / 25, 2 / 25, 1 / 5], steps))
    waves = 2 / 250 * basis @ series.values
    assert np.abs(waves) == pytest.approx([1.0, 0.5, 0.25])
    assert (waves @ basis.conj()).real == pytest.approx(series.values, abs=1e-9)


@pytest.mark.parametrize(("second", "third"), [(0.0, 0.0), (2.0, 0.3)])
def test_amplitudes_of_the_sines_are_those_chosen(second, third):
    values = generate("sines", 400, seed=3, period=40, second=second, third=third).values
    power = np.abs(np.fft.rfft(values)) * 2 / 400
    assert power[[10, 20, 50]] == pytest.approx([1, second, third], abs=1e-9)
    assert np.delete(power, [10, 20, 50]) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("count", range(1, 9))
def test_oscillators_have_the_published_frequencies_with_amplitude_1(count):
    values = generate("oscillators", N, seed=5, count=count).values
    published = [0.2, 0.311, 0.42, 0.51, 0.63, 0.74, 0.85, 0.97]
    angles = np.outer(STEPS, published)
    basis = np.hstack([np.sin(angles), np.cos(angles)])
    found, *_ = np.linalg.lstsq(basis, values, rcond=None)
    assert basis @ found == pytest.approx(values, abs=1e-9)
    assert np.hypot(found[:8], found[8:]) == pytest.approx([1] * count + [0] * (8 - count))


def test_oscillators_begin_all_together_at_a_whole_step():
    values = generate("oscillators", N, seed=5, count=2).values
    starts = np.arange(10_000)
    at_start = np.sin(0.2 * starts) + np.sin(0.311 * starts)
    start = int(np.abs(at_start - values[0]).argmin())
    steps = start + STEPS
    assert np.sin(0.2 * steps) + np.sin(0.311 * steps) == pytest.approx(values, abs=1e-8)


def some_shift(values, period, wave):
    """The wave at the shift at which it is the series; the nearest one if it never is."""
    shifted = [wave(STEPS + shift) for shift in range(period)]
    return min(shifted, key=lambda candidate: np.abs(candidate - values).max())


@pytest.mark.parametrize(("period", "duty"), [(20, 0.5), (20, 0.3), (10, 0.9)])
def test_the_square_wave_is_scipys(period, duty):
    values = generate("square", N, seed=2, period=period, duty=duty).values
    # Half a step off the edges, where rounding would decide.
    expected = some_shift(
        values, period, lambda t: signal.square(2 * np.pi * (t + 0.5) / period, duty)
    )
    assert values == pytest.approx(expected)
    assert (values == 1).mean() == pytest.approx(duty)


@pytest.mark.parametrize(("period", "rise"), [(24, 0.9), (30, 0.5), (50, 0.1)])
def test_the_sawtooth_is_scipys(period, rise):
    values = generate("sawtooth", N, seed=2, period=period, rise=rise).values
    expected = some_shift(values, period, lambda t: signal.sawtooth(2 * np.pi * t / period, rise))
    assert values == pytest.approx(expected, abs=1e-9)
    assert np.ptp(values) > 1.9


def test_a_sawtooth_that_only_rises_falls_at_once():
    values = generate("sawtooth", N, seed=2, period=20, rise=1.0).values
    changes = np.diff(values)
    assert changes[changes > 0] == pytest.approx(0.1)
    assert changes[changes < 0] == pytest.approx(-1.9)


@pytest.mark.parametrize(("start", "end"), [(60.0, 8.0), (5.0, 100.0), (20.0, 20.0)])
def test_the_chirp_is_scipys_at_some_phase(start, end):
    values = generate("chirp", N, seed=8, start=start, end=end).values
    sweep = {"t": STEPS, "f0": 1 / start, "t1": N - 1, "f1": 1 / end}
    basis = np.stack([signal.chirp(**sweep, phi=phi) for phi in (0, 90)], axis=1)
    found, *_ = np.linalg.lstsq(basis, values, rcond=None)
    assert basis @ found == pytest.approx(values, abs=1e-9)
    assert np.hypot(*found) == pytest.approx(1)


def test_the_damped_oscillation_solves_its_equation_and_is_kicked_anew():
    period, decay, kick = 25.0, 30.0, 100
    values = generate("damped", N, seed=6, period=period, decay=decay, kick=kick).values
    turn = 2 * np.pi / period
    start = values[0]  # the cosine of the phase
    ways = []
    for sine in (1, -1):
        speed = -start / decay - turn * sine * np.sqrt(1 - start**2)
        solved = integrate.solve_ivp(
            lambda t, state: [
                state[1],
                -2 / decay * state[1] - (turn**2 + 1 / decay**2) * state[0],
            ],
            (0, kick),
            [start, speed],
            t_eval=np.arange(kick),
            rtol=1e-10,
            atol=1e-12,
        )
        ways.append(np.abs(solved.y[0] - values[:kick]).max())
    assert min(ways) < 1e-7
    assert values[kick:] == pytest.approx(values[:-kick])


def test_an_additive_season_stays_the_same_on_a_straight_line():
    values = generate("trend-additive", 240, seed=4, slope=0.3, amplitude=8.0).values
    assert values[12:] - values[:-12] == pytest.approx(0.3 * 12)
    parts = seasonal_decompose(values, period=12, model="additive")
    inner = slice(6, -6)
    assert parts.trend[inner] == pytest.approx(100 + 0.3 * np.arange(240)[inner])
    assert parts.resid[inner] == pytest.approx(0, abs=1e-9)
    assert np.abs(parts.seasonal).max() == pytest.approx(8)


def test_a_multiplicative_season_grows_with_the_line():
    values = generate("trend-multiplicative", 240, seed=4, slope=0.7, swing=0.25).values
    line = 100 + 0.7 * np.arange(240)
    assert values[12:] / values[:-12] == pytest.approx(line[12:] / line[:-12])
    assert np.abs(values / line - 1).max() == pytest.approx(0.25)
    logs = seasonal_decompose(np.log(values / line), period=12, model="additive")
    assert logs.resid[6:-6] == pytest.approx(0, abs=1e-9)
    assert (values > 0).all()
