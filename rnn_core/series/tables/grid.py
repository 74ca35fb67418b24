"""A rectangle of cells in columns, as each format is brought to; and where its header stands."""

from __future__ import annotations

import datetime
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_
from rnn_core.series.tables import refusals
from rnn_core.series.tables.numerals import BODY, MISSING
from rnn_core.series.tables.reading import NONE
from rnn_core.series.tables.forms import form_of_text

LONGEST_NAME = 100
TOP_ROWS = 60  # how far down a header is looked for
COMMENTS = ("#", "//", "%")

Cells = Any  # a pyarrow array of texts, or a NumPy array of float64 or datetime64[s]


@dataclass(frozen=True, eq=False)
class Grid:
    """Columns of equally many cells below the header.

    A column is a pyarrow array of texts without surrounding blanks, or a NumPy array of float64
    (NaN: missing) or datetime64[s] (NaT: missing) where the format has types. ``names`` are as in
    the file, "" where there is none, ``units`` those of a row below the header. ``numbers``, shape
    ``(rows,)``, says which row of the file each is, from 1, as a spreadsheet counts.
    """

    names: Sequence[str]
    columns: Sequence[Cells]
    numbers: NDArray[np.int64]
    header_row: int = 0
    units: Sequence[str] = ()
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    passed_over: int = 0  # comments and titles above the header, and notes below the table


@dataclass(frozen=True)
class Layout:
    """Where a table lies among rows: its width, its header, the first row below that."""

    width: int
    header: int | None  # place among the rows looked at
    names: tuple[str, ...]
    units: tuple[str, ...]
    body: int


def lay_out(rows: Sequence[Sequence[str]], numbers: Sequence[int], chosen: str) -> Layout:
    """Find the table among the first rows of a file; ``SeriesError`` for a header not there.

    ``numbers`` are the rows' numbers in the file, ``chosen`` the header's, "none" or "".
    """
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    if chosen and chosen != NONE:
        if int(chosen) not in numbers:
            raise refusals.refuse(
                "no_header",
                N_(
                    "The header cannot be row {row}: choose one of the first rows that is not "
                    "empty, {first} to {last}."
                ),
                row=int(chosen),
                first=numbers[0],
                last=numbers[-1],
            )
        header = numbers.index(int(chosen))
        below = [len(row) for row in rows[header + 1 :]]
        width = Counter(below).most_common(1)[0][0] if below else len(rows[header])
        width = max(width, len(rows[header]))
        return _below(rows, header, width)
    top = next(place for place, row in enumerate(rows) if len(row) == width)
    above = rows[top - 1] if top else []
    if chosen == NONE:
        return Layout(width, None, ("",) * width, (), top)
    if above and len(above) == width - 1 and all(map(_is_word, above)):
        return _below(rows, top - 1, width)  # one name fewer: an index without one
    if len(above) > 1 and not has_header(rows[top], rows[top + 1 :]):
        raise refusals.ragged(numbers[top], width, len(above))
    top = _below_titles(rows, top, width)
    if not has_header(rows[top], rows[top + 1 :]):
        return Layout(width, None, ("",) * width, (), top)
    return _below(rows, top, width)


def _below_titles(rows: Sequence[Sequence[str]], top: int, width: int) -> int:
    """Pass over empty rows and titles, one text alone, where a header comes below them."""
    below = next(
        (place for place in range(top, len(rows) - 1) if not _is_title(rows[place], width)), top
    )
    named = 2 * sum(map(bool, rows[below])) >= width and len(rows[below]) == width
    return below if named and has_header(rows[below], rows[below + 1 :]) else top


def _is_title(row: Sequence[str], width: int) -> bool:
    """Whether a row holds nothing but one text, where others hold more."""
    filled = [cell for cell in row if cell]
    return width > 1 and len(filled) <= 1 and not any(map(_is_number, filled))


def _below(rows: Sequence[Sequence[str]], header: int, width: int) -> Layout:
    names = [*rows[header]]
    if len(names) == width - 1 and header + 1 < len(rows):
        last_empty = all(len(row) == width and not row[-1] for row in rows[header + 1 :])
        names = [*names, ""] if last_empty else ["", *names]
    names += [""] * (width - len(names))
    names[0] = names[0].lstrip("#").strip() if names[0].startswith("# ") else names[0]
    body = header + 1
    units: tuple[str, ...] = ()
    if (
        body < len(rows) - 1
        and len(rows[body]) == width
        and _is_units(rows[body], rows[body + 1 :])
    ):
        units, body = tuple(rows[body]), body + 1
    return Layout(width, header, tuple(names), units, body)


def _is_units(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row below the header holds words alone, over columns of numbers or times."""
    filled = [(place, cell) for place, cell in enumerate(row) if cell]
    if not filled or not all(_is_word(cell) for _, cell in filled):
        return False
    over = [
        any(len(line) > place and _is_number(line[place]) for line in below[:5])
        for place, _ in filled
    ]
    return any(over) and all(len(cell) <= 30 for _, cell in filled)


def has_header(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Tell whether a row names the columns.

    It does if it has a word where numbers or times stand below, or nothing but words where there
    is no number in the table at all.
    """
    if not any(first):
        return True
    words = [place for place, cell in enumerate(first) if _is_word(cell)]
    if not words:
        return False
    if not below:
        return True
    numeric = [
        place
        for place in range(len(first))
        if _mostly_numbers([row[place] for row in below if len(row) > place])
    ]
    if not numeric:
        return True
    return (
        any(place in words for place in numeric)
        or not any(first[place] for place in numeric)
        or (words == [0] and _increasing_numbers([first[place] for place in numeric]))
    )


def _increasing_numbers(cells: Sequence[str]) -> bool:
    """Whether cells are whole numbers that go up by one: years or numbers as names of columns."""
    if len(cells) < 2 or not all(re.fullmatch("[0-9]{1,4}", cell) for cell in cells):
        return False
    numbers = [int(cell) for cell in cells]
    return all(after == before + 1 for before, after in itertools.pairwise(numbers))


def _mostly_numbers(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.lower() not in MISSING]
    return 2 * sum(not _is_word(cell) for cell in filled) > len(filled)


def _is_number(cell: str) -> bool:
    return bool(cell) and not _is_word(cell) and cell.lower() not in MISSING


def _is_word(cell: str) -> bool:
    """Whether a cell is neither empty nor a number nor a time."""
    if cell.lower() in MISSING or (len(cell) < 40 and BODY.match(cell.replace("−", "-"))):
        return False
    if re.fullmatch(r"(?i)[+-]?(inf|infinity|[0-9.,]+e[+-]?[0-9]+)", cell):
        return False
    if len(cell) > 40 or not re.search(r"[0-9]", cell):
        return True
    return not form_of_text(cell)


def unique_names(first: Sequence[str]) -> tuple[str, ...]:
    """Name every column once, in one line: "x" and "x" become "x" and "x (2)"; "" its place."""
    names: dict[str, None] = {}
    for place, cell in enumerate(first, start=1):
        cleaned = cell.replace("\x00", "").encode("utf-8", "ignore").decode()
        plain = " ".join(cleaned.split())[:LONGEST_NAME] or f"column {place}"
        name, copies = plain, 1
        while name in names:
            copies += 1
            name = f"{plain} ({copies})"
        names[name] = None
    return tuple(names)


def column_of(cells: Sequence[Any]) -> Cells:
    """Bring the cells of one column, of Python's types, to texts, float64 or datetime64[s]."""
    import pyarrow as pa

    kinds = set(map(type, cells)) - {type(None)}
    if str in kinds:
        cells = [None if cell == "" else cell for cell in cells]
        kinds = set(map(type, cells)) - {type(None)}
    if kinds and kinds <= {int, float, bool}:
        try:
            return np.array([np.nan if cell is None else float(cell) for cell in cells])
        except OverflowError:
            pass
    if kinds and kinds <= {datetime.datetime, datetime.date}:
        return np.array(
            [None if cell is None else _naive(cell) for cell in cells], dtype="datetime64[s]"
        )
    return pa.array([text_of(cell) for cell in cells], pa.string())


def _naive(cell: datetime.date) -> datetime.date:
    if isinstance(cell, datetime.datetime) and cell.tzinfo is not None:
        return cell.astimezone(datetime.UTC).replace(tzinfo=None)
    return cell


def text_of(cell: Any) -> str:
    """Give a cell of any type as the text that a person would write."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    if isinstance(cell, int) and abs(cell) > 1e300:
        return "1e999"
    return str(cell).strip().encode("utf-8", "ignore").decode()
