import numpy as np
import pytest
from scipy import integrate

from rnn_core.series.generators import generate
from rnn_core.series.generators.chaotic import integrate_lorenz, integrate_mackey_glass

CLASSIC = {"sigma": 10.0, "rho": 28.0, "beta": 8 / 3}


def euler_mackey_glass(start, until, steps_per_unit, tau=17, beta=0.2, gamma=0.1, n=10):
    """The equation as printed, by the crudest scheme, from a constant history."""
    delay = tau * steps_per_unit
    x = [start] * (delay + 1)
    for _ in range(until * steps_per_unit):
        late = x[-1 - delay]
        x.append(x[-1] + (beta * late / (1 + late**n) - gamma * x[-1]) / steps_per_unit)
    return np.array(x[delay::steps_per_unit])


@pytest.mark.parametrize("chosen", [
    {}, {"tau": 23}, {"tau": 5, "beta": 0.4, "gamma": 0.2, "n": 6.5},
])  # fmt: skip
def test_mackey_glass_agrees_with_a_fine_euler_integration(chosen):
    ours = integrate_mackey_glass(1.2, 101, **chosen)
    coarse, fine = (euler_mackey_glass(1.2, 100, steps, **chosen) for steps in (1000, 2000))
    extrapolated = 2 * fine - coarse  # Euler's error is halved with its step
    assert ours == pytest.approx(extrapolated, abs=2e-5)
    assert np.ptp(extrapolated) > 0.2


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


def test_mackey_glass_with_a_short_delay_rests_where_production_is_decay():
    values = generate("mackey-glass", 200, tau=2, beta=0.3, gamma=0.1, n=4.0).values
    assert values == pytest.approx((0.3 / 0.1 - 1) ** (1 / 4), abs=1e-6)


@pytest.mark.parametrize("interval", [0.05, 0.01, 0.03])
@pytest.mark.parametrize("chosen", [CLASSIC, {"sigma": 16.0, "rho": 45.0, "beta": 4.0}])
def test_lorenz_agrees_with_scipys_integrator(chosen, interval):
    start = (1.0, -2.0, 20.0)
    length = round(2 / interval) + 1
    ours = integrate_lorenz(start, length, interval=interval, **chosen)
    sigma, rho, beta = chosen.values()
    solved = integrate.solve_ivp(
        lambda t, s: [sigma * (s[1] - s[0]), s[0] * (rho - s[2]) - s[1], s[0] * s[1] - beta * s[2]],
        (0, 2.1),
        start,
        method="DOP853",
        t_eval=np.arange(length) * interval,
        rtol=1e-10,
        atol=1e-10,
    )
    assert np.abs(ours - solved.y.T).max() < 0.02
    assert np.ptp(ours[:, 0]) > 20


def test_lorenz_diverges_at_the_published_rate():
    # The largest Lyapunov exponent of the classic parameters is 0.906 a time unit
    # (Viswanath, Lyapunov exponents from random Fibonacci sequences to the Lorenz equations, 1998).
    state = integrate_lorenz((1.0, 1.0, 25.0), 201, interval=0.1, **CLASSIC)[-1]
    other = state + np.array([1e-7, 0, 0])
    growth = []
    for _ in range(3_000):
        state, other = (
            integrate_lorenz(tuple(at.tolist()), 2, interval=0.1, **CLASSIC)[1]
            for at in (state, other)
        )
        distance = np.linalg.norm(other - state)
        growth.append(np.log(distance / 1e-7))
        other = state + (other - state) * 1e-7 / distance
    assert np.mean(growth[10:]) / 0.1 == pytest.approx(0.906, abs=0.06)


def test_lorenz_x_has_the_known_spread_and_visits_both_wings():
    values = np.concatenate([generate("lorenz", 20_000, seed=seed).values for seed in range(4)])
    # Long runs of the classic parameters give a mean of 0 and a deviation of 7.92.
    assert values.std() == pytest.approx(7.92, rel=0.02)
    assert abs(values.mean()) < 0.7
    assert 18 < values.max() < 20
    assert -20 < values.min() < -18


def test_lorenz_rests_where_it_is_heated_too_little():
    still = generate("lorenz", 100, rho=10.0, interval=0.1)
    root = (8 / 3 * 9) ** 0.5
    assert np.abs(still.values) == pytest.approx(root, abs=1e-3)
    assert generate("lorenz", 200, rho=0.5).values[-50:] == pytest.approx(0, abs=1e-3)


def test_the_logistic_map_rests_cycles_and_is_chaotic_where_it_should():
    assert generate("logistic", 100, r=2.5).values == pytest.approx(1 - 1 / 2.5)
    r = 3.2
    root = ((r - 3) * (r + 1)) ** 0.5
    pair = sorted(generate("logistic", 100, r=r).values[:2])
    assert pair == pytest.approx([(r + 1 - root) / (2 * r), (r + 1 + root) / (2 * r)])
    window = generate("logistic", 300, r=3.83).values
    assert window[3:] == pytest.approx(window[:-3], abs=1e-6)
    assert np.abs(window[1:] - window[:-1]).min() > 0.1


def test_the_logistic_map_at_4_has_its_invariant_distribution_and_exponent():
    values = generate("logistic", 20_000, r=4.0, seed=3).values
    for share in (0.1, 0.25, 0.5, 0.9):  # the arcsine law
        expected = 2 / np.pi * np.arcsin(share**0.5)
        assert (values < share).mean() == pytest.approx(expected, abs=0.02)
    assert np.log(np.abs(4 - 8 * values)).mean() == pytest.approx(np.log(2), abs=0.01)


def test_the_henon_map_has_its_recursion_and_its_published_exponent():
    values = generate("henon", 20_000, seed=3).values
    assert values[2:] == pytest.approx(1 - 1.4 * values[1:-1] ** 2 + 0.3 * values[:-2])
    assert -1.29 < values.min() < -1.28
    assert 1.27 < values.max() < 1.28
    tangent, growth = np.array([1.0, 0.0]), 0.0
    for x in values:
        tangent = np.array([-2.8 * x * tangent[0] + tangent[1], 0.3 * tangent[0]])
        size = np.hypot(*tangent)
        growth += np.log(size)
        tangent /= size
    # Sprott, Chaos and Time-Series Analysis, 2003: 0.419.
    assert growth / len(values) == pytest.approx(0.419, abs=0.01)


def test_the_henon_map_rests_where_it_folds_little():
    a, b = 0.2, 0.3
    rest = (b - 1 + ((1 - b) ** 2 + 4 * a) ** 0.5) / (2 * a)
    assert generate("henon", 100, a=a, b=b).values == pytest.approx(rest)
