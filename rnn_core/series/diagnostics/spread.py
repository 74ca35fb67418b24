"""Do the swings grow with the level? Then the logarithm makes them even."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.messages import N_, Message
from rnn_core.series.diagnostics.excerpt import NEGLIGIBLE, Floats, excerpt, without_trend

LEAST_BLOCKS, MOST_BLOCKS = 5, 60
LEAST_RANGE = 1.5
"""Below this ratio of the highest to the lowest level the logarithm is nearly a straight line."""

CERTAIN = 2.33  # deviations of a normal variable, 99 % on one side


@dataclass(frozen=True, eq=False)
class Spread:
    """Mean ``level`` and ``deviation`` of blocks of ``block`` values, both ``(m,)`` in the unit.

    ``slope`` is that of log deviation against log level, NaN where it cannot be had: 0 says that
    the swings stay the same, 1 that they grow in proportion. ``box_cox`` = 1 - slope is the
    exponent λ of the Box-Cox transform that evens them out (Guerrero 1993, Journal of
    Forecasting 12): 1 changes nothing, 0 is the logarithm. ``grows`` says whether to take it.
    """

    block: int
    level: Floats
    deviation: Floats
    slope: float
    grows: bool
    message: Message
    notes: tuple[Message, ...] = ()

    @property
    def box_cox(self) -> float:
        """The exponent λ of the Box-Cox transform, NaN where it cannot be had."""
        return 1 - self.slope


def spread(values: ArrayLike, period: int = 0) -> Spread:
    """Compare the swings of ``values`` ``(n,)`` with their level, block by block.

    A block is whole seasons of ``period`` steps, or 8 values and more without one; a straight
    line is taken out of each. The swings grow where deviation and level correlate, in logarithms,
    by more than chance gives in one of a hundred series (Fisher's z), the slope is nearer to 1
    than to 0, and the level varies enough to matter. Raises ``SeriesError`` where fewer than 8
    values are known or more than half are missing.
    """
    part = excerpt(values)
    block = period if period >= 4 else 8
    block *= max(1, math.ceil(len(part) / block / MOST_BLOCKS))
    none = np.zeros(0)

    def unknown(kind: str, text: str) -> Spread:
        return Spread(block, none, none, math.nan, False, Message(kind, text), part.notes)

    if float(part.values[part.known].min()) <= 0:
        text = N_("Some values are 0 or below, where there is no logarithm.")
        return unknown("spread.negative", text)
    count = len(part) // block
    # The newest values are the whole blocks; what is left over is at the start.
    blocks = part.values[len(part) - count * block :].reshape(count, block)
    level = blocks.mean(axis=1)
    deviation = np.array([without_trend(values).std() for values in blocks])
    moves = deviation > NEGLIGIBLE * level
    level, deviation = level[moves], deviation[moves]
    if len(level) < LEAST_BLOCKS:
        text = N_("Too few values to tell whether the swings grow with the level.")
        return unknown("spread.short", text)
    x, y = np.log(level), np.log(deviation)
    x_spread, y_spread = x.std(), y.std()
    slope, correlation = 0.0, 0.0
    if x_spread > NEGLIGIBLE and y_spread > NEGLIGIBLE:
        together = float(((x - x.mean()) * (y - y.mean())).mean())
        slope = together / float(x_spread) ** 2
        correlation = together / float(x_spread * y_spread)
    sure = (
        math.atanh(float(np.clip(correlation, -1 + 1e-12, 1 - 1e-12))) * math.sqrt(len(x) - 3)
        > CERTAIN
    )
    grows = bool(sure and slope >= 0.5 and np.ptp(x) >= math.log(LEAST_RANGE))
    text = N_("The swings do not grow with the level.")
    if grows:
        text = N_(
            "The swings grow with the level: where it is twice as high, they are {factor} times "
            "as wide."
        )
    kind = "spread.grows" if grows else "spread.even"
    message = Message(kind, text, {"factor": f"{2**slope:.1f}"} if grows else {})
    with np.errstate(over="ignore"):
        in_unit = level * part.scale, deviation * part.scale
    return Spread(block, *in_unit, slope, grows, message, part.notes)
