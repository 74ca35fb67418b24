"""From the bytes of a file to a table: its format, its columns, and the guesses about them."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_
from rnn_core.series.tables import refusals
from rnn_core.series.tables.columns import (
    codes_of,
    find_index,
    guess_id,
    guess_time,
    guess_value,
    joined_ids,
)
from rnn_core.series.tables.delimited import read_text
from rnn_core.series.tables.excel import is_old_office, is_zip, read_excel
from rnn_core.series.tables.footers import rows_above, rows_below
from rnn_core.series.tables.grid import Grid
from rnn_core.series.tables.json_table import is_json, read_json
from rnn_core.series.tables.kinds import (
    Kinds,
    kinds_of,
    style_of,
    time_form,
    times_of,
    written_forms,
)
from rnn_core.series.tables.names import unique_names
from rnn_core.series.tables.parquet import is_parquet, read_parquet
from rnn_core.series.tables.parts import find_parts
from rnn_core.series.tables.reading import NONE, Reading
from rnn_core.series.tables.shape import shaped
from rnn_core.series.tables.signs import unit_of
from rnn_core.series.tables.table import NUMBERED, Table

LISTED_IDS = 1000
READERS: Mapping[str, Callable[[bytes, Reading], Grid]] = {
    "text": read_text,
    "json": read_json,
    "parquet": read_parquet,
    "excel": read_excel,
}


def read_table(data: bytes, filename: str = "table.csv", **choices: Any) -> Table:
    """Read a table: delimited text, JSON, Parquet or Excel (xlsx), told apart by its content.

    What is left out is guessed; ``choices`` are the fields of :class:`Reading`, and ``value`` and
    ``time`` for the default columns. Without a header, that is with numbers and dates alone in the
    first row, the columns are called "column 1" and so on.

    Raises ``SeriesError``, and nothing else, for a file that is empty, no table, damaged, ragged
    or too large, or without a row or a column of numbers, and for choices that cannot be used,
    such as a ``time`` without any times in it.
    """
    if not isinstance(data, bytes | bytearray | memoryview) or not isinstance(filename, str):
        raise refusals.refuse(
            "not_bytes",
            N_("A table is read from bytes, with a text for its name. Received: {received}."),
            received=f"{type(data).__name__}, {type(filename).__name__}",
        )
    data = bytes(data)
    if len(data) > refusals.MAX_BYTES:
        raise refusals.too_large(len(data))
    value, time = choices.pop("value", ""), choices.pop("time", "")
    reading = Reading.of(choices)
    form = reading.format or _format_of(data, filename)
    try:
        grid, shape = shaped(READERS[form](data, reading), reading)
        table = _table(grid, form, shape, reading, data, filename)
    except MemoryError as error:
        raise refusals.unpacks_too_large(refusals.MAX_BYTES * 8) from error
    chosen = time
    value, time = table.named(value, time)
    if chosen and time != NUMBERED:
        table.check_time(time)
    return dataclasses.replace(
        table, default_value=value, default_time="" if time == NUMBERED else time
    )


def _format_of(data: bytes, filename: str) -> str:
    if is_parquet(data):
        return "parquet"
    if is_zip(data) or is_old_office(data):
        return "excel"
    named_json = filename.lower().endswith((".json", ".jsonl", ".ndjson"))
    looks_json = is_json(data)
    if looks_json and not named_json:
        # Not all that begins with a bracket is JSON.
        first = data[:4000].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        looks_json = first[:1] == b"{" or not re.match(rb"\[[^\]]*\][^,\]\s]", first)
    return "json" if looks_json else "text"


def _table(
    grid: Grid, form: str, shape: str, reading: Reading, data: bytes, filename: str
) -> Table:
    if not len(grid.numbers):
        raise refusals.refuse(
            "no_rows",
            N_("The table has a header and nothing below it: add a row for each time."),
        )
    if len(grid.numbers) > refusals.MAX_ROWS:
        raise refusals.too_many_rows()
    columns, cells = list(unique_names(grid.names)), list(grid.columns)
    raw = dict(zip(columns, grid.names, strict=True))
    units = dict(zip(columns, grid.units, strict=True)) if grid.units else {}
    forms = written_forms(columns, cells, reading)
    style = style_of(cells, forms, grid.delimiter, reading)
    kinds = kinds_of(columns, cells, forms, style, reading)
    if not kinds.numeric:
        raise refusals.refuse(
            "no_numbers",
            N_(
                "No column holds numbers, in any of {columns}: add one, or choose the decimal "
                "mark, the delimiter or the row of the header."
            ),
            columns=refusals.listed(columns),
        )
    parts = find_parts(columns, cells)
    if parts is not None and parts[0] not in columns and len(columns) < refusals.MAX_COLUMNS:
        form_of_parts = time_form(parts[1], reading, style)
        if form_of_parts is not None:
            columns.append(parts[0])
            cells.append(parts[1])
            kinds = Kinds(kinds.numeric, {**kinds.times, parts[0]: form_of_parts}, style)
    index = find_index(columns, cells, kinds)
    time = parts[0] if parts and parts[0] in kinds.times else guess_time(columns, cells, kinds)
    time = "" if time == index else time
    read = {time: times_of(cells[columns.index(time)], kinds.times[time])} if time else {}
    below = rows_below(cells, columns.index(time), read[time]) if time else 0
    above = rows_above(cells, columns.index(time), read[time]) if time else 0
    if below or above:
        kept = slice(above, len(grid.numbers) - below)
        cells = [column[kept] for column in cells]
        read = {time: read[time][kept]}
    ids_in = _id_columns(columns, cells, kinds, time, read, reading)
    id_column = " + ".join(ids_in)
    if len(ids_in) > 1 and id_column not in columns:
        columns.append(id_column)
        cells.append(joined_ids([cells[columns.index(name)] for name in ids_in]))
    passed = {time, index, id_column, *ids_in, *(time.split(" + ") if parts else ())}
    codes, ids = codes_of(cells[columns.index(id_column)]) if id_column else (None, [])
    first = None if codes is None else codes == 0
    value = guess_value(columns, cells, kinds, passed, time, first)
    value = value or next((name for name in kinds.numeric if name != time), kinds.numeric[0])
    time = "" if time == value else time
    if reading.id_value and reading.id_value not in ids:
        raise refusals.refuse(
            "no_id",
            N_("Column '{column}' has no '{id}': choose one of {ids}."),
            column=id_column or "–",
            id=refusals.quote(reading.id_value),
            ids=refusals.listed(ids) or "–",
        )
    return Table(
        filename=filename,
        digest=hashlib.sha256(data).hexdigest(),
        reading=reading,
        format=form,
        shape=shape,
        encoding=grid.encoding,
        delimiter=grid.delimiter,
        decimal=style.decimal,
        thousands=style.thousands,
        numbers_guessed=style.guessed,
        header_row=grid.header_row,
        passed_over=grid.passed_over + above + below,
        flags=grid.flags,
        utc_columns=tuple(columns[place] for place in grid.zoned),
        sheet=grid.sheet,
        sheets=grid.sheets,
        columns=tuple(columns),
        numeric_columns=kinds.numeric,
        time_columns=tuple(kinds.times),
        index_column=index,
        units={
            name: unit
            for name, column in zip(columns, cells, strict=True)
            if name in kinds.numeric
            and (unit := units.get(name, "") or _unit(raw.get(name, ""), column))
        },
        default_value=value,
        default_time=time,
        id_column=id_column,
        id_values=tuple(ids[:LISTED_IDS]),
        default_id_value=reading.id_value or (ids[0] if ids else ""),
        cells=cells,
        row_numbers=grid.numbers[above : len(grid.numbers) - below],
        _read=read if not reading.time_format else {},
        _forms=dict(kinds.times) if not reading.time_format else {},
    )


def _id_columns(
    columns: Sequence[str],
    cells: Sequence[Any],
    kinds: Kinds,
    time: str,
    read: Mapping[str, NDArray[np.datetime64]],
    reading: Reading,
) -> tuple[str, ...]:
    """Give the columns that tell series apart: one that is chosen, or what is guessed."""
    chosen = reading.id_column
    if chosen == NONE:
        return ()
    if chosen:
        both = tuple(chosen.split(" + "))
        if chosen not in columns and not (len(both) == 2 and set(both) <= set(columns)):
            raise refusals.refuse(
                "no_column",
                N_("There is no column '{column}': choose one of {columns}."),
                column=refusals.quote(chosen),
                columns=refusals.listed(columns),
            )
        return (chosen,) if chosen in columns else both
    if not time:
        return ()
    return guess_id(columns, cells, kinds, time, read[time])


def _unit(name: str, cells: Any) -> str:
    """Give the unit in a column's name, as in "load [MW]", or the sign in its cells.

    What stands behind a colon, as in "rain: (Berlin)", is not the unit of what is before it.
    """
    found = re.search(r"(?:^|[^:\s])\s*[\[(]([^\[\]()]{1,20})[\])]\s*$", name)
    if found and not re.fullmatch(r"[\s0-9.,/-]*", found[1]):
        return found[1].strip()
    return "" if isinstance(cells, np.ndarray) else unit_of(cells)
