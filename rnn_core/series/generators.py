"""Series made from a formula, as long and as noisy as wanted.

A generator gives the clean series; :func:`generate` adds the noise. The two draw from separate
random streams, so that turning the noise up leaves the series underneath as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from rnn_core.series.series import Series
from rnn_core.series.sources import SOURCES

Floats = NDArray[np.float64]


def generate(name: str, length: int, noise: float = 0.0, seed: int = 0) -> Series:
    """Make a series of ``length`` values by the generator ``name``, a key of ``GENERATORS``.

    ``noise`` is the deviation of the Gaussian noise that is added, in deviations of the clean
    series. The same arguments give the same values, bit for bit.
    """
    clean_stream, noise_stream = np.random.default_rng(seed).spawn(2)
    clean = GENERATORS[name](length, clean_stream)
    values = clean + noise * clean.std() * noise_stream.standard_normal(length)
    source = SOURCES[name]
    return Series(
        name=source.label,
        values=values,
        times=np.arange(length),
        unit=source.unit,
        season=source.season,
        time_unit=source.time_unit,
    )


def sines(length: int, random: np.random.Generator) -> Floats:
    """Add three sines whose periods, 25, 12.5 and 5 steps, all fit into a season of 25.

    x_t = sin(2πt/25 + φ₁) + 0.5 sin(2πt/12.5 + φ₂) + 0.25 sin(2πt/5 + φ₃), with the phases φ
    drawn uniformly: a truncated Fourier series, the textbook case of a purely seasonal series
    (Shumway & Stoffer, Time Series Analysis and Its Applications, chapter 4).
    """
    steps = np.arange(length)
    phases = random.uniform(0, 2 * np.pi, size=3)
    values = np.zeros(length)
    for amplitude, period, phase in zip((1.0, 0.5, 0.25), (25, 12.5, 5), phases, strict=True):
        values += amplitude * np.sin(2 * np.pi * steps / period + phase)
    return values


def mackey_glass(length: int, random: np.random.Generator) -> Floats:
    """Integrate the Mackey-Glass equation, chaotic at its delay of 17, and sample it every 1.

    dx/dt = β x(t-τ) / (1 + x(t-τ)ⁿ) - γ x(t), with β = 0.2, γ = 0.1, n = 10, τ = 17
    (Mackey & Glass, Oscillation and chaos in physiological control systems, Science 197, 1977).
    The history before t = 0 is a constant drawn from 0.5 to 1.3; the first 500 time units are
    dropped.
    """
    return integrate_mackey_glass(random.uniform(0.5, 1.3), 500 + length)[500:]


BETA, GAMMA, POWER = 0.2, 0.1, 10
STEP = 0.1
STEPS_PER_SAMPLE = 10
DELAY_STEPS = 170  # a delay of 17


def integrate_mackey_glass(start: float, length: int) -> Floats:
    """Give x at t = 0, 1, ..., ``length`` - 1, shape ``(length,)``, after having been ``start``.

    Runge-Kutta of order 4 by the method of steps: within one delay, what the equation looks back
    at is already known as a whole.
    """
    past = np.full(DELAY_STEPS + 1, start)  # x over the last delay, every 0.1
    slope = np.zeros(DELAY_STEPS + 1)
    pieces = [past[-1:]]
    for _ in range(math.ceil((length - 1) * STEPS_PER_SAMPLE / DELAY_STEPS)):
        # The delayed value half-way between two steps, by Hermite's cubic.
        middle = (past[:-1] + past[1:]) / 2 + STEP / 8 * (slope[:-1] - slope[1:])
        produced = _production(past)
        past = _advance_one_delay(float(past[-1]), produced, _production(middle))
        slope = produced - GAMMA * past
        pieces.append(past[1:])
    return np.concatenate(pieces)[::STEPS_PER_SAMPLE][:length]


def _production(delayed: Floats) -> Floats:
    produced: Floats = BETA * delayed / (1 + delayed**POWER)
    return produced


def _advance_one_delay(x: float, produced: Floats, produced_middle: Floats) -> Floats:
    """Solve dx/dt = produced(t) - γ x by Runge-Kutta's k1 to k4, over 170 steps."""
    path = [x]
    at_ends, at_middles = produced.tolist(), produced_middle.tolist()
    for start, middle, end in zip(at_ends[:-1], at_middles, at_ends[1:], strict=True):
        k1 = start - GAMMA * x
        k2 = middle - GAMMA * (x + STEP / 2 * k1)
        k3 = middle - GAMMA * (x + STEP / 2 * k2)
        k4 = end - GAMMA * (x + STEP * k3)
        x += STEP / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        path.append(x)
    return np.array(path)


AR_WEIGHTS = (1.5, -0.75)


def ar(length: int, random: np.random.Generator) -> Floats:
    """Draw a stationary autoregressive series of order 2 whose cycles come and go.

    x_t = 1.5 x_{t-1} - 0.75 x_{t-2} + w_t, with w_t standard normal: complex roots, a pseudo-cycle
    of 12 steps (Shumway & Stoffer, Time Series Analysis and Its Applications, chapter 3). The
    first 200 values are dropped: by then the start has faded to 0.866²⁰⁰.
    """
    first, second = AR_WEIGHTS
    before, x = 0.0, 0.0
    path = []
    for shock in random.standard_normal(200 + length).tolist():
        before, x = x, first * x + second * before + shock
        path.append(x)
    return np.array(path[200:])


GENERATORS: Mapping[str, Callable[[int, np.random.Generator], Floats]] = {
    "sines": sines,
    "mackey-glass": mackey_glass,
    "ar": ar,
}
