"""A table someone uploads, and the series made of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.series import Series
from rnn_core.series.tables import refusals
from rnn_core.series.tables.asked import names_of, treatment_of
from rnn_core.series.tables.cells import lost_in, numbers_in, taken, texts_in
from rnn_core.series.tables.column_form import TimeForm, form_of, has_zone
from rnn_core.series.tables.columns import codes_of
from rnn_core.series.tables.grid import text_of
from rnn_core.series.tables.kinds import time_form, times_of
from rnn_core.series.tables.names import is_named_as_time
from rnn_core.series.tables.numerals import Style
from rnn_core.series.tables.reading import Reading
from rnn_core.series.tables.report import Problem, Report, stand_ins, wrong_times
from rnn_core.series.tables.signs import mixed_signs
from rnn_core.series.tables.unfit import finite, without_time
from rnn_core.series.treatment import treat

PREVIEW_ROWS = 10
NOWHERE = np.zeros(0, bool)
LOCATED = 5  # rows that a problem names
NUMBERED = "(row number)"  # stands for a time column where the steps are to be numbered


@dataclass(frozen=True, eq=False)
class Table:
    """A table as read from a file, what was understood of it, and which columns can be what.

    ``format`` is a key of ``FORMATS``, ``shape`` one of ``SHAPES``: how the table lay in the file,
    before it was brought to one row for each time. ``encoding`` and ``delimiter`` are "" for what
    has none. ``decimal`` and ``thousands`` are the marks in its numbers; ``numbers_guessed`` says
    that they could be read in another way. ``header_row`` is the row with the names, 0 if there is
    none; ``passed_over`` counts the comments, titles and notes around the table, ``flags`` the
    letters behind numbers, as of Eurostat, that were left out.

    ``columns`` are unique names. ``numeric_columns`` are those with mostly numbers in them,
    ``time_columns`` those with mostly dates (all dates, where they are written as plain numbers
    such as years), so that a single bad cell is reported and does not hide its column.
    ``index_column`` only counts the rows. ``id_column`` says of which series each row is, and
    ``id_values`` are its first different texts. ``default_value``, ``default_time`` and
    ``default_id_value`` are what :meth:`series` takes; "" if there is no time or id column.

    ``reading`` is what was chosen for it, and ``digest`` the SHA-256 of the file, 64 hexadecimal
    digits.
    """

    filename: str
    digest: str
    reading: Reading
    format: str
    shape: str
    encoding: str
    delimiter: str
    decimal: str
    thousands: str
    numbers_guessed: bool
    header_row: int
    passed_over: int
    flags: int
    utc_columns: tuple[str, ...]  # of a format with types, that were turned to UTC
    sheet: str
    sheets: tuple[str, ...]
    columns: tuple[str, ...]
    numeric_columns: tuple[str, ...]
    time_columns: tuple[str, ...]
    index_column: str
    units: Mapping[str, str]
    default_value: str
    default_time: str
    id_column: str
    id_values: tuple[str, ...]
    default_id_value: str
    cells: Sequence[Any]  # of each column: pyarrow texts, or NumPy float64 or datetime64
    row_numbers: NDArray[np.int64]  # (rows,), in the file, from 1
    # Times that were read, by column, and how: a guess has read them when a series is made.
    _read: dict[str, NDArray[np.datetime64]] = field(default_factory=dict, repr=False)
    _forms: dict[str, TimeForm | None] = field(default_factory=dict, repr=False)

    @property
    def rows(self) -> int:
        """Number of rows below the header."""
        return len(self.row_numbers)

    @property
    def unread_times(self) -> tuple[str, ...]:
        """The columns that are called times and are neither times nor numbers."""
        known = {*self.time_columns, *self.numeric_columns}
        return tuple(name for name in self.columns if is_named_as_time(name) and name not in known)

    @property
    def preview(self) -> Mapping[str, list[str]]:
        """The first ten rows as plain texts, by column."""
        return {
            name: texts_in(cells[:PREVIEW_ROWS])
            for name, cells in zip(self.columns, self.cells, strict=True)
        }

    def missing(self, column: str) -> int:
        """Count the cells of a column in which nothing is."""
        return int(lost_in(self._column(column), *self._signs).sum())

    def series(self, value: str = "", time: str = "", **choices: Any) -> Series:
        """Make a series of the column ``value`` at the times in the column ``time``.

        Names left out are guessed; without a time column, or with ``time`` :data:`NUMBERED`, the
        steps are numbered. Further choices: ``covariates``, names of numeric columns that come
        along; ``id_value``, which series of a long table; and the fields of ``Treatment``:
        ``missing``, ``duplicates``, ``order``, ``steps``, ``every``.

        Raises ``SeriesError`` for a name that is not there, for values that are infinite or no
        numbers, for times that cannot be read, for a choice that there is not, and for whatever is
        wrong and not treated.
        """
        try:
            return self._series(value, time, choices)
        except SeriesError as error:
            raise (self._of_turned(error) if self.shape == "rows" else error) from error.__cause__

    def _of_turned(self, error: SeriesError) -> SeriesError:
        """Say of a table whose rows are series what its columns and rows are in the file."""
        said = error.message
        if not {"row", "first"} & set(said.values):
            return error
        template = N_("{said} The table was turned: what is called a row here is a column there.")
        return SeriesError(Message(said.kind, template, {**said.values, "said": said}))

    def _series(self, value: str, time: str, choices: dict[str, Any]) -> Series:
        covariates = names_of(choices.pop("covariates", ()))
        id_value = choices.pop("id_value", "")
        treatment = treatment_of(choices)
        value, time = self.named(value, time)
        kept = self._rows_of(id_value)
        rows = self.row_numbers if kept is None else self.row_numbers[kept]
        times = None if time == NUMBERED else self._times(time, kept)
        drop = np.zeros(len(rows), bool)
        if times is not None:
            cells = taken(self._column(time), kept)
            drop = without_time(
                time, cells, times, rows, *self._signs, drop=treatment.missing == "drop"
            )
        covariates = tuple(name for name in dict.fromkeys(covariates) if name != value)
        values = [
            finite(name, taken(self._column(name), kept), rows, *self._signs)
            for name in (value, *covariates)
        ]
        if drop.any():
            values = [column[~drop] for column in values]
            rows = rows[~drop]
            times = times[~drop] if times is not None else None
        draft = Series(
            value,
            values[0],
            np.arange(len(rows)) if times is None else times,
            unit=self.units.get(value, ""),
            covariates=np.column_stack(values[1:]) if covariates else np.empty((len(rows), 0)),
            covariate_names=covariates,
        )
        return treat(draft, treatment, rows, time)

    def report(self, value: str = "", time: str = "", id_value: str = "") -> Report:
        """Say what was understood of a series, and count and locate what is wrong with it.

        Raises ``SeriesError`` for a name that is not there.
        """
        value, time = self.named(value, time)
        kept = self._rows_of(id_value)
        rows = self.row_numbers if kept is None else self.row_numbers[kept]
        cells = taken(self._column(value), kept)
        values, lost = numbers_in(cells, *self._signs)
        found = {
            "missing": lost,
            "not_a_number": np.isnan(values) & ~lost,
            "infinite": np.isinf(values),
            "stand_in": stand_ins(values),
            "mixed": mixed_signs(cells, values) if not isinstance(cells, np.ndarray) else NOWHERE,
        }
        unit, season, form = N_("step"), 0, None
        if time != NUMBERED:
            form = self._form(time)
            times = self._times(time, kept)
            wrong, unit, season = wrong_times(times)
            found |= wrong
        problems = tuple(
            Problem(kind, int(bad.sum()), tuple(rows[bad][:LOCATED].tolist()))
            for kind, bad in found.items()
            if bad.any()
        )
        texts = None if time == NUMBERED else self._column(time)
        return Report(
            value=value,
            time="" if time == NUMBERED else time,
            time_format=form.label if form else "",
            time_guessed=form.guessed if form else False,
            utc=time in self.utc_columns
            or (
                form is not None
                and not isinstance(texts, np.ndarray)
                and has_zone(texts, form.name)
            ),
            id_column=self.id_column,
            id_value=str(id_value or self.default_id_value) if self.id_column else "",
            rows=len(rows),
            unit=self.units.get(value, ""),
            time_unit=unit,
            season=season,
            problems=problems,
        )

    @property
    def _style(self) -> Style:
        return Style(self.decimal, self.thousands)

    @property
    def _signs(self) -> tuple[Style, str]:
        """How numbers are written, and what further stands for a missing one."""
        return self._style, self.reading.missing_text

    def named(self, value: Any, time: Any) -> tuple[str, str]:
        """Give the names of the columns, guessed where they are left out."""
        for name, given in (("value", value), ("time", time)):
            if given is not None and not isinstance(given, str):
                raise refusals.refuse(
                    "column_name",
                    N_("'{name}' must be the name of a column. Received: {received}."),
                    name=name,
                    received=type(given).__name__,
                )
        value = value or self.default_value
        if not time:
            time = self.default_time if value != self.default_time else NUMBERED
        time = time or NUMBERED
        self._column(value)
        if time != NUMBERED:
            self._column(time)
        return value, time

    def check_time(self, column: str) -> None:
        """Refuse a column of which no cell is a time; ``SeriesError`` is as of :meth:`series`."""
        times = self._times(column, None)
        if len(times) and np.isnat(times).all():
            without_time(column, self._column(column), times, self.row_numbers, *self._signs)

    def _column(self, name: str) -> Any:
        if name not in self.columns:
            raise refusals.refuse(
                "no_column",
                N_("There is no column '{column}': choose one of {columns}."),
                column=refusals.quote(name),
                columns=refusals.listed(self.columns),
            )
        return self.cells[self.columns.index(name)]

    def _rows_of(self, id_value: Any) -> NDArray[np.bool_] | None:
        """Tell which rows belong to a series of a long table; None if all do."""
        wanted = text_of(id_value) if isinstance(id_value, str | int | float) else None
        if wanted is None:
            raise refusals.refuse(
                "id_type",
                N_("'id_value' must be a text of the id column. Received: {received}."),
                received=type(id_value).__name__,
            )
        if not self.id_column:
            if wanted:
                raise refusals.refuse(
                    "no_id_column",
                    N_("The table has no id column, so '{id}' names no series: choose one first."),
                    id=refusals.quote(wanted),
                )
            return None
        codes, known = codes_of(self._column(self.id_column))
        wanted = wanted or self.default_id_value
        if wanted not in known:
            raise refusals.refuse(
                "no_id",
                N_("Column '{column}' has no '{id}': choose one of {ids}."),
                column=self.id_column,
                id=refusals.quote(wanted),
                ids=refusals.listed(self.id_values),
            )
        chosen: NDArray[np.bool_] = codes == known.index(wanted)
        return chosen

    def _form(self, column: str) -> TimeForm | None:
        cells = self._column(column)
        if self.reading.time_format and not isinstance(cells, np.ndarray):
            return TimeForm(self.reading.time_format)
        if column not in self._forms:
            form = time_form(cells, self.reading, self._style)
            self._forms[column] = form or _form_of_few(cells, self.reading)
        return self._forms[column]

    def _times(self, column: str, kept: NDArray[np.bool_] | None) -> NDArray[np.datetime64]:
        if column not in self._read:
            self._read[column] = times_of(self._column(column), self._form(column))
        times = self._read[column]
        return times.copy() if kept is None else times[kept]


def _form_of_few(cells: Any, reading: Reading) -> TimeForm | None:
    """Tell how the cells that are times at all are written, in a column that is none as a whole."""
    return None if isinstance(cells, np.ndarray) else form_of(cells, reading.day_first)
