"""Names of columns: made unique, and what they say of what a column holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_NAME = 100
TIME_WORDS = (
    "date", "time", "year", "month", "day", "period", "quarter", "week", "when", "epoch", "unix",
    "datum", "zeit", "jahr", "monat", "tag", "fecha", "año", "mes", "heure", "année", "mois",
    "data", "anno", "mese", "ts", "ds", "datetime", "timestamp", "jour", "semaine", "woche",
    "quartal", "trimestre", "trimestre", "fy", "дата", "год", "месяц", "время", "日付", "日期",
    "年月", "时间", "날짜",
)  # fmt: skip


def is_named_as_time(name: str) -> bool:
    """Whether a column's name says that it holds times."""
    words = re.findall(r"[^\W\d_]+", re.sub("([a-z])([A-Z])", r"\1 \2", name))
    plain = name.casefold()
    return any(word.casefold() in TIME_WORDS for word in words) or any(
        word in plain for word in ("date", "time", "year")
    )


def unique_names(first: Sequence[str]) -> tuple[str, ...]:
    """Name every column once, in one line: "x" and "x" become "x" and "x (2)"; "" its place."""
    names: dict[str, None] = {}
    for place, cell in enumerate(first, start=1):
        cleaned = cell.replace("\x00", "").encode("utf-8", "ignore").decode()
        plain = " ".join(cleaned.split())[:LONGEST_NAME] or f"column {place}"
        name, copies = plain, 1
        while name in names:
            copies += 1
            name = f"{plain} ({copies})"
        names[name] = None
    return tuple(names)
