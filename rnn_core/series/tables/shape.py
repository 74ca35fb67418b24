"""Tables that do not have one row for each time: turned, or with months beside the years."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_, SeriesError
from rnn_core.series.tables import refusals
from rnn_core.series.tables.column_form import form_of
from rnn_core.series.tables.flags import are_flags, without_flag
from rnn_core.series.tables.forms import form_of_text, month_of
from rnn_core.series.tables.grid import Grid, column_of
from rnn_core.series.tables.names import is_named_as_time
from rnn_core.series.tables.numerals import MISSING
from rnn_core.series.tables.reading import Reading
from rnn_core.series.tables.times import parse_times

LEAST_TIMES = 3  # in a header, for its rows to be series
LEAST_BEFORE = 6  # times in a header, to leave out what is behind them
MOST_BEHIND = 2
MOST_YEARS = 2000
MOST_LABELS = 8  # columns before the first time
PERIODS = {12: "-", 4: "Q"}
YEAR_AGAIN = re.compile(r"\s*\[YR[0-9]{4}\]$")  # as the World Bank writes its years


def shaped(grid: Grid, reading: Reading) -> tuple[Grid, str]:
    """Give a grid with one row for each time, and how the one in the file lay.

    That is "columns" if nothing had to be done, "rows" if each row was a series, "calendar" if
    there were years down and months or quarters across, or the other way round. Raises
    ``SeriesError`` if the grid cannot lie as was chosen.
    """
    wanted = reading.shape
    if wanted == "columns" or not len(grid.numbers):
        return grid, "columns"
    if wanted in ("", "calendar"):
        unfolded = _unfolded(grid)
        if unfolded is not None:
            return unfolded, "calendar"
        if wanted:
            raise _no_calendar()
    if not wanted:
        grid = _without_columns_behind(grid)
    if wanted == "rows" or _has_times_across(grid) or _is_one_row(grid):
        if len(grid.numbers) < refusals.MAX_COLUMNS:
            return _turned(grid), "rows"
        if wanted:
            raise refusals.too_many_columns(len(grid.numbers) + 1)
    return grid, "columns"


def _has_times_across(grid: Grid) -> bool:
    """Whether the names are times that go up or down, but for a few labels before them."""
    names = _names(grid)
    times = _first_time(names)
    if times is None or len(names) - times < LEAST_TIMES or times > MOST_LABELS:
        return False
    for name, column in zip(names, grid.columns[:times], strict=False):
        if form_of(_texts(column)) or (is_named_as_time(name) and _is_numeric(column)):
            return False  # there are times below one another
    read = _read(names[times:])
    steps = np.diff(read).astype(np.int64)
    return not np.isnat(read).any() and bool((steps > 0).all() or (steps < 0).all())


def _without_columns_behind(grid: Grid) -> Grid:
    """Leave out up to two columns behind the times across, such as a total or a remark."""
    names = _names(grid)
    for behind in range(1, MOST_BEHIND + 1):
        if len(names) <= behind or form_of_text(names[-1]) or not form_of_text(names[-behind - 1]):
            continue
        times = len(names) - behind - (_first_time(names[:-behind]) or 0)
        columns, units = grid.columns[:-behind], grid.units[:-behind]
        shorter = dataclasses.replace(
            grid, names=grid.names[:-behind], columns=columns, units=units
        )
        if times >= LEAST_BEFORE and _has_times_across(shorter):
            return shorter
    return grid


def _is_one_row(grid: Grid) -> bool:
    return len(grid.numbers) == 1 and not any(grid.names) and len(grid.names) >= LEAST_TIMES


def _turned(grid: Grid) -> Grid:
    """Make a column of each row. The numbers of the rows are those of the columns in the file."""
    names = _names(grid)
    first = _first_time(names)
    if first is None:
        numeric = [_is_numeric(column) for column in grid.columns]
        first = numeric.index(True) if True in numeric else 0
    cells = [_values(column) for column in grid.columns[first:]]
    flags = 0
    if _first_time(names) is not None:
        cells, flags = _without_flags(cells)
    rows = list(zip(*cells, strict=True))
    labels = _labels(grid, first)
    turned = [column_of(row) for row in rows]
    header, columns = labels, turned
    if _first_time(names) is not None:
        import pyarrow as pa

        header, columns = ["time", *labels], [pa.array(names[first:], pa.string()), *turned]
    places = np.arange(first, len(names)) + 1
    return dataclasses.replace(
        grid, names=header, columns=columns, numbers=places.astype(np.int64), units=(),
        flags=flags, zoned=(),
    )  # fmt: skip


def _without_flags(columns: Sequence[Sequence[Any]]) -> tuple[list[list[Any]], int]:
    """Leave out the letters behind numbers, and count them; a unit is left there."""
    texts = [[cell if isinstance(cell, str) else "" for cell in cells] for cells in columns]
    if not are_flags(list(zip(*texts, strict=True))):
        return [list(cells) for cells in columns], 0
    plain = [
        [without_flag(cell) if isinstance(cell, str) else cell for cell in cells]
        for cells in columns
    ]
    flags = sum(
        after != before
        for cells, column in zip(columns, plain, strict=True)
        for before, after in zip(cells, column, strict=True)
    )
    return plain, flags


def _labels(grid: Grid, first: int) -> list[str]:
    """Name each row by the first column that tells them apart, of texts if any, or by all."""
    texts = [
        [str(cell) if cell is not None else "" for cell in _values(column)]
        for column in grid.columns[:first]
    ]
    numeric = list(map(_is_numeric, grid.columns[:first]))
    for place in sorted(range(first), key=numeric.__getitem__):
        if len(set(texts[place])) == len(texts[place]):
            return texts[place]
    joined = [" ".join(filter(None, cells)) for cells in zip(*texts, strict=True)]
    return joined or [""] * len(grid.numbers)


def _unfolded(grid: Grid) -> Grid | None:
    """Put the months or quarters of all years behind one another; None if there are none."""
    names = _names(grid)
    if len(names) < 3 or not any(names) or len(grid.numbers) > MOST_YEARS:
        return None
    down = [str(cell) if cell is not None else "" for cell in _values(grid.columns[0])]
    for count in PERIODS:
        across = names[1 : count + 1]
        if _are_periods(across, count) and _are_years(down):
            cells = [_values(column) for column in grid.columns[1 : count + 1]]
            return _calendar(grid, down, list(zip(*cells, strict=True)), count, by_row=True)
        if _are_periods(down, count) and _are_years(names[1:]) and len(names) > 2:
            cells = [_values(column) for column in grid.columns[1:]]
            return _calendar(grid, names[1:], cells, count, by_row=False)
    return None


def _calendar(
    grid: Grid, years: Sequence[str], cells: Sequence[Sequence[Any]], count: int, *, by_row: bool
) -> Grid:
    """Make a grid of times and values, from the first that is filled to the last."""
    import pyarrow as pa

    width = 2 if count == 12 else 1
    times = [
        f"{year}{PERIODS[count]}{period:0{width}}"
        for year in years
        for period in range(1, count + 1)
    ]
    values = [cell for year in cells for cell in year]
    numbers = (
        np.repeat(grid.numbers, count) if by_row else np.tile(grid.numbers[:count], len(years))
    )
    filled = [place for place, cell in enumerate(values) if not _is_empty(cell)]
    begin, end = (filled[0], filled[-1] + 1) if filled else (0, len(values))
    return dataclasses.replace(
        grid,
        names=["time", "value"],
        columns=[pa.array(times[begin:end], pa.string()), column_of(values[begin:end])],
        numbers=numbers[begin:end],
        units=(),
        zoned=(),
    )


def _are_periods(names: Sequence[str], count: int) -> bool:
    """Whether names are those of all twelve months or four quarters, in their order."""
    if len(names) != count:
        return False
    if count == 12:
        found = [month_of(name.lower()) or _whole(name) for name in names]
    else:
        found = [_whole(name[1:]) if name[:1] in "QqTt" else 0 for name in names]
    return found == list(range(1, count + 1))


def _are_years(texts: Sequence[str]) -> bool:
    years = [_whole(text) for text in texts]
    return (
        len(years) > 1
        and years[0] >= 1000
        and years[-1] < 3000
        and years == list(range(years[0], years[0] + len(years)))
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _names(grid: Grid) -> list[str]:
    return [YEAR_AGAIN.sub("", " ".join(name.split())) for name in grid.names]


def _first_time(names: Sequence[str]) -> int | None:
    """Give the place from which on every name is a time, None if the last is none."""
    first = len(names)
    while first and form_of_text(names[first - 1]):
        first -= 1
    return first if first < len(names) else None


def _texts(column: Any) -> Any:
    import pyarrow as pa

    return column if not isinstance(column, np.ndarray) else pa.array([], pa.string())


def _read(names: Sequence[str]) -> NDArray[np.datetime64]:
    import pyarrow as pa

    cells = pa.array(names, pa.string())
    form = form_of(cells)
    return parse_times(cells, form.name if form else None)


def _is_numeric(column: Any) -> bool:
    if isinstance(column, np.ndarray):
        return bool(column.dtype.kind == "f")
    filled = [cell for cell in column.to_pylist() if cell.lower() not in MISSING]
    return bool(filled) and all(re.match(r"[^\w]{0,3}[0-9.,]", cell) for cell in filled)


def _values(column: Any) -> list[Any]:
    """Give a column's cells of Python's types, None or "" for nothing."""
    if not isinstance(column, np.ndarray):
        return list(column.to_pylist())
    if column.dtype.kind == "M":
        return list(column.tolist())
    return [
        None if np.isnan(cell) else int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
        for cell in column.tolist()
    ]


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and cell.lower() in MISSING)


def _no_calendar() -> SeriesError:
    return refusals.refuse(
        "calendar",
        N_(
            "The table has no row for each year with a column for each of twelve months or four "
            "quarters, nor the other way round: choose another way in which the series stand."
        ),
    )
