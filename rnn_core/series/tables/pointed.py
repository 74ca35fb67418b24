"""Months and quarters that are written as numbers with a point: 01.2020, 2020.01 and 2020.1."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

STEPS = (1, 3, 12)  # months, one way or the other, that are steps of a time
YEAR = r"(?P<y>1[5-9][0-9]{2}|20[0-9]{2})"
MONTH_FIRST = re.compile(rf"(?P<m>0?[1-9]|1[0-2])\.{YEAR}")
YEAR_FIRST = re.compile(rf"{YEAR}\.(?P<m>0[1-9]|1[0-2]|1)")
QUARTERS = re.compile(rf"{YEAR}\.(?P<q>[1-4])")
LEAST = 3  # cells, to tell by their steps alone


def pointed_form(cells: Sequence[str], *, named: bool) -> str:
    """Tell whether numbers are months or quarters, as the name of a form; "" if they are not.

    01.2020 is a month. 1.2020 could be a price and 2020.01 a level, so these have to go by equal
    steps; the latter may also go up or down in a column that is ``named`` as one of times. 2020.1
    is October among months, as programs write numbers, and a quarter where four make a year.
    """
    if not cells:
        return ""
    months = _counted(cells, MONTH_FIRST)
    if months is not None and (any(cell[0] == "0" for cell in cells) or _is_even(months)):
        return "my"
    months = _counted(cells, YEAR_FIRST)
    if months is not None and any(cell[5] == "0" for cell in cells):
        steps = np.diff(months)
        ordered = bool(len(steps) and ((steps > 0).all() or (steps < 0).all()))
        if _is_even(months) or (named and ordered):
            return "point-month"
    quarters = _counted(cells, QUARTERS)
    if quarters is not None and len(quarters) > 4 and (np.diff(quarters) == 1).all():
        return "point-quarter"
    return ""


def as_pointed(values: NDArray[np.float64], form: str) -> list[str]:
    """Write numbers as a pointed form does, those with more digits in full; "" for missing ones."""
    digits = 1 if form == "point-quarter" else 2
    with np.errstate(over="ignore", invalid="ignore"):  # numbers near the largest there are
        rounded = np.round(values, digits) == values
    return [
        "" if np.isnan(value) else f"{value:.{digits}f}" if short else repr(value)
        for value, short in zip(values.tolist(), rounded.tolist(), strict=True)
    ]


def _counted(cells: Sequence[str], pattern: re.Pattern[str]) -> NDArray[np.int64] | None:
    """Give the months, or quarters, since the year 0; None if a cell is written otherwise."""
    counted = []
    for cell in cells:
        found = pattern.fullmatch(cell)
        if not found:
            return None
        if "q" in pattern.groupindex:
            counted.append(4 * int(found["y"]) + int(found["q"]))
        else:
            month = 10 if pattern is YEAR_FIRST and found["m"] == "1" else int(found["m"])
            counted.append(12 * int(found["y"]) + month)
    return np.array(counted)


def _is_even(counted: NDArray[np.int64]) -> bool:
    steps = np.diff(counted)
    return len(counted) >= LEAST and abs(steps[0]) in STEPS and bool((steps == steps[0]).all())
