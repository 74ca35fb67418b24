"""Reading JSON: records, columns, rows, one object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rnn_core.messages import N_, SeriesError
from rnn_core.series.tables import refusals
from rnn_core.series.tables.encoding import to_utf8
from rnn_core.series.tables.excel import grid_of_rows
from rnn_core.series.tables.grid import Grid, column_of
from rnn_core.series.tables.reading import Reading

WRAPPERS = ("data", "records", "rows", "values", "results", "items", "observations", "series")
DEEPEST = 50
OPENED = re.compile(rb"[\[{]")


def is_json(data: bytes) -> bool:
    """Tell whether a text begins as JSON: with a bracket and what can stand behind one."""
    head = data[:400].removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n")
    return bool(re.match(rb'\{\s*("|\}|$)|\[\s*(["\[\]{0-9tfn-]|$)', head)) and (
        not re.match(rb"\[[^\]\"{}\[,]*\]\s*[,;\t|]", head)  # a header in brackets
    )


def read_json(data: bytes, reading: Reading) -> Grid:
    """Read JSON; ``SeriesError`` if it is none, too deep, too large, or has no table in it."""
    data, encoding = to_utf8(data, reading.encoding)
    # Every record and every row is a bracket; a mapping takes some hundred bytes of memory.
    if data.count(b"{") + data.count(b"[") > refusals.MAX_ROWS + 2 * refusals.MAX_COLUMNS:
        raise refusals.too_many_rows()
    if data.count(b",") > refusals.MAX_CELLS // 2:
        raise refusals.unpacks_too_large(refusals.MAX_CELLS * 8)
    content = _unwrap(_load(data))
    if isinstance(content, dict):
        return _of_columns(content, encoding)
    if not isinstance(content, list):
        raise _no_table()
    if not content:
        raise refusals.empty()
    if all(isinstance(row, dict) for row in content):
        return _of_records(content, encoding)
    if all(isinstance(row, list) for row in content):
        return grid_of_rows(content, reading, encoding=encoding)
    if all(_is_cell(row) for row in content):
        return _grid({"value": content}, encoding)
    raise _no_table()


def _load(data: bytes) -> Any:
    try:
        return json.loads(data)
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        if getattr(error, "msg", "") == "Extra data":
            return _lines(data)
        raise _not_json(error) from error


def _lines(data: bytes) -> list[Any]:
    """Read one object or row a line."""
    rows = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            rows.append(json.loads(line))
        except RecursionError as error:
            raise _too_deep() from error
        except ValueError as error:
            raise _not_json(error, number) from error
        if len(rows) > refusals.MAX_ROWS:
            raise refusals.too_many_rows()
    return rows


def _unwrap(content: Any) -> Any:
    """Take a table out of what is wrapped around it, such as ``{"data": […]}``."""
    for _ in range(3):
        if not isinstance(content, dict):
            break
        if _is_split(content):
            names, rows = content["columns"], content["data"]
            if not all(isinstance(row, list) and len(row) == len(names) for row in rows):
                raise _no_table()
            return [names, *rows]
        inner = [
            content[name]
            for name in WRAPPERS
            if isinstance(content.get(name), dict | list) and _is_table(content[name])
        ]
        if not inner:
            break
        content = inner[0]
    return content


def _is_split(content: Mapping[str, Any]) -> bool:
    names, rows = content.get("columns"), content.get("data")
    return (
        isinstance(names, list)
        and isinstance(rows, list)
        and all(isinstance(name, str) for name in names)
    )


def _is_table(content: Any) -> bool:
    if isinstance(content, dict):
        return any(isinstance(value, list | dict) for value in content.values())
    return bool(content) and isinstance(content[0], dict | list)


def _is_cell(value: Any) -> bool:
    return not isinstance(value, list | dict)


def _of_records(records: Sequence[Mapping[str, Any]], encoding: str) -> Grid:
    names: dict[str, None] = {}
    for record in records:
        names.update(dict.fromkeys(record))
        if len(names) > refusals.MAX_COLUMNS:
            raise refusals.too_many_columns(len(names))
    if len(names) * len(records) > refusals.MAX_CELLS:
        raise refusals.unpacks_too_large(refusals.MAX_CELLS * 8)
    columns = {}
    for name in names:
        cells = [record.get(name) for record in records]
        if all(map(_is_cell, cells)):
            columns[name] = cells
    return _grid(columns, encoding)


def _of_columns(content: Mapping[str, Any], encoding: str) -> Grid:
    """Read ``{"x": [1, 2], …}``, ``{"x": {"0": 1, …}, …}`` or ``{"2020-01": 1, …}``."""
    if len(content) > refusals.MAX_COLUMNS and any(not _is_cell(v) for v in content.values()):
        raise refusals.too_many_columns(len(content))
    lists = {name: cells for name, cells in content.items() if isinstance(cells, list)}
    if lists and all(map(_is_cell, content.values())) is False and len(lists) * 2 >= len(content):
        lengths = {name: len(cells) for name, cells in lists.items()}
        if len(set(lengths.values())) > 1:
            short = min(lengths, key=lambda name: lengths[name])
            raise refusals.refuse(
                "json_lengths",
                N_(
                    "Column '{column}' has {cells} values, but others have {most}: give every "
                    "column as many."
                ),
                column=refusals.quote(short),
                cells=f"{lengths[short]:,}",
                most=f"{max(lengths.values()):,}",
            )
        flat = {name: cells for name, cells in lists.items() if all(map(_is_cell, cells))}
        return _grid(flat, encoding)
    inner = {name: cells for name, cells in content.items() if isinstance(cells, dict)}
    if inner and len(inner) == len(content):
        return _of_mappings(inner, encoding)
    if content and all(map(_is_cell, content.values())):
        return _grid({"": list(content), "value": list(content.values())}, encoding)
    raise _no_table()


def _of_mappings(content: Mapping[str, Mapping[str, Any]], encoding: str) -> Grid:
    keys = list(dict.fromkeys(key for cells in content.values() for key in cells))
    if len(keys) * len(content) > refusals.MAX_CELLS:
        raise refusals.unpacks_too_large(refusals.MAX_CELLS * 8)
    columns: dict[str, list[Any]] = {}
    if keys != [str(place) for place in range(len(keys))]:
        columns[""] = keys
    for name, cells in content.items():
        column = [cells.get(key) for key in keys]
        if all(map(_is_cell, column)):
            columns[name] = column
    return _grid(columns, encoding)


def _grid(columns: Mapping[str, Sequence[Any]], encoding: str) -> Grid:
    rows = max(map(len, columns.values()), default=0)
    if not columns:
        raise _no_table()
    if not rows:
        raise refusals.empty()
    if rows > refusals.MAX_ROWS:
        raise refusals.too_many_rows()
    if len(columns) > refusals.MAX_COLUMNS:
        raise refusals.too_many_columns(len(columns))
    return Grid(
        names=list(columns),
        columns=[column_of(cells) for cells in columns.values()],
        numbers=np.arange(1, rows + 1),
        encoding=encoding,
    )


def _not_json(error: ValueError, line: int = 0) -> SeriesError:
    return refusals.refuse(
        "not_json",
        N_(
            "The file begins like JSON, but line {line} cannot be read ({reason}): correct it "
            "there, or save the table as CSV."
        ),
        line=line or getattr(error, "lineno", 1),
        reason=refusals.quote(getattr(error, "msg", "") or type(error).__name__),
    )


def _too_deep() -> SeriesError:
    return refusals.refuse(
        "json_depth",
        N_("The JSON is nested too deep: give a list of records, or a list for each column."),
    )


def _no_table() -> SeriesError:
    return refusals.refuse(
        "json_shape",
        N_(
            "The JSON holds no table: give a list of records with the same names, or a list of "
            "equal length for each column."
        ),
    )
