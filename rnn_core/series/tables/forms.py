"""The ways in which times are written, each a pattern with named parts.

Patterns are written for RE2 and for Python's engine, but for ``\\pL``, any letter. A part that can
stand in several places has a number behind its name there: ``y``, ``y2``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rnn_core.messages import N_

LONGEST = 80
# What RE2 takes for a letter: the blocks in which most are, as the class of all is slow to compile.
LETTER = (
    r"[A-Za-z\x{AA}\x{B5}\x{BA}\x{C0}-\x{1FFF}\x{2C00}-\x{2FFF}\x{3041}-\x{D7FF}\x{F900}-\x{FDFF}]"
)
DIGIT = re.compile("[0-9]")
FRACTION = re.compile(r"[+-]?[0-9]{0,8}\.[0-9]+(?:[eE][+-]?[0-9]+)?")
# Hours ahead of UTC, of the abbreviations that stand for one zone alone.
ZONES: Mapping[str, int] = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2,
    "EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7,
    "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
ZONE = r"(?:UTC|GMT)?[+-][0-9]{2}:?[0-9]{2}|(?:UTC|GMT)?[+-][0-9]{2}|z|" + "|".join(
    sorted(ZONES, key=len, reverse=True)
)
# With colons, as 10:30 h and 10.30 Uhr too, or with dashes as in names of files.
CLOCK = (
    r"(?:(?P<H>[0-9]{1,2})[:.h](?P<M>[0-9]{2})(?:[:.](?P<S>[0-9]{2})(?:[.,](?P<f>[0-9]+))?)?"
    r"(?:\s?(?:h|Uhr|uhr))?|(?P<H2>[0-9]{2})-(?P<M2>[0-9]{2})-(?P<S2>[0-9]{2}))"
    rf"\s?(?P<ap>[AaPp](?:\.?\s?[Mm]\.?|\b))?\s?(?P<z>{ZONE})?"
    r"(?:\s?\[[A-Za-z_/+-]{1,40}\]|\s?\([A-Za-z ]{3,40}\))?"
)
# An interval, as markets write them, is taken by its beginning.
UNTIL = (
    r"(?:\s?[-–]\s?(?:[0-9./-]{8,10}[ T])?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\s?\([A-Z]{3,4}\))?)?"
)
THEN = rf"(?:(?:,?\s+|[T_-]){CLOCK}{UNTIL})?"
# As SAS and web servers write: 01Jan2024:15:30:00.
THEN_COLON = THEN.replace("|[T_-])", "|[T_:-])", 1)
WEEKDAY = r"(?:\pL{2,10}\.?,?\s+)?"
NAME = r"(?P<n>\pL{3,12})"
LONG_YEAR = "[12][0-9]{3}"
YEARS = r"(?P<y>[0-9]{4}|[0-9]{2})"
CLOCK_ALONE = (
    r"^[0-9]{1,2}(?::[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?|\.[0-9]{2}\.[0-9]{2})"
    r"(?:\s?[AaPp][Mm]?)?$"
)


@dataclass(frozen=True)
class Form:
    """One way to write a time.

    ``plain`` forms are digits alone: they could be values, too. ``scale`` is what a number of an
    epoch counts, in parts of a second. ``counted`` forms are numbers that are computed with, and
    are looked for only in a column that is called a time.
    """

    label: str
    pattern: str
    plain: bool = False
    scale: int = 0
    counted: bool = False


FORMS: Mapping[str, Form] = {
    "span": Form(
        N_("Years that span two, as 1990/91"),
        rf"^(?P<y>{LONG_YEAR})(?:\s?[/–-]\s?(?P<end>[0-9]{{4}})|/(?P<end2>[0-9]{{2}}))$",
    ),
    "iso": Form(
        N_("Year-month-day, as 2020-01-31 or 2020-01"),
        rf"^{WEEKDAY}(?P<y>{LONG_YEAR})-(?P<m>[0-9]{{1,2}})(?:-(?P<d>[0-9]{{1,2}}){THEN})?$",
    ),
    "ymd": Form(
        N_("Year/month/day, as 2020/01/31"),
        rf"^{WEEKDAY}(?P<y>{LONG_YEAR})(?:/(?P<m>[0-9]{{1,2}})|(?:/(?P<m2>[0-9]{{1,2}})"
        rf"/(?P<d>[0-9]{{1,2}})|\.\s?(?P<m3>[0-9]{{1,2}})\.\s?(?P<d2>[0-9]{{1,2}})\.?){THEN})$",
    ),
    "dmy": Form(
        N_("Day.month.year, as 31.01.2020"),
        rf"^{WEEKDAY}(?P<d>[0-9]{{1,2}})[./-](?P<m>[0-9]{{1,2}})[./-]{YEARS}{THEN}$",
    ),
    "mdy": Form(
        N_("Month/day/year, as 01/31/2020"),
        rf"^{WEEKDAY}(?P<m>[0-9]{{1,2}})[./-](?P<d>[0-9]{{1,2}})[./-]{YEARS}{THEN}$",
    ),
    "short-year": Form(
        N_("Year-month-day with a short year, as 24-01-31"),
        rf"^(?P<y>[0-9]{{2}})[./-](?P<m>[0-9]{{2}})[./-](?P<d>[0-9]{{2}}){THEN}$",
    ),
    "my": Form(N_("Month/year, as 01/2020"), rf"^(?P<m>[0-9]{{1,2}})[./-](?P<y>{LONG_YEAR})$"),
    "point-month": Form(
        N_("Year.month, as 2020.01"),
        rf"^(?P<y>{LONG_YEAR})\.(?:(?P<m>0[1-9]|1[0-2])|(?P<october>1))$",
        plain=True,
    ),
    "point-quarter": Form(
        N_("Year.quarter, as 2020.1"), rf"^(?P<y>{LONG_YEAR})\.(?P<q>[1-4])$", plain=True
    ),
    "asian": Form(
        N_("Year, month and day in Chinese, Japanese or Korean, as 2020年1月31日"),
        rf"^(?P<y>{LONG_YEAR})\s?[年년]\s?(?P<m>[0-9]{{1,2}})\s?[月월]"
        rf"(?:\s?(?P<d>[0-9]{{1,2}})\s?[日일]{THEN})?$",
    ),
    "day-name": Form(
        N_("Day and month's name, as 31 January 2020"),
        rf"^{WEEKDAY}(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th|\.|º)?[\s./-]*(?:de\s+)?{NAME}"
        rf"[\s.,/-]*(?:del?\s+)?{YEARS}{THEN_COLON}$",
    ),
    "name-day": Form(
        N_("Month's name and day, as January 31, 2020"),
        rf"^{WEEKDAY}{NAME}\.?\s+(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>[0-9]{{4}}){THEN}$",
    ),
    "year-behind": Form(
        N_("The year behind the clock, as Jan 31 15:30:00 2020"),
        rf"^{WEEKDAY}{NAME}\s+(?P<d>[0-9]{{1,2}})\s+{CLOCK}\s+(?P<y>{LONG_YEAR})$",
    ),
    "name": Form(
        N_("Month's name and year, as January 2020 or Jan-20"),
        rf"^{NAME}[\s.,/-]*'?(?:del?\s+)?{YEARS}$",
    ),
    "year-name": Form(
        N_("Year and month's name, as 2020 Jan"),
        rf"^(?P<y>{LONG_YEAR})[\s/-]*{NAME}\.?(?:[\s/-]+(?P<d>[0-9]{{1,2}}))?$",
    ),
    "year-month": Form(
        N_("Year, M and month, as 2020M01"),
        rf"^(?P<y>{LONG_YEAR})(?:-?[Mm](?P<m>[0-9]{{1,2}})|:(?P<m2>0[1-9]|1[0-2]))$",
    ),
    "quarter": Form(
        N_("Quarters, as 1997Q1 or Q1 1997"),
        rf"^(?:(?P<y>{LONG_YEAR})[\s:/_-]*[QqTt](?P<q>[1-4])"
        rf"|[QqTt](?P<q2>[1-4])[\s:/'_-]*(?P<y2>{LONG_YEAR}|[0-9]{{2}})"
        r"|(?P<q3>[1-4])\.?\s?(?:[Qq](?:uart(?:al|er))?|[Tt]rim(?:estre|\.)?)[\s:/'-]*"
        rf"(?P<y3>{LONG_YEAR}|[0-9]{{2}})|(?P<y4>{LONG_YEAR}):(?P<q4>[1-4]))$",
    ),
    "half": Form(
        N_("Half-years, as 2020-S1 or H1 2020"),
        rf"^(?:(?P<y>{LONG_YEAR})[\s:/_-]*[HhSs](?P<h>[12])"
        rf"|[HhSs](?P<h2>[12])[\s:/'_-]*(?P<y2>{LONG_YEAR}))$",
    ),
    "week": Form(
        N_("ISO weeks, as 2020-W05"),
        rf"^(?:(?P<y>{LONG_YEAR})[\s-]?(?:[Ww]|KW|CW)\s?(?P<w>[0-9]{{1,2}})(?:-?(?P<wd>[1-7]))?"
        rf"|(?:KW|CW|[Ww](?:eek|k)?)\s?(?P<w2>[0-9]{{1,2}})[\s/.,-]*(?P<y2>{LONG_YEAR}))$",
    ),
    "ordinal": Form(
        N_("Year and day of the year, as 2020-031"),
        rf"^(?P<y>{LONG_YEAR})[-/](?P<j>[0-9]{{3}})$",
    ),
    "fiscal": Form(N_("Fiscal years, as FY2020"), rf"^[FC]Y\s?(?P<y>{LONG_YEAR})$"),
    "year": Form(N_("Years, as 1949"), rf"^(?P<y>{LONG_YEAR})(?:[.,]0*)?$", plain=True),
    "compact": Form(
        N_("Digits of year, month and day, as 20200131"),
        rf"^(?P<y>{LONG_YEAR})(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})$",
        plain=True,
    ),
    "compact-month": Form(
        N_("Digits of year and month, as 202001"),
        rf"^(?P<y>{LONG_YEAR})(?P<m>0[1-9]|1[0-2])$",
        plain=True,
    ),
    "compact-hour": Form(
        N_("Digits down to the hour, as 2020013115"),
        r"^(?P<y>1[89][0-9]{2}|20[0-9]{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12][0-9]|3[01])"
        r"(?P<H>[01][0-9]|2[0-3])$",
        plain=True,
    ),
    "stamp": Form(
        N_("Digits down to the minute or second, as 20200131T1530"),
        rf"^(?P<y>{LONG_YEAR})(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})[T _-]?(?P<H>[0-9]{{2}})"
        r"(?P<M>[0-9]{2})(?P<S>[0-9]{2})?(?P<z>Z)?$",
        plain=True,
    ),
    "epoch-s": Form(
        N_("Seconds since 1970"), r"^(?P<e>[0-9]{9,10})(?:[.,](?P<f>[0-9]*))?$", plain=True, scale=1
    ),
    "epoch-ms": Form(
        N_("Milliseconds since 1970"),
        r"^(?P<e>[0-9]{12,13})(?:[.,](?P<f>[0-9]*))?$",
        plain=True,
        scale=10**3,
    ),
    "epoch-us": Form(
        N_("Microseconds since 1970"), r"^(?P<e>[0-9]{15,16})$", plain=True, scale=10**6
    ),
    "epoch-ns": Form(
        N_("Nanoseconds since 1970"), r"^(?P<e>[0-9]{18}|[1-8][0-9]{18})$", plain=True, scale=10**9
    ),
    "decimal-year": Form(
        N_("Years with parts of them, as 1949.083"),
        r"^(?P<x>(?:1[0-9]|20)[0-9]{2}(?:[.,][0-9]*)?)$",
        plain=True,
        counted=True,
    ),
    "serial": Form(
        N_("Days as a spreadsheet counts them, as 43861"),
        r"^(?P<x>[1-7]?[0-9]{4}(?:[.,][0-9]*)?)$",
        plain=True,
        counted=True,
    ),
}

# January to December, as they are called in the languages named.
MONTH_NAMES = (
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",  # German
    "jänner feber maerz apr mai jun jul aug sept okt nov dez",  # Austrian, and without an ä
    "jan feb mrz apr mai jun jul aug sep okt nov dez",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago setiembre oct nov dic",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli avgust september oktober november desember",
    "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad"
    " grudzień",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada"
    " grudnia",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
)
LEAST_LETTERS, TOLD_BY = 3, 5  # of a month's name that is cut short, or has another end


def form_of_text(cell: str) -> str:
    """Tell how a single time is written, "" if it is none."""
    if len(cell) > LONGEST or not DIGIT.search(cell) or FRACTION.fullmatch(cell):
        return ""
    digits = cell.isdigit()
    for name, pattern in patterns().items():
        if digits and not FORMS[name].plain:
            continue
        found = pattern.match(cell)
        if found and _is_meant(found.groupdict()):
            return name
    return ""


def in_arrow(pattern: str) -> str:
    """Give a pattern of this module as RE2 compiles it fast."""
    return pattern.replace(r"\pL", LETTER)


def month_of(name: str) -> int:
    """Give the number of a month by its name in small letters, whole or cut short; 0 if none.

    Names of further languages, and other cases of a name, are told by their first letters.
    """
    return _months().get(name, 0) or _months().get(name[:TOLD_BY], 0)


@cache
def _months() -> Mapping[str, int]:
    """Give the numbers of all beginnings of months' names that stand for one month alone."""
    found: dict[str, set[int]] = {}
    for line in MONTH_NAMES:
        for number, name in enumerate(line.split(), start=1):
            for size in range(LEAST_LETTERS, len(name) + 1):
                found.setdefault(name[:size], set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


@cache
def patterns() -> Mapping[str, re.Pattern[str]]:
    """Give the patterns for Python's engine, which takes a single text faster than RE2."""
    return {
        name: re.compile(form.pattern.replace(r"\pL", r"[^\W\d_]"))
        for name, form in FORMS.items()
        if not form.counted
    }


def _is_meant(parts: Mapping[str, str | None]) -> bool:
    """Whether a month's name is one, and a second year the one behind the first."""
    name, end = parts.get("n"), parts.get("end") or parts.get("end2")
    if name is not None:
        return month_of(name.lower()) > 0
    return end is None or int(end) == (int(parts["y"] or 0) + 1) % 10 ** len(end)
