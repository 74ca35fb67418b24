"""A table someone uploads, and the series made of its columns."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.columns import (
    guess_time,
    has_header,
    is_numeric,
    is_time,
    parse_numbers,
    unique_names,
)
from rnn_core.series.dates import form_of, parse_dates, spacing_of
from rnn_core.series.delimited import MAX_ROWS, read_grid, too_many_rows
from rnn_core.series.series import Series

PREVIEW_ROWS = 10
LONGEST_QUOTE = 60
LISTED_NAMES = 20


@dataclass(frozen=True, eq=False)
class Table:
    """A table as read from a file, its columns and which of them can be what.

    ``columns`` are unique names. ``numeric_columns`` are those with mostly numbers in them,
    ``time_columns`` those with mostly dates (all dates, where they are written as plain numbers
    such as years), so that a single bad cell is reported and does not hide its column.
    ``default_value`` and ``default_time`` are what :meth:`series` guesses; the latter is "" if
    there is no time column. ``digest`` is the SHA-256 of the file, 64 hexadecimal digits.
    """

    filename: str
    digest: str
    columns: tuple[str, ...]
    numeric_columns: tuple[str, ...]
    time_columns: tuple[str, ...]
    default_value: str
    default_time: str
    cells: NDArray[Any]  # texts, (rows, columns)
    row_numbers: NDArray[np.int64]  # (rows,), in the file, from 1

    @property
    def rows(self) -> int:
        """Number of rows below the header."""
        return len(self.cells)

    @property
    def preview(self) -> Mapping[str, list[str]]:
        """The first ten rows as plain texts, by column."""
        return {name: self._column(name)[:PREVIEW_ROWS].tolist() for name in self.columns}

    def series(self, value: str = "", time: str = "") -> Series:
        """Make a series of the column ``value`` at the times in the column ``time``.

        Names left out are guessed; without a time column the steps are numbered. Raises
        ``SeriesError`` for a name that is not there, for values that are missing, infinite or not
        numbers, and for times that cannot be read, occur twice or are not in order.
        """
        value = value or self.default_value
        if not time and value != self.default_time:
            time = self.default_time
        values = self._values(value)
        if not time:
            return Series(value, values, np.arange(self.rows))
        times = self._times(time)
        time_unit, season = spacing_of(times)
        return Series(value, values, times, season=season, time_unit=time_unit)

    def _column(self, name: str) -> NDArray[Any]:
        if name not in self.columns:
            raise SeriesError(
                Message(
                    "series.no_column",
                    N_("There is no column '{column}': choose one of {columns}."),
                    {"column": _quote(name), "columns": _listed(self.columns)},
                )
            )
        cells: NDArray[Any] = self.cells[:, self.columns.index(name)]
        return cells

    def _values(self, column: str) -> NDArray[np.float64]:
        cells = self._column(column)
        values, missing = parse_numbers(cells)

        def refuse(bad: NDArray[np.bool_], kind: str, template: str) -> None:
            if bad.any():
                first = int(bad.argmax())
                found = {
                    "column": column,
                    "row": int(self.row_numbers[first]),
                    "found": _quote(cells[first]),
                    "count": int(bad.sum()),
                }
                raise SeriesError(Message(kind, template, found))

        refuse(
            np.isnan(values) & ~missing,
            "series.not_a_number",
            N_(
                "Column '{column}' has '{found}' in row {row}, which is not a number: correct it "
                "or choose another column."
            ),
        )
        refuse(
            missing,
            "series.missing",
            N_(
                "Column '{column}' has missing values (in all: {count}), the first in row {row}: "
                "fill them in or leave those rows out."
            ),
        )
        refuse(
            np.isinf(values),
            "series.infinite",
            N_(
                "Column '{column}' has infinite values (in all: {count}), the first in row {row}: "
                "put finite numbers there or leave those rows out."
            ),
        )
        return values

    def _times(self, column: str) -> NDArray[np.datetime64]:
        cells = self._column(column)
        times = parse_dates(cells, form_of(cells))
        rows = self.row_numbers
        unread = np.isnat(times)
        if unread.any():
            first = int(unread.argmax())
            raise SeriesError(
                Message(
                    "series.not_a_time",
                    N_(
                        "Column '{column}' has '{found}' in row {row}, which cannot be read as a "
                        "date: write the whole column as 1949-01-31, 1949-01, 19490131 or 1949."
                    ),
                    {"column": column, "found": _quote(cells[first]), "row": int(rows[first])},
                )
            )
        order = np.argsort(times, kind="stable")
        again = np.flatnonzero(times[order][1:] == times[order][:-1]) + 1
        if len(again):
            place = again[order[again].argmin()]
            raise SeriesError(
                Message(
                    "series.duplicate_times",
                    N_(
                        "Column '{column}' has times that occurred before (in all: {count}), the "
                        "first of them in rows {first} and {second}: keep one row for each time, "
                        "to the second."
                    ),
                    {
                        "column": column,
                        "count": len(again),
                        "first": int(rows[order[place - 1]]),
                        "second": int(rows[order[place]]),
                    },
                )
            )
        earlier = times[1:] < times[:-1]
        if earlier.any():
            raise SeriesError(
                Message(
                    "series.unsorted_times",
                    N_(
                        "Column '{column}' is not in order: row {row} is earlier than the row "
                        "before it; sort the table by time, oldest first."
                    ),
                    {"column": column, "row": int(rows[1:][earlier][0])},
                )
            )
        return times


def read_table(data: bytes, filename: str = "table.csv") -> Table:
    """Read a CSV file: comma, semicolon or tab; UTF-8, else Windows-1252; a header or none.

    Without a header, that is with numbers and dates alone in the first row, the columns are called
    "column 1" and so on. Raises ``SeriesError`` for a file that is empty, not text, ragged, too
    large, or without a row or a column of numbers.
    """
    grid = read_grid(data)
    cells, numbers = grid.cells, grid.numbers
    names = grid.first
    if has_header(names):
        cells, numbers = cells[1:], numbers[1:]
    else:
        names = [""] * len(names)
    if not len(cells):
        raise SeriesError(
            Message(
                "series.no_rows",
                N_("The table has a header and nothing below it: add a row for each time."),
            )
        )
    if len(cells) > MAX_ROWS:
        raise too_many_rows()
    columns = unique_names(names)
    numeric = tuple(
        name for name, column in zip(columns, cells.T, strict=True) if is_numeric(column)
    )
    if not numeric:
        raise SeriesError(
            Message(
                "series.no_numbers",
                N_(
                    "No column holds numbers, in any of {columns}: add one, written with a decimal "
                    "point and without thousands separators."
                ),
                {"columns": _listed(columns)},
            )
        )
    dates = tuple(name for name, column in zip(columns, cells.T, strict=True) if is_time(column))
    default_time = guess_time(columns, cells, dates, numeric)
    return Table(
        filename=filename,
        digest=hashlib.sha256(data).hexdigest(),
        columns=columns,
        numeric_columns=numeric,
        time_columns=dates,
        default_value=next(name for name in numeric if name != default_time),
        default_time=default_time,
        cells=cells,
        row_numbers=numbers,
    )


def _quote(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names if len(names) <= LISTED_NAMES else (*names[:LISTED_NAMES], "…"))
