"""Deterministic chaos: no chance in it, and yet only the near future can be forecast."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from rnn_core.messages import N_
from rnn_core.series.generators.generator import Floats, Generator, parameter

# Of the Mackey-Glass equation: the values of the paper, and the grid it is solved on.
TAU, BETA, GAMMA, POWER = 17, 0.2, 0.1, 10.0
STEP = 0.1
STEPS_PER_SAMPLE = 10

LONGEST_STEP = 0.01  # of the Lorenz equations
LORENZ_WARM_UP = 20  # time units, not values
MAP_WARM_UP = 500


def mackey_glass(
    length: int, random: np.random.Generator, tau: int, beta: float, gamma: float, n: float
) -> Floats:
    """Integrate the Mackey-Glass equation and sample it every 1.

    The history before t = 0 is a constant drawn from 0.5 to 1.3; the first 500 time units are
    dropped. It is chaotic from a delay of about 16.8 on.
    """
    start = random.uniform(0.5, 1.3)
    return integrate_mackey_glass(start, 500 + length, tau, beta, gamma, n)[500:]


def integrate_mackey_glass(
    start: float,
    length: int,
    tau: int = TAU,
    beta: float = BETA,
    gamma: float = GAMMA,
    n: float = POWER,
) -> Floats:
    """Give x at t = 0, 1, ..., ``length`` - 1, shape ``(length,)``, after having been ``start``."""
    return solve_mackey_glass(start, length - 1, tau, beta, gamma, n)[::STEPS_PER_SAMPLE][:length]


def solve_mackey_glass(
    start: float,
    end: float,
    tau: int = TAU,
    beta: float = BETA,
    gamma: float = GAMMA,
    n: float = POWER,
) -> Floats:
    """Give x every 0.1 from t = 0 to ``end`` and a little beyond, after having been ``start``.

    Runge-Kutta of order 4 by the method of steps: within one delay, what the equation looks back
    at is already known as a whole.
    """

    def production(delayed: Floats) -> Floats:
        produced: Floats = beta * delayed / (1 + delayed**n)
        return produced

    delay_steps = tau * STEPS_PER_SAMPLE
    past = np.full(delay_steps + 1, start)  # x over the last delay, every 0.1
    slope = np.zeros(delay_steps + 1)
    pieces = [past[-1:]]
    for _ in range(math.ceil(end * STEPS_PER_SAMPLE / delay_steps)):
        # The delayed value half-way between two steps, by Hermite's cubic.
        middle = (past[:-1] + past[1:]) / 2 + STEP / 8 * (slope[:-1] - slope[1:])
        produced = production(past)
        past = _advance_one_delay(float(past[-1]), produced, production(middle), gamma)
        slope = produced - gamma * past
        pieces.append(past[1:])
    return np.concatenate(pieces)


def _advance_one_delay(x: float, produced: Floats, produced_middle: Floats, gamma: float) -> Floats:
    """Solve dx/dt = produced(t) - γ x by Runge-Kutta's k1 to k4, over the steps of one delay."""
    path = [x]
    at_ends, at_middles = produced.tolist(), produced_middle.tolist()
    for start, middle, end in zip(at_ends[:-1], at_middles, at_ends[1:], strict=True):
        k1 = start - gamma * x
        k2 = middle - gamma * (x + STEP / 2 * k1)
        k3 = middle - gamma * (x + STEP / 2 * k2)
        k4 = end - gamma * (x + STEP * k3)
        x += STEP / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        path.append(x)
    return np.array(path)


def lorenz(
    length: int,
    random: np.random.Generator,
    sigma: float,
    rho: float,
    beta: float,
    interval: float,
) -> Floats:
    """Give x of the Lorenz equations every ``interval`` time units.

    The start is drawn around the attractor; the first 20 time units are dropped.
    """
    x, y = random.uniform(-10, 10, size=2).tolist()
    z = random.uniform(15, 35)
    warm_up = math.ceil(LORENZ_WARM_UP / interval)
    path = integrate_lorenz((x, y, z), warm_up + length, sigma, rho, beta, interval)
    return path[warm_up:, 0]


def integrate_lorenz(
    start: tuple[float, float, float],
    length: int,
    sigma: float,
    rho: float,
    beta: float,
    interval: float,
) -> Floats:
    """Give x, y, z at t = 0, ``interval``, 2 ``interval``, ..., shape ``(length, 3)``.

    Runge-Kutta of order 4, in steps of at most 0.01.
    """
    substeps = math.ceil(interval / LONGEST_STEP - 1e-9)
    step = interval / substeps
    half, sixth = step / 2, step / 6
    x, y, z = start
    path = [start]
    for _ in range(length - 1):
        for _ in range(substeps):
            x1, y1, z1 = sigma * (y - x), x * (rho - z) - y, x * y - beta * z
            a, b, c = x + half * x1, y + half * y1, z + half * z1
            x2, y2, z2 = sigma * (b - a), a * (rho - c) - b, a * b - beta * c
            a, b, c = x + half * x2, y + half * y2, z + half * z2
            x3, y3, z3 = sigma * (b - a), a * (rho - c) - b, a * b - beta * c
            a, b, c = x + step * x3, y + step * y3, z + step * z3
            x += sixth * (x1 + 2 * (x2 + x3) + sigma * (b - a))
            y += sixth * (y1 + 2 * (y2 + y3) + a * (rho - c) - b)
            z += sixth * (z1 + 2 * (z2 + z3) + a * b - beta * c)
        path.append((x, y, z))
    return np.array(path)


def logistic(length: int, random: np.random.Generator, r: float) -> Floats:
    """Iterate the logistic map from a drawn start; the first 500 values are dropped."""
    x = random.uniform(0.1, 0.9)
    path = []
    for _ in range(MAP_WARM_UP + length):
        x = r * x * (1 - x)
        path.append(x)
    return np.array(path[MAP_WARM_UP:])


def henon(length: int, random: np.random.Generator, a: float, b: float) -> Floats:
    """Iterate the Hénon map from a start drawn near 0; the first 500 values are dropped."""
    x, y = random.uniform(-0.1, 0.1, size=2).tolist()
    path = []
    for _ in range(MAP_WARM_UP + length):
        x, y = 1 - a * x * x + y, b * x
        path.append(x)
    return np.array(path[MAP_WARM_UP:])


CHAOTIC: Mapping[str, Generator] = {
    "mackey-glass": Generator(
        N_("Mackey-Glass"),
        mackey_glass,
        r"\frac{dx}{dt} = \frac{\beta\,x(t - \tau)}{1 + x(t - \tau)^n} - \gamma\,x(t)",
        "Mackey & Glass, Oscillation and chaos in physiological control systems, Science 197, 1977",
        N_("What was τ steps ago, as a curve: its state is the whole last delay."),
        (
            parameter(
                "tau", TAU, N_("Delay τ"), N_("How far it looks back; chaotic from 17 on."), 2, 100
            ),
            parameter("beta", BETA, N_("Production β"), N_("How much is made."), 0.05, 0.5, 0.01),
            parameter("gamma", GAMMA, N_("Decay γ"), N_("Share lost per step."), 0.05, 0.3, 0.01),
            parameter("n", POWER, N_("Power n"), N_("How sharply a surplus stops it."), 1, 20, 0.5),
        ),
    ),
    "lorenz": Generator(
        N_("Lorenz x"),
        lorenz,
        r"\dot x = \sigma(y - x), \quad \dot y = x(\rho - z) - y, \quad \dot z = x y - \beta z",
        "Lorenz, Deterministic nonperiodic flow, Journal of the Atmospheric Sciences 20, 1963",
        N_("The two channels it cannot see: y and z have to be inferred from the past of x."),
        (
            parameter("sigma", 10.0, N_("Prandtl number σ"), N_("Of the fluid."), 1, 20, 0.5),
            parameter(
                "rho",
                28.0,
                N_("Rayleigh number ρ"),
                N_("Heating; chaotic from 24.74 on."),
                0.5,
                60,
                0.5,
            ),
            parameter("beta", 8 / 3, N_("Shape β"), N_("Of the convection cells."), 0.5, 4, 0.1),
            parameter(
                "interval",
                0.05,
                N_("Interval"),
                N_("Time units from one value to the next."),
                0.01,
                0.1,
                0.01,
            ),
        ),
    ),
    "logistic": Generator(
        N_("Logistic map"),
        logistic,
        r"x_{t+1} = r\,x_t (1 - x_t)",
        "May, Simple mathematical models with very complicated dynamics, Nature 261, 1976",
        N_("Nothing but the last value: one parabola, learnt exactly, forecasts one step ahead."),
        (
            parameter(
                "r",
                3.9,
                N_("Growth r"),
                N_("Below 3 it settles, from 3.57 on it is chaotic."),
                1,
                4,
                0.01,
            ),
        ),
    ),
    "henon": Generator(
        N_("Hénon map"),
        henon,
        r"x_{t+1} = 1 - a\,x_t^2 + b\,x_{t-1}",
        "Hénon, A two-dimensional mapping with a strange attractor, Communications in Mathematical "
        "Physics 50, 1976",
        N_("The last two values, and no more."),
        (
            parameter("a", 1.4, N_("Bend a"), N_("How strongly it folds."), 0, 1.4, 0.01),
            parameter("b", 0.3, N_("Memory b"), N_("Weight of the value two back."), 0, 0.3, 0.01),
        ),
    ),
}
