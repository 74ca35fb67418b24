"""Unpacking a workbook within bounds: what is made to cost memory is refused before it does."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence

import numpy as np

from rnn_core.messages import N_, SeriesError
from rnn_core.series.tables import refusals

MAX_UNPACKED = 250_000_000
MAX_RATIO = 300  # of a part above SMALL; sheets of one number over and over stay below 100
SMALL = 1_000_000
MAX_DIRECTORY = 1_000_000
MAX_SHEET_CELLS = 5_000_000  # of the rectangle around all that is filled
PIECE = 1 << 20
UNSAFE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
OPENED = b'<c r="'
LONGEST_PLACE = 13  # three letters, nine digits and the quotation mark
CELL = re.compile(rb"""<(?:\w{1,20}:)?c[\s/>]""")
PARTS = re.compile(
    r"(\[Content_Types\]\.xml|.*\.rels|.*/(workbook|styles|sharedStrings)\.xml"
    r"|.*sheets?/.*\.xml)",
    re.IGNORECASE,
)
PLACE = re.compile(
    rb"""<(?:\w{1,20}:)?c\s[^<>]{0,300}?\br\s*=\s*["']([A-Za-z]{1,4})([0-9]{1,9})["']"""
)
ROW = re.compile(rb"""<(?:\w{1,20}:)?row\b[^<>]{0,300}?\br\s*=\s*["']([0-9]{1,9})["']""")


def repacked(data: bytes) -> io.BytesIO:
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
