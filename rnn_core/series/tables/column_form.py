"""Telling how the times of a column are written, of the ways that there are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_core.series.tables.forms import FORMS, WEEKDAY, form_of_text, in_arrow
from rnn_core.series.tables.numerals import MISSING
from rnn_core.series.tables.sampling import sample_of
from rnn_core.series.tables.times import A_DAY, parse_times

LOOKED_AT = 100  # cells from the beginning and as many from all over, to find the form by
FIRST_LOOK = 10  # of which one at least has to be a time
ANY_PART, ABOVE_12 = "[0-9]{1,2}", "1[3-9]|[2-9][0-9]"


@dataclass(frozen=True)
class TimeForm:
    """How a column of times is written, and whether it could be read in another way, too."""

    name: str
    guessed: bool = False

    @property
    def label(self) -> str:
        """What it is called."""
        return FORMS[self.name].label


def form_of(cells: Any, day_first: str = "", chosen: str = "") -> TimeForm | None:
    """Tell how most cells of a sample are written; None if they are no times.

    Day-first and month-first are told apart by the whole column: by a part above 12, else by a
    point between the parts, else by a part that is always 1, else by which of the two makes the
    times increase and in more equal steps.
    """
    if chosen:
        return TimeForm(chosen)
    filled = [
        cell for cell in sample_of(cells, LOOKED_AT).to_pylist() if cell.lower() not in MISSING
    ]
    if not any(map(form_of_text, filled[:: max(1, len(filled) // FIRST_LOOK)])):
        return None
    forms = list(map(form_of_text, filled))
    if "span" in forms and set(forms) != {"span"}:  # January of 2000, and no year across two
        forms = ["ymd" if form == "span" else form for form in forms]
    found = Counter(forms).most_common(1)
    if not found or not found[0][0] or 2 * found[0][1] <= len(filled):
        return None
    best = found[0][0]
    if best in ("dmy", "mdy"):
        return _day_or_month_first(cells, day_first)
    return TimeForm(best)


def _day_or_month_first(cells: Any, day_first: str) -> TimeForm:
    import pyarrow.compute as pc

    if day_first:
        return TimeForm("dmy" if day_first == "yes" else "mdy")
    worded = pc.any(pc.match_substring_regex(cells, "^[^0-9]")).as_py()
    before = in_arrow(f"^{WEEKDAY}") if worded else "^"

    def share(first: str, second: str, sep: str = "[./-]") -> float:
        pattern = f"{before}(?:{first})[./-](?:{second}){sep}"
        return float(pc.mean(pc.match_substring_regex(cells, pattern)).as_py() or 0)

    if _is_year_first(cells):
        return TimeForm("short-year", guessed=True)
    above = share(ABOVE_12, ANY_PART), share(ANY_PART, ABOVE_12)
    if above[0] != above[1]:
        return TimeForm("dmy" if above[0] > above[1] else "mdy")

    if share(ANY_PART, ANY_PART, r"\.") > 0.5:
        return TimeForm("dmy", guessed=True)  # nobody writes the month first with points

    # The first of each month is met far more often than the first days of January.
    firsts = share("0?1", ANY_PART) == 1, share(ANY_PART, "0?1") == 1
    if firsts[0] != firsts[1]:
        return TimeForm("dmy" if firsts[0] else "mdy", guessed=True)

    def order(form: str) -> tuple[bool, float, float]:
        steps = np.diff(parse_times(cells, form).astype(np.int64))
        if not len(steps):
            return False, 0.0, 0.0
        middle = np.median(steps)
        close = np.abs(steps - middle) <= abs(middle) / 8  # as months are
        return bool((steps > 0).all()), float(close.mean()), float((steps == middle).mean())

    ranks = {form: order(form) for form in ("dmy", "mdy")}
    if ranks["dmy"] != ranks["mdy"]:
        return TimeForm(max(ranks, key=lambda form: ranks[form]), guessed=True)
    return TimeForm("mdy", guessed=True)


def _is_year_first(cells: Any) -> bool:
    """Whether dates such as 24-01-31 begin with the year: the steps are shorter if they do.

    Where they are as long, the first of each month speaks for it.
    """
    import pyarrow.compute as pc

    sample = sample_of(cells, LOOKED_AT)
    short = in_arrow(FORMS["short-year"].pattern)
    if not len(sample) or not pc.all(pc.match_substring_regex(sample, short)).as_py():
        return False

    def usual(form: str) -> float:
        steps = np.diff(parse_times(sample, form)) / A_DAY
        ordered = len(steps) > 1 and ((steps > 0).all() or (steps < 0).all())
        return float(np.median(np.abs(steps))) if ordered else np.inf

    ahead, others = usual("short-year"), min(usual("dmy"), usual("mdy"))
    firsts = pc.all(pc.match_substring_regex(sample, "^[0-9]{2}[./-][0-9]{2}[./-]01")).as_py()
    return ahead < 0.9 * others or bool(firsts and ahead < 1.1 * others and ahead < np.inf)


def has_zone(cells: Any, form: str) -> bool:
    """Tell whether a column's times name their zone, so that they were turned to UTC."""
    import pyarrow.compute as pc

    if "(?P<z>" not in FORMS[form].pattern:
        return False
    zones = pc.extract_regex(sample_of(cells), in_arrow(FORMS[form].pattern))
    lengths = pc.binary_length(zones.field(zones.type.get_field_index("z")))
    return bool(pc.max(lengths).as_py())
