"""Reading JSON: records, columns, rows, one object a line."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from rnn_core.messages import N_, SeriesError
from rnn_core.series.tables import refusals
from rnn_core.series.tables.encoding import to_utf8
from rnn_core.series.tables.excel import grid_of_rows
from rnn_core.series.tables.forms import form_of_text
from rnn_core.series.tables.grid import Grid, column_of
from rnn_core.series.tables.reading import Reading

WRAPPERS = (
    "data",
    "records",
    "rows",
    "values",
    "results",
    "result",
    "items",
    "observations",
    "series",
)
WIDEST = 100  # values of an object or a list that a table is looked for in


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
    labelled = _of_labelled(content) if isinstance(content, list) else None
    if labelled is not None:
        return grid_of_rows(labelled, reading, encoding=encoding)
    if not _is_whole(content):
        content = _largest_inside(content, content)
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
    if _are_cells(content):
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
            return _of_split(content)
        inner = [
            content[name]
            for name in WRAPPERS
            if isinstance(content.get(name), dict | list) and _is_table(content[name])
        ]
        if not inner:
            break
        content = inner[0]
    return content


def _of_split(content: Mapping[str, Any]) -> Any:
    """Give what pandas calls "split" as columns, or as rows where two have the same name."""
    names, rows = [str(name) for name in content["columns"]], content["data"]
    if not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        raise _no_table()
    index = content.get("index")
    if isinstance(index, list) and len(index) == len(rows) and not _counts(index):
        names, rows = ["", *names], [[at, *row] for at, row in zip(index, rows, strict=True)]
    if not rows or len(set(names)) < len(names):
        return [names, *rows]
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def _of_labelled(content: Sequence[Any]) -> list[Any] | None:
    """Give the series of a monitoring system, each with its labels and pairs of time and value.

    As Prometheus answers, https://prometheus.io/docs/prometheus/latest/querying/api; one row for
    each pair, with the labels that tell the series apart. None if it is no such list.
    """
    if not content or not all(
        isinstance(each, dict)
        and isinstance(each.get("metric"), dict)
        and isinstance(each.get("values"), list)
        and all(isinstance(pair, list) and len(pair) == 2 for pair in each["values"])
        for each in content
    ):
        return None
    labels = [{key: str(text) for key, text in each["metric"].items()} for each in content]
    known = dict.fromkeys(key for each in labels for key in each)
    apart = [key for key in known if len({each.get(key, "") for each in labels}) > 1]
    rows: list[Any] = [["series", "time", "value"]]
    for each, label in zip(content, labels, strict=True):
        said = [f"{key}={label[key]}" for key in apart if key in label]
        name = ", ".join(said) or label.get("__name__", "value")
        rows += [[name, *pair] for pair in each["values"]]
    return rows


def _is_whole(content: Any) -> bool:
    """Whether nothing better than the whole of it can be expected inside."""
    if isinstance(content, list):
        if len(content) > 1 and {dict, list} == set(map(type, content)):
            return False  # what is said of the table, and the table
        return len(content) > 1 or not content or not isinstance(content[0], dict)
    if not isinstance(content, dict):
        return True
    values = list(content.values())
    lists = [value for value in values if isinstance(value, list)]
    if lists and 2 * len(lists) >= len(values) and _are_cells(lists[0]):
        return True
    inner = [value for value in values if isinstance(value, dict)]
    if inner and len(inner) == len(values):
        if len(inner) < 2:
            return _are_cells(inner[0].values())
        return bool(set(inner[0]) & set(inner[-1]))
    return _are_cells(values)


def _largest_inside(content: Any, otherwise: Any, deep: int = 5) -> Any:
    """Give the table with the most cells among what is nested in JSON."""
    best, most = otherwise, 0
    values = content.values() if isinstance(content, dict) else content
    for value in itertools.islice(values, WIDEST):
        if _is_cell(value) or not value:
            continue
        cells = _cells_of(value)
        if cells > most:
            best, most = value, cells
        if deep:
            inside = _largest_inside(value, None, deep - 1)
            if inside is not None and _cells_of(inside) > most:
                best, most = inside, _cells_of(inside)
    return best


def _cells_of(content: Any) -> int:
    """Count the cells of a table, 0 for what is none, by its first rows or columns."""
    inner = list(itertools.islice(content.values() if isinstance(content, dict) else content, 2))
    if len(inner) < 2 and not (inner and isinstance(inner[0], list | dict)):
        return 0
    if isinstance(content, dict) and (lists := _columns_in(content)):
        return len(lists) * len(lists[0])
    if all(isinstance(row, dict) for row in inner) and len(inner) > 1:
        return len(content) * len(inner[0]) if set(inner[0]) & set(inner[1]) else 0
    if isinstance(content, list) and all(isinstance(row, list) for row in inner):
        return len(content) * len(inner[0]) if len(content) > 1 else 0
    return 0


def _columns_in(content: Mapping[str, Any]) -> list[list[Any]]:
    """Give what can be columns of a table among values: lists of equally many cells."""
    lists = [value for value in content.values() if isinstance(value, list)]
    same = len(lists) > 1 and len(set(map(len, lists))) == 1 and len(lists[0]) > 1
    return lists if same and _are_cells(lists[0]) else []


def _is_split(content: Mapping[str, Any]) -> bool:
    names, rows = content.get("columns"), content.get("data")
    return (
        isinstance(names, list)
        and isinstance(rows, list)
        and all(isinstance(name, str | int | float) for name in names)
    )


def _counts(keys: Sequence[Any]) -> bool:
    """Whether keys are nothing but the numbers from 0, as numbers or texts."""
    return [str(key) for key in keys] == [str(place) for place in range(len(keys))]


def _is_table(content: Any) -> bool:
    if isinstance(content, dict):
        return any(isinstance(value, list | dict) for value in content.values())
    return bool(content) and isinstance(content[0], dict | list)


def _is_cell(value: Any) -> bool:
    return not isinstance(value, list | dict)


def _are_cells(values: Iterable[Any]) -> bool:
    return not {list, dict} & set(map(type, values))


def _of_records(records: Sequence[Mapping[str, Any]], encoding: str) -> Grid:
    names: dict[str, None] = dict.fromkeys(records[0] if records else ())
    if set().union(*records) != set(names):  # most often all have the same, which is quickly seen
        for record in records:
            names.update(dict.fromkeys(record))
            if len(names) > refusals.MAX_COLUMNS:
                break
    if len(names) > refusals.MAX_COLUMNS:
        raise refusals.too_many_columns(len(names))
    if len(names) * len(records) > refusals.MAX_CELLS:
        raise refusals.unpacks_too_large(refusals.MAX_CELLS * 8)
    columns: dict[str, list[Any]] = {}
    for name in names:
        _take(name, [record.get(name) for record in records], columns)
    return _grid(columns, encoding)


def _take(name: str, cells: list[Any], columns: dict[str, list[Any]], deep: int = 3) -> None:
    """Take a column, and as columns of their own what is in the objects in it, as "main.temp"."""
    kinds = set(map(type, cells))
    if not kinds & {list, dict}:
        columns[name] = cells
    elif deep and kinds <= {dict, type(None)}:
        inner: dict[str, None] = {}
        for cell in cells:
            inner.update(dict.fromkeys(cell or ()))
            if len(inner) + len(columns) > refusals.MAX_COLUMNS:
                raise refusals.too_many_columns(len(inner) + len(columns))
        if (len(inner) + len(columns)) * len(cells) > refusals.MAX_CELLS:
            raise refusals.unpacks_too_large(refusals.MAX_CELLS * 8)
        for key in inner:
            _take(f"{name}.{key}", [cell.get(key) if cell else None for cell in cells], columns,
                  deep - 1)  # fmt: skip


def _of_columns(content: Mapping[str, Any], encoding: str) -> Grid:
    """Read ``{"x": [1, 2], …}``, ``{"x": {"0": 1, …}, …}`` or ``{"2020-01": 1, …}``."""
    lists = {name: cells for name, cells in content.items() if isinstance(cells, list)}
    if len(lists) > refusals.MAX_COLUMNS:
        raise refusals.too_many_columns(len(lists))
    if lists and (len(lists) * 2 >= len(content) or _columns_in(content)):
        lengths = {name: len(cells) for name, cells in lists.items()}
        if len(set(lengths.values())) > 1:
            short = min(lengths, key=lambda name: lengths[name])
            raise refusals.refuse(
                "json_lengths",
                N_(
                    "Values in column '{column}': {cells}, but {most} in others: give every column "
                    "as many."
                ),
                column=refusals.quote(short),
                cells=f"{lengths[short]:,}",
                most=f"{max(lengths.values()):,}",
            )
        flat = {name: cells for name, cells in lists.items() if _are_cells(cells)}
        return _grid(flat, encoding)
    inner = {name: cells for name, cells in content.items() if isinstance(cells, dict)}
    if inner and len(inner) == len(content):
        return _of_mappings(inner, encoding)
    if content and _are_cells(content.values()):
        return _grid({"": list(content), "value": list(content.values())}, encoding)
    raise _no_table()


def _of_mappings(content: Mapping[str, Mapping[str, Any]], encoding: str) -> Grid:
    inside = list(next(iter(content.values())))
    if (
        _counts(list(content))
        and not (_counts(inside) or any(map(form_of_text, inside[:3])))
        and (len(content) >= len(inside) or _is_mixed(content["0"].values()))
    ):
        return _of_records(list(content.values()), encoding)  # each key is the number of a row
    if len(content) > 2 and all(map(form_of_text, itertools.islice(content, 3))):
        # Each key is a time, and stands for a row.
        return _of_records([{"time": key, **cells} for key, cells in content.items()], encoding)
    if len(content) > refusals.MAX_COLUMNS:
        raise refusals.too_many_columns(len(content))
    keys = list(dict.fromkeys(key for cells in content.values() for key in cells))
    if len(keys) * len(content) > refusals.MAX_CELLS:
        raise refusals.unpacks_too_large(refusals.MAX_CELLS * 8)
    columns: dict[str, list[Any]] = {}
    if keys != [str(place) for place in range(len(keys))]:
        columns[""] = keys
    for name, cells in content.items():
        column = [cells.get(key) for key in keys]
        if _are_cells(column):
            columns[name] = column
    return _grid(columns, encoding)


def _is_mixed(cells: Iterable[Any]) -> bool:
    """Whether there are texts and others among cells, as in a row and not in a column."""
    kinds = set(map(type, cells)) - {type(None)}
    return str in kinds and len(kinds) > 1


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
