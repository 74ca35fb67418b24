"""Series in closed form: waves, sweeps, oscillations, and a trend with a season on it.

Each draws its phases, so that another seed begins elsewhere in the pattern.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnn_core.messages import N_
from rnn_core.series.generators.generator import Floats, Generator, parameter

LEVEL = 100.0  # where a series with a trend begins
FREQUENCIES = (0.2, 0.311, 0.42, 0.51, 0.63, 0.74, 0.85, 0.97)  # radians a step
LATEST_START = 10_000


def sines(
    length: int, random: np.random.Generator, period: int, second: float, third: float
) -> Floats:
    """Add three sines whose periods, p, p/2 and p/5 steps, all fit into a season of p.

    The phases are drawn uniformly: a truncated Fourier series, the textbook case of a purely
    seasonal series.
    """
    steps = np.arange(length)
    phases = random.uniform(0, 2 * np.pi, size=3)
    values = np.zeros(length)
    waves = zip((1.0, second, third), (period, period / 2, period / 5), phases, strict=True)
    for amplitude, wavelength, phase in waves:
        values += amplitude * np.sin(2 * np.pi * steps / wavelength + phase)
    return values


def oscillators(length: int, random: np.random.Generator, count: int) -> Floats:
    """Add ``count`` sines of unit amplitude that share no period, from a drawn step on."""
    steps = random.integers(LATEST_START) + np.arange(length)
    values: Floats = np.sin(np.outer(steps, FREQUENCIES[:count])).sum(axis=1)
    return values


def square(length: int, random: np.random.Generator, period: int, duty: float) -> Floats:
    """Give 1 for a share of ``duty`` of each period, then -1."""
    return np.where(_place(length, random, period) < duty, 1.0, -1.0)


def sawtooth(length: int, random: np.random.Generator, period: int, rise: float) -> Floats:
    """Rise evenly from -1 to 1 over a share of ``rise`` of each period, fall over the rest."""
    return np.interp(_place(length, random, period), (0.0, rise, 1.0), (-1.0, 1.0, -1.0))


def chirp(length: int, random: np.random.Generator, start: float, end: float) -> Floats:
    """Sweep the frequency of a sine evenly in time, from 1/``start`` to 1/``end``."""
    steps = np.arange(length)
    change = (1 / end - 1 / start) / max(1, length - 1)
    cycles = steps / start + change * steps**2 / 2
    values: Floats = np.sin(2 * np.pi * cycles + random.uniform(0, 2 * np.pi))
    return values


def damped(
    length: int, random: np.random.Generator, period: float, decay: float, kick: int
) -> Floats:
    """Let an oscillation fade by 1/e in ``decay`` steps, and kick it anew every ``kick``."""
    since = np.arange(length) % kick
    phase = random.uniform(0, 2 * np.pi)
    values: Floats = np.exp(-since / decay) * np.cos(2 * np.pi * since / period + phase)
    return values


def trend_additive(
    length: int, random: np.random.Generator, slope: float, amplitude: float, period: int
) -> Floats:
    """Add a season of a fixed size to a straight line from 100."""
    return LEVEL + slope * np.arange(length) + amplitude * _profile(length, random, period)


def trend_multiplicative(
    length: int, random: np.random.Generator, slope: float, swing: float, period: int
) -> Floats:
    """Let a season take a fixed share of a straight line from 100, so that it grows with it."""
    return (LEVEL + slope * np.arange(length)) * (1 + swing * _profile(length, random, period))


def _place(length: int, random: np.random.Generator, period: int) -> Floats:
    """Give the place in the period, from 0 to below 1, beginning at a drawn step of it."""
    places: Floats = (np.arange(length) + random.integers(period)) % period / period
    return places


def _profile(length: int, random: np.random.Generator, period: int) -> Floats:
    """Repeat a drawn pattern of two harmonics whose largest value is 1 in size."""
    places = 2 * np.pi * np.arange(period) / period
    first, second = random.uniform(0, 2 * np.pi, size=2)
    pattern = np.sin(places + first) + 0.5 * np.sin(2 * places + second)
    repeated: Floats = (pattern / np.abs(pattern).max())[np.arange(length) % period]
    return repeated


def _period(parameters: Mapping[str, int]) -> int:
    return parameters["period"]


def _kick(parameters: Mapping[str, int]) -> int:
    return parameters["kick"]


_SEASONAL_SOURCE = (
    "Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed. 2021, chapter 3"
)
_WAVE_SOURCE = "Oppenheim & Willsky, Signals and Systems, 2nd ed. 1997, chapter 3"

PERIODIC: Mapping[str, Generator] = {
    "sines": Generator(
        N_("Sum of sines"),
        sines,
        r"x_t = \sin\!\left(\tfrac{2\pi t}{p} + \varphi_1\right)"
        r" + a_2 \sin\!\left(\tfrac{4\pi t}{p} + \varphi_2\right)"
        r" + a_3 \sin\!\left(\tfrac{10\pi t}{p} + \varphi_3\right)",
        "Shumway & Stoffer, Time Series Analysis and Its Applications, chapter 4",
        N_("Where in the season it is: a few past values tell, and nothing else is needed."),
        (
            parameter("period", 25, N_("Period p"), N_("Steps of one season."), 10, 500),
            parameter(
                "second",
                0.5,
                N_("Amplitude a₂"),
                N_("Size of the wave of half the period."),
                0,
                2,
                0.05,
            ),
            parameter(
                "third",
                0.25,
                N_("Amplitude a₃"),
                N_("Size of the wave of a fifth of the period."),
                0,
                2,
                0.05,
            ),
        ),
        _period,
    ),
    "trend-additive": Generator(
        N_("Trend plus season"),
        trend_additive,
        r"x_t = 100 + b\,t + a\,s_{t \bmod p}, \quad \max_j |s_j| = 1",
        _SEASONAL_SOURCE,
        N_("The place in the season; the level never comes back, so learn changes, not values."),
        (
            parameter("slope", 0.1, N_("Slope b"), N_("Growth in one step."), -1, 1, 0.01),
            parameter("amplitude", 10.0, N_("Amplitude a"), N_("Size of the season."), 0, 100, 0.5),
            parameter("period", 12, N_("Period p"), N_("Steps of one season."), 2, 400),
        ),
        _period,
    ),
    "trend-multiplicative": Generator(
        N_("Trend times season"),
        trend_multiplicative,
        r"x_t = (100 + b\,t)\,(1 + a\,s_{t \bmod p}), \quad \max_j |s_j| = 1",
        _SEASONAL_SOURCE,
        N_("The place in the season and the level: swings grow with it, until a log evens them."),
        (
            parameter("slope", 0.5, N_("Slope b"), N_("Growth in one step."), 0, 5, 0.05),
            parameter(
                "swing",
                0.3,
                N_("Swing a"),
                N_("Size of the season, as a share of the level."),
                0,
                0.9,
                0.05,
            ),
            parameter("period", 12, N_("Period p"), N_("Steps of one season."), 2, 400),
        ),
        _period,
    ),
    "square": Generator(
        N_("Square wave"),
        square,
        r"x_t = \begin{cases} 1 & (t + \varphi) \bmod p < d\,p \\ -1 & \text{else} \end{cases}",
        _WAVE_SOURCE,
        N_("How long it has stood still: only a window longer than a plateau shows when it jumps."),
        (
            parameter("period", 20, N_("Period p"), N_("Steps of one season."), 2, 500),
            parameter(
                "duty",
                0.5,
                N_("Duty cycle d"),
                N_("Share of the period spent at 1."),
                0.05,
                0.95,
                0.05,
            ),
        ),
        _period,
    ),
    "sawtooth": Generator(
        N_("Sawtooth"),
        sawtooth,
        r"x_t = \begin{cases} 2u/r - 1 & u < r \\ 1 - 2(u - r)/(1 - r) & \text{else} \end{cases},"
        r" \quad u = \tfrac{(t + \varphi) \bmod p}{p}",
        _WAVE_SOURCE,
        N_("Which way it goes and how far it has come: the turn depends on the level reached."),
        (
            parameter("period", 24, N_("Period p"), N_("Steps of one season."), 2, 500),
            parameter(
                "rise",
                0.9,
                N_("Rise r"),
                N_("Share of the period spent rising; 0.5: a triangle."),
                0.05,
                1,
                0.05,
            ),
        ),
        _period,
    ),
    "chirp": Generator(
        N_("Chirp"),
        chirp,
        r"x_t = \sin\!\left(2\pi\left[\tfrac{t}{p_0} + \left(\tfrac{1}{p_1} - \tfrac{1}{p_0}\right)"
        r"\tfrac{t^2}{2(n-1)}\right] + \varphi\right)",
        "Klauder, Price, Darlington & Albersheim, The theory and design of chirp radars, "
        "Bell System Technical Journal 39, 1960",
        N_("The pace of the last swings; the test part swings faster than anything learnt from."),
        (
            parameter("start", 60.0, N_("First period p₀"), N_("Period at the start."), 3, 500),
            parameter("end", 8.0, N_("Last period p₁"), N_("Period at the end."), 3, 500),
        ),
    ),
    "damped": Generator(
        N_("Damped oscillation"),
        damped,
        r"x_t = e^{-s/T} \cos\!\left(\tfrac{2\pi s}{p} + \varphi\right), \quad s = t \bmod K",
        "French, Vibrations and Waves, 1971, chapter 3",
        N_("Two past values while it swings; the time since the last kick to foresee the next."),
        (
            parameter("period", 20.0, N_("Period p"), N_("Steps of one swing."), 3, 200),
            parameter(
                "decay", 40.0, N_("Decay T"), N_("Steps in which it fades to 37 %."), 1, 1000
            ),
            parameter(
                "kick", 150, N_("Kick K"), N_("Steps from one kick to the next."), 10, 20_000
            ),
        ),
        _kick,
    ),
    "oscillators": Generator(
        N_("Superimposed oscillators (MSO)"),
        oscillators,
        r"x_t = \sum_{i=1}^{m} \sin(\omega_i (t + t_0)), \quad"
        r" \omega = 0.2, 0.311, 0.42, 0.51, 0.63, 0.74, 0.85, 0.97",
        "Schmidhuber, Wierstra, Gagliolo & Gomez, Training recurrent networks by Evolino, Neural "
        "Computation 19, 2007; with eight: Koryakin, Lohmann & Butz, Balanced echo state networks, "
        "Neural Networks 36, 2012",
        N_("The phase of each of the m waves at once: 2m numbers, as nothing ever repeats."),
        (parameter("count", 4, N_("Oscillators m"), N_("How many sines are added."), 1, 8),),
    ),
}
