"""What the columns of a table are called, and which of them are numbers or dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.series.dates import ISO, form_of, parse_dates

MISSING = ("", "na", "n/a", "nan", "null", "none")
LONGEST_NAME = 100
TIME_WORDS = ("date", "time", "year")


def parse_numbers(cells: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Give cells as float64, NaN where there is no number, and where nothing at all is."""
    import pandas as pd

    parsed = pd.to_numeric(pd.Series(cells.astype(object), dtype=object), errors="coerce")
    values = parsed.to_numpy(dtype=np.float64)
    missing = np.isnan(values)
    missing[missing] = [cell.lower() in MISSING for cell in cells[missing].tolist()]
    return values, missing


def has_header(first: Sequence[str]) -> bool:
    """Tell whether a file's first row names the columns: whether it has a word in it."""
    cells = np.array(first, dtype=np.dtypes.StringDType())
    values, missing = parse_numbers(cells)
    words = [
        cell
        for cell, is_word in zip(first, np.isnan(values) & ~missing, strict=True)
        if is_word and form_of(np.array([cell])) is None
    ]
    return bool(words) or bool(missing.all())


def unique_names(first: Sequence[str]) -> tuple[str, ...]:
    """Name every column once, in one line: "x" and "x" become "x" and "x (2)"; "" its place."""
    names: dict[str, None] = {}
    for place, cell in enumerate(first, start=1):
        plain = " ".join(cell.split())[:LONGEST_NAME] or f"column {place}"
        name, copies = plain, 1
        while name in names:
            copies += 1
            name = f"{plain} ({copies})"
        names[name] = None
    return tuple(names)


def is_numeric(cells: NDArray[Any]) -> bool:
    """Tell whether most cells that are filled are numbers."""
    values, missing = parse_numbers(cells)
    numbers = int((~np.isnan(values)).sum())
    return numbers > 0 and 2 * numbers > int((~missing).sum())


def is_time(cells: NDArray[Any]) -> bool:
    """Tell whether most cells are dates; all, where they are written as plain numbers."""
    form = form_of(cells)
    if form is None:
        return False
    read = ~np.isnat(parse_dates(cells, form))
    return bool(2 * read.sum() > len(cells) if form == ISO else read.all())


def guess_time(
    columns: Sequence[str], cells: NDArray[Any], candidates: Sequence[str], numeric: Sequence[str]
) -> str:
    """Choose the column of times among the candidates that are dates; "" if none looks it.

    Plain numbers can be years by chance: they have to increase, or be called so. A column of
    numbers is left for the values.
    """
    ranked = []
    for name in candidates:
        if not any(other != name for other in numeric):
            continue
        column = cells[:, columns.index(name)]
        form = form_of(column)
        times = parse_dates(column, form)
        if form == ISO:
            ranked.append((0, name))
        elif (times[1:] > times[:-1]).all():
            ranked.append((1, name))
        elif any(word in name.casefold() for word in TIME_WORDS):
            ranked.append((2, name))
    return min(ranked, key=lambda rank: rank[0])[1] if ranked else ""
