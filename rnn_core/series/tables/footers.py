"""Totals and notes below a table, and facts above it, which are no rows of its series."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.series.tables.numerals import BODY, MISSING

MOST = 20  # rows looked at
TOTALS = re.compile(
    r"(?i)(?:grand\s|sub)?total\b.*|.*\s(?:sub)?total:?|totale[ns]?|sum|summe|gesamt.*|insgesamt"
    r"|average|mean|avg\.?|median|mittel(?:wert)?|durchschnitt|schnitt|min(?:imum)?|max(?:imum)?"
    r"|somme|moyenne|media|promedio|suma|soma|média|std\.?(?:\sdev\.?)?|count|anzahl|合計|总计|平均"
)
NOTES = re.compile(
    r"(?i)\W{0,3}(?:source|notes?|quelle|footnotes?|remarks?|hinweis|fuente|nota)\b.*"
)


def rows_below(columns: Sequence[Any], time: int, times: NDArray[np.datetime64]) -> int:
    """Count the rows at the end of a table that hold a total or a note instead of a time.

    A note is a text in the column of times, and nothing beside it. ``time`` is the place of that
    column, ``times`` what its cells were read as.
    """
    if isinstance(columns[time], np.ndarray) or not len(times) or not np.isnat(times[-1]):
        return 0
    rows = min(MOST, len(times) - 1)
    labels = columns[time][-rows:].to_pylist() if rows else []
    beside = [_texts(column[-rows:]) for place, column in enumerate(columns) if place != time]
    count = totals = 0
    for back in range(1, rows + 1):
        label = labels[-back]
        empty = not any(cells[-back] for cells in beside)
        total = TOTALS.fullmatch(label.rstrip(" :")) or NOTES.fullmatch(label)
        if not np.isnat(times[-back]) or not (total or (empty and _is_said(label))):
            break
        count, totals = back, totals + bool(total or label)
    return count if totals else 0


def rows_above(columns: Sequence[Any], time: int, times: NDArray[np.datetime64]) -> int:
    """Count the rows between the header and the first time that say something of the columns.

    Their first cells are words such as "Unit", and none of their cells is a number. ``time`` is the
    place of the column of times, ``times`` what its cells were read as.
    """
    if isinstance(columns[time], np.ndarray) or len(times) < 2 or not np.isnat(times[0]):
        return 0
    rows = min(MOST, len(times) - 1)
    beside = [
        ["1"] * rows if isinstance(column, np.ndarray) else column[:rows].to_pylist()
        for place, column in enumerate(columns)
        if place != time
    ]
    for row, label in enumerate(columns[time][:rows].to_pylist()):
        if not np.isnat(times[row]):
            return row
        cells = [cells[row] for cells in beside]
        if re.search("[0-9]", label) or any(map(BODY.match, cells)):
            return 0
        if not (_is_word(label) or any(map(_is_word, cells))):
            return 0
    return 0


def _is_word(cell: str) -> bool:
    return cell.lower() not in MISSING and re.search(r"[^\W\d_]{2}", cell) is not None


def _is_said(label: str) -> bool:
    """Whether a text says something; nothing at all may stand between the table and it."""
    return not label or re.search(r"[^\W\d_]{2}", label) is not None


def _texts(cells: Any) -> list[Any]:
    if not isinstance(cells, np.ndarray):
        return list(cells.to_pylist())
    lost = np.isnat(cells) if cells.dtype.kind == "M" else np.isnan(cells)
    return ["" if gone else "x" for gone in lost.tolist()]
