"""Cells that are not what their column is used for: no times, no numbers, none that are finite."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_, SeriesError
from rnn_core.series.tables import refusals
from rnn_core.series.tables.cells import lost_in, numbers_in, texts_in
from rnn_core.series.tables.numerals import Style
from rnn_core.series.treatment import missing_values

NOT_A_NUMBER = N_(
    "Column '{column}' has '{found}' in row {row}, which is not a number: correct it, name it as a "
    "further sign for missing, or choose another column."
)
INFINITE = N_(
    "Column '{column}' has infinite values (in all: {count}), the first in row {row}: put finite "
    "numbers there or leave those rows out."
)
EMPTY_TIME = N_(
    "Column '{column}' has no time in row {row} (rows without one: {count}): fill it in, choose to "
    "leave those rows out, or choose another column."
)
NOT_A_TIME = N_(
    "Column '{column}' has '{found}' in row {row}, which is not a time as the others (in all: "
    "{count}): correct it, choose how times are written, leave those rows out, or choose another "
    "column."
)


def without_time(
    column: str,
    cells: Any,
    times: NDArray[np.datetime64],
    rows: NDArray[np.int64],
    style: Style,
    missing_text: str,
    *,
    drop: bool = False,
) -> NDArray[np.bool_]:
    """Tell which ``(n,)`` cells were read as no time, so that their rows are left out.

    To ``drop`` them is a person's choice, and the report counts them; without it, and where no cell
    is a time, they are refused.
    """
    unread = np.isnat(times)
    if unread.any() and (not drop or unread.all()):
        first = cells[unread.argmax() :][:1]
        empty = lost_in(first, style, missing_text)[0]
        template = EMPTY_TIME if empty else NOT_A_TIME
        raise _refuse("not_a_time", template, column, cells, rows, unread)
    return unread


def finite(
    column: str,
    cells: Any,
    rows: NDArray[np.int64],
    style: Style,
    missing_text: str,
) -> NDArray[np.float64]:
    """Give a column's values ``(n,)``, NaN where nothing is; refuse what is no finite number."""
    values, lost = numbers_in(cells, style, missing_text)
    for bad, kind, template in (
        (np.isnan(values) & ~lost, "not_a_number", NOT_A_NUMBER),
        (np.isinf(values), "infinite", INFINITE),
    ):
        if bad.any():
            raise _refuse(kind, template, column, cells, rows, bad)
    if lost.all() and len(lost):
        raise missing_values(column, len(lost), int(rows[0]))
    return values


def _refuse(
    kind: str,
    template: str,
    column: str,
    cells: Any,
    rows: NDArray[np.int64],
    bad: NDArray[np.bool_],
) -> SeriesError:
    """Say what is in the first of the bad cells, in which row that is, and how many there are."""
    first = int(bad.argmax())
    return refusals.refuse(
        kind,
        template,
        column=column,
        row=int(rows[first]),
        found=refusals.quote(texts_in(cells[first : first + 1])[0]),
        count=int(bad.sum()),
    )
