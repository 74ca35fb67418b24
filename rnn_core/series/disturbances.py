"""What goes wrong with real measurements, put on top of any series: outliers and gaps.

Where they fall and how large they are is drawn in one order for all shares, so that a larger share
keeps what a smaller one had and adds to it.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from rnn_core.series.series import Series

# Sizes of outliers, in deviations of the series.
SMALLEST, LARGEST = 3.0, 5.0
MEAN_GAP = 5  # steps
DRAWN_AT_ONCE = 256


def disturb(series: Series, outliers: float, gaps: float, seed: int) -> Series:
    """Turn a share of ``outliers`` of the values into outliers, then take a share of ``gaps`` out.

    Shares are from 0 to below 1; a value taken out is NaN. Covariates stay as they are. Both draw
    from random streams of their own, so that one leaves the other, and a generated series
    underneath, as it is.
    """
    if not outliers and not gaps:
        return series
    # The first two streams of a seed belong to the generators.
    outlier_stream, gap_stream = np.random.default_rng(seed).spawn(4)[2:]
    values = with_outliers(series.values, outliers, outlier_stream)
    return dataclasses.replace(series, values=with_gaps(values, gaps, gap_stream))


def with_outliers(
    values: NDArray[np.float64], share: float, random: np.random.Generator
) -> NDArray[np.float64]:
    """Move ``round(share * n)`` of ``values`` ``(n,)`` by 3 to 5 deviations, up or down.

    An additive outlier (Fox, Outliers in time series, Journal of the Royal Statistical Society B
    34, 1972). Where all values are above 0 it is the logarithm that is moved, so that they stay so.
    """
    order = random.permutation(len(values))
    sizes = random.uniform(SMALLEST, LARGEST, len(values)) * random.choice([-1, 1], len(values))
    known = values[~np.isnan(values)]
    if not len(known):
        return values
    chosen = order[: round(share * len(values))]
    positive = bool((known > 0).all())
    with np.errstate(over="ignore", under="ignore"):
        if positive:
            candidates = values[chosen] * np.exp(np.log(known).std() * sizes[chosen])
        else:
            candidates = values[chosen] + known.std() * sizes[chosen]
    # Of numbers near the end of what a float can hold, an outlier may lie beyond it.
    usable = np.isfinite(candidates) & ((candidates > 0) | (not positive))
    moved = values.copy()
    moved[chosen[usable]] = candidates[usable]
    return moved


def with_gaps(
    values: NDArray[np.float64], share: float, random: np.random.Generator
) -> NDArray[np.float64]:
    """Put NaN in place of ``round(share * n)`` of ``values`` ``(n,)``, in stretches.

    A stretch has 5 steps on average (geometrically distributed) and begins anywhere; stretches may
    touch or overlap, and the last one is cut where the share is reached. NaN that were there
    before are not counted.
    """
    length = len(values)
    left = round(share * length)
    missing = np.zeros(length, dtype=bool)
    while left > 0:
        starts = random.integers(length, size=DRAWN_AT_ONCE).tolist()
        steps = random.geometric(1 / MEAN_GAP, size=DRAWN_AT_ONCE).tolist()
        for start, count in zip(starts, steps, strict=True):
            fresh = start + np.flatnonzero(~missing[start : start + count])[:left]
            missing[fresh] = True
            left -= len(fresh)
    return np.where(missing, np.nan, values)
