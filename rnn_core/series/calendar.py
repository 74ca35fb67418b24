"""The times that follow a series' last one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.series.spacing import MONTHS_A_STEP, spacing_of

Times = NDArray[Any]
A_DAY, A_MONTH = np.timedelta64(1, "D"), np.timedelta64(1, "M")
A_WEEK_AND_MORE = 8  # days without a weekend among them are working days


def future_times(times: Times, count: int) -> Times:
    """Continue ``times`` ``(n,)``, datetime64 or step numbers, by ``count`` steps: ``(count,)``.

    Monthly, quarterly, half-yearly and yearly times keep the day of the month, or the end of the
    month if they are all at it, and the time of day; daily times that leave out weekends go on
    leaving them out; any other spacing goes on by its median.

    Raises ``ValueError`` for no times at all.
    """
    if not len(times):
        raise ValueError("There is no last time to go on from. Received: no times.")
    ahead = np.arange(1, count + 1)
    if times.dtype.kind != "M":
        apart = int(np.median(np.diff(times))) if len(times) > 1 else 1
        numbers: Times = times[-1] + ahead * max(1, apart)
        return numbers
    known = times.astype(np.result_type(times.dtype, "datetime64[s]"))  # a second, or finer
    word, _ = spacing_of(known)
    if word in MONTHS_A_STEP:
        return _months_later(known, ahead * MONTHS_A_STEP[word]).astype(times.dtype)
    days = known.astype("datetime64[D]")
    if word == "day" and len(known) >= A_WEEK_AND_MORE and np.is_busday(days).all():
        following: Times = np.busday_offset(days[-1], ahead).astype("datetime64[s]")
        following = following + (known[-1] - days[-1])
        return following.astype(times.dtype)
    if len(known) > 1:
        gaps = np.diff(known)
        usual = int(np.median(gaps.astype(np.int64)))
        following = known[-1] + (ahead * usual).astype(gaps.dtype)
    else:
        following = known[-1] + ahead * A_DAY
    return following.astype(times.dtype)


def _months_later(known: Times, months: NDArray[np.int64]) -> Times:
    days = known.astype("datetime64[D]")
    starts = days.astype("datetime64[M]")
    # Seen over the last years: the 31st, the 30th and the 28th of February are one and the same.
    at_the_end = bool(np.all(days == _last_days(starts)))
    day = int((days - starts.astype("datetime64[D]")).astype(np.int64).max())
    following = starts[-1] + months.astype("timedelta64[M]")
    ends = _last_days(following)
    wanted = (
        ends if at_the_end else np.minimum(following.astype("datetime64[D]") + day * A_DAY, ends)
    )
    moments: Times = wanted.astype("datetime64[s]") + (known[-1] - days[-1])
    return moments


def _last_days(months: Times) -> Times:
    days: Times = (months + A_MONTH).astype("datetime64[D]") - A_DAY
    return days
