"""Which columns of a table are numbers and which are times, and how either are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.series.tables.column_form import TimeForm, form_of
from rnn_core.series.tables.counted import NOT_A_TIME, count_times, counted_form
from rnn_core.series.tables.forms import FORMS
from rnn_core.series.tables.instants import as_fine_as_needed
from rnn_core.series.tables.marks import guess_style
from rnn_core.series.tables.names import is_named_as_time
from rnn_core.series.tables.numerals import MISSING, Style, is_missing, parse_numbers
from rnn_core.series.tables.pointed import as_pointed, pointed_form
from rnn_core.series.tables.reading import Reading
from rnn_core.series.tables.sampling import sample_of
from rnn_core.series.tables.times import parse_times

POINTED = ("point-month", "point-quarter")
SAMPLED = 1000
FLOAT_YEAR = r"(?:1[5-9]|20)[0-9]{2}[.,]0+"


@dataclass(frozen=True)
class Kinds:
    """What the columns can be: names of those with numbers, and the form of each with times."""

    numeric: tuple[str, ...]
    times: dict[str, TimeForm]
    style: Style  # how the numbers are written


def style_of(
    columns: Sequence[Any], forms: Sequence[TimeForm | None], delimiter: str, reading: Reading
) -> Style:
    """Tell how the numbers of a table are written, from the columns that are no times.

    ``forms`` are those of :func:`written_forms`. Dates with points, day or month first, are written
    where the decimal mark is a comma.
    """
    texts = [
        (cells, form)
        for cells, form in zip(columns, forms, strict=True)
        if not isinstance(cells, np.ndarray)
    ]
    pointed = any(form is not None and _has_points(cells, form) for cells, form in texts)
    marked = [cells for cells, form in texts if form is None or not _is_sure(form)]
    return guess_style(marked, delimiter, reading.decimal, reading.thousands, comma_likely=pointed)


def written_forms(
    names: Sequence[str], columns: Sequence[Any], reading: Reading
) -> list[TimeForm | None]:
    """Tell of each column how times are written in it, before anything is known of its numbers."""
    return [
        written_form(cells, reading, named=is_named_as_time(name))
        for name, cells in zip(names, columns, strict=True)
    ]


def kinds_of(
    names: Sequence[str],
    columns: Sequence[Any],
    forms: Sequence[TimeForm | None],
    style: Style,
    reading: Reading,
) -> Kinds:
    """Tell the kinds of all columns from samples of them; ``forms`` as :func:`written_forms`."""
    numeric, times = [], {}
    for name, cells, written in zip(names, columns, forms, strict=True):
        named = is_named_as_time(name)
        form = _timed(cells, written, reading, style, named=named)
        if form is not None:
            times[name] = form
        dated = form is not None and not FORMS[form.name].plain
        if not dated and is_numeric(cells, style, reading.missing_text):
            numeric.append(name)
    return Kinds(tuple(numeric), times, style)


def written_form(cells: Any, reading: Reading, *, named: bool = True) -> TimeForm | None:
    """Tell how texts, or numbers such as 2020.01, are written if they are times.

    A way that was chosen goes first where it reads most of the cells.
    """
    sample = sample_of(cells)
    if isinstance(cells, np.ndarray):
        if cells.dtype.kind != "f" or not named:
            return None
        texts = [as_pointed(sample[:SAMPLED], form) for form in POINTED]
        found = [pointed_form(cells, named=True) for cells in texts]
        return next((TimeForm(form) for form in found if form in POINTED), None)
    if reading.time_format:
        read = ~np.isnat(parse_times(sample, reading.time_format))
        if 2 * read.sum() > (~is_missing(sample, reading.missing_text)).sum():
            return TimeForm(reading.time_format)
    filled = [cell for cell in sample[:SAMPLED].to_pylist() if cell.lower() not in MISSING]
    pointed_as = pointed_form(filled, named=named)
    if pointed_as:
        return TimeForm(pointed_as)
    if named and filled and all(map(re.compile(FLOAT_YEAR).fullmatch, filled)):
        return TimeForm("year")
    return form_of(cells, reading.day_first)


def _is_sure(form: TimeForm) -> bool:
    return not FORMS[form.name].plain or form.name in POINTED


def _has_points(cells: Any, form: TimeForm) -> bool:
    """Whether dates with the day or the month first have points in them."""
    import pyarrow.compute as pc

    dotted = r"^[^0-9]*[0-9]{1,2}\.\s?(?:[0-9]{1,2}\.|[0-9]{4})"
    return form.name in ("dmy", "my") and bool(
        pc.any(pc.match_substring_regex(sample_of(cells), dotted)).as_py()
    )


def is_numeric(cells: Any, style: Style, missing: str = "") -> bool:
    """Tell whether most cells that are filled are numbers."""
    if isinstance(cells, np.ndarray):
        return cells.dtype.kind == "f" and not np.isnan(cells).all()
    values, lost = parse_numbers(sample_of(cells), style, missing)
    numbers = int((~np.isnan(values)).sum())
    return numbers > 0 and 2 * numbers > int((~lost).sum())


def time_form(cells: Any, reading: Reading, style: Style, *, named: bool = True) -> TimeForm | None:
    """Tell how a column's times are written; None if they are none.

    Most cells have to be times; all, where they are written as plain numbers such as years, unless
    the column is ``named`` as one of times. Then numbers can also be days, or parts of a year.
    """
    written = written_form(cells, reading, named=named)
    return _timed(cells, written, reading, style, named=named)


def _timed(
    cells: Any, found: TimeForm | None, reading: Reading, style: Style, *, named: bool
) -> TimeForm | None:
    """Tell how times are written, where :func:`written_form` found what it did."""
    import pyarrow.compute as pc

    if isinstance(cells, np.ndarray) and cells.dtype.kind == "M":
        return TimeForm("iso") if not np.isnat(cells).all() else None
    if found is not None and (found.name in POINTED or found.name == reading.time_format):
        return found
    if named:
        form = counted_form(numbers_of(sample_of(cells), style))
        if form:
            return TimeForm(form)
    if isinstance(cells, np.ndarray):
        cells = _as_digits(cells)
        found = None if cells is None else form_of(cells, reading.day_first)
    if found is None:
        return None
    sample = sample_of(cells)
    read = ~np.isnat(parse_times(sample, found.name))
    if FORMS[found.name].plain:
        # A number among years that is none says that they are no years; a word is reported.
        digits = pc.utf8_is_digit(sample).to_numpy(zero_copy_only=False)
        if not (read | ~digits if named else read).all():
            return None
    return found if 2 * read.sum() > (~is_missing(sample)).sum() else None


def numbers_of(cells: Any, style: Style) -> NDArray[np.float64]:
    """Give a column of numbers or texts as float64, NaN where there is no number."""
    return cells if isinstance(cells, np.ndarray) else parse_numbers(cells, style)[0]


def _as_digits(values: NDArray[np.float64]) -> Any | None:
    """Give whole numbers, or those of an epoch, as the texts that a plain form of time reads.

    None if they are others. Of an epoch, parts are kept to a millionth.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    filled = values[~np.isnan(values)]
    if not len(filled) or not ((filled >= 1000) & (filled < 1e17)).all():
        return None
    if (filled != np.floor(filled)).any():
        if filled.min() < 1e8:
            return None
        return pa.array(
            ["" if np.isnan(value) else f"{value:.6f}" for value in values], pa.string()
        )
    whole = pa.array(np.floor(values), from_pandas=True).cast(pa.int64())
    return pc.fill_null(whole.cast(pa.string()), "")


def times_of(cells: Any, form: TimeForm | None) -> NDArray[np.datetime64]:
    """Read a whole column as :func:`parse_times` does; NaT for what is no time of that form."""
    import pyarrow as pa

    if isinstance(cells, np.ndarray):
        if cells.dtype.kind == "M":
            return cells.copy()
        if form is not None and FORMS[form.name].counted:
            return as_fine_as_needed(count_times(cells, form.name))
        if form is not None and form.name in POINTED:
            return parse_times(pa.array(as_pointed(cells, form.name), pa.string()), form.name)
        digits = _as_digits(cells)
        if digits is None:
            return np.full(len(cells), NOT_A_TIME)
        cells = digits
    return parse_times(cells, form.name if form else None)
