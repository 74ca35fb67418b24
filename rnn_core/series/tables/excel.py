"""Reading Excel's xlsx: unpacked and measured by us, and only then given to calamine."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from rnn_core.messages import N_, SeriesError
from rnn_core.series.tables import refusals
from rnn_core.series.tables.grid import Grid, column_of, text_of
from rnn_core.series.tables.layout import TOP_ROWS, lay_out
from rnn_core.series.tables.reading import Reading

MAX_UNPACKED = 250_000_000
MAX_RATIO = 300  # of a part above SMALL; sheets of one number over and over stay below 100
SMALL = 1_000_000
MAX_DIRECTORY = 1_000_000
MAX_SHEET_CELLS = 5_000_000  # of the rectangle around all that is filled
PIECE = 1 << 20
SHEET_ROWS = 1000  # looked at for numbers
PARTS = re.compile(
    r"(\[Content_Types\]\.xml|.*\.rels|.*/(workbook|styles|sharedStrings)\.xml"
    r"|.*sheets?/.*\.xml)",
    re.IGNORECASE,
)
CELL = re.compile(rb"""<(?:\w{1,20}:)?c[\s/>]""")
PLACE = re.compile(
    rb"""<(?:\w{1,20}:)?c\s[^<>]{0,300}?\br\s*=\s*["']([A-Za-z]{1,4})([0-9]{1,9})["']"""
)
OPENED = b'<c r="'
LONGEST_PLACE = 13  # three letters, nine digits and the quotation mark
ROW = re.compile(rb"""<(?:\w{1,20}:)?row\b[^<>]{0,300}?\br\s*=\s*["']([0-9]{1,9})["']""")
UNSAFE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)


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
    packed = _repacked(data)
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


def _repacked(data: bytes) -> io.BytesIO:
    """Give the parts of a workbook that matter, unpacked within bounds, in a zip without packing.

    What the zip's directory says of a size is checked first, and held while unpacking.
    """
    _check_directory(data)
    held = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as source,
            zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as target,
        ):
            parts = [part for part in source.infolist() if PARTS.fullmatch(part.filename)]
            if not any(part.filename.lower().endswith("workbook.xml") for part in parts):
                raise _no_workbook(source.namelist())
            for part in parts:
                too_dense = part.file_size > SMALL and (
                    part.file_size > MAX_RATIO * max(1, part.compress_size)
                )
                if too_dense or part.flag_bits & 1:
                    raise refusals.unpacks_too_large(MAX_UNPACKED)
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise refusals.unpacks_too_large(MAX_UNPACKED)
            for name in dict.fromkeys(part.filename for part in parts):
                _copy(source, target, name)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, RuntimeError,
            zlib.error) as error:  # fmt: skip
        if isinstance(error, SeriesError):
            raise
        raise refusals.damaged("Excel", error) from error
    held.seek(0)
    return held


def _check_directory(data: bytes) -> None:
    """Refuse a directory of very many files, which would take memory to be read."""
    end = data.rfind(b"PK\x05\x06")
    if end < 0:
        raise refusals.damaged("Excel", "the zip has no directory")
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if size > MAX_DIRECTORY or data[max(0, end - 20) : end].startswith(b"PK\x06\x07"):
        raise refusals.unpacks_too_large(MAX_UNPACKED)


def _copy(source: zipfile.ZipFile, target: zipfile.ZipFile, name: str) -> None:
    """Copy a part in pieces; a sheet's cells are located on the way."""
    extent = _Extent() if re.search(r"sheets?/", name, re.IGNORECASE) else None
    with source.open(name) as unpacked, target.open(name, "w", force_zip64=False) as written:
        tail = b""
        while piece := unpacked.read(PIECE):
            text = tail + piece
            if UNSAFE.search(text) or b"\x00" in piece:
                raise refusals.damaged("Excel", f"{name} is no plain XML")
            end = text.rfind(b">") + 1
            if extent is not None:
                extent.look(text[:end])
            written.write(piece)
            tail = text[end:] if end else text
            if len(tail) > PIECE:
                raise refusals.damaged("Excel", f"{name} is no plain XML")
    if extent is not None:
        extent.check()


class _Extent:
    """How far a sheet's cells reach: two cells far apart would take a whole rectangle of memory."""

    def __init__(self) -> None:
        self.cells = self.placed = self.rows = self.columns = self.last_row = 0

    def look(self, text: bytes) -> None:
        """Note the cells in a piece of XML that ends with a tag."""
        # Excel's own way to write a cell is looked for first: the general one is far slower.
        plain = plain_places(text)
        if plain is not None:
            count, last_row, last_column = plain
            self.cells += count
            self.placed += count
            self.rows, self.columns = max(self.rows, last_row), max(self.columns, last_column)
            rows = ROW.findall(text, max(0, text.rfind(b"<row")))
        else:
            self.cells += len(CELL.findall(text))
            places, rows = PLACE.findall(text), ROW.findall(text)
            self.placed += len(places)
            if places:
                letters, numbers = zip(*places, strict=True)
                self.rows = max(self.rows, *map(int, numbers))
                self.columns = max(self.columns, *map(_column, set(letters)))
        self.last_row = max(self.last_row, 0, *map(int, rows))

    def check(self) -> None:
        """Refuse a sheet that is too long, too wide, or too large a rectangle."""
        rows, columns = self.rows, self.columns
        adrift = self.cells - self.placed
        # A cell may leave its place out, and stands behind the one before: anywhere, at worst.
        if adrift and max(rows, self.last_row, adrift) * (columns + adrift) > MAX_SHEET_CELLS:
            raise refusals.damaged("Excel", "cells do not say where they stand")
        if rows > refusals.MAX_ROWS:
            raise refusals.too_many_rows()
        if columns > refusals.MAX_COLUMNS:
            raise refusals.too_many_columns(columns)
        if rows * columns > MAX_SHEET_CELLS:
            raise refusals.refuse(
                "sheet_area",
                N_(
                    "A sheet's cells reach over {rows} rows and {columns} columns, more than the "
                    "{limit} cells allowed: delete what lies apart from the table, or save the "
                    "sheet as CSV."
                ),
                rows=f"{rows:,}",
                columns=f"{columns:,}",
                limit=f"{MAX_SHEET_CELLS:,}",
            )


def plain_places(text: bytes) -> tuple[int, int, int] | None:
    """Give how many cells a piece of a sheet has, its last row and its last column.

    None if any cell is not written as ``<c r="AB12"``, and may stand anywhere.
    """
    data = np.frombuffer(text + bytes(len(OPENED) + LONGEST_PLACE), np.uint8)
    starts = np.flatnonzero(data[: len(text)] == OPENED[0])
    for offset, sign in enumerate(OPENED):
        starts = starts[data[starts + offset] == sign]
    if len(starts) != text.count(b"<c") or b":c" in text:
        return None
    if not len(starts):
        return 0, 0, 0
    signs = data[starts[:, None] + np.arange(len(OPENED), len(OPENED) + LONGEST_PLACE)]
    end = (signs == ord('"')).argmax(axis=1)  # 0 if there is none
    letters = ((signs < ord("A")) | (signs > ord("Z"))).argmax(axis=1)
    if (letters < 1).any() or (letters > 3).any() or (end <= letters).any():
        return None
    columns, rows = np.zeros(len(starts), np.int64), np.zeros(len(starts), np.int64)
    for place, found in enumerate(signs.T.astype(np.int64)):
        columns = np.where(place < letters, 26 * columns + found - ord("A") + 1, columns)
        within = (place >= letters) & (place < end)
        if (within & ((found < ord("0")) | (found > ord("9")))).any():
            return None
        rows = np.where(within, 10 * rows + found - ord("0"), rows)
    return len(starts), int(rows.max()), int(columns.max())


def _column(letters: bytes) -> int:
    """Give the number of a column by its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


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


def _no_workbook(names: Sequence[str]) -> SeriesError:
    form = "ods" if "content.xml" in names else "xlsb" if "xl/workbook.bin" in names else ""
    if form:
        return refusals.refuse(
            "other_workbook",
            N_("This is a spreadsheet of another kind ({form}): save it as xlsx or CSV."),
            form=form,
        )
    return refusals.refuse(
        "zip",
        N_(
            "The file is a zip, but no Excel workbook (xlsx): unpack it and upload the table in it."
        ),
    )


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
