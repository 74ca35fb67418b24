"""Times that are numbers to compute with: a spreadsheet's days, and years with parts of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NOT_A_TIME = np.datetime64("NaT", "s")
A_YEAR = np.timedelta64(1, "Y")


def counted_form(values: NDArray[np.float64]) -> str:
    """Tell whether numbers ``(n,)`` count days or years, as the name of a form; "" if they do not.

    They have to increase, and lie between the years 1900 and 2100; whole years are no parts of
    them.
    """
    known = values[np.isfinite(values)]
    if len(known) < 2 or not (known[1:] > known[:-1]).all():
        return ""
    if known[0] >= 1000 and known[-1] < 2100 and (known != np.floor(known)).any():
        return "decimal-year"
    return "serial" if known[0] >= 10_000 and 20_000 <= known[-1] < 73_051 else ""


def count_times(values: NDArray[np.float64], form: str) -> NDArray[np.datetime64]:
    """Read numbers of a counted form as datetime64[s]; NaT beyond what they count.

    A spreadsheet counts days from 30 December 1899; where two of them fall into one second, its
    parts of a day are read to the millisecond, as datetime64[ms]. Parts of a year are months if
    all of them are about twelfths, or the middles of twelfths, as of monthly means; else days.
    """
    counts = (values >= 0) & (values < 100_000)
    known = np.where(counts, values, 1900.0)
    if form == "serial":
        seconds = np.round(known * 86_400).astype(np.int64)
        times = np.datetime64("1899-12-30", "s") + seconds
        if ((np.diff(seconds) == 0) & (np.diff(known) != 0)).any():
            parts = np.round(known * 86_400_000).astype(np.int64)
            times = np.datetime64("1899-12-30", "ms") + parts
    else:
        year = np.floor(known)
        twelfths = 12 * (known - year)
        first = (year.astype(np.int64) - 1970).astype("datetime64[Y]")
        if (np.abs(twelfths - np.round(twelfths)) < 0.07).all():
            months = first.astype("datetime64[M]") + np.round(twelfths).astype(np.int64)
            times = months.astype("datetime64[s]")
        elif (np.abs(twelfths % 1 - 0.5) < 0.1).all():
            months = first.astype("datetime64[M]") + np.floor(twelfths).astype(np.int64)
            times = months.astype("datetime64[s]")
        else:
            days = first.astype("datetime64[D]")
            length = ((first + A_YEAR).astype("datetime64[D]") - days).astype(np.int64)
            whole = np.round((known - year) * length).astype(np.int64)
            times = (days + whole).astype("datetime64[s]")
    times[~counts] = NOT_A_TIME
    return times
