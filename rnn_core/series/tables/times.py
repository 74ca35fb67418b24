"""Reading a column of times, whichever way they are written.

A form is a pattern with named parts (year, month, …); what the parts come to is computed for the
whole column at once. Patterns are RE2's, by way of pyarrow: they take time in proportion to the
text, whatever it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_
from rnn_core.series.tables.numerals import MISSING, sample_of

FIRST_YEAR, LAST_YEAR = np.datetime64("1000", "s"), np.datetime64("3000", "s")
NOT_A_TIME = np.datetime64("NaT", "s")
LOOKED_AT = 100  # cells from the beginning and as many from all over, to find the form by
FIRST_LOOK = 10  # of which one at least has to be a time
LONGEST = 60
DIGIT = re.compile("[0-9]")
FRACTION = re.compile(r"[+-]?[0-9]{0,8}\.[0-9]+(?:[eE][+-]?[0-9]+)?")
CLOCK = (
    r"(?P<H>[0-9]{1,2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"\s?(?P<ap>[AaPp]\.?[Mm]\.?)?\s?(?P<z>Z|z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})?"
)
THEN = rf"(?:(?:,?\s+|T){CLOCK})?"
WEEKDAY = r"(?:\pL{2,10}\.?,?\s+)?"
NAME = r"(?P<n>\pL{3,10})"
YEARS = r"(?P<y>[0-9]{4}|[0-9]{2})"
CLOCK_ALONE = r"^[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?:\s?[AaPp][Mm])?$"


@dataclass(frozen=True)
class Form:
    """One way to write a time.

    ``plain`` forms are digits alone: they could be values, too. ``scale`` is what a number of an
    epoch counts, in parts of a second.
    """

    label: str
    pattern: str
    plain: bool = False
    scale: int = 0


FORMS: Mapping[str, Form] = {
    "iso": Form(
        N_("Year-month-day, as 2020-01-31 or 2020-01"),
        rf"^(?P<y>[12][0-9]{{3}})-(?P<m>[0-9]{{1,2}})(?:-(?P<d>[0-9]{{1,2}}){THEN})?$",
    ),
    "ymd": Form(
        N_("Year/month/day, as 2020/01/31"),
        rf"^(?P<y>[12][0-9]{{3}})(?:/(?P<m>[0-9]{{1,2}})(?:/(?P<d>[0-9]{{1,2}}){THEN})?"
        r"|\.(?P<m2>[0-9]{1,2})\.(?P<d2>[0-9]{1,2})\.?)$",
    ),
    "dmy": Form(
        N_("Day.month.year, as 31.01.2020"),
        rf"^(?P<d>[0-9]{{1,2}})[./-](?P<m>[0-9]{{1,2}})[./-]{YEARS}{THEN}$",
    ),
    "mdy": Form(
        N_("Month/day/year, as 01/31/2020"),
        rf"^(?P<m>[0-9]{{1,2}})[./-](?P<d>[0-9]{{1,2}})[./-]{YEARS}{THEN}$",
    ),
    "my": Form(N_("Month/year, as 01/2020"), r"^(?P<m>[0-9]{1,2})[/-](?P<y>[12][0-9]{3})$"),
    "day-name": Form(
        N_("Day and month's name, as 31 January 2020"),
        rf"^{WEEKDAY}(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th|\.)?[\s./-]*{NAME}[\s.,/-]*{YEARS}{THEN}$",
    ),
    "name-day": Form(
        N_("Month's name and day, as January 31, 2020"),
        rf"^{WEEKDAY}{NAME}\.?\s+(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>[0-9]{{4}}){THEN}$",
    ),
    "name": Form(
        N_("Month's name and year, as January 2020 or Jan-20"),
        rf"^{NAME}[\s.,/-]*'?{YEARS}$",
    ),
    "year-name": Form(
        N_("Year and month's name, as 2020 Jan"),
        rf"^(?P<y>[12][0-9]{{3}})[\s/-]*{NAME}\.?(?:[\s/-]+(?P<d>[0-9]{{1,2}}))?$",
    ),
    "year-month": Form(
        N_("Year, M and month, as 2020M01"),
        r"^(?P<y>[12][0-9]{3})-?[Mm](?P<m>[0-9]{1,2})$",
    ),
    "quarter": Form(
        N_("Quarters, as 1997Q1 or Q1 1997"),
        r"^(?:(?P<y>[12][0-9]{3})[\s:/-]*[Qq](?P<q>[1-4])"
        r"|[Qq](?P<q2>[1-4])[\s:/'-]*(?P<y2>[12][0-9]{3}))$",
    ),
    "week": Form(
        N_("ISO weeks, as 2020-W05"),
        r"^(?P<y>[12][0-9]{3})-?[Ww](?P<w>[0-9]{1,2})(?:-?(?P<wd>[1-7]))?$",
    ),
    "year": Form(N_("Years, as 1949"), r"^(?P<y>[12][0-9]{3})$", plain=True),
    "compact": Form(
        N_("Digits of year, month and day, as 20200131"),
        r"^(?P<y>[12][0-9]{3})(?P<m>[0-9]{2})(?P<d>[0-9]{2})$",
        plain=True,
    ),
    "compact-month": Form(
        N_("Digits of year and month, as 202001"),
        r"^(?P<y>[12][0-9]{3})(?P<m>0[1-9]|1[0-2])$",
        plain=True,
    ),
    "stamp": Form(
        N_("Digits down to the minute or second, as 20200131T1530"),
        r"^(?P<y>[12][0-9]{3})(?P<m>[0-9]{2})(?P<d>[0-9]{2})[T ]?(?P<H>[0-9]{2})(?P<M>[0-9]{2})"
        r"(?P<S>[0-9]{2})?(?P<z>Z)?$",
        plain=True,
    ),
    "epoch-s": Form(
        N_("Seconds since 1970"), r"^(?P<e>[0-9]{9,10})(?:\.[0-9]*)?$", plain=True, scale=1
    ),
    "epoch-ms": Form(
        N_("Milliseconds since 1970"),
        r"^(?P<e>[0-9]{12,13})(?:\.[0-9]*)?$",
        plain=True,
        scale=10**3,
    ),
    "epoch-us": Form(
        N_("Microseconds since 1970"), r"^(?P<e>[0-9]{15,16})$", plain=True, scale=10**6
    ),
    "epoch-ns": Form(
        N_("Nanoseconds since 1970"), r"^(?P<e>[0-9]{18}|[1-8][0-9]{18})$", plain=True, scale=10**9
    ),
}

# January to December, by the beginnings that tell them apart in the languages named.
MONTHS = {
    beginning: number
    for line in (
        "jan feb mar apr may jun jul aug sep oct nov dec",  # English
        "jän feb mär apr mai jun jul aug sep okt nov dez",  # German
        "janv févr mars avr mai juin juil août sept oct nov déc",  # French
        "ene feb mar abr may jun jul ago sep oct nov dic",  # Spanish
        "gen feb mar apr mag giu lug ago set ott nov dic",  # Italian
        "jan fev mar abr mai jun jul ago set out nov dez",  # Portuguese
        "jan feb maa apr mei jun jul aug sep okt nov dec",  # Dutch
        "jan feb mrt apr maj jun jul avg sep okt nov dec",  # Dutch, Scandinavian
        "janv fevr mars avr mai juin juil aout sept oct nov dec",  # French without accents
        "jan feb mrz apr mai jun jul aug sep okt nov dez",  # German
    )
    for number, beginning in enumerate(line.split(), start=1)
}


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
    part that is always 1, else by which of the two makes the times increase and in more equal
    steps, else by the separator.
    """
    if chosen:
        return TimeForm(chosen)
    filled = [
        cell for cell in sample_of(cells, LOOKED_AT).to_pylist() if cell.lower() not in MISSING
    ]
    if not any(map(form_of_text, filled[:: max(1, len(filled) // FIRST_LOOK)])):
        return None
    found = Counter(map(form_of_text, filled)).most_common(1)
    if not found or not found[0][0] or 2 * found[0][1] <= len(filled):
        return None
    best = found[0][0]
    if best in ("dmy", "mdy"):
        return _day_or_month_first(cells, day_first)
    return TimeForm(best)


def form_of_text(cell: str) -> str:
    """Tell how a single time is written, "" if it is none."""
    if len(cell) > LONGEST or not DIGIT.search(cell) or FRACTION.fullmatch(cell):
        return ""
    digits = cell.isdigit()
    for name, pattern in _patterns().items():
        if digits and not FORMS[name].plain:
            continue
        found = pattern.match(cell)
        if found and ("n" not in found.groupdict() or _month(found["n"].lower())):
            return name
    return ""


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """Give the patterns for Python's engine, which takes a single text faster than RE2."""
    return {
        name: re.compile(form.pattern.replace(r"\pL", r"[^\W\d_]")) for name, form in FORMS.items()
    }


def _day_or_month_first(cells: Any, day_first: str) -> TimeForm:
    import pyarrow.compute as pc

    if day_first:
        return TimeForm("dmy" if day_first == "yes" else "mdy")
    parts = pc.extract_regex(cells, r"^(?P<a>[0-9]{1,2})[./-](?P<b>[0-9]{1,2})(?P<sep>[./-])")
    first, second = (_whole(parts, name) for name in "ab")
    above = int((first > 12).sum()), int((second > 12).sum())
    if above[0] != above[1]:
        return TimeForm("dmy" if above[0] > above[1] else "mdy")

    # The first of each month is met far more often than the first days of January.
    firsts = bool((first == 1).all()), bool((second == 1).all())
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
    dots = pc.sum(pc.match_substring(cells, ".")).as_py() or 0
    return TimeForm("dmy" if dots else "mdy", guessed=True)


def parse_times(cells: Any, form: str | None) -> NDArray[np.datetime64]:
    """Read cells, a pyarrow array of ``(n,)`` texts, as datetime64[s] of the same shape.

    NaT stands for what is not a time of that form between the years 1000 and 2999. A time with an
    offset is turned to UTC; parts of a second are dropped.
    """
    import pyarrow.compute as pc

    if form is None:
        return np.full(len(cells), NOT_A_TIME)
    parts = pc.extract_regex(cells, FORMS[form].pattern)
    names = [parts.type.field(place).name for place in range(parts.type.num_fields)]
    matched = parts.is_valid().to_numpy(zero_copy_only=False)
    if FORMS[form].scale:
        times = (_whole(parts, "e") // FORMS[form].scale).astype("datetime64[s]")
    else:
        times = _assemble(parts, names, matched)
    times[~matched] = NOT_A_TIME
    times[~((times >= FIRST_YEAR) & (times < LAST_YEAR))] = NOT_A_TIME
    return times


def _assemble(parts: Any, names: list[str], matched: NDArray[np.bool_]) -> NDArray[np.datetime64]:
    """Put year, month, day and time of day together; NaT where there is no such day."""
    import pyarrow.compute as pc

    def part(name: str, default: int = 0) -> NDArray[np.int64]:
        values = np.full(len(matched), -1, np.int64)
        for place in (name, f"{name}2"):
            if place in names:
                found = _whole(parts, place)
                values = np.where(values < 0, found, values)
        return np.where(values < 0, default, values)

    year = part("y")
    short = pc.equal(pc.utf8_length(parts.field(names.index("y"))), 2)
    two_digits = pc.fill_null(short, False).to_numpy(zero_copy_only=False)
    year = np.where(two_digits, year + np.where(year < 69, 2000, 1900), year)
    if "w" in names:
        return _iso_week(year, part("w"), part("wd", 1))
    month = part("m", 1)
    if "q" in names:
        month = 3 * part("q") - 2
    if "n" in names:
        month = _named_months(parts.field(names.index("n")))
    good = (month >= 1) & (month <= 12)
    months = ((year - 1970) * 12 + np.where(good, month, 1) - 1).astype("datetime64[M]")
    day = part("d", 1)
    days = months.astype("datetime64[D]") + (day - 1)
    good &= (day >= 1) & (days.astype("datetime64[M]") == months)
    hour, minute, second = (part(name) if name in names else np.int64(0) for name in "HMS")
    if "ap" in names:
        halves = pc.utf8_lower(pc.utf8_slice_codeunits(parts.field(names.index("ap")), 0, 1))
        evening = _equal(halves, "p")
        half = evening | _equal(halves, "a")
        good &= ~half | ((hour >= 1) & (hour <= 12))
        hour = np.where(half, hour % 12 + 12 * evening, hour)
    good &= (hour < 24) & (minute < 60) & (second <= 60)
    times = days.astype("datetime64[s]") + (3600 * hour + 60 * minute + second)
    if "z" in names:
        times = times - _offsets(parts.field(names.index("z")))
    times[~good] = NOT_A_TIME
    return times


def _whole(parts: Any, name: str) -> NDArray[np.int64]:
    """Give a part as whole numbers, -1 where it is not there."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.struct_field(parts, [parts.type.get_field_index(name)])
    filled = pc.if_else(pc.greater(pc.binary_length(texts), 0), texts, None)
    numbers = pc.fill_null(pc.cast(filled, pa.int64(), safe=False), -1)
    whole: NDArray[np.int64] = numbers.to_numpy(zero_copy_only=False).astype(np.int64)
    return whole


def _equal(texts: Any, wanted: str) -> NDArray[np.bool_]:
    import pyarrow.compute as pc

    same: NDArray[np.bool_] = pc.fill_null(pc.equal(texts, wanted), False).to_numpy(
        zero_copy_only=False
    )
    return same


def _named_months(names: Any) -> NDArray[np.int64]:
    """Give the number of each month's name, 0 where it is none."""
    import pyarrow.compute as pc

    coded = pc.fill_null(pc.utf8_lower(names), "").dictionary_encode()
    numbers = np.array([_month(name) for name in coded.dictionary.to_pylist()], np.int64)
    months: NDArray[np.int64] = numbers[coded.indices.to_numpy(zero_copy_only=False)]
    return months


def _month(name: str) -> int:
    return next((MONTHS[name[:size]] for size in (4, 3) if name[:size] in MONTHS), 0)


def _iso_week(
    year: NDArray[np.int64], week: NDArray[np.int64], weekday: NDArray[np.int64]
) -> NDArray[np.datetime64]:
    """Give the days of ISO 8601 weeks: week 1 is the one with 4 January in it."""
    fourth = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]") + 3
    monday = fourth - ((fourth.astype(np.int64) + 3) % 7)  # 1970-01-01 was a Thursday
    days = monday + 7 * (week - 1) + (weekday - 1)
    same = (days - (weekday - 1) + 3).astype("datetime64[Y]") == fourth.astype("datetime64[Y]")
    times: NDArray[np.datetime64] = days.astype("datetime64[s]")
    times[~(same & (week >= 1))] = NOT_A_TIME
    return times


def _offsets(zones: Any) -> NDArray[np.int64]:
    """Give the seconds by which each zone is ahead of UTC."""
    import pyarrow.compute as pc

    coded = pc.fill_null(zones, "").dictionary_encode()

    def seconds(zone: str) -> int:
        digits = zone[1:].replace(":", "")
        if not digits.isdigit():
            return 0
        ahead = 3600 * int(digits[:2]) + 60 * int(digits[2:] or 0)
        return -ahead if zone[0] == "-" else ahead

    known = np.array([seconds(zone) for zone in coded.dictionary.to_pylist()], np.int64)
    offsets: NDArray[np.int64] = known[coded.indices.to_numpy(zero_copy_only=False)]
    return offsets


def has_zone(cells: Any, form: str) -> bool:
    """Tell whether a column's times name their zone, so that they were turned to UTC."""
    import pyarrow.compute as pc

    if "(?P<z>" not in FORMS[form].pattern:
        return False
    zones = pc.extract_regex(sample_of(cells), FORMS[form].pattern)
    lengths = pc.binary_length(zones.field(zones.type.get_field_index("z")))
    return bool(pc.max(lengths).as_py())
