"""The season of a series: after how many steps its pattern repeats, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_core.messages import N_, Message
from rnn_core.series.diagnostics.excerpt import NEGLIGIBLE, Floats, excerpt, without_trend
from rnn_core.series.diagnostics.spectrum import background, periodogram

Certainty = Literal["none", "weak", "moderate", "clear"]

CYCLES = 3
"""A season has to come this often to be one."""

CHANCE = 0.001
"""How likely the highest peak of a smooth spectrum may be called a line."""

MODERATE, CLEAR = 0.3, 0.6
"""Strengths from which a season is called so."""

PEAKS, MULTIPLES = 8, 12
"""So many of the strongest peaks are tried, each as up to the twelfth harmonic of the season."""


@dataclass(frozen=True)
class Period:
    """A season of ``steps`` steps, 0 if there is none; ``strength`` from 0 to 1.

    The strength is the share of the variance, slow changes left out, that comes back the same in
    every cycle. ``message`` says it in one sentence.
    """

    steps: int
    strength: float
    certainty: Certainty
    message: Message
    notes: tuple[Message, ...] = ()


def find_period(values: ArrayLike) -> Period:
    """Find the season of ``values`` ``(n,)``, between 2 steps and a third of the series.

    1. A peak of the periodogram has to rise above the smooth spectrum under it by more than
       chance gives in one of a thousand series; the smooth spectrum is fitted, so that neither
       white noise nor a random walk has such peaks.
    2. Each such peak, and what it may be a harmonic of, is tried as a season: the means of the
       cycle's phases, once a centred moving average over one cycle is taken out, explain a share
       of the variance, corrected for the number of means. The season with the largest share is
       taken, where a longer one has to explain more than chance would give it.
    3. The values one such season apart have to correlate more than chance gives.

    Raises ``SeriesError`` where fewer than 8 values are known or more than half are missing.
    """
    part = excerpt(values)
    size = len(part)
    level = without_trend(part.values, degree=3)
    if part.is_constant or np.ptp(level) <= NEGLIGIBLE:
        text = N_("No season: but for a smooth trend nothing changes.")
        return Period(0, 0.0, "none", Message("period.none", text), part.notes)
    if size < 4 * CYCLES:
        text = N_("No season can be told from {count} values; it has to come three times.")
        return Period(0, 0.0, "none", Message("period.short", text, {"count": size}), part.notes)
    best, strength = 0, 0.0
    tried = {steps: repeated_share(level, steps) for steps in _candidates(level)}
    if tried:
        best = min(tried, key=lambda steps: _cost(tried[steps], steps, size))
        near = [steps for steps in tried if 8 * abs(steps - best) <= best]
        best = max(near, key=lambda steps: tried[steps])
        strength = tried[best]
    if not best or not _comes_back(level, best) or strength < 0.05:
        text = N_("No season found: no cycle stands out from chance.")
        return Period(0, 0.0, "none", Message("period.none", text), part.notes)
    certainty: Certainty = "weak"
    text = N_(
        "Perhaps a season of {steps} steps, weak: {percent} % of the changes repeat in each cycle."
    )
    if strength >= CLEAR:
        certainty = "clear"
        text = N_(
            "Season of {steps} steps, clear: {percent} % of the changes repeat in each cycle."
        )
    elif strength >= MODERATE:
        certainty = "moderate"
        text = N_(
            "Season of {steps} steps, moderate: {percent} % of the changes repeat in each cycle."
        )
    said = Message(f"period.{certainty}", text, {"steps": best, "percent": f"{100 * strength:.0f}"})
    return Period(best, strength, certainty, said, part.notes)


def repeated_share(values: Floats, steps: int) -> float:
    """Give the share of the variance of ``values`` ``(n,)`` that repeats every ``steps`` steps.

    R² of the means of the phases, corrected for their number (Ezekiel's adjusted R²), after a
    centred moving average over one cycle is taken out; 0 where it is negative.
    """
    level = _without_slow(values, steps)
    size = len(level)
    variation = float(level @ level)
    if size < 2 * steps or variation <= 0:
        return 0.0
    phases = np.arange(size) % steps
    means = np.bincount(phases, level) / np.bincount(phases)
    left = float(np.square(level - means[phases]).sum())
    return max(0.0, 1 - left / (size - steps) / (variation / (size - 1)))


def _cost(share: float, steps: int, size: int) -> float:
    """Give what speaks against a season, to be compared with that of others.

    Minus twice the log-likelihood of the means of the phases, and a penalty for their number: a
    multiple of the season explains as much and must not win by chance, nor because the season is
    not a whole number: what is left below 5 % does not count.
    """
    return size * math.log(max(1 - share, 0.05)) + 1.5 * steps


def _candidates(level: Floats) -> list[int]:
    """Give the seasons that the peaks of the spectrum could come from, in no order."""
    size = len(level)
    power = periodogram(level)
    ratio = power / background(power)
    counts = np.arange(1, len(ratio) + 1)  # cycles in the whole
    ratio[counts < CYCLES] = 0
    threshold = math.log(len(ratio) / CHANCE)
    beside = np.pad(power, 1)
    # Next to a trend's long slope nothing is a peak that is not higher than both its neighbours.
    rises = (power > beside[:-2]) & (power > beside[2:])
    peaks = np.flatnonzero(rises & (ratio > threshold))
    found: set[int] = set()
    for peak in peaks[np.argsort(-ratio[peaks])][:PEAKS]:
        shortest, longest = size / (counts[peak] + 0.6), size / (counts[peak] - 0.6)
        for multiple in range(1, MULTIPLES + 1):
            low = max(2, math.floor(multiple * shortest))
            high = min(size // CYCLES, math.ceil(multiple * longest))
            if low <= high:
                found |= set(np.linspace(low, high, min(41, high - low + 1)).round().astype(int))
    return [int(steps) for steps in found]


def _comes_back(values: Floats, steps: int) -> bool:
    """Say whether values ``steps`` apart correlate by more than 2.6 / √n, the 99 % bound."""
    level = _without_slow(values, steps)
    variation = float(level @ level)
    if variation <= 0:
        return False
    correlation = float(level[steps:] @ level[:-steps]) / variation
    return correlation * len(level) / (len(level) - steps) > 2.6 / math.sqrt(len(level) - steps)


def _without_slow(values: Floats, steps: int) -> Floats:
    """Take out a centred moving average over ``steps`` steps; half a cycle goes at each end."""
    weights: NDArray[np.float64] = np.ones(steps)
    if steps % 2 == 0:
        weights = np.concatenate([[0.5], np.ones(steps - 1), [0.5]])
    half = len(weights) // 2
    total = np.concatenate([[0.0], np.cumsum(values)])
    inner = slice(half, len(values) - half)
    if steps % 2:
        slow = (total[steps:] - total[:-steps]) / steps
    else:
        whole = (total[steps:] - total[:-steps]) / steps
        slow = (whole[:-1] + whole[1:]) / 2
    left: Floats = values[inner] - slow
    return left
