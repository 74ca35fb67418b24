"""The cells of one column, whichever format they came in: what they say, and where nothing is."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.series.tables.grid import text_of
from rnn_core.series.tables.numerals import Style, is_missing, parse_numbers, stands_for


def taken(cells: Any, kept: NDArray[np.bool_] | None) -> Any:
    """Give the cells of the rows that are kept; all if ``kept`` is None."""
    if kept is None:
        return cells
    return cells[kept] if isinstance(cells, np.ndarray) else cells.filter(kept)


def lost_in(cells: Any, style: Style, missing_text: str) -> NDArray[np.bool_]:
    """Tell where nothing is, shape ``(rows,)``."""
    if not isinstance(cells, np.ndarray):
        return is_missing(cells, missing_text) | stands_for(cells, style, missing_text)
    lost: NDArray[np.bool_] = np.isnat(cells) if cells.dtype.kind == "M" else np.isnan(cells)
    if missing_text and cells.dtype.kind == "f":
        with contextlib.suppress(ValueError):
            lost = lost | (cells == float(missing_text))
    return lost


def numbers_in(
    cells: Any, style: Style, missing_text: str
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Give a column as numbers, NaN where there is none, and where nothing at all is."""
    if not isinstance(cells, np.ndarray):
        return parse_numbers(cells, style, missing_text)
    lost = lost_in(cells, style, missing_text)
    if cells.dtype.kind == "M":
        return np.full(len(cells), np.nan), lost
    return np.where(lost, np.nan, cells), lost


def texts_in(cells: Any) -> list[str]:
    """Give cells as the texts that a person would write."""
    if not isinstance(cells, np.ndarray):
        return [str(cell) for cell in cells.to_pylist()]
    if cells.dtype.kind == "M":
        return [text_of(cell) for cell in cells.tolist()]
    return ["" if np.isnan(cell) else text_of(cell) for cell in cells.tolist()]
