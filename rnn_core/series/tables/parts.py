"""Times that are spread over columns: year and month, date and time of day, and the like."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from rnn_core.series.tables.column_form import form_of
from rnn_core.series.tables.forms import CLOCK_ALONE, month_of
from rnn_core.series.tables.numerals import parse_numbers
from rnn_core.series.tables.sampling import sample_of

YEARS = ("year", "yr", "yyyy", "jahr", "année", "annee", "año", "anno", "ano", "rok", "jaar")
QUARTERS = ("quarter", "qtr", "quartal", "trimestre", "q", "kwartaal")
MONTHS = (
    "month", "mon", "mm", "mo", "monat", "mois", "mes", "mese", "mês", "maand", "mnth", "period",
)  # fmt: skip
WEEKS = ("week", "wk", "woche", "kw", "semaine", "semana", "weeknum", "week number")
DAYS = ("day", "dd", "tag", "jour", "dia", "día", "giorno", "dag", "dy")
DAYS_OF_YEAR = ("doy", "day of year", "day_of_year", "dayofyear", "yday", "julian day", "jday")
HOURS = ("hour", "hr", "hh", "stunde", "heure", "hora", "ora", "uur")
MINUTES = ("minute", "minutes", "min", "mins")
CLOCKED = ("iso", "ymd", "dmy", "mdy", "day-name", "name-day", "asian")
DATED = re.compile(r"[12][0-9]{3}")
LEAST_ROWS = 3  # of a table without names, to take numbers for years and months


def find_parts(names: Sequence[str], columns: Sequence[Any]) -> tuple[str, Any] | None:
    """Find times that are spread over columns: year, month and day, or date and time of day.

    Gives the names of the columns they are in, joined by " + ", and the texts they make together.
    """
    folded = [name.casefold() for name in names]

    def column(words: Sequence[str]) -> int | None:
        return next((at for at, name in enumerate(folded) if name in words), None)

    year = column(YEARS)
    if year is not None:
        for words, join in (
            (MONTHS, None), (QUARTERS, "Q"), (WEEKS, "-W"), (DAYS_OF_YEAR, "-"),
        ):  # fmt: skip
            other = column(words)
            if other is None:
                continue
            places = [year, other]
            if join is None:
                more = [column(words) for words in (DAYS, HOURS, MINUTES)]
                places += [at for at in itertools.takewhile(lambda at: at is not None, more) if at]
            texts = _joined([columns[place] for place in places], join)
            if texts is not None:
                return " + ".join(names[place] for place in places), texts
    if len(names) > 2 and folded[:2] == ["column 1", "column 2"]:
        texts = _joined(columns[:2], None) if _counts_months(columns[0], columns[1]) else None
        if texts is not None:
            return "column 1 + column 2", texts
    return _date_and_clock(names, columns)


def _date_and_clock(names: Sequence[str], columns: Sequence[Any]) -> tuple[str, Any] | None:
    import pyarrow.compute as pc

    for place, (date, clock) in enumerate(itertools.pairwise(columns)):
        if isinstance(clock, np.ndarray) or not _all_match(clock, CLOCK_ALONE):
            continue
        texts = _texts(date)
        form = form_of(texts) if len(texts) else None
        if form is not None and form.name in CLOCKED:
            return f"{names[place]} + {names[place + 1]}", pc.binary_join_element_wise(
                texts, clock, " "
            )
    return None


def _joined(columns: Sequence[Any], join: str | None) -> Any | None:
    """Give one text for each row: of year, month, day, hour, minute, or year and another part.

    None if they are not numbers, or names of months. A year stands for the rows below it, too.
    """
    import pyarrow.compute as pc

    year, *others = map(_texts, columns)
    if not _all_match(year, r"^(?:[0-9]{2}|[0-9]{4})?$") or not DATED.match(_first(year)):
        return None
    year = pc.fill_null_forward(pc.if_else(pc.equal(year, ""), None, year))
    year = pc.fill_null(year, "")
    others[0] = _numbered(others[0], join)
    if not all(_all_match(text, r"^[0-9]{1,3}$") for text in others):
        return None
    if join is not None:
        width = {"Q": 1, "-W": 2, "-": 3}[join]
        return pc.binary_join_element_wise(year, pc.utf8_lpad(others[0], width, "0"), join)
    texts = pc.binary_join_element_wise(year, *others[:2], "-")
    if len(others) > 2:
        minutes = pc.utf8_lpad(others[3], 2, "0") if len(others) > 3 else "00"
        texts = pc.binary_join_element_wise(
            texts, pc.binary_join_element_wise(others[2], minutes, ":"), " "
        )
    return texts


def _numbered(texts: Any, join: str | None) -> Any:
    """Give the number in "Q1", "M01" or "W05", and that of a month's name."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if join is None and not _all_match(texts, "^[Mm]?[0-9]"):
        coded = texts.dictionary_encode()
        numbers = [str(month_of(name.lower())) for name in coded.dictionary.to_pylist()]
        if "0" in numbers:
            return texts
        return pa.array(numbers, pa.string()).take(coded.indices)
    return pc.replace_substring_regex(texts, "^[QqTtWwMm]", "")


def _counts_months(years: Any, months: Any) -> bool:
    """Whether two columns are a year and a month that goes up by one in each row."""
    months = months if isinstance(months, np.ndarray) else _numbered(months, None)
    first, second = (
        cells if isinstance(cells, np.ndarray) else parse_numbers(cells)[0]
        for cells in (years, months)
    )
    if len(first) < LEAST_ROWS or first.dtype.kind != "f" or second.dtype.kind != "f":
        return False
    good = (first >= 1500) & (first < 2100) & (second >= 1) & (second <= 12)
    whole = (first == np.floor(first)) & (second == np.floor(second))
    return bool((good & whole).all()) and bool((np.diff(12 * first + second) == 1).all())


def _texts(cells: Any) -> Any:
    import pyarrow as pa

    if not isinstance(cells, np.ndarray):
        return cells
    if cells.dtype.kind == "M":
        days = [str(cell) for cell in cells.astype("datetime64[D]")]
        return pa.array(["" if day == "NaT" else day for day in days], pa.string())
    if (known := cells[np.isfinite(cells)]).size and (known != np.floor(known)).any():
        return pa.array([str(cell) for cell in cells.tolist()], pa.string())
    digits = [str(int(cell)) if np.isfinite(cell) else "" for cell in cells.tolist()]
    return pa.array(digits, pa.string())


def _first(cells: Any) -> str:
    return str(cells[0].as_py()) if len(cells) else ""


def _all_match(cells: Any, pattern: str) -> bool:
    sample = sample_of(cells, 100).to_pylist()
    return bool(sample) and all(re.match(pattern, cell) for cell in sample)
