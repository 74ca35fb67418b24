"""Signs at numbers: currencies, percent and the units that a column's cells carry."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.series.tables.sampling import sample_of

CURRENCY = (
    r"(?:US|CA?|AU?|NZ|HK|S|R)\$|[€$£¥₹₽₩¢₺₪₴฿]|EUR|USD|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF"
    r"|CAD|AUD|NZD|BRL|MXN|ZAR|SGD|HKD|KRW|TRY|RUB|kr\.?|zł|Rs\.?|Fr\."
)
GAP = "[\\s\u00a0\u2009\u202f]*"
# What stands behind a number where a column's cells carry their unit.
SIGNS = (
    r"°\s?[CFK]?|[kMG]?Wh|[kMGm]?W|k?V|m?A|[kMG]?Hz|[hk]?Pa|m?bar|mmHg|[mck]?m|km/h|m/s|mph|kn|"
    r"[mkµ]?g|[µm]?g/m[³3]|t|m?l|m[²³]|l/min|m[³3]/[sh]|ppm|ppb|bpm|rpm|dBA?|db|lux|lx|"
    r"[mnuµp]?s|sec|min|h|in|psi|fps|cfs|"
    r"[KMGT]i?B(?:/s)?|kB(?:/s)?|[kMG]bit/s|pcs|Stk\.?|Stück|Mio\.?(?:\s€)?|Mrd\.?(?:\s€)?"
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
SIGNS_APART = ("%", "€", "$", "£", "¥", "₹", "EUR", "USD", "GBP", "CHF", "JPY")
MINUS = "−‒–﹣－"  # what is typed for it besides -
SIGNED = re.compile(rf"^[+{MINUS}-]?[0-9][0-9.,'’\s]*?\s?({SIGNS})$")
UNIT = re.compile(rf"{SIGNS}|(?i:{CURRENCY})")


def is_unit(letters: str) -> bool:
    """Tell whether letters are a unit or a currency that can stand behind a number."""
    return UNIT.fullmatch(letters) is not None


def unit_of(cells: Any) -> str:
    """Give the sign of a unit that most of a column's first cells carry, or ""."""
    sample = cells[:20].to_pylist()
    for unit, signs in UNITS.items():
        if 2 * sum(any(sign in cell for sign in signs) for cell in sample) > len(sample):
            return unit
    return sign_of(sample)


def mixed_signs(cells: Any, values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell where a number ``(n,)`` has another sign than most: no %, or another currency's.

    A currency's sign may be left out, and nothing is the same with and without %.
    """
    import pyarrow.compute as pc

    mixed = np.zeros(len(cells), bool)
    sample = sample_of(cells).to_pylist()
    found = [sign for sign in SIGNS_APART if any(sign in cell for cell in sample)]
    if not found:
        return mixed
    filled = np.isfinite(values) & (values != 0)
    having = {
        sign: pc.match_substring(cells, sign).to_numpy(zero_copy_only=False) & filled
        for sign in found
    }
    if "%" in having:
        with_it = having.pop("%")
        without = filled & ~with_it
        if with_it.any() and without.any():
            mixed |= with_it if with_it.sum() < without.sum() else without
    if len(having) > 1:
        most = max(having, key=lambda sign: having[sign].sum())
        for sign, places in having.items():
            if sign != most:
                mixed |= places & ~having[most]
    return mixed


def sign_of(texts: Sequence[str]) -> str:
    """Give the unit that most of some texts carry behind a number, or ""."""
    found = Counter(match[1] for text in texts if len(text) < 40 and (match := SIGNED.match(text)))
    best, count = found.most_common(1)[0] if found else ("", 0)
    return best if 2 * count > sum(bool(text) for text in texts) else ""


def without_sign(texts: Any, sign: str) -> Any:
    """Leave out the unit behind the numbers, one and the same for a column."""
    import pyarrow.compute as pc

    if not sign:
        return texts
    pattern = rf"^([+-]?[0-9].*?){GAP}{re.escape(sign)}$"
    return pc.replace_substring_regex(texts, pattern, r"\1")
