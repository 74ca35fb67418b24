"""What is said of one series of a table: what was understood, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_
from rnn_core.series.spacing import Step, spacing_of, step_of, steps_between

PROBLEMS: Mapping[str, str] = {
    "missing": N_("Missing values"),
    "not_a_number": N_("Cells that are no numbers"),
    "infinite": N_("Infinite values"),
    "stand_in": N_(
        "Numbers that may stand for missing values, as -999 (if they do, name it as a further sign)"
    ),
    "mixed": N_("Numbers with other signs than the rest: with and without %, or of two currencies"),
    "no_time": N_("Cells that are no times"),
    "duplicates": N_("Times that occurred before"),
    "unsorted": N_("Rows earlier than the row before"),
    "irregular": N_("Steps that differ from the usual one"),
}


@dataclass(frozen=True)
class Problem:
    """One kind of thing that is wrong with a series, a key of :data:`PROBLEMS`.

    ``count`` says how often, ``rows`` which rows of the file are the first.
    """

    kind: str
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Report:
    """What was understood of one series of a table, before any treatment.

    ``time`` is "" where the steps are numbered, and ``time_format`` then, too; ``time_guessed``
    says that the dates could be read in another way as well, ``utc`` that they were turned to UTC.
    ``unit``, ``time_unit`` and ``season`` are the series' own. ``problems`` has only what occurs.
    """

    value: str
    time: str
    time_format: str
    time_guessed: bool
    utc: bool
    id_column: str
    id_value: str
    rows: int
    unit: str
    time_unit: str
    season: int
    problems: tuple[Problem, ...]


STAND_INS = (-99, -99.9, -99.99, -999, -999.9, -999.99, -9999, -9999.9, -99999, 999.9, 999.99, 9999,
             9999.9, 99999, 999999)  # fmt: skip


def stand_ins(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell where the numbers ``(n,)`` are ones that instruments write for a missing value.

    They lie beyond all others, and farther from them than half of what those span.
    """
    found: NDArray[np.bool_] = np.isin(values, STAND_INS)
    if not found.any():
        return found
    others = values[~found & np.isfinite(values)]
    if len(others) < 2:
        return np.zeros(len(values), bool)
    low, high = others.min(), others.max()
    with np.errstate(over="ignore", invalid="ignore"):
        away = np.maximum(low - values, values - high)
        beyond: NDArray[np.bool_] = found & (away > max((high - low) / 2, 1.0))
    return beyond


def wrong_times(
    times: NDArray[np.datetime64],
) -> tuple[dict[str, NDArray[np.bool_]], str, int]:
    """Tell in which rows times are wrong, and the word for a step and the season of the rest."""
    unread = np.isnat(times)
    places = np.flatnonzero(~unread)
    known = times[places]
    twice, earlier, uneven = (np.zeros(len(times), bool) for _ in range(3))
    distinct, first = known, np.arange(len(known))
    if not (known[1:] > known[:-1]).all():  # sorting what is sorted takes its time, too
        order = np.argsort(known, kind="stable")
        twice[places[order[1:][known[order][1:] == known[order][:-1]]]] = True
        earlier[places[1:][known[1:] < known[:-1]]] = True
        distinct, first = np.unique(known, return_index=True)
    step: Step | None = step_of(distinct)
    if step is not None:
        uneven[places[first[1:][steps_between(distinct, step) != 1]]] = True
    unit, season = spacing_of(distinct)
    wrong = {"no_time": unread, "duplicates": twice, "unsorted": earlier, "irregular": uneven}
    return wrong, unit, season
