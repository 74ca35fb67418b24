"""Reading times that are written alike from the first to the last, many times as fast as others.

What the first of them looks like is put into a format of strptime, which Arrow has for a whole
column; a pattern says which cells that is right for, as strptime alone would take more.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.series.tables.forms import patterns

LOOKED_AT = 20  # cells, to find one that is a time
DIRECTIVES = {
    "y": ("%Y", "[12][0-9]{3}"),
    "m": ("%m", "[0-9]{1,2}"),
    "d": ("%d", "[0-9]{1,2}"),
    "H": ("%H", "[0-9]{1,2}"),
    "M": ("%M", "[0-9]{2}"),
    "S": ("%S", "[0-5][0-9]"),
    "ap": ("%p", "[AaPp][Mm]"),
}
SHORT_YEAR = ("%y", "[0-9]{2}")
TWELVE_HOURS = ("%I", "[0-9]{1,2}")
LATE_DAYS = "(?:29|3[01])"  # which not every month has
OVERFLOW = 3  # days into the next month that strptime takes a late day for


def times_alike(cells: Any, form: str) -> tuple[NDArray[np.datetime64], NDArray[np.bool_]] | None:
    """Read texts ``(n,)`` that are written as the first time among them, as datetime64[s] ``(n,)``.

    Also gives which cells are left to be read otherwise, ``(n,)``. None where there is no such
    format: without year, month and day in digits, or with a zone or words.
    """
    import pyarrow.compute as pc

    found = next(filter(None, (_like(cell, form) for cell in cells[:LOOKED_AT].to_pylist())), None)
    if found is None:
        return None
    layout, pattern, late = found
    alike = pc.match_substring_regex(cells, pattern)
    read = pc.strptime(
        cells if pc.all(alike).as_py() else pc.if_else(alike, cells, None),
        layout, unit="s", error_is_null=True,
    )  # fmt: skip
    times: NDArray[np.datetime64] = read.to_numpy(zero_copy_only=False).astype("datetime64[s]")
    rest = np.isnat(times)
    places = np.flatnonzero(pc.match_substring_regex(cells, late).to_numpy(zero_copy_only=False))
    days = times[places].astype("datetime64[D]")
    into = days - days.astype("datetime64[M]").astype("datetime64[D]")
    rest[places[into.astype(np.int64) < OVERFLOW]] = True
    return times, rest


def _like(cell: str, form: str) -> tuple[str, str, str] | None:
    """Give strptime's format for a text, its pattern, and that with a late day of the month."""
    pattern = patterns().get(form)
    found = pattern.match(cell) if pattern is not None else None
    if found is None:
        return None
    parts = {name: text for name, text in found.groupdict().items() if text is not None}
    kinds = {name: name.rstrip("0123456789") for name in parts}
    if not {"y", "m", "d"} <= set(kinds.values()) <= set(DIRECTIVES):
        return None
    layout = plain = late = ""
    end = 0
    for name in sorted(parts, key=found.start):
        between = cell[end : found.start(name)]
        directive, digits = DIRECTIVES[kinds[name]]
        if kinds[name] == "y" and len(parts[name]) == 2:
            directive, digits = SHORT_YEAR
        elif kinds[name] == "H" and "ap" in parts:
            directive, digits = TWELVE_HOURS
        elif not re.fullmatch(digits, parts[name]):
            return None
        layout += between + directive
        plain += re.escape(between) + digits
        late += re.escape(between) + (LATE_DAYS if kinds[name] == "d" else digits)
        end = found.end(name)
    written = layout + cell[end:]
    if re.search(r"[^\W\d_]", re.sub("%[YymdHIMSp]|T", "", written)) or not written.isascii():
        return None
    behind = re.escape(cell[end:])
    return written, f"^{plain}{behind}$", f"^{late}{behind}$"
