"""Reading columns of numbers, in whichever way a country or a program writes them.

Patterns are RE2's, by way of pyarrow: they take time in proportion to the text, whatever it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MISSING = (
    "", "na", "n/a", "n.a.", "nan", "null", "none", "-", "--", ".", "..", "...", "#n/a", "#na",
    "#value!", "#div/0!", "#ref!", "#name?", "#null!", "#num!", "<na>", "nat", "missing",
    "–", "—", "---", "?", ":", "*", "(null)", "(blank)", "\\n", "#nv", "#n/v", "#wert!", "#bezug!",
    "#zahl!", "k.a.", "k. a.", "n.v.", "n.d.", "nil",
)  # fmt: skip
CURRENCY = (
    r"(?:US|CA?|AU?|NZ|HK|S|R)\$|[€$£¥₹₽₩¢₺₪₴฿]|EUR|USD|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF"
    r"|CAD|AUD|NZD|BRL|MXN|ZAR|SGD|HKD|KRW|TRY|RUB|kr\.?|zł|Rs\.?|Fr\."
)
BEFORE, BEHIND = tuple("$€£¥₹"), tuple("$€£¥₹%")  # signs that are left out
BLANKS = "[ \u00a0\u2009\u202f]"  # also the thin and the non-breaking ones
GAP = "[\\s\u00a0\u2009\u202f]*"
APOSTROPHES = "['’]"
PLAIN = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
DATED = re.compile(
    r"^(?:[0-9]{1,2}\.\s?[0-9]{1,2}\.(?:\s?[0-9]{2,4})?|[0-9]{4}\.[0-9]{1,2}\.[0-9]{1,2}\.?)$"
)
INFINITE = r"(?i)^[+-]?inf(?:inity)?$"
# What stands behind a number where a column's cells carry their unit.
SIGNS = (
    r"°\s?[CFK]?|[kMG]?Wh|[kMGm]?W|k?V|m?A|[kMG]?Hz|[hk]?Pa|m?bar|mmHg|[mck]?m|km/h|m/s|mph|kn|"
    r"[mkµ]?g|[µm]?g/m[³3]|t|m?l|m[²³]|l/min|m[³3]/[sh]|ppm|ppb|bpm|rpm|dBA?|lux|lx|ms|s|min|h|"
    r"pcs|Stk\.?|Stück|Mio\.?(?:\s€)?|Mrd\.?(?:\s€)?"
)
UNITS = {
    "%": ("%",),
    "€": ("€", "EUR"),
    "$": ("$", "USD"),
    "£": ("£", "GBP"),
    "CHF": ("CHF",),
    "¥": ("¥", "JPY"),
    "₹": ("₹", "INR"),
}
SAMPLE = 1000
SIGNS_LOOKED_AT = 200
LOOKED_AT = 20_000  # cells of all columns together, to find the marks by
POINT_MONEY = re.compile("[$£¥₹]")  # of countries that write a decimal point
MARKED = re.compile("[0-9].*[., '’\u00a0\u2009\u202f]|[.,][0-9]")


@dataclass(frozen=True)
class Style:
    """How numbers are written: the decimal mark, and the thousands separator or ""."""

    decimal: str = "."
    thousands: str = ""
    guessed: bool = False  # whether the file could be read in another way, too


def sample_of(cells: Any, size: int = SAMPLE) -> Any:
    """Give the first cells of a column and as many from all over it; all of a short one."""
    import pyarrow as pa

    if len(cells) <= 2 * size:
        return cells
    if isinstance(cells, np.ndarray):
        return cells[np.linspace(0, len(cells) - 1, 2 * size).astype(np.int64)]
    places = np.linspace(size, len(cells) - 1, size).astype(np.int64)
    return pa.concat_arrays([cells[:size], cells.take(pa.array(places))])


def parse_numbers(
    cells: Any, style: Style = Style(), missing: str = ""
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Give cells, a pyarrow array of texts, as float64 and where nothing at all is.

    NaN where there is no number. Currency and percent signs are passed over: 12 % is 12.
    Parentheses and a minus at the end make a number negative.
    """
    import pyarrow.compute as pc

    lost = np.zeros(len(cells), bool)
    values = _all_plain(cells) if style.decimal == "." else None
    if values is None:
        plain = pc.match_substring_regex(cells, _plain(style.decimal))
        simple = pc.if_else(plain, cells, None)
        if style.decimal == ",":
            simple = pc.replace_substring(simple, ",", ".")
        values = _cast(simple)
        odd = ~plain.to_numpy(zero_copy_only=False)
        if odd.any():
            values[odd] = _parse_odd(cells.filter(odd), style)
            unread = np.isnan(values)
            if unread.any():
                lost[unread] = is_missing(cells.filter(unread))
    if missing.strip():
        lost |= pc.equal(cells, missing.strip()).to_numpy(zero_copy_only=False)
        lost |= values == _number(missing, style)
    values[lost] = np.nan
    return values, lost


def stands_for(cells: Any, style: Style, missing: str) -> NDArray[np.bool_]:
    """Tell where a cell is the number that stands for a missing value, however it is written."""
    number = _number(missing, style)
    if np.isnan(number):
        return np.zeros(len(cells), bool)
    same: NDArray[np.bool_] = parse_numbers(cells, style)[0] == number
    return same


def _number(text: str, style: Style) -> float:
    """Read one number in the file's style, or else with a decimal point; NaN if it is none."""
    import pyarrow as pa

    cell = pa.array([text.strip()], pa.string())
    values = (parse_numbers(cell, each)[0][0] for each in (style, Style()))
    return next((float(value) for value in values if not np.isnan(value)), np.nan)


def _all_plain(cells: Any) -> NDArray[np.float64] | None:
    """Read cells that are plain numbers all of them, in half the time; None if any is not.

    What is cast to a finite number is a plain one: else there are only words for infinity and NaN.
    """
    import pyarrow as pa

    try:
        values = _cast(cells)
    except pa.ArrowInvalid:
        return None
    return values if np.isfinite(values).all() else None


def _plain(mark: str) -> str:
    return PLAIN if mark == "." else PLAIN.replace(r"\.", mark)


def is_missing(cells: Any, missing: str = "") -> NDArray[np.bool_]:
    """Tell where a cell is empty, or has a word or sign for a missing value."""
    import pyarrow as pa
    import pyarrow.compute as pc

    words = [*MISSING, *([missing.strip().lower()] if missing else [])]
    longest = max(map(len, words))
    found = pc.less_equal(pc.utf8_length(cells), longest).to_numpy(zero_copy_only=False)
    lost = np.zeros(len(cells), bool)
    if found.any():
        short = pc.utf8_lower(cells if found.all() else cells.filter(found))
        lost[found] = pc.is_in(short, value_set=pa.array(words)).to_numpy(zero_copy_only=False)
    return lost


def _cast(texts: Any) -> NDArray[np.float64]:
    import pyarrow as pa
    import pyarrow.compute as pc

    values: NDArray[np.float64] = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
    return values.copy()


def _parse_odd(cells: Any, style: Style) -> NDArray[np.float64]:
    """Read what is no plain number: signs around it, other marks, infinity."""
    values = _parse_marked(cells, style)
    rest = np.isnan(values)
    if rest.any():
        sign = _sign_of(cells[:SIGNS_LOOKED_AT].to_pylist())
        values[rest] = _parse_any(cells.filter(rest), style, sign)
    return values


def _parse_marked(cells: Any, style: Style) -> NDArray[np.float64]:
    """Read numbers with thousands, and with one and the same sign; NaN for all others.

    That is what most odd numbers are, and takes a fifth of the time.
    """
    import pyarrow.compute as pc

    texts, example = cells, cells[0].as_py()
    if example[:1] in BEFORE:
        bare = pc.utf8_slice_codeunits(texts, 1)
        texts = pc.if_else(pc.starts_with(texts, example[0]), bare, texts)
    elif example[-1:] in BEHIND:
        bare = pc.utf8_rtrim_whitespace(pc.utf8_slice_codeunits(texts, 0, -1))
        texts = pc.if_else(pc.ends_with(texts, example[-1]), bare, texts)
    mark, group = re.escape(style.decimal), _separator(style.thousands)
    grouped = rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|" if style.thousands else ""
    fits = pc.match_substring_regex(texts, rf"^[+-]?(?:{grouped}[0-9]+)(?:{mark}[0-9]*)?$")
    texts = pc.if_else(fits, texts, None)
    if style.thousands in (".", ","):
        texts = pc.replace_substring(texts, style.thousands, "")
    elif style.thousands:
        texts = pc.replace_substring_regex(texts, group, "")
    if style.decimal != ".":
        texts = pc.replace_substring(texts, style.decimal, ".")
    return _cast(texts)


def _parse_any(cells: Any, style: Style, sign: str) -> NDArray[np.float64]:
    """Read numbers in whichever way they are written; ``sign`` is the unit behind them, or ""."""
    import pyarrow.compute as pc

    texts = pc.replace_substring_regex(cells, "[−‒–﹣－]", "-")
    texts = _words_as_numbers(_without_sign(texts, sign))
    texts = pc.replace_substring_regex(texts, "^([+-]?[0-9].*)[.,]--?$", r"\1")  # 5,- euros
    texts = pc.replace_substring_regex(texts, rf"(?i)^([+-]?){GAP}(?:{CURRENCY}){GAP}", r"\1")
    texts = pc.replace_substring_regex(texts, rf"(?i){GAP}(?:{CURRENCY}|%|‰){GAP}(-?)$", r"\1")
    texts = pc.replace_substring_regex(
        texts, rf"(?i)^\({GAP}(?:{CURRENCY})?{GAP}([0-9].*?){GAP}(?:{CURRENCY}|%)?{GAP}\)$", r"-\1"
    )
    texts = pc.replace_substring_regex(texts, r"^([0-9].*)-$", r"-\1")
    infinite = pc.match_substring_regex(texts, INFINITE)
    mark = re.escape(style.decimal)
    number = rf"[0-9]*(?:{mark}[0-9]*)?(?:[eE][+-]?[0-9]+)?"
    if style.thousands:
        group = _separator(style.thousands)
        number = (
            rf"(?:[0-9]{{1,3}}(?:{group}[0-9]{{2,3}})*{group}[0-9]{{3}}(?:{mark}[0-9]*)?|{number})"
        )
    fits = pc.match_substring_regex(texts, rf"^[+-]?{number}$")
    fits = pc.and_(fits, pc.match_substring_regex(texts, "[0-9]"))
    fits = pc.and_(fits, pc.invert(pc.match_substring_regex(texts, "^[+-]?[eE]")))
    if style.thousands:
        texts = pc.replace_substring_regex(texts, _separator(style.thousands), "")
    texts = pc.replace_substring(texts, style.decimal, ".")
    fits = pc.and_(fits, pc.match_substring_regex(texts, PLAIN))
    return _cast(pc.if_else(pc.or_(fits, infinite), texts, None))


def _separator(thousands: str) -> str:
    return {" ": BLANKS, "'": APOSTROPHES}.get(thousands, re.escape(thousands))


_BODY = (
    rf"(?i)^[(+-]?\s*(?:{CURRENCY})?\s*([0-9][0-9.,'’\s]*?|[.,][0-9]+)(?:e[+-]?[0-9]{{1,3}})?\s*"
)
BODY = re.compile(rf"{_BODY}(?:{CURRENCY}|[%‰])?\s*[)-]?$")
WITH_SIGN = re.compile(rf"{_BODY}(?:{CURRENCY}|[%‰]|(?-i:{SIGNS}))?\s*[)-]?$")
SIGNED = re.compile(rf"^[+-]?[0-9][0-9.,'’\s]*?\s?({SIGNS})$")
GROUPED = re.compile(r"^[0-9]{1,3}(?:[\s'’][0-9]{3})+(?:[.,][0-9]+)?$")


def guess_style(
    columns: Sequence[Any],
    delimiter: str = "",
    decimal: str = "",
    thousands: str = "",
    *,
    comma_likely: bool = False,
) -> Style:
    """Tell how a table's numbers are written, from the texts of its columns.

    A mark with other than three digits behind it is a decimal mark; one that occurs twice in a
    number, or before the other mark, separates thousands. So does, where no mark is told by that,
    one with three digits behind it always in a column that also has whole numbers: 950 and 1.020.
    Where there are only numbers such as 1.234 or 1,234, both could be; then the comma is the
    decimal mark if it is ``comma_likely`` by other signs, or if there is no point and the cells are
    not separated by commas, else the point.
    """
    votes = {".": 0, ",": 0}  # for being the decimal mark
    groups = {".": 0, ",": 0, " ": 0, "'": 0}
    open_to_both = {".": 0, ",": 0}
    beside_whole = {".": 0, ",": 0}
    size = max(10, min(SAMPLE, LOOKED_AT // max(1, len(columns))))
    for column in columns:
        whole: list[str] = []
        either: dict[str, list[str]] = {".": [], ",": []}
        for cell in sample_of(column, size).to_pylist():
            if len(cell) > 40 or not MARKED.search(cell):
                if cell.lstrip("+-").isdigit():
                    whole.append(cell.lstrip("+-"))
                continue
            found = WITH_SIGN.match(cell.replace("−", "-"))
            if not found:
                continue
            text = found[1].strip()
            if DATED.match(text):
                continue
            if GROUPED.match(text):
                groups["'" if "'" in text or "’" in text else " "] += 1
            marks = [sign for sign in text if sign in ".,"]
            if not marks:
                continue
            last = marks[-1]
            if len(set(marks)) == 2:
                votes[last] += 1
                groups["," if last == "." else "."] += 1
            elif len(marks) > 1:
                groups[last] += 1
                votes["," if last == "." else "."] += 1
            else:
                before, after = text.split(last)
                before = re.sub(r"[\s'’]", "", before)
                if len(after) == 3 and 1 <= len(before) <= 3 and before[0] != "0":
                    if last == "," and POINT_MONEY.search(cell):
                        votes["."] += 1
                        groups[","] += 1
                    else:
                        either[last].append(after)
                elif after:
                    votes[last] += 1
        for sign, behind in either.items():
            open_to_both[sign] += len(behind)
            if _are_thousands(whole, behind):
                beside_whole[sign] += len(behind)
    mark, unsure = decimal, False
    if not mark:
        if thousands in (".", ","):
            mark = "," if thousands == "." else "."
        elif votes["."] != votes[","]:
            mark = "." if votes["."] > votes[","] else ","
        elif beside_whole["."] != beside_whole[","]:
            mark = "," if beside_whole["."] > beside_whole[","] else "."
        else:
            unsure = bool(open_to_both["."] or open_to_both[","])
            alone = bool(open_to_both[","]) and not open_to_both["."] and delimiter != ","
            mark = "," if alone or (unsure and comma_likely) else "."
    other = "," if mark == "." else "."
    if thousands:
        return Style(mark, "" if thousands == "none" else thousands, unsure)
    groups[other] += open_to_both[other]
    groups.pop(mark)
    best = max(groups, key=lambda sign: groups[sign])
    return Style(mark, best if groups[best] else "", unsure)


def _are_thousands(whole: Sequence[str], behind: Sequence[str]) -> bool:
    """Whether whole numbers of a column are too large, or marked ones too exact, for decimals.

    ``behind`` are the digits behind the mark. A program that leaves out what is nought at the end
    writes 1 beside 1.234, but neither 1.230 nor, most often, 950.
    """
    if not whole or not behind or max(map(len, whole)) > 3:
        return False
    return any(digits[-1] == "0" for digits in behind) or any(len(each) == 3 for each in whole)


def unit_of(cells: Any) -> str:
    """Give the sign of a unit that most of a column's first cells carry, or ""."""
    sample = cells[:20].to_pylist()
    for unit, signs in UNITS.items():
        if 2 * sum(any(sign in cell for sign in signs) for cell in sample) > len(sample):
            return unit
    return _sign_of(sample)


def _sign_of(texts: Sequence[str]) -> str:
    """Give the unit that most of some texts carry behind a number, or ""."""
    found = Counter(match[1] for text in texts if len(text) < 40 and (match := SIGNED.match(text)))
    best, count = found.most_common(1)[0] if found else ("", 0)
    return best if 2 * count > sum(bool(text) for text in texts) else ""


def _without_sign(texts: Any, sign: str) -> Any:
    """Leave out the unit behind the numbers, one and the same for a column."""
    import pyarrow.compute as pc

    if not sign:
        return texts
    pattern = rf"^([+-]?[0-9].*?){GAP}{re.escape(sign)}$"
    return pc.replace_substring_regex(texts, pattern, r"\1")


def _words_as_numbers(texts: Any) -> Any:
    """Give 1 and 0 for true and false, as other formats have them."""
    import pyarrow.compute as pc

    texts = pc.replace_substring_regex(texts, "^(?:true|TRUE|True|WAHR|Wahr)$", "1")
    return pc.replace_substring_regex(texts, "^(?:false|FALSE|False|FALSCH|Falsch)$", "0")
