"""A series as the sum of trend, season and remainder (STL)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.diagnostics.excerpt import NEGLIGIBLE, Floats, excerpt

SEASONAL_WINDOW = 11  # cycles over which the season may change its shape


@dataclass(frozen=True, eq=False)
class Decomposition:
    """Parts of the values ``start`` to ``start + n`` of a series, each ``(n,)`` in its unit.

    ``trend + season + remainder`` is ``values``, in which missing ones are bridged. Both
    strengths go from 0 to 1: 1 - Var(remainder) / Var(part + remainder), 0 where that is negative
    (Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, section 4.3).
    """

    period: int
    start: int
    values: Floats
    trend: Floats
    season: Floats
    remainder: Floats
    trend_strength: float
    season_strength: float
    notes: tuple[Message, ...] = ()


def decompose(values: ArrayLike, period: int) -> Decomposition:
    """Take ``values`` ``(n,)`` apart, with a season of ``period`` steps.

    STL by loess (Cleveland, Cleveland, McRae & Terpenning 1990), where the season may change
    slowly. Raises ``SeriesError`` where the season is shorter than 2 steps or does not come twice,
    fewer than 8 values are known, or more than half are missing.
    """
    part = excerpt(values)
    if not 2 <= period <= len(part) // 2:
        raise SeriesError(
            Message(
                "diagnostics.period",
                N_(
                    "Taking a series of {length} values apart needs a season from 2 to {high} "
                    "steps. Received: {received}. Set Season, or choose a longer series."
                ),
                {"length": f"{len(part):,}", "high": f"{len(part) // 2:,}", "received": period},
            )
        )
    if part.is_constant:
        level, still = part.values * part.scale, np.zeros(len(part))
        return Decomposition(period, part.start, level, level, still, still, 0, 0, part.notes)
    from statsmodels.tsa.seasonal import STL

    # Loess is evaluated at every tenth of a window and drawn straight in between.
    trend_window = _odd(1.5 * period / (1 - 1.5 / SEASONAL_WINDOW))
    parts = STL(
        part.values,
        period=period,
        seasonal=SEASONAL_WINDOW,
        trend=trend_window,
        low_pass=_odd(period),
        seasonal_jump=2,
        trend_jump=math.ceil(trend_window / 10),
        low_pass_jump=math.ceil(period / 10),
    ).fit()
    trend, season = np.asarray(parts.trend), np.asarray(parts.seasonal)
    remainder = part.values - trend - season
    with np.errstate(over="ignore"):
        return Decomposition(
            period=period,
            start=part.start,
            values=part.values * part.scale,
            trend=trend * part.scale,
            season=season * part.scale,
            remainder=remainder * part.scale,
            trend_strength=_strength(trend, remainder),
            season_strength=_strength(season, remainder),
            notes=part.notes,
        )


def _strength(part: Floats, remainder: Floats) -> float:
    whole = float((part + remainder).var())
    if whole <= NEGLIGIBLE**2:
        return 0.0
    return max(0.0, 1 - float(remainder.var()) / whole)


def _odd(least: float) -> int:
    """Give the smallest odd number above ``least``."""
    return math.floor(least / 2 + 0.5) * 2 + 1
