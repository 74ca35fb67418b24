"""A rectangle of cells in columns, as each format is brought to."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.series.tables.instants import of_arrow

Cells = Any  # a pyarrow array of texts, or a NumPy array of float64 or datetime64


@dataclass(frozen=True, eq=False)
class Grid:
    """Columns of equally many cells below the header.

    A column is a pyarrow array of texts without surrounding blanks, or a NumPy array of float64
    (NaN: missing) or datetime64 (NaT: missing; [s], or [us] for parts of a second) where the format
    has types. ``names`` are as in the file, "" where there is none, ``units`` those of a row below
    the header. ``numbers``, shape ``(rows,)``, says which row of the file each is, from 1, as a
    spreadsheet counts.
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
    flags: int = 0  # letters behind numbers that were left out
    zoned: tuple[int, ...] = ()  # places of columns that were turned to UTC


def column_of(cells: Sequence[Any]) -> Cells:
    """Bring the cells of one column, of Python's types, to texts, float64 or datetime64."""
    import pyarrow as pa

    kinds = set(map(type, cells)) - {type(None)}
    if str in kinds:
        cells = [None if cell == "" else cell for cell in cells]
        kinds = set(map(type, cells)) - {type(None)}
    if kinds and kinds <= {int, float, bool}:
        try:
            if bool in kinds:
                cells = [None if cell is None else float(cell) for cell in cells]
            return _numpy(pa.array(cells, pa.float64()))
        except (OverflowError, pa.ArrowException):  # a whole number of more digits than a float has
            with contextlib.suppress(OverflowError):
                return np.array([np.nan if cell is None else float(cell) for cell in cells])
    if kinds and kinds <= {datetime.datetime, datetime.date}:
        kind = pa.date32()
        if datetime.datetime in kinds:
            kind = pa.timestamp("us")  # what has a zone is turned to UTC
            cells = [_moment(cell) if type(cell) is datetime.date else cell for cell in cells]
        return of_arrow(pa.array(cells, kind))
    if kinds == {str}:
        with contextlib.suppress(UnicodeEncodeError):  # half a character, which `text_of` drops
            return _trimmed(pa.array(cells, pa.string()))
    return pa.array([text_of(cell) for cell in cells], pa.string())


def _trimmed(texts: Any) -> Any:
    """Give texts as `text_of` does, all at once: Arrow takes the same signs for blanks."""
    import pyarrow.compute as pc

    return pc.fill_null(pc.utf8_trim_whitespace(texts), "")


def _numpy(array: Any) -> NDArray[Any]:
    values: NDArray[Any] = array.to_numpy(zero_copy_only=False)
    return values.copy()  # what pyarrow gives cannot be written to


def _moment(day: datetime.date) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day)


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
        if cell.microsecond:
            return cell.isoformat(" ")
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    if isinstance(cell, int) and abs(cell) > 1e300:
        return "1e999"
    return str(cell).strip().encode("utf-8", "ignore").decode()
