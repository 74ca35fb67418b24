"""What the spacing of times says: the word for one step, the season, and which steps differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_

HOUR, DAY = 3600, 86_400
# Shortest and longest spacing in seconds, the word for it, the season that goes with it.
SPACINGS = (
    (0.001, 0.001, N_("millisecond"), 0),
    (0.01, 0.01, N_("hundredth of a second"), 0),
    (0.1, 0.1, N_("tenth of a second"), 0),
    (1, 1, N_("second"), 0),
    (60, 60, N_("minute"), 0),
    (300, 300, N_("five minutes"), 0),
    (600, 600, N_("ten minutes"), 0),
    (900, 900, N_("quarter of an hour"), 0),
    (1800, 1800, N_("half an hour"), 0),
    (HOUR, HOUR, N_("hour"), 24),
    (DAY, DAY, N_("day"), 7),
    (7 * DAY, 7 * DAY, N_("week"), 52),
    (28 * DAY, 31 * DAY, N_("month"), 12),
    (90 * DAY, 92 * DAY, N_("quarter"), 4),
    (181 * DAY, 184 * DAY, N_("half a year"), 2),
    (365 * DAY, 366 * DAY, N_("year"), 0),
)
MONTHS_A_STEP = {"month": 1, "quarter": 3, "half a year": 6, "year": 12}


@dataclass(frozen=True)
class Step:
    """A regular step: whole months of the calendar, or ``ticks`` where ``months`` is 0.

    A tick is what the times are counted in: a second, or a part of one.
    """

    months: int
    ticks: int


def spacing_of(times: NDArray[np.datetime64]) -> tuple[str, int]:
    """Give the word for one step and the season, by the median spacing of sorted times.

    Monthly gives 12, quarterly 4, half-yearly 2, weekly 52, daily 7, hourly 24; every other 0.
    """
    if len(times) > 1:
        median = np.median(np.diff(times) / np.timedelta64(1, "s"))
        for shortest, longest, word, season in SPACINGS:
            if shortest <= median <= longest:
                return word, season
    return N_("step"), 0


def step_of(times: NDArray[np.datetime64]) -> Step | None:
    """Give the step that most of the sorted times are apart; None for fewer than two times."""
    if len(times) < 2:
        return None
    word, _season = spacing_of(times)
    if word in MONTHS_A_STEP:
        return Step(MONTHS_A_STEP[word], 0)
    gaps, counts = np.unique(np.diff(times).astype(np.int64), return_counts=True)
    gaps, counts = gaps[gaps > 0], counts[gaps > 0]
    return Step(0, int(gaps[counts.argmax()])) if len(gaps) else None


def steps_between(times: NDArray[np.datetime64], step: Step) -> NDArray[np.float64]:
    """Give how many steps lie between neighbours, shape ``(n - 1,)``; whole if regular.

    By calendar months only the month counts, so that the last days of months are regular.
    """
    if step.months:
        months = times.astype("datetime64[M]").astype(np.int64)
        return np.diff(months) / step.months
    return np.diff(times).astype(np.int64) / step.ticks
