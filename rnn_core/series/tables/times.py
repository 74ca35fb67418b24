"""Reading a column of times, whichever way they are written.

What the parts of a form's pattern (year, month, …) come to is computed for the whole column at
once. Patterns are RE2's, by way of pyarrow: they take time in proportion to the text, whatever it
is.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.series.tables.alike import times_alike
from rnn_core.series.tables.counted import NOT_A_TIME, count_times
from rnn_core.series.tables.forms import FORMS, ZONES, in_arrow, month_of
from rnn_core.series.tables.instants import as_fine_as_needed, of_arrow
from rnn_core.series.tables.sampling import once_each

FIRST_YEAR, LAST_YEAR = np.datetime64("1000", "s"), np.datetime64("3000", "s")
A_DAY = np.timedelta64(1, "D")
TO_THE_MINUTE = len("2020-01-31 15:30")
TO_THE_SECOND, TO_THE_MICROSECOND = len("2020-01-31 15:30:00"), len("2020-01-31 15:30:00.000000")


def parse_times(cells: Any, form: str | None) -> NDArray[np.datetime64]:
    """Read cells, a pyarrow array of ``(n,)`` texts, as datetime64[s] or [us] of the same shape.

    NaT stands for what is not a time of that form between the years 1000 and 2999. A time with an
    offset is turned to UTC. Parts of a second are kept as :func:`as_fine_as_needed` has it.
    """
    return as_fine_as_needed(_parse(cells, form))


def _parse(cells: Any, form: str | None) -> NDArray[np.datetime64]:
    """Read times to the second, or to the microsecond where one has more digits."""
    if form is None:
        return np.full(len(cells), NOT_A_TIME)
    if form == "iso":
        whole = _plain_iso(cells)
        if whole is not None:
            return whole
    alike = times_alike(cells, form)
    if alike is None:
        times = _parse_any(cells, form)
    else:
        times, rest = alike
        if rest.any():
            others = _parse_any(cells.filter(rest), form)
            times = times.astype(others.dtype)
            times[rest] = others
    times[~((times >= FIRST_YEAR) & (times < LAST_YEAR))] = NOT_A_TIME
    return times


def _parse_any(cells: Any, form: str) -> NDArray[np.datetime64]:
    """Read times by the parts of a form's pattern, which may differ from cell to cell."""
    import pyarrow.compute as pc

    known = once_each(cells)
    if known is not None:
        each: NDArray[np.datetime64] = _parse_any(known.dictionary, form)
        places: NDArray[np.int64] = known.indices.to_numpy(zero_copy_only=False)
        return each[places]
    parts = pc.extract_regex(cells, in_arrow(FORMS[form].pattern))
    names = [parts.type.field(place).name for place in range(parts.type.num_fields)]
    matched = parts.is_valid().to_numpy(zero_copy_only=False)
    if FORMS[form].counted:
        times = count_times(_decimal(parts), form)
    elif FORMS[form].scale:
        times = _epochs(parts, names, FORMS[form].scale)
    else:
        times = _assemble(parts, names, matched)
    times[~matched] = NOT_A_TIME
    return times


def _plain_iso(cells: Any) -> NDArray[np.datetime64] | None:
    """Read what is nothing but ISO dates, or dates and times, fast; None if anything else is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(cells):
        return None
    first = cells[0].as_py()
    zone = (
        re.search(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$", first) if len(first) > TO_THE_MINUTE else None
    )
    if zone is not None:
        if not pc.all(pc.ends_with(cells, zone[0])).as_py():
            return None
        local = _plain_iso(pc.utf8_slice_codeunits(cells, 0, -len(zone[0])))
        return None if local is None else local - _offsets(pa.array([zone[0]]))[0]
    lengths = pc.min_max(pc.binary_length(cells)).as_py()
    shortest, longest = lengths["min"], lengths["max"]
    fine = shortest >= TO_THE_SECOND and longest <= TO_THE_MICROSECOND
    if shortest != longest and not fine:
        return None
    if shortest not in (10, 16, TO_THE_SECOND) and not fine:
        return None
    try:
        moments = pc.cast(cells, pa.timestamp("s" if longest <= TO_THE_SECOND else "us"))
    except pa.ArrowInvalid:
        return None
    read = of_arrow(moments)
    return read if ((read >= FIRST_YEAR) & (read < LAST_YEAR)).all() else None


def _epochs(parts: Any, names: list[str], scale: int) -> NDArray[np.datetime64]:
    """Give the times that a number of seconds, or of ``scale`` parts of one, since 1970 stands for.

    To the second if all are whole ones, else to the microsecond.
    """
    counted = _whole(parts, "e")
    below = _fractions(parts, "f", 1_000_000 // scale) if "f" in names else None
    if not (counted % scale).any() and below is None:
        return (counted // scale).astype("datetime64[s]")
    if scale > 1_000_000:
        return (counted // (scale // 1_000_000)).astype("datetime64[us]")
    micro = counted * (1_000_000 // scale) + (0 if below is None else below)
    times: NDArray[np.datetime64] = micro.astype("datetime64[us]")
    return times


def _fractions(parts: Any, name: str, of: int) -> NDArray[np.int64] | None:
    """Give the digits behind the point of ``of`` each, rounded down; None where all are zero."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.struct_field(parts, [parts.type.get_field_index(name)])
    texts = pc.fill_null(texts, "")
    if not pc.any(pc.match_substring_regex(texts, "[1-9]")).as_py():
        return None
    digits = pc.utf8_slice_codeunits(pc.utf8_rpad(texts, 6, "0"), 0, 6)
    parts_of = pc.cast(digits, pa.int64()).to_numpy(zero_copy_only=False)
    found: NDArray[np.int64] = parts_of.astype(np.int64) * of // 1_000_000
    return found


def _decimal(parts: Any) -> NDArray[np.float64]:
    """Give the numbers of a counted form, NaN where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.struct_field(parts, [parts.type.get_field_index("x")])
    texts = pc.replace_substring(texts, ",", ".")
    values: NDArray[np.float64] = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
    return values


def _assemble(parts: Any, names: list[str], matched: NDArray[np.bool_]) -> NDArray[np.datetime64]:
    """Put year, month, day and time of day together; NaT where there is no such day."""
    import pyarrow.compute as pc

    def part(name: str, default: int = 0) -> NDArray[np.int64]:
        values = np.full(len(matched), -1, np.int64)
        for place in (name, *(f"{name}{number}" for number in range(2, 5))):
            if place in names:
                found = _whole(parts, place)
                values = np.where(values < 0, found, values)
        return np.where(values < 0, default, values)

    year = part("y")
    year = np.where(year < 100, year + np.where(year < 69, 2000, 1900), year)
    if "w" in names:
        return _iso_week(year, part("w"), part("wd", 1))
    if "j" in names:
        return _day_of_year(year, part("j"))
    month = part("m", 1)
    if "october" in names:  # 2020.10 as a program writes numbers
        month = np.where(part("october") == 1, 10, month)
    if "q" in names:
        month = 3 * part("q") - 2
    if "h" in names:
        month = 6 * part("h") - 5
    if "n" in names:
        month = _named_months(parts.field(names.index("n")))
    good = (month >= 1) & (month <= 12)
    if "end" in names:
        end = np.where(part("end", -1) < 0, part("end2"), part("end") % 100)
        good &= end == (year + 1) % 100
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
    midnight = (hour == 24) & (minute == 0) & (second == 0)  # the one that ends the day
    good &= ((hour < 24) | midnight) & (minute < 60) & (second <= 60)
    times = days.astype("datetime64[s]") + (3600 * hour + 60 * minute + second)
    if "z" in names:
        times = times - _offsets(parts.field(names.index("z")))
    below = _fractions(parts, "f", 1_000_000) if "f" in names else None
    if below is not None:
        times = times.astype("datetime64[us]") + below
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
    numbers = np.array([month_of(name) for name in coded.dictionary.to_pylist()], np.int64)
    months: NDArray[np.int64] = numbers[coded.indices.to_numpy(zero_copy_only=False)]
    return months


def _iso_week(
    year: NDArray[np.int64], week: NDArray[np.int64], weekday: NDArray[np.int64]
) -> NDArray[np.datetime64]:
    """Give the days of ISO 8601 weeks: week 1 is the one with 4 January in it."""
    fourth = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]") + 3 * A_DAY
    monday = fourth - ((fourth.astype(np.int64) + 3) % 7)  # 1970-01-01 was a Thursday
    days = monday + 7 * (week - 1) + (weekday - 1)
    same = (days - (weekday - 1) + 3 * A_DAY).astype("datetime64[Y]") == fourth.astype(
        "datetime64[Y]"
    )
    times: NDArray[np.datetime64] = days.astype("datetime64[s]")
    times[~(same & (week >= 1))] = NOT_A_TIME
    return times


def _day_of_year(year: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """Give the days that are counted from 1 January of each year."""
    first = (year - 1970).astype("datetime64[Y]")
    days = first.astype("datetime64[D]") + (day - 1)
    times: NDArray[np.datetime64] = days.astype("datetime64[s]")
    times[(day < 1) | (days.astype("datetime64[Y]") != first)] = NOT_A_TIME
    return times


def _offsets(zones: Any) -> NDArray[np.int64]:
    """Give the seconds by which each zone is ahead of UTC."""
    import pyarrow.compute as pc

    coded = pc.fill_null(zones, "").dictionary_encode()

    def seconds(zone: str) -> int:
        if zone.upper() in ZONES:
            return 3600 * ZONES[zone.upper()]
        zone = zone.removeprefix("UTC").removeprefix("GMT")
        digits = zone[1:].replace(":", "")
        if not digits.isdigit():
            return 0
        ahead = 3600 * int(digits[:2]) + 60 * int(digits[2:] or 0)
        return -ahead if zone[0] == "-" else ahead

    known = np.array([seconds(zone) for zone in coded.dictionary.to_pylist()], np.int64)
    offsets: NDArray[np.int64] = known[coded.indices.to_numpy(zero_copy_only=False)]
    return offsets
