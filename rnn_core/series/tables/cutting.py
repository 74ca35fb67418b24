"""Cutting lines of text into cells, and telling what stands between them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator

from rnn_core.series.tables.reading import NONE

CANDIDATES = ("\t", ";", "|", ",", " ")  # the rarer a sign is in numbers and words, the earlier
WIDE = "  "  # stands for two blanks or more, where names have single ones inside
GAP = re.compile(r" {2,}|\s*\t\s*")
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")


def sniff(lines: list[str]) -> str:
    """Tell the delimiter: the one that cuts most of the lines equally; "none" if none does."""

    def evenness(delimiter: str) -> tuple[float, int]:
        whole, filled = [], []
        try:
            for row in cells_of(iter(lines), delimiter):
                row = [cell.strip() for cell in row]
                if any(row):
                    whole.append(len(row))
                    filled.append(len(trim(row)))
        except csv.Error:
            pass  # cut up to here
        # Empty cells at the end are nothing but delimiters, or a column that is blank in most rows.
        return max(even(delimiter, filled), even(delimiter, whole), key=lambda found: found[0])

    def even(delimiter: str, widths: list[int]) -> tuple[float, int]:
        if not widths:
            return 0.0, 0
        counts = Counter(widths)
        width = max(counts, key=lambda size: (counts[size], size))
        if delimiter == "," and width == 2 and _is_decimal_comma(lines):
            return 0.0, 0
        start = widths.index(width)
        share = counts[width] / len(widths[start:]) - start / len(widths) / 2
        return (share, width) if width > 1 else (0.0, 0)

    found = {delimiter: evenness(delimiter) for delimiter in CANDIDATES}
    blank = found.pop(" ")
    best = max(found, key=lambda delimiter: found[delimiter][0])
    # Blanks also stand inside texts and times, so the others go first.
    if found[best][0] >= 0.5 or found[best][0] >= blank[0] > 0:
        return best
    wide = evenness(WIDE)
    if wide[0] >= 0.8 and wide[0] > blank[0]:
        return WIDE
    if blank[0] >= 0.8:
        return " "
    return best if found[best][0] > 0 else NONE


def _is_decimal_comma(lines: list[str]) -> bool:
    """Whether a single column below its name holds nothing but numbers such as 1,5."""
    cells = [line.strip() for line in lines if line.strip()]
    return (
        len(cells) > 1
        and "," not in cells[0]
        and all(DECIMAL_COMMA.fullmatch(cell) for cell in cells[1:])
    )


def cells_of(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    """Give the cells of each line; ``csv.Error`` for quotation marks that do not close."""
    if delimiter == WIDE:
        return (GAP.split(line.strip()) for line in lines)
    if delimiter == " ":
        return _cut_at_blanks(lines)
    # A sign that no text has makes it a single column.
    return csv.reader(lines, delimiter=delimiter or "\x1f", skipinitialspace=True, strict=True)


def _cut_at_blanks(lines: Iterator[str]) -> Iterator[list[str]]:
    for line in lines:
        if '"' in line:
            yield from csv.reader(
                [re.sub(r"[ \t]+", " ", line.strip())], delimiter=" ", strict=True
            )
        else:
            yield line.split()


def trim(row: list[str]) -> list[str]:
    """Leave out empty cells at the end."""
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]
