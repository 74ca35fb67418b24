"""Reading the rows of a plain text many at a time, where that gives what reading them singly does.

A text is plain if it has no quotation mark, no line that a carriage return alone ends and no blank
line: then a cell is what stands between two delimiters, whoever cuts it.
"""

from __future__ import annotations

import codecs
import csv
from typing import Any

from rnn_core.series.tables import refusals

ONE_SIGN = (",", ";", "\t", "|")
LEAST_BYTES = 50_000  # below, it makes no difference
BLOCK = 4_000_000  # bytes that are cut by one thread
FEW = 100


def plain_columns(data: bytes, delimiter: str, body: int, width: int) -> list[Any] | None:
    """Give the rows from line ``body`` (from 1) of UTF-8 as ``width`` columns of pyarrow texts.

    The texts have no blanks around them. None if the text is not plain, or a row has another
    number of cells: then it has to be read row by row, to pass over what is no row or to say which
    one is wrong. Comments are not looked for.
    """
    if len(data) < LEAST_BYTES or width < 2 or delimiter not in ONE_SIGN or b'"' in data:
        return None
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return None
    begin, end = _line(data, body), len(data) - _trailing(data)
    if begin >= end or data.startswith(codecs.BOM_UTF8, begin):  # a mark there is part of a cell
        return None
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv as arrow

    names = [str(place) for place in range(width)]
    # Memory of Arrow's own: a thread of its pool may let go of it when Python has ended already.
    rows = pa.BufferOutputStream()
    rows.write(memoryview(data)[begin:end])
    try:
        table = arrow.read_csv(
            pa.BufferReader(rows.getvalue()),
            read_options=arrow.ReadOptions(column_names=names, block_size=BLOCK),
            parse_options=arrow.ParseOptions(delimiter=delimiter, quote_char=False),
            convert_options=arrow.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows > refusals.MAX_ROWS or table.num_rows <= data.count(b"\n", begin, end):
        return None  # blank lines were passed over, which are counted
    columns = []
    for place in range(width):
        cells = table.column(place)
        if pc.max(pc.binary_length(cells)).as_py() > csv.field_size_limit():
            return None
        columns.append(pc.utf8_trim_whitespace(cells).combine_chunks())
    return columns


def _line(data: bytes, number: int) -> int:
    """Give where a line begins, the end of the text if there is none of that number."""
    begin = 0
    for _ in range(number - 1):
        begin = data.find(b"\n", begin) + 1
        if not begin:
            return len(data)
    return begin


def _trailing(data: bytes) -> int:
    """Count the ends of lines behind the last row, a few of which many programs write."""
    last = data[-FEW:]
    return len(last) - len(last.rstrip(b"\r\n"))
