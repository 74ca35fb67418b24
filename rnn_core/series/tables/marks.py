"""Telling which sign is the decimal mark of a table, and which one separates thousands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from rnn_core.series.tables.numerals import CURRENCY, NUMBER, SAMPLE, SIGNS, Style, sample_of

LOOKED_AT = 20_000  # cells of all columns together, to find the marks by
DATED = re.compile(
    r"^(?:[0-9]{1,2}\.\s?[0-9]{1,2}\.(?:\s?[0-9]{2,4})?|[0-9]{4}\.[0-9]{1,2}\.[0-9]{1,2}\.?)$"
)
CLOSER = 1000**0.5  # from this ratio on, a thousand times the smaller number is closer
WHOLE = re.compile("[+-]?[0-9]+")
POINT_MONEY = re.compile("[$£¥₹]")  # of countries that write a decimal point
MARKED = re.compile("[0-9].*[., '’\u00a0\u2009\u202f]|[.,][0-9]")
WITH_SIGN = re.compile(rf"{NUMBER}(?:{CURRENCY}|[%‰]|(?-i:{SIGNS}))?\s*[)-]?$")
EXPONENT = re.compile("[0-9]e[+-]?[0-9]", re.IGNORECASE)
GROUPED = re.compile(r"^[0-9]{1,3}(?:[\s'’][0-9]{3})+(?:[.,][0-9]+)?$")


def guess_style(
    columns: Sequence[Any],
    delimiter: str = "",
    decimal: str = "",
    thousands: str = "",
    *,
    comma_likely: bool = False,
) -> Style:
    """Tell how a table's numbers are written, from the texts of its columns.

    A mark with other than three digits behind it is a decimal mark; one that occurs twice in a
    number, or before the other mark, separates thousands. So does, where no mark is told by that,
    one with three digits behind it always in a column that also has whole numbers: 950 and 1.020.
    An exponent goes with decimals: 1.234e+05. Where there are only numbers such as 1.234 or 1,234,
    both could be; then a comma is the decimal mark if it is ``comma_likely`` by other signs, or if
    there is no point and semicolons separate the cells, and else the point.
    """
    votes = {".": 0, ",": 0}  # for being the decimal mark
    groups = {".": 0, ",": 0, " ": 0, "'": 0}
    open_to_both = {".": 0, ",": 0}
    beside_whole, exact = {".": 0, ",": 0}, False
    size = max(10, min(SAMPLE, LOOKED_AT // max(1, len(columns))))
    for column in columns:
        whole: list[str] = []
        either: dict[str, list[str]] = {".": [], ",": []}
        for cell in sample_of(column, size).to_pylist():
            if len(cell) > 40 or not MARKED.search(cell):
                if len(cell) <= 40 and WHOLE.fullmatch(cell):
                    whole.append(cell.lstrip("+-"))
                continue
            found = WITH_SIGN.match(cell.replace("−", "-"))
            if not found:
                continue
            text = found[1].strip()
            if DATED.match(text):
                continue
            if GROUPED.match(text):
                groups["'" if "'" in text or "’" in text else " "] += 1
            marks = [sign for sign in text if sign in ".,"]
            if not marks:
                continue
            last = marks[-1]
            if len(set(marks)) == 2:
                votes[last] += 1
                groups["," if last == "." else "."] += 1
            elif len(marks) > 1:
                groups[last] += 1
                votes["," if last == "." else "."] += 1
            else:
                before, after = text.split(last)
                before = re.sub(r"[\s'’]", "", before)
                if EXPONENT.search(cell):
                    votes[last] += 1
                elif len(after) == 3 and 1 <= len(before) <= 3 and before[0] != "0":
                    if last == "," and POINT_MONEY.search(cell):
                        votes["."] += 1
                        groups[","] += 1
                    else:
                        either[last].append(f"{before}.{after}")
                elif after:
                    votes[last] += 1
        for sign, marked in either.items():
            open_to_both[sign] += len(marked)
            # Commas between the cells are for countries with a decimal point.
            if (sign == "," or delimiter != "," or comma_likely) and _are_thousands(whole, marked):
                beside_whole[sign] += len(marked)
                exact |= any(number[-1] == "0" for number in marked)
    mark, unsure = decimal, False
    if not mark:
        if thousands in (".", ","):
            mark = "," if thousands == "." else "."
        elif votes["."] != votes[","]:
            mark = "." if votes["."] > votes[","] else ","
        elif beside_whole["."] != beside_whole[","]:
            mark = "," if beside_whole["."] > beside_whole[","] else "."
            unsure = not exact
        else:
            unsure = bool(open_to_both["."] or open_to_both[","])
            alone = delimiter == ";" and not open_to_both["."]
            mark = "," if open_to_both[","] and (alone or comma_likely) else "."
    other = "," if mark == "." else "."
    if thousands:
        return Style(mark, "" if thousands == "none" else thousands, unsure)
    groups[other] += open_to_both[other]
    groups.pop(mark)
    best = max(groups, key=lambda sign: groups[sign])
    return Style(mark, best if groups[best] else "", unsure)


def _are_thousands(whole: Sequence[str], marked: Sequence[str]) -> bool:
    """Whether whole numbers of a column are too large for marked ones to be decimals.

    ``marked`` are numbers with three digits behind a point. 950 and 1.020 are about the same if the
    point separates thousands, 100 and 99.875 if it is the decimal mark.
    """
    counts = [int(text) for text in whole if int(text)]
    if not counts or not marked or max(map(len, whole)) > 3:
        return False
    return bool(np.median(counts) > CLOSER * np.median([float(text) for text in marked]))
