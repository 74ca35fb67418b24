"""No more points than pixels can show, and the detail back where someone zooms in."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from rnn_core.plots.frame import Array

POINTS = 2_000
"""A wide panel has 1,000 pixels; each gets a minimum and a maximum."""

LEAST_POINTS = 32
"""Of one stretch: a quarter as many gaps with three points each, the ends, and a line."""

Indices = npt.NDArray[np.int64]


def thin_series(
    values: Array, *, points: int = POINTS, start: int = 0, stop: int | None = None
) -> Indices:
    """Give the indices, ascending, of at most ``points`` of ``values`` ``(n,)`` to draw.

    The range from ``start`` to before ``stop``, all by default, is drawn in detail; where it is a
    part, a tenth of the points each goes to what lies before and after, so that someone who moves
    on sees where to. Of each bucket the minimum and the maximum stay, and the first and the last
    value of all. Missing stretches (NaN or infinite) that are wide enough to be seen stay as gaps.
    ``points`` must be at least 128, or ``ValueError`` is raised.
    """
    if points < 4 * LEAST_POINTS:
        raise ValueError(f"points must be at least {4 * LEAST_POINTS}. Received: {points}.")
    length = len(values)
    stop = length if stop is None else min(max(stop, 0), length)
    start = min(max(start, 0), stop)
    if (start, stop) == (0, length) or start == stop:
        return _thin(values, 0, length, points)
    outside = max(LEAST_POINTS, points // 10)
    return np.concatenate(
        [
            _thin(values, 0, start, outside),
            _thin(values, start, stop, points - 2 * outside),
            _thin(values, stop, length, outside),
        ]
    )


def index_range(times: Array, low: float | str, high: float | str) -> tuple[int, int]:
    """Give the range of indices, from ... to before, that an axis from ``low`` to ``high`` shows.

    ``times`` ``(n,)`` ascend. Plotly writes the ends of a range of moments as texts such as
    ``2020-03-01 12:00:00.5`` or as milliseconds since 1970. One neighbour on either side is
    included, for the line leads there. Raises ``ValueError`` for a text that is no moment.
    """
    places: Array = times
    ends: Array = np.array([low, high])
    if times.dtype.kind == "M":
        places, ends = times.astype("datetime64[ms]"), np.array([_moment(low), _moment(high)])
    first, last = np.sort(ends)
    return (
        max(0, int(np.searchsorted(places, first, side="left")) - 1),
        min(len(times), int(np.searchsorted(places, last, side="right")) + 1),
    )


def missing_stretches(values: Array, *, most: int = 40) -> list[tuple[int, int]]:
    """Give first and last index of the ``most`` longest missing stretches, the longest first."""
    known = np.concatenate([[True], np.isfinite(values), [True]])
    edges = np.diff(known.astype(np.int8))
    first, after = np.flatnonzero(edges == -1), np.flatnonzero(edges == 1)
    longest = np.argsort(first - after, kind="stable")[:most]
    return [(int(first[i]), int(after[i]) - 1) for i in longest]


def _thin(values: Array, start: int, stop: int, points: int) -> Indices:
    count = stop - start
    if count <= points:
        return np.arange(start, stop)
    from tsdownsample import MinMaxDownsampler

    part = np.ascontiguousarray(values[start:stop], dtype=np.float64)
    known = np.flatnonzero(np.isfinite(part))
    if not len(known):
        return np.array([start, stop - 1])
    # At most a quarter as many gaps as points, for each takes three: before, in it, and after.
    wide = np.flatnonzero(np.diff(known) > 4 * count / points)
    gaps = np.concatenate([known[wide], known[wide] + 1, known[wide + 1]])
    room = max(4, points - len(gaps) - 4) // 2 * 2
    kept = known
    if len(known) > room:
        # Buckets are counted in steps, so that a gap takes no detail from what is beside it.
        places = () if len(known) == count else (known,)
        thinner: Any = MinMaxDownsampler  # its constructor has no types
        kept = known[thinner().downsample(*places, part[known], n_out=room)]
    ends = [0, known[0], known[-1], count - 1]
    found: Indices = np.unique(np.concatenate([kept, gaps, ends]).astype(np.int64)) + start
    return found


def _moment(end: float | str) -> np.datetime64:
    if isinstance(end, str):
        return np.datetime64(end.strip().replace(" ", "T"), "ms")
    return np.datetime64(round(end), "ms")
