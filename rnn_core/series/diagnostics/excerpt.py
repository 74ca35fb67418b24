"""The stretch of a series that a diagnostic looks at: its newest values, without gaps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_core.messages import N_, Message, SeriesError

Floats = NDArray[np.float64]

LONGEST = 20_000
"""Of a longer series the newest values are looked at, so that every look stays below a second."""

NEGLIGIBLE = 1e-12
"""A spread below this share of the largest value is what rounding left, not a change."""


@dataclass(frozen=True, eq=False)
class Excerpt:
    """Values ``start`` to ``start + n`` of a series; ``length`` is what it has, but for lost ends.

    ``values`` ``(n,)`` are divided by ``scale``, the largest absolute value, so that they lie from
    -1 to 1; missing ones are bridged by straight lines. ``known`` ``(n,)`` says which were there.
    """

    values: Floats
    known: NDArray[np.bool_]
    scale: float
    start: int
    length: int

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def missing(self) -> int:
        """How many of the values are bridged."""
        return int((~self.known).sum())

    @cached_property
    def is_constant(self) -> bool:
        """Whether the values never change."""
        return bool(np.ptp(self.values) <= NEGLIGIBLE)

    @property
    def notes(self) -> tuple[Message, ...]:
        """What was left out or filled in, each in one sentence."""
        said = []
        if len(self) < self.length:
            said.append(
                Message(
                    "excerpt.newest",
                    N_("Looked at {count} of {length} values, the newest."),
                    {"count": f"{len(self):,}", "length": f"{self.length:,}"},
                )
            )
        if self.missing:
            said.append(
                Message(
                    "excerpt.missing",
                    N_("Missing values, {missing} of {count}, are bridged by straight lines here."),
                    {"missing": f"{self.missing:,}", "count": f"{len(self):,}"},
                )
            )
        return tuple(said)


def excerpt(values: ArrayLike, *, longest: int = LONGEST, least: int = 8) -> Excerpt:
    """Take the newest ``longest`` of ``values`` ``(n,)``, in which NaN and infinity are missing.

    What is missing at both ends is cut off. Raises ``SeriesError`` where fewer than ``least``
    values are known or more than half are missing.
    """
    given = np.asarray(values, dtype=np.float64)
    if given.ndim != 1:
        raise ValueError(f"values must be one-dimensional. Received: {given.shape}.")
    finite = np.isfinite(given)
    if finite.any():
        stop = len(given) - int(finite[::-1].argmax())
        first = int(finite.argmax())
        start = max(first, stop - longest)
        start += int(finite[start:stop].argmax())
    else:
        first = start = stop = 0
    part, known = given[start:stop], finite[start:stop]
    count = int(known.sum())
    if count < least:
        raise SeriesError(
            Message(
                "diagnostics.short",
                N_(
                    "There are {count} known values, and looking into a series takes at least "
                    "{least}. Choose a longer series."
                ),
                {"count": count, "least": least},
            )
        )
    if 2 * count < len(part):
        raise SeriesError(
            Message(
                "diagnostics.missing",
                N_(
                    "Of {length} values {missing} are missing, more than half: too many to look "
                    "into the series. Fill them, or choose another column."
                ),
                {"length": f"{len(part):,}", "missing": f"{len(part) - count:,}"},
            )
        )
    scale = float(np.abs(part[known]).max()) or 1.0
    steps = np.arange(len(part))
    bridged = np.interp(steps, steps[known], part[known] / scale)
    return Excerpt(bridged, known, scale, start, stop - first)


def without_trend(values: Floats, degree: int = 1) -> Floats:
    """Take the least-squares polynomial, a line by default, out of ``values`` ``(n,)``."""
    place = np.linspace(-1, 1, len(values))
    basis, _ = np.linalg.qr(np.polynomial.legendre.legvander(place, degree))
    left: Floats = values - basis @ (basis.T @ values)
    return left
