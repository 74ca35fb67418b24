"""From the bytes of a delimited text file to a header and a rectangle of cells."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_, Message, SeriesError

MAX_BYTES = 50_000_000
MAX_ROWS = 2_000_000
MAX_COLUMNS = 1_000
DELIMITERS = (",", ";", "\t")
SNIFFED_ROWS = 20
CHUNK_ROWS = 500
CELL = np.dtypes.StringDType()  # 16 bytes a short cell, a quarter of a list of str


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells as texts without surrounding blanks, shape ``(rows, columns)``.

    ``first`` is the file's first row, still among the cells. ``numbers``, shape ``(rows,)``, says
    which row of the file each is, from 1, as a spreadsheet counts.
    """

    first: list[str]
    cells: NDArray[Any]
    numbers: NDArray[np.int64]


def read_grid(data: bytes) -> Grid:
    """Read a delimited text; ``SeriesError`` if it is empty, not text, ragged or too large."""
    if len(data) > MAX_BYTES:
        raise SeriesError(
            Message(
                "series.too_large",
                N_("The file has {size} MB, more than the {limit} MB allowed: upload a part."),
                {"size": f"{len(data) / 1e6:.1f}", "limit": MAX_BYTES // 1_000_000},
            )
        )
    text = decode(data)
    chunks, numbers, width = [], [], 0
    rows = _rows(text, sniff(text))
    while chunk := list(itertools.islice(rows, CHUNK_ROWS)):
        width = width or len(chunk[0][1])
        if width > MAX_COLUMNS:
            raise _too_many_columns(width)
        for number, row in chunk:
            if len(row) != width:
                raise _ragged(number, len(row), width)
        chunks.append(np.strings.strip(np.array([row for _, row in chunk], dtype=CELL)))
        numbers += [number for number, _ in chunk]
    cells = np.concatenate(chunks)
    filled = np.flatnonzero((cells != "").any(axis=1))
    if not len(filled):
        raise _empty()
    end = filled[-1] + 1  # spreadsheets leave empty rows at the end
    return Grid(cells[0].tolist(), cells[:end], np.array(numbers[:end], dtype=np.int64))


def decode(data: bytes) -> str:
    """Read bytes as UTF-8, else Windows-1252, else Latin-1; ``SeriesError`` if not text."""
    data = data.removesuffix(b"\x1a")  # how DOS ended a file
    if re.search(rb"[\x00-\x08\x0e-\x1f]", data):
        raise SeriesError(
            Message(
                "series.binary",
                N_("The file is not text: save it as CSV (UTF-8) and upload that."),
            )
        )
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def sniff(text: str) -> str:
    """Tell the delimiter: the one that cuts the first rows equally, and into the most cells."""

    def evenness(delimiter: str) -> tuple[bool, bool, int]:
        widths = []
        try:
            for _, row in itertools.islice(_rows(text, delimiter), SNIFFED_ROWS):
                widths.append(len(row))
        except SeriesError:
            widths.append(0)  # cut up to here, and unevenly
        return widths[0] > 1, len(set(widths)) == 1, widths[0]

    return max(DELIMITERS, key=evenness)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Give each row with its number in the file, from 1.

    Blank lines are passed over, except within a single column: there they are missing values.
    """
    lines = io.StringIO(text, newline="")
    rows = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    number, width = 0, 0
    try:
        for number, row in enumerate(rows, start=1):
            width = width or len(row)
            if number > MAX_ROWS + 1:  # the header is one more
                raise too_many_rows()
            if row or width == 1:
                yield number, row or [""]
    except csv.Error as error:
        raise SeriesError(
            Message(
                "series.quotes",
                N_(
                    "Row {row} cannot be cut into cells ({reason}): look for a quotation mark that "
                    "is opened and not closed."
                ),
                {"row": number + 1, "reason": str(error)},
            )
        ) from error
    if not width:
        raise _empty()


def _empty() -> SeriesError:
    return SeriesError(
        Message(
            "series.empty",
            N_("The file is empty: upload a CSV file with a header row and a column of numbers."),
        )
    )


def _ragged(row: int, cells: int, width: int) -> SeriesError:
    return SeriesError(
        Message(
            "series.ragged",
            N_(
                "Cells in row {row}: {cells}, but {width} in the first row; give every row as many "
                "cells as the header."
            ),
            {"row": row, "cells": cells, "width": width},
        )
    )


def too_many_rows() -> SeriesError:
    """Give the error for a table longer than ``MAX_ROWS``."""
    return SeriesError(
        Message(
            "series.too_many_rows",
            N_("The table has more than {limit} rows: upload a part of it."),
            {"limit": f"{MAX_ROWS:,}"},
        )
    )


def _too_many_columns(columns: int) -> SeriesError:
    return SeriesError(
        Message(
            "series.too_many_columns",
            N_(
                "The table has {columns} columns, more than the {limit} allowed: upload only the "
                "columns you need."
            ),
            {"columns": f"{columns:,}", "limit": f"{MAX_COLUMNS:,}"},
        )
    )
