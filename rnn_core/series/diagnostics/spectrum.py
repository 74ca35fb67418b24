"""How the variance of a series is spread over frequencies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.messages import Message
from rnn_core.series.diagnostics.excerpt import NEGLIGIBLE, Floats, excerpt, without_trend

SEGMENT = 4_096
"""Longer series are averaged over segments of this length (Welch), which leaves 2,048 points."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """``power`` ``(m,)`` at ``frequency`` ``(m,)`` in cycles per step, from 1/n to 1/2.

    Power is the share of the variance at each frequency: it sums to 1, or to 0 where nothing is
    left once the straight line is taken out.
    """

    frequency: Floats
    power: Floats
    notes: tuple[Message, ...] = ()

    @property
    def period(self) -> Floats:
        """Steps per cycle, ``(m,)``."""
        return 1 / self.frequency


def spectrum(values: ArrayLike) -> Spectrum:
    """Estimate the spectrum of ``values`` ``(n,)``.

    The periodogram after a straight line is taken out and a Hann taper laid over; above 4,096
    values the mean of the periodograms of half-overlapping segments (Welch 1967). Raises
    ``SeriesError`` where fewer than 8 values are known or more than half are missing.
    """
    part = excerpt(values)
    size = min(len(part), SEGMENT)
    starts = range(0, len(part) - size + 1, max(1, size // 2))
    powers = [periodogram(part.values[start : start + size]) for start in starts]
    power = np.mean(powers, axis=0)
    total = float(power.sum())
    negligible = total <= NEGLIGIBLE**2
    return Spectrum(
        frequency=np.arange(1, len(power) + 1) / size,
        power=np.zeros_like(power) if negligible else power / total,
        notes=part.notes,
    )


def periodogram(values: Floats) -> Floats:
    """Give the variance of ``values`` ``(n,)`` at the frequencies k/n, k = 1 to n/2, ``(n//2,)``.

    The line is taken out first; the Hann taper keeps a strong cycle from leaking far.
    """
    size = len(values)
    taper = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    power: Floats = np.abs(np.fft.rfft(without_trend(values) * taper)[1:]) ** 2
    power *= 2 / (size * float(taper @ taper))
    if size % 2 == 0:
        power[-1] /= 2  # the highest frequency has no mirror image
    return power


def background(power: Floats) -> Floats:
    """Give the smooth spectrum under the peaks of a periodogram ``(m,)``, same shape.

    The fractional exponential model: log f(ω) = a - 2d log|2 sin(ω/2)| + b cos ω + c cos 2ω
    (Beran 1993, Biometrika 80), which is exact for white noise and for a random walk and close
    for what lies between. It is fitted by least absolute deviations, so that peaks do not lift
    it; the median of a periodogram is ln 2 times the spectrum.
    """
    count = len(power)
    omega = np.pi * np.arange(1, count + 1) / count
    terms = [np.ones(count), np.log(2 * np.sin(omega / 2))]
    if count >= 16:
        terms.append(np.cos(omega))
    if count >= 64:
        terms.append(np.cos(2 * omega))
    design = np.stack(terms, axis=1)
    level = np.log(np.maximum(power, float(power.max()) * 1e-15))
    weights = np.ones(count)
    for _ in range(25):
        scaled = design * weights[:, None]
        fit = design @ np.linalg.solve(scaled.T @ design, scaled.T @ level)
        weights = 1 / np.maximum(np.abs(level - fit), 1e-3)
    smooth: Floats = np.exp(fit) / np.log(2)
    return smooth
