"""Reading columns of numbers, in whichever way a country or a program writes them.

Patterns are RE2's, by way of pyarrow: they take time in proportion to the text, whatever it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.series.tables.sampling import once_each
from rnn_core.series.tables.signs import CURRENCY, GAP, MINUS, sign_of, without_sign

MISSING = (
    "", "na", "n/a", "n.a.", "nan", "null", "none", "-", "--", ".", "..", "...", "#n/a", "#na",
    "#value!", "#div/0!", "#ref!", "#name?", "#null!", "#num!", "<na>", "nat", "missing",
    "–", "—", "---", "?", ":", "*", "(null)", "(blank)", "\\n", "#nv", "#n/v", "#wert!", "#bezug!",
    "#zahl!", "k.a.", "k. a.", "n.v.", "n.d.", "nil", "**", "***", "****", "/", "no data", "nodata",
    "unavailable", "unknown",
)  # fmt: skip
BEFORE, BEHIND = tuple("$€£¥₹"), tuple("$€£¥₹%")  # signs that are left out
BLANKS = "[ \u00a0\u2009\u202f]"  # also the thin and the non-breaking ones
APOSTROPHES = "['’]"
PLAIN = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
INFINITE = r"(?i)^[+-]?inf(?:inity)?$"
MAGNITUDES = {"Kk": 1e3, "M": 1e6, "B": 1e9}  # as 1.2M; with a blank, letters are a unit
SIGNS_LOOKED_AT = 200


@dataclass(frozen=True)
class Style:
    """How numbers are written: the decimal mark, and the thousands separator or ""."""

    decimal: str = "."
    thousands: str = ""
    guessed: bool = False  # whether the file could be read in another way, too


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

    if not re.match(r"[+-]?[0-9.,]", text.strip()):
        return np.nan  # a word, of which some are read as 0 and 1 elsewhere
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
        sign = sign_of(cells[:SIGNS_LOOKED_AT].to_pylist())
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

    known = once_each(cells)
    if known is not None:
        values = _parse_any(known.dictionary, style, sign)
        places: NDArray[np.int64] = known.indices.to_numpy(zero_copy_only=False)
        return values[places]
    texts = pc.replace_substring_regex(cells, f"[{MINUS}]", "-")
    texts = _words_as_numbers(without_sign(texts, sign))
    texts = pc.replace_substring_regex(texts, "^([+-]?[0-9].*)[.,]--?$", r"\1")  # 5,- euros
    texts = pc.replace_substring_regex(texts, rf"(?i)^([+-]?){GAP}(?:{CURRENCY}){GAP}", r"\1")
    texts = pc.replace_substring_regex(texts, rf"(?i){GAP}(?:{CURRENCY}|%|‰){GAP}(-?)$", r"\1")
    texts = pc.replace_substring_regex(
        texts, rf"(?i)^\({GAP}(?:{CURRENCY})?{GAP}([0-9].*?){GAP}(?:{CURRENCY}|%)?{GAP}\)$", r"-\1"
    )
    texts = pc.replace_substring_regex(texts, r"^([0-9].*)-$", r"-\1")
    texts, factors = _without_magnitude(texts)
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
    return _cast(pc.if_else(pc.or_(fits, infinite), texts, None)) * factors


def _separator(thousands: str) -> str:
    return {" ": BLANKS, "'": APOSTROPHES}.get(thousands, re.escape(thousands))


NUMBER = (
    rf"(?i)^[(+-]?\s*(?:{CURRENCY})?\s*([0-9][0-9.,'’\s]*?|[.,][0-9]+)(?:e[+-]?[0-9]{{1,3}})?\s*"
)
BODY = re.compile(rf"{NUMBER}(?:{CURRENCY}|[%‰])?\s*[)-]?$")


def _without_magnitude(texts: Any) -> tuple[Any, NDArray[np.float64]]:
    """Leave out the letter right behind a number such as 1.2K, and give what it stands for."""
    import pyarrow.compute as pc

    factors = np.ones(len(texts))
    if not pc.any(pc.match_substring_regex(texts, f"[0-9][{''.join(MAGNITUDES)}]$")).as_py():
        return texts, factors
    for letters, factor in MAGNITUDES.items():
        found = pc.match_substring_regex(texts, f"^[+-]?[0-9.,]*[0-9][{letters}]$")
        if pc.any(found).as_py():
            texts = pc.if_else(found, pc.utf8_slice_codeunits(texts, 0, -1), texts)
            factors[found.to_numpy(zero_copy_only=False)] = factor
    return texts, factors


def _words_as_numbers(texts: Any) -> Any:
    """Give 1 and 0 for true and false, as other formats have them."""
    import pyarrow.compute as pc

    texts = pc.replace_substring_regex(texts, "^(?:true|TRUE|True|WAHR|Wahr)$", "1")
    return pc.replace_substring_regex(texts, "^(?:false|FALSE|False|FALSCH|Falsch)$", "0")
