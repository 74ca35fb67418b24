"""Series driven by chance: their future can be forecast in part only."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.generators.generator import Floats, Generator, parameter

WARM_UP = 200


def ar(
    length: int, random: np.random.Generator, phi1: float, phi2: float, phi3: float, phi4: float
) -> Floats:
    """Draw a stationary autoregressive series of order up to 4.

    With the default weights the roots are complex: a pseudo-cycle of 12 steps that comes and goes.
    The first 200 values are dropped; by then the default's start has faded to 0.866²⁰⁰.

    Raises ``SeriesError`` for weights of which the series would run away.
    """
    largest = float(np.abs(np.roots([1, -phi1, -phi2, -phi3, -phi4])).max(initial=0.0))
    if largest >= 1:
        raise SeriesError(
            Message(
                "generator.not_stationary",
                N_(
                    "An autoregressive series with these weights runs away: its largest root has "
                    "size {root}, and it must be below 1. Bring phi1 to phi4 closer to 0."
                ),
                {"root": f"{largest:.4g}"},
            )
        )
    x = before = third = fourth = 0.0
    path = []
    for shock in random.standard_normal(WARM_UP + length).tolist():
        drawn = phi1 * x + phi2 * before + phi3 * third + phi4 * fourth + shock
        x, before, third, fourth = drawn, x, before, third
        path.append(x)
    return np.array(path[WARM_UP:])


def random_walk(length: int, random: np.random.Generator, drift: float) -> Floats:
    """Add up standard normal steps and a drift, from 0."""
    steps = drift + random.standard_normal(length)
    steps[0] = 0.0
    return np.cumsum(steps)


def regimes(
    length: int, random: np.random.Generator, stay: float, first: float, second: float, gap: float
) -> Floats:
    """Switch between two autoregressive series by a hidden chain that stays with ``stay``.

    The first 200 values are dropped.
    """
    total = WARM_UP + length
    # Two streams, so that a longer series begins with the shorter one.
    switching, shocking = random.spawn(2)
    regime = (switching.integers(2) + np.cumsum(switching.random(total) >= stay)) % 2
    levels = np.where(regime == 0, -gap / 2, gap / 2).tolist()
    weights = np.where(regime == 0, first, second).tolist()
    shocks = shocking.standard_normal(total).tolist()
    x = 0.0
    path = []
    for level, weight, shock in zip(levels, weights, shocks, strict=True):
        x = level + weight * (x - level) + shock
        path.append(x)
    return np.array(path[WARM_UP:])


def echo(length: int, random: np.random.Generator, delay: int, strength: float) -> Floats:
    """Let each value be the one ``delay`` steps ago, weakened, with something new in the gap.

    Deviation 1 throughout; without noise the best forecast is ``strength`` times the value
    ``delay`` steps ago, and its error has a deviation of sqrt(1 - strength²).
    """
    blocks = -(-length // delay)
    values = random.standard_normal((blocks, delay))
    fresh = (1 - strength**2) ** 0.5
    for block in range(1, blocks):
        values[block] = strength * values[block - 1] + fresh * values[block]
    return values.ravel()[:length]


_WEIGHT_HELP = N_("Weight of the value that many steps back.")

STOCHASTIC: Mapping[str, Generator] = {
    "ar": Generator(
        N_("Autoregressive, AR(p)"),
        ar,
        r"x_t = \phi_1 x_{t-1} + \phi_2 x_{t-2} + \phi_3 x_{t-3} + \phi_4 x_{t-4} + w_t,"
        r" \quad w_t \sim \mathcal{N}(0, 1)",
        "Shumway & Stoffer, Time Series Analysis and Its Applications, chapter 3",
        N_("The last p values, no more; the shocks cannot be foreseen, so an RMSE of 1 is best."),
        (
            parameter("phi1", 1.5, N_("Weight φ₁"), _WEIGHT_HELP, -2, 2, 0.05),
            parameter("phi2", -0.75, N_("Weight φ₂"), _WEIGHT_HELP, -1, 1, 0.05),
            parameter("phi3", 0.0, N_("Weight φ₃"), _WEIGHT_HELP, -1, 1, 0.05),
            parameter("phi4", 0.0, N_("Weight φ₄"), _WEIGHT_HELP, -1, 1, 0.05),
        ),
    ),
    "random-walk": Generator(
        N_("Random walk"),
        random_walk,
        r"x_t = x_{t-1} + \delta + w_t, \quad w_t \sim \mathcal{N}(0, 1)",
        "Pearson, The problem of the random walk, Nature 72, 1905",
        N_("The last value alone: nothing beats repeating it, and a network should not seem to."),
        (parameter("drift", 0.0, N_("Drift δ"), N_("Mean of a step."), -1, 1, 0.01),),
    ),
    "regimes": Generator(
        N_("Regime switching"),
        regimes,
        r"x_t = \mu_{s_t} + \phi_{s_t}(x_{t-1} - \mu_{s_t}) + w_t, \quad"
        r" P(s_t = s_{t-1}) = q, \quad \mu = \pm g/2",
        "Hamilton, A new approach to the economic analysis of nonstationary time series and the "
        "business cycle, Econometrica 57, 1989",
        N_("Which regime it is in, told by how the last values moved; a switch comes unforeseen."),
        (
            parameter(
                "stay",
                0.98,
                N_("Staying q"),
                N_("Probability of staying in the regime."),
                0.5,
                0.995,
                0.005,
            ),
            parameter(
                "first",
                0.9,
                N_("Weight φ, first regime"),
                N_("Near 1: slow and smooth."),
                -0.99,
                0.99,
                0.01,
            ),
            parameter(
                "second",
                -0.7,
                N_("Weight φ, second regime"),
                N_("Below 0: up and down in turn."),
                -0.99,
                0.99,
                0.01,
            ),
            parameter(
                "gap",
                4.0,
                N_("Gap g"),
                N_("Difference between the regimes' mean levels."),
                0,
                20,
                0.5,
            ),
        ),
    ),
    "echo": Generator(
        N_("Delayed echo"),
        echo,
        r"x_t = a\,x_{t-k} + \sqrt{1 - a^2}\,w_t, \quad w_t \sim \mathcal{N}(0, 1)",
        "Schroeder, Natural sounding artificial reverberation, Journal of the Audio Engineering "
        "Society 10, 1962 (the comb filter)",
        N_("One value, exactly k steps back: with fewer than k timesteps nothing can be learnt."),
        (
            parameter("delay", 10, N_("Delay k"), N_("Steps until the echo."), 1, 400),
            parameter(
                "strength",
                0.9,
                N_("Strength a"),
                N_("Share of the value that comes back."),
                0,
                0.99,
                0.01,
            ),
        ),
    ),
}
