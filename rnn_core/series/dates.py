"""Reading a column of dates, and what the spacing of times says of the season."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_

# How a date can be written, and the length of all cells of that form (0: any).
YEAR, COMPACT, ISO = "%Y", "%Y%m%d", "ISO8601"
FORMS = {
    YEAR: (re.compile(r"[12][0-9]{3}"), 4),
    COMPACT: (re.compile(r"[12][0-9]{7}"), 8),
    ISO: (re.compile(r"[12][0-9]{3}-[0-9]{2}(-[0-9]{2}([ T][0-9:.]+ ?(Z|[+-][0-9:]+)?)?)?"), 0),
}
FIRST_YEAR, LAST_YEAR = np.datetime64("1000", "s"), np.datetime64("3000", "s")

HOUR, DAY = 3600, 86_400
# Shortest and longest spacing in seconds, the word for it, the season that goes with it.
SPACINGS = (
    (1, 1, N_("second"), 0),
    (60, 60, N_("minute"), 0),
    (HOUR, HOUR, N_("hour"), 24),
    (DAY, DAY, N_("day"), 7),
    (7 * DAY, 7 * DAY, N_("week"), 52),
    (28 * DAY, 31 * DAY, N_("month"), 12),
    (90 * DAY, 92 * DAY, N_("quarter"), 4),
    (365 * DAY, 366 * DAY, N_("year"), 0),
)


def form_of(cells: NDArray[Any]) -> str | None:
    """Tell how most of the first hundred cells write a date; None if they do not."""
    forms = [
        next((form for form, (pattern, _) in FORMS.items() if pattern.fullmatch(cell)), None)
        for cell in cells[:100].tolist()
        if cell
    ]
    return Counter(forms).most_common(1)[0][0] if forms else None


def parse_dates(cells: NDArray[Any], form: str | None) -> NDArray[np.datetime64]:
    """Read cells, shape ``(n,)``, as datetime64[s] of the same shape.

    NaT stands for what is not a date of that form between the years 1000 and 2999. A date with an
    offset is turned to UTC; parts of a second are dropped.
    """
    if form is None:
        return np.full(len(cells), np.datetime64("NaT", "s"))
    import pandas as pd

    length = FORMS[form][1]
    texts = np.where(np.strings.str_len(cells) == length, cells, "") if length else cells
    parsed = pd.to_datetime(
        pd.Series(texts.astype(object), dtype=object), format=form, errors="coerce", utc=True
    )
    times = parsed.dt.tz_localize(None).to_numpy().astype("datetime64[s]")
    times[~((times >= FIRST_YEAR) & (times < LAST_YEAR))] = np.datetime64("NaT")
    return times


def spacing_of(times: NDArray[np.datetime64]) -> tuple[str, int]:
    """Give the word for one step and the season, by the median spacing of sorted times.

    Monthly gives 12, quarterly 4, weekly 52, daily 7, hourly 24; every other spacing 0.
    """
    if len(times) > 1:
        median = np.median(np.diff(times).astype(np.int64))
        for shortest, longest, word, season in SPACINGS:
            if shortest <= median <= longest:
                return word, season
    return N_("step"), 0
