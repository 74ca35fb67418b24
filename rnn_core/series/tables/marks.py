"""Telling which sign is the decimal mark of a table, and which one separates thousands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from rnn_core.series.tables.numerals import NUMBER, Style
from rnn_core.series.tables.sampling import SAMPLE, sample_of
from rnn_core.series.tables.signs import CURRENCY, SIGNS

OTHER = {".": ",", ",": "."}
LONGEST = 40  # characters of a number, with its signs
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
    found = _Found(comma_likely=comma_likely, comma_cuts=delimiter == ",")
    size = max(10, min(SAMPLE, LOOKED_AT // max(1, len(columns))))
    for column in columns:
        found.take(sample_of(column, size).to_pylist())
    mark, unsure = decimal, False
    if thousands in OTHER:
        mark = decimal or OTHER[thousands]
    elif not decimal:
        mark, unsure = found.mark(alone=delimiter == ";")
    if thousands:
        return Style(mark, "" if thousands == "none" else thousands, unsure)
    return Style(mark, found.thousands(mark), unsure)


class _Found:
    """What the numbers of a table say of its marks."""

    def __init__(self, *, comma_likely: bool, comma_cuts: bool) -> None:
        self._comma_likely, self._comma_cuts = comma_likely, comma_cuts
        self._votes = {".": 0, ",": 0}  # for being the decimal mark
        self._groups = {".": 0, ",": 0, " ": 0, "'": 0}  # for separating thousands
        self._open = {".": 0, ",": 0}  # could be both
        self._beside_whole = {".": 0, ",": 0}  # are thousands, by the whole numbers beside them
        self._exact = False  # one of these can be nothing else

    def take(self, cells: Sequence[str]) -> None:
        """Count what the cells of a column say."""
        whole: list[str] = []
        either: dict[str, list[str]] = {".": [], ",": []}
        for cell in cells:
            if len(cell) > LONGEST:
                continue
            if MARKED.search(cell):
                self._take_marked(cell, either)
            elif WHOLE.fullmatch(cell):
                whole.append(cell.lstrip("+-"))
        for sign, marked in either.items():
            self._open[sign] += len(marked)
            # Commas between the cells are for countries with a decimal point.
            likely = sign == "," or not self._comma_cuts or self._comma_likely
            if likely and _are_thousands(whole, marked):
                self._beside_whole[sign] += len(marked)
                self._exact |= any(map(_is_no_decimal, marked))

    def _take_marked(self, cell: str, either: dict[str, list[str]]) -> None:
        found = WITH_SIGN.match(cell.replace("−", "-"))
        text = found[1].strip() if found else ""
        if DATED.match(text):
            return
        if GROUPED.match(text):
            self._groups["'" if "'" in text or "’" in text else " "] += 1
        marks = [sign for sign in text if sign in OTHER]
        if not marks:
            return
        last = marks[-1]
        if len(set(marks)) == 2:
            self._votes[last] += 1
            self._groups[OTHER[last]] += 1
        elif len(marks) > 1:
            self._votes[OTHER[last]] += 1
            self._groups[last] += 1
        else:
            self._take_single(cell, text, last, either[last])

    def _take_single(self, cell: str, text: str, sign: str, either: list[str]) -> None:
        before, after = text.split(sign)
        before = re.sub(r"[\s'’]", "", before)
        grouping = len(after) == 3 and 1 <= len(before) <= 3 and before[0] != "0"
        if grouping and not EXPONENT.search(cell):
            if sign == "," and POINT_MONEY.search(cell):
                self._votes["."] += 1
                self._groups[","] += 1
            else:
                either.append(f"{before}.{after}")
        elif after:
            self._votes[sign] += 1

    def mark(self, *, alone: bool) -> tuple[str, bool]:
        """Tell the decimal mark, and whether it is a guess.

        ``alone`` tells that a comma without a point beside it is one.
        """
        for told, unsure in ((self._votes, False), (_swapped(self._beside_whole), not self._exact)):
            if told["."] != told[","]:
                return max(told, key=lambda sign: told[sign]), unsure
        comma = self._open[","] and ((alone and not self._open["."]) or self._comma_likely)
        return "," if comma else ".", any(self._open.values())

    def thousands(self, mark: str) -> str:
        """Tell the sign between thousands beside the decimal ``mark``, "" if there is none."""
        groups = {sign: count for sign, count in self._groups.items() if sign != mark}
        groups[OTHER[mark]] += self._open[OTHER[mark]]
        best = max(groups, key=lambda sign: groups[sign])
        return best if groups[best] else ""


def _swapped(counts: dict[str, int]) -> dict[str, int]:
    return {OTHER[sign]: count for sign, count in counts.items()}


def _is_no_decimal(number: str) -> bool:
    """Whether nobody would write a number of three decimals so: 1.020, but 1.250 is an eighth."""
    return number[-1] == "0" and int(number.split(".")[1]) % 125 != 0


def _are_thousands(whole: Sequence[str], marked: Sequence[str]) -> bool:
    """Whether whole numbers of a column are too large for marked ones to be decimals.

    ``marked`` are numbers with three digits behind a point. 950 and 1.020 are about the same if the
    point separates thousands, 100 and 99.875 if it is the decimal mark.
    """
    counts = [int(text) for text in whole if int(text)]
    if not counts or not marked or max(map(len, whole)) > 3:
        return False
    return bool(np.median(counts) > CLOSER * np.median([float(text) for text in marked]))
