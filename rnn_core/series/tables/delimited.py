"""Reading delimited text: comma, semicolon, tab, pipe or blanks between the cells."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_
from rnn_core.series.tables import refusals
from rnn_core.series.tables.cutting import CANDIDATES, WIDE, cells_of, sniff, trim
from rnn_core.series.tables.encoding import to_utf8
from rnn_core.series.tables.grid import Grid
from rnn_core.series.tables.layout import COMMENTS, RULE, TOP_ROWS, Layout, is_word, lay_out
from rnn_core.series.tables.plain import plain_columns
from rnn_core.series.tables.reading import NONE, Reading

CHUNK_ROWS = 5000
COMMENT_LINE = re.compile(rb"(?:^|[\r\n])[ \t]*(?:#|//|%)")
MARKUP = re.compile(rb"\s*(?:<(?:!doctype|html|\?xml|table|head|body|!--)|\{\\rtf)", re.IGNORECASE)
FORMULA_TEXT = re.compile(rb'(^|[,;\t|\r\n])="([^"\r\n]{0,200})"(?=[,;\t|\r\n]|$)')
SHORTEST_RULE = 5  # what is shorter can stand for a missing value
LONGEST_LINE = 1_000_000  # of those that the delimiter is found by
FILLED = re.compile(r"[^\s,;|]")

Rows = Iterator[tuple[int, list[str]]]


def read_text(data: bytes, reading: Reading) -> Grid:
    """Read a delimited text; ``SeriesError`` if it is empty, not text, ragged or too large."""
    data, encoding = to_utf8(data, reading.encoding)
    if MARKUP.match(data):
        raise refusals.refuse(
            "markup",
            N_(
                "The file is a web page or a document (HTML, XML or RTF), not a table: open it in "
                "a spreadsheet, save it as CSV or xlsx, and upload that."
            ),
        )
    if b'="' in data:
        data = FORMULA_TEXT.sub(rb'\1"\2"', data)  # how a spreadsheet is told to keep a text
    # A table may have a blank line below each row, but not nothing but blank lines.
    if max(data.count(b"\n"), data.count(b"\r")) > 2 * refusals.MAX_ROWS + TOP_ROWS:
        raise refusals.too_many_rows()
    top, lines, declared = _begin(data)
    if not any(FILLED.search(line) for line in lines):
        raise refusals.empty()
    delimiter = reading.delimiter or declared or sniff(lines)
    if reading.delimiter == " " and sniff(lines) == WIDE:
        delimiter = WIDE
    delimiter = "" if delimiter == NONE else delimiter
    first = list(itertools.islice(_rows(data, delimiter, top), TOP_ROWS))
    first = [(number, row) for number, row in first if any(row) and not _is_rule(row)] or first
    comment = _named_by_comment(data, top, delimiter, first)
    if comment:
        first.insert(0, comment)
    common = Counter(len(row) for _, row in first).most_common(1)[0][0]
    cleaned = [[cell.strip() for cell in row] for _, row in first]
    filled = max(len(trim(row)) for row in cleaned)
    if filled < common and any(len(row) == filled for row in cleaned):
        common = filled  # nothing but delimiters at the end of the others
        cleaned = [row[:filled] for row in cleaned]
    layout = lay_out(
        [row if len(row) <= common else [*row[:common], *trim(row[common:])] for row in cleaned],
        [number for number, _ in first],
        reading.header,
        delimiter,
    )
    if layout.width > refusals.MAX_COLUMNS:
        raise refusals.too_many_columns(layout.width)
    body = first[layout.body][0] if layout.body < len(first) else first[-1][0] + 1
    columns, numbers, notes = _body(data, delimiter, top, body, layout.width)
    if not len(numbers) and layout.header is None:
        raise refusals.empty()
    header_row = 0 if layout.header is None else first[layout.header][0]
    above = (header_row or body) - 1
    return _without_empty_ends(
        layout, columns, numbers, header_row, encoding, delimiter, above + notes
    )


def _begin(data: bytes) -> tuple[int, list[str], str]:
    """Give how many lines to pass over, the lines that follow, and a delimiter in ``sep=;``."""
    lines = io.TextIOWrapper(io.BytesIO(data), "utf-8", newline="")
    top, declared = 0, ""
    kept: list[str] = []
    while len(kept) < TOP_ROWS and sum(map(len, kept)) < LONGEST_LINE:
        line = lines.readline(LONGEST_LINE)
        if not line:
            break
        if not kept:
            plain = line.strip()
            found = re.fullmatch(r'"?sep=(.)"?', line.rstrip("\r\n"), re.IGNORECASE)
            if found and found[1] in CANDIDATES:
                declared = found[1]
            if found or not plain or _is_comment(plain):
                top += 1
                continue
        kept.append(line)
    return top, kept, declared


def _is_comment(line: str) -> bool:
    return line.startswith(COMMENTS)


def _named_by_comment(
    data: bytes, top: int, delimiter: str, first: list[tuple[int, list[str]]]
) -> tuple[int, list[str]] | None:
    """Give the last comment above the table as a row, if it has a name for every column."""
    if not top or not first:
        return None
    lines = io.TextIOWrapper(io.BytesIO(data), "utf-8", newline="")
    above = list(itertools.islice((line[:LONGEST_LINE] for line in lines), top))
    place = next((at for at in range(top - 1, -1, -1) if above[at].strip()), None)
    if place is None or not above[place].startswith("#"):
        return None
    text = above[place].lstrip("#").strip()
    try:
        cells = next(cells_of(iter([text]), delimiter))
    except (csv.Error, StopIteration):
        return None
    cells = [cell.strip() for cell in cells]
    width = Counter(len(row) for _, row in first).most_common(1)[0][0]
    if above[place].startswith("#" + delimiter) and delimiter and len(cells) == width - 1:
        cells = ["#", *cells]  # a column that is called so
    return (place + 1, cells) if len(cells) == width and all(cells) else None


def _rows(data: bytes, delimiter: str, top: int) -> Rows:
    """Give each row below the first ``top`` lines with its number in the file, from 1.

    Blank lines are counted and passed over.
    """
    records = cells_of(itertools.islice(_lines(data), top, None), delimiter)
    number = top
    while True:
        number += 1
        row = _next(records, 1, number)
        if not row:
            return
        if row[0]:
            yield number, row[0]


def _lines(data: bytes) -> Iterator[str]:
    return io.TextIOWrapper(io.BytesIO(data), "utf-8", newline="")


def _next(records: Iterator[list[str]], most: int, number: int) -> list[list[str]]:
    """Give the next rows, the first of which has a number in the file."""
    rows: list[list[str]] = []
    try:
        rows.extend(itertools.islice(records, most))
    except csv.Error as error:
        raise refusals.refuse(
            "quotes",
            N_(
                "Row {row} cannot be cut into cells ({reason}): look for a quotation mark that "
                "is opened and not closed."
            ),
            row=number + len(rows),
            reason=str(error),
        ) from error
    return rows


def _is_rule(row: list[str]) -> bool:
    """Whether a row is a line that is drawn below a header, as in Markdown."""
    line = "|".join(row)
    return len(line) >= SHORTEST_RULE and RULE.fullmatch(line) is not None


def _body(
    data: bytes, delimiter: str, top: int, body: int, width: int
) -> tuple[list[Any], NDArray[np.int64], int]:
    """Give the columns as pyarrow texts, the rows' numbers, and how many notes came below."""
    import pyarrow as pa
    import pyarrow.compute as pc

    chunks: list[list[Any]] = [[] for _ in range(width)]
    numbers: list[NDArray[np.int64]] = []
    notes: list[tuple[int, list[str]]] = []
    passed = count = 0
    signed = any(sign.encode() in data for sign in COMMENTS)  # the search below is far slower
    has_comments = signed and COMMENT_LINE.search(data) is not None
    whole = None if has_comments else plain_columns(data, delimiter, body, width)
    if whole is not None:
        return whole, np.arange(body, body + len(whole[0])), 0
    records = cells_of(itertools.islice(_lines(data), top, None), delimiter)
    above = max(0, body - top - 1)  # the first row may be a comment that turned out to name nothing
    number = top + len(_next(records, above, top + 1)) + 1
    while cut := _next(records, CHUNK_ROWS, number):
        places = np.arange(number, number + len(cut))
        number += len(cut)
        if (
            set(map(len, cut)) != {width}
            or notes
            or (has_comments and any(row[0].startswith(COMMENTS) for row in cut))
        ):
            kept = list(_even(zip(places.tolist(), cut, strict=True), width, notes))
            passed += sum(1 for row in cut if row) - len(kept)
            if not kept:
                continue
            places = np.array([place for place, _ in kept])
            cut = [row for _, row in kept]
        count += len(cut)
        if count > refusals.MAX_ROWS:
            raise refusals.too_many_rows()
        numbers.append(places)
        for column, cells in zip(chunks, zip(*cut, strict=True), strict=True):
            column.append(pc.utf8_trim_whitespace(pa.array(cells, pa.string())))
    if not numbers:
        return [pa.array([], pa.string()) for _ in chunks], np.zeros(0, np.int64), 0
    columns = []
    for place, column in enumerate(chunks):
        columns.append(pa.concat_arrays(column))
        chunks[place] = []
    return columns, np.concatenate(numbers), passed


def _even(
    rows: Iterable[tuple[int, list[str]]], width: int, notes: list[tuple[int, list[str]]]
) -> Rows:
    """Give the rows of the right width; comments are left out, and notes below the table.

    A blank line is a missing value in a single column, and nothing elsewhere.
    """
    for number, row in rows:
        if not row:
            if width == 1:
                yield number, [""]
            continue
        if len(row) > width and not any(cell.strip() for cell in row[width:]):
            row = row[:width]
        if row[0].startswith(COMMENTS) and (len(row) != width or width == 1):
            continue
        if len(row) != width:
            if _is_rule(row):
                continue
            if len(trim(row)) > 1 or not row[0].strip() or not is_word(row[0].strip()):
                raise refusals.ragged(number, len(row), width)
            notes.append((number, row))
        elif notes:  # it was not below the table
            raise refusals.ragged(notes[0][0], len(notes[0][1]), width)
        else:
            yield number, row


def _without_empty_ends(
    layout: Layout,
    columns: list[Any],
    numbers: NDArray[np.int64],
    header_row: int,
    encoding: str,
    delimiter: str,
    passed_over: int,
) -> Grid:
    """Leave out empty rows at the end, and nameless empty columns there: spreadsheets make them."""
    import pyarrow.compute as pc

    end, kept = 0, len(columns)
    for place in range(len(columns) - 1, -1, -1):
        filled = pc.not_equal(columns[place], "").to_numpy(zero_copy_only=False)
        last = len(filled) - int(filled[::-1].argmax()) if filled.any() else 0
        end = max(end, last)
        if place == kept - 1 and kept > 1 and not last and not layout.names[place]:
            kept = place
    if not end and not any(layout.names):
        raise refusals.empty()
    return Grid(
        names=layout.names[:kept],
        columns=[column[:end] for column in columns[:kept]],
        numbers=numbers[:end],
        header_row=header_row,
        units=layout.units[:kept],
        encoding=encoding,
        delimiter=delimiter.strip(" ") or delimiter[:1],
        passed_over=passed_over,
    )
