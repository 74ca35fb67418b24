"""How finely a column of times has to be told: to the second, or to the microsecond."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

NOTHING = np.timedelta64(0, "ms")
HALF_A_SECOND = np.timedelta64(500, "ms")


def as_fine_as_needed(times: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Give times ``(n,)`` as datetime64[s] where that tells as much, else as datetime64[us].

    Parts of a second are dropped where there are none, and where most steps are equal without them
    and no more so with them: a logger that writes once a minute writes 12:00:00.003, 12:01:00.001,
    and what is the same part in all of them says nothing of the steps.
    They are kept where two times would become one, or the steps would become less equal. Times are
    rounded where that makes more steps equal than cutting does: a spreadsheet's days with six
    digits behind the point are some milliseconds off.
    """
    fine = times.astype("datetime64[us]")
    whole = fine.astype("datetime64[s]")
    known = fine[~np.isnat(fine)]
    if (known == known.astype("datetime64[s]")).all():
        return whole
    distinct = known if (known[1:] > known[:-1]).all() else np.unique(known)
    if len(distinct) < 2:
        return whole
    exact, _ = _evenness(distinct)
    best, chosen = -1.0, fine
    for added in (NOTHING, HALF_A_SECOND):
        equal, shortest = _evenness((distinct + added).astype("datetime64[s]"))
        if shortest > 0 and equal > 0.5 and equal >= exact and equal > best:
            best, chosen = equal, (fine + added).astype("datetime64[s]")
    return chosen


def _evenness(times: NDArray[np.datetime64]) -> tuple[float, int]:
    """Give the share of the steps that are as the usual one, and the shortest step."""
    steps = np.diff(times).astype(np.int64)
    return float((steps == np.median(steps)).mean()), int(steps.min())


def of_arrow(moments: Any) -> NDArray[np.datetime64]:
    """Give a pyarrow array of timestamps or dates as :func:`as_fine_as_needed` does."""
    import pyarrow as pa

    if pa.types.is_date(moments.type):
        moments = moments.cast(pa.timestamp("ms"))
    # NumPy rounds down to the microsecond, before 1970 too; Arrow rounds towards that year.
    times: NDArray[np.datetime64] = np.asarray(moments.to_numpy(zero_copy_only=False))
    return as_fine_as_needed(times.astype("datetime64[us]"))
