"""Reading Excel's xlsx: unpacked and measured by us, and only then given to calamine."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from rnn_core.messages import N_, SeriesError
from rnn_core.series.tables import refusals
from rnn_core.series.tables.grid import Grid, column_of, text_of
from rnn_core.series.tables.layout import TOP_ROWS, lay_out
from rnn_core.series.tables.reading import Reading
from rnn_core.series.tables.unpacking import repacked

SHEET_ROWS = 1000  # looked at for numbers


def is_zip(data: bytes) -> bool:
    """Tell a zip, as which xlsx is packed, by its mark."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_old_office(data: bytes) -> bool:
    """Tell the container of Excel up to 2003, and of encrypted files, by its mark."""
    return data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def read_excel(data: bytes, reading: Reading) -> Grid:
    """Read a sheet of an xlsx; ``SeriesError`` if it is damaged, unpacks to too much or is none."""
    if is_old_office(data):
        raise refusals.refuse(
            "old_excel",
            N_(
                "This is an Excel file of before 2007, or one with a password: save it as xlsx "
                "without a password, or as CSV, and upload that."
            ),
        )
    packed = repacked(data)
    try:
        sheets, name, rows = _sheet(packed, reading.sheet)
    except SeriesError:
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of Rust is no Exception
        raise refusals.damaged("Excel", error) from error
    grid = grid_of_rows(rows, reading, sheet=name, sheets=sheets)
    return grid


def _sheet(packed: io.BytesIO, chosen: str) -> tuple[tuple[str, ...], str, list[list[Any]]]:
    """Give the names of all sheets, and name and rows of the chosen or the first with a table."""
    import python_calamine

    workbook = python_calamine.CalamineWorkbook.from_filelike(packed)
    names = tuple(workbook.sheet_names)
    if chosen and chosen not in names:
        place = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 5 else 0
        if not 1 <= place <= len(names):
            raise refusals.refuse(
                "no_sheet",
                N_("There is no sheet '{sheet}': choose one of {sheets}."),
                sheet=refusals.quote(chosen),
                sheets=refusals.listed(names),
            )
        chosen = names[place - 1]
    best: tuple[str, list[list[Any]]] = ("", [])
    for name in [chosen] if chosen else names[:20]:
        sheet = workbook.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False)
        if chosen or _has_numbers(rows):
            best = name, rows
            break
        if len(rows) > len(best[1]):
            best = name, rows
    if not best[1]:
        raise refusals.empty()
    return names, *best


def _has_numbers(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether a sheet is more than a title page: numbers, also in texts, in several rows."""
    found = 0
    for row in rows[:SHEET_ROWS]:
        texts = [text_of(cell) for cell in row if _is_filled(cell)]
        found += len(texts) > 1 and any(re.match(r"\W{0,2}[0-9]", text) for text in texts)
        if found > 1:
            return True
    return len(rows) > SHEET_ROWS


def grid_of_rows(
    rows: Sequence[Sequence[Any]],
    reading: Reading,
    encoding: str = "",
    sheet: str = "",
    sheets: tuple[str, ...] = (),
) -> Grid:
    """Make a grid of rows whose cells are of Python's types, as a sheet or JSON gives them."""
    width = max(map(len, rows), default=0)
    if width > refusals.MAX_COLUMNS:
        raise refusals.too_many_columns(width)
    if len(rows) > refusals.MAX_ROWS + TOP_ROWS:
        raise refusals.too_many_rows()
    filled = list(
        itertools.islice(
            (place for place, row in enumerate(rows) if any(map(_is_filled, row))), TOP_ROWS
        )
    )
    if not filled:
        raise refusals.empty()
    last = next(at for at in range(len(rows) - 1, -1, -1) if any(map(_is_filled, rows[at])))
    top = [
        [" ".join(text_of(cell).split()) for cell in row] + [""] * (width - len(row))
        for row in (rows[place] for place in filled)
    ]
    layout = lay_out(top, [place + 1 for place in filled], reading.header)
    begin = filled[layout.body] if layout.body < len(filled) else len(rows)
    if last + 1 - begin > refusals.MAX_ROWS:
        raise refusals.too_many_rows()
    body = rows[begin : last + 1]
    numbers = np.arange(begin, begin + len(body)) + 1
    # All columns at once; a row can be shorter than others in JSON.
    sides: list[Sequence[Any]] = list(itertools.zip_longest(*body))
    sides += [[None] * len(body)] * (width - len(sides))
    if width > 1 and not any(None not in cells and "" not in cells for cells in sides):
        # Rows between that are empty hold no time and no value.
        kept = [any(map(_is_filled, row)) for row in body]
        sides = [list(itertools.compress(cells, kept)) for cells in sides]
        numbers = numbers[np.array(kept, bool)] if kept else numbers
    header_row = 0 if layout.header is None else filled[layout.header] + 1
    columns, names, units = [], [], []
    for place, cells in enumerate(sides):
        kinds = set(map(type, cells))
        nothing = kinds <= {str, type(None)} and not any(cells)
        if width > 1 and not layout.names[place] and nothing:
            continue  # an empty column beside the table
        if kinds & {list, dict}:
            continue
        columns.append(column_of(cells))
        names.append(layout.names[place])
        units.append(layout.units[place] if layout.units else "")
    if not columns:
        raise refusals.empty()
    return Grid(
        names=names,
        columns=columns,
        numbers=numbers,
        header_row=header_row,
        units=units if any(units) else (),
        encoding=encoding,
        sheet=sheet,
        sheets=sheets,
        passed_over=(header_row or begin + 1) - 1,
    )


def _is_filled(cell: Any) -> bool:
    return cell is not None and cell != ""
