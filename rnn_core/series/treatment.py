"""What is done about missing values, times that occur twice, disorder and uneven steps.

Nothing is treated unless a person chooses it: the defaults refuse, or leave things as they are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.series import Series
from rnn_core.series.spacing import (
    DAY,
    HOUR,
    MONTHS_A_STEP,
    spacing_of,
    step_of,
    steps_between,
)

MISSING: Mapping[str, str] = {
    "refuse": N_("Refuse the series"),
    "interpolate": N_("Draw a line between the neighbours"),
    "forward": N_("Carry the last value forward"),
    "drop": N_("Leave those rows out"),
    "leave": N_("Leave them missing"),
}
DUPLICATES: Mapping[str, str] = {
    "refuse": N_("Refuse the series"),
    "first": N_("Keep the first"),
    "last": N_("Keep the last"),
    "mean": N_("Take their mean"),
    "sum": N_("Take their sum"),
}
ORDER: Mapping[str, str] = {
    "refuse": N_("Refuse the series"),
    "sort": N_("Sort by time"),
}
STEPS: Mapping[str, str] = {
    "leave": N_("Leave them uneven"),
    "insert": N_("Insert missing values at the regular step"),
    "mean": N_("Take the mean of each longer step"),
    "sum": N_("Take the sum of each longer step"),
    "last": N_("Take the last value of each longer step"),
}
EVERY: Mapping[str, str] = {
    "auto": N_("The calendar's unit next to the usual step"),
    "second": N_("Second"),
    "minute": N_("Minute"),
    "hour": N_("Hour"),
    "day": N_("Day"),
    "week": N_("Week"),
    "month": N_("Month"),
    "quarter": N_("Quarter"),
    "year": N_("Year"),
}
SECONDS = {"second": 1, "minute": 60, "hour": HOUR, "day": DAY, "week": 7 * DAY}
LONGEST = 2_000_000

Values = NDArray[np.float64]
Times = NDArray[Any]


@dataclass(frozen=True)
class Treatment:
    """What is done about what is wrong with a series; each a key of the mapping of that name.

    ``steps`` "mean", "sum" and "last" join the values of each unit ``every``. Raises
    ``SeriesError`` for a choice that there is not.
    """

    missing: str = "refuse"
    duplicates: str = "refuse"
    order: str = "refuse"
    steps: str = "leave"
    every: str = "auto"

    def __post_init__(self) -> None:
        for name, choices in (
            ("missing", MISSING),
            ("duplicates", DUPLICATES),
            ("order", ORDER),
            ("steps", STEPS),
            ("every", EVERY),
        ):
            value = getattr(self, name)
            if not isinstance(value, str) or value not in choices:
                raise SeriesError(
                    Message(
                        "series.treatment",
                        N_("'{name}' must be one of: {allowed}. Received: {received}."),
                        {
                            "name": name,
                            "allowed": ", ".join(choices),
                            "received": value[:60]
                            if isinstance(value, str)
                            else type(value).__name__,
                        },
                    )
                )


def treat(
    series: Series, treatment: Treatment, rows: NDArray[np.int64] | None = None, time: str = ""
) -> Series:
    """Treat a series as chosen: order, then duplicates, then steps, then missing values.

    ``rows`` ``(n,)`` says in which row of a file each value stands, and ``time`` in which column
    its time does, for what a refusal says. Raises ``SeriesError`` for what is not treated, and
    where nothing is left.
    """
    rows = np.arange(1, len(series) + 1) if rows is None else rows
    values = np.column_stack([series.values, series.covariates])
    times = series.times
    if series.has_calendar and len(times):
        times, values, rows = _ordered(times, values, rows, treatment, time)
        if treatment.steps == "insert":
            times, values, rows = _insert(times, values, rows, time)
        elif treatment.steps != "leave":
            times, values, rows = _aggregate(times, values, treatment)
    before = times[np.isnan(values).any(axis=1)]
    times, values = _without_missing(times, values, rows, treatment.missing, series)
    if not len(values):
        raise SeriesError(
            Message(
                "series.nothing_left",
                N_(
                    "Column '{column}' has no values left: choose another column or another way "
                    "with missing values."
                ),
                {"column": series.name},
            )
        )
    unit, season = series.time_unit, series.season
    if series.has_calendar:
        found, its_season = spacing_of(times)
        if found != unit:
            unit, season = found, its_season
    drawn = series.times[series.drawn]
    if treatment.missing == "interpolate":
        drawn = np.concatenate([drawn, before])
    return dataclasses.replace(
        series,
        values=values[:, 0],
        times=times,
        drawn=np.isin(times, drawn),
        covariates=values[:, 1:],
        season=season,
        time_unit=unit,
    )


def _ordered(
    times: Times, values: Values, rows: NDArray[np.int64], treatment: Treatment, column: str
) -> tuple[Times, Values, NDArray[np.int64]]:
    """Put the values into the order of their times, each time once, or refuse."""
    if (times[1:] > times[:-1]).all():
        return times, values, rows
    order = np.argsort(times, kind="stable")
    again = np.flatnonzero(times[order][1:] == times[order][:-1]) + 1
    if len(again) and treatment.duplicates == "refuse":
        place = again[order[again].argmin()]
        raise SeriesError(
            Message(
                "series.duplicate_times",
                N_(
                    "Column '{column}' has times that occurred before (in all: {count}), the "
                    "first of them in rows {first} and {second}: keep one row for each time, "
                    "or choose how to join them."
                ),
                {
                    "column": column,
                    "count": len(again),
                    "first": int(rows[order[place - 1]]),
                    "second": int(rows[order[place]]),
                },
            )
        )
    earlier = times[1:] < times[:-1]
    if earlier.any() and treatment.order == "refuse":
        raise SeriesError(
            Message(
                "series.unsorted_times",
                N_(
                    "Column '{column}' is not in order: row {row} is earlier than the row before "
                    "it; sort the table by time, oldest first, or choose to have it sorted."
                ),
                {"column": column, "row": int(rows[1:][earlier][0])},
            )
        )
    times, values, rows = times[order], values[order], rows[order]
    if not len(again):
        return times, values, rows
    starts = np.setdiff1d(np.arange(len(times)), again)
    return times[starts], _joined(values, starts, treatment.duplicates), rows[starts]


def _joined(values: Values, starts: NDArray[np.intp], how: str) -> Values:
    """Join runs of rows that begin at ``starts``; missing values are passed over, if not all are.

    Shape ``(n, k)`` to ``(len(starts), k)``.
    """
    ends = np.append(starts[1:], len(values)) - 1
    if how in ("first", "last"):
        return values[starts if how == "first" else ends]
    known = ~np.isnan(values)
    counts = np.add.reduceat(known.astype(np.int64), starts, axis=0)
    sums: Values = np.add.reduceat(np.where(known, values, 0.0), starts, axis=0)
    if how == "mean":
        sums = sums / np.maximum(counts, 1)
    sums[counts == 0] = np.nan
    return sums


def _insert(
    times: Times, values: Values, rows: NDArray[np.int64], column: str
) -> tuple[Times, Values, NDArray[np.int64]]:
    """Put NaN wherever the regular step passes over a time."""
    step = step_of(times)
    if step is None:
        return times, values, rows
    between = steps_between(times, step)
    odd = (between != np.round(between)) | (between < 1)
    if odd.any():
        raise SeriesError(
            Message(
                "series.odd_step",
                N_(
                    "Column '{column}' has a time in row {row} that does not lie on the regular "
                    "step (in all: {count}): choose to join the values of each longer step."
                ),
                {"column": column, "row": int(rows[1:][odd][0]), "count": int(odd.sum())},
            )
        )
    places = np.concatenate([[0], np.cumsum(between).astype(np.int64)])
    length = int(places[-1]) + 1
    _check_length(length)
    if step.months:
        month = times[0].astype("datetime64[M]")
        since = times[0] - month.astype("datetime64[s]")
        months = month + step.months * np.arange(length)
        every = (months.astype("datetime64[s]") + since).astype(times.dtype)
    else:
        every = times[0] + step.ticks * np.arange(length)
    every[places] = times
    filled = np.full((length, values.shape[1]), np.nan)
    filled[places] = values
    return every, filled, rows[np.searchsorted(places, np.arange(length), "right") - 1]


def _aggregate(
    times: Times, values: Values, treatment: Treatment
) -> tuple[Times, Values, NDArray[np.int64]]:
    """Join the values of each unit of the calendar; NaN for a unit without any."""
    unit = treatment.every if treatment.every != "auto" else _unit_beside(times)
    times = times.astype("datetime64[s]")
    if unit in MONTHS_A_STEP:
        bins = times.astype("datetime64[M]").astype(np.int64) // MONTHS_A_STEP[unit]
    else:
        # Weeks begin on Monday; 1970 began on a Thursday.
        shift = 3 * DAY if unit == "week" else 0
        bins = (times.astype(np.int64) + shift) // SECONDS[unit]
    places = bins - bins[0]
    length = int(places[-1]) + 1
    _check_length(length)
    starts = np.flatnonzero(np.diff(places, prepend=-1))
    joined = np.full((length, values.shape[1]), np.nan)
    joined[places[starts]] = (
        _joined(values, starts, treatment.steps)
        if treatment.steps != "last"
        else _last_known(values, starts)
    )
    every = bins[0] + np.arange(length)
    if unit in MONTHS_A_STEP:
        begins = (every * MONTHS_A_STEP[unit]).astype("datetime64[M]").astype("datetime64[s]")
    else:
        begins = (every * SECONDS[unit] - shift).astype("datetime64[s]")
    return begins, joined, np.arange(1, length + 1)


def _last_known(values: Values, starts: NDArray[np.intp]) -> Values:
    carried = values.copy()
    for place in range(values.shape[1]):
        column = carried[:, place]
        known = np.where(np.isnan(column), -1, np.arange(len(column)))
        last = np.maximum.accumulate(known)
        begin = np.repeat(starts, np.diff(np.append(starts, len(column))))
        carried[:, place] = np.where(last >= begin, column[np.maximum(last, 0)], np.nan)
    last_ones: Values = carried[np.append(starts[1:], len(values)) - 1]
    return last_ones


def _unit_beside(times: Times) -> str:
    """Give the shortest unit of the calendar that is at least as long as the usual step."""
    if len(times) < 2:
        return "day"
    usual = float(np.median(np.diff(times) / np.timedelta64(1, "s")))
    longest = {**SECONDS, "month": 31 * DAY, "quarter": 92 * DAY, "year": 366 * DAY}
    return next((unit for unit, seconds in longest.items() if usual <= seconds), "year")


def _check_length(length: int) -> None:
    if length > LONGEST:
        raise SeriesError(
            Message(
                "series.too_many_steps",
                N_(
                    "At that step the series would have {length} values, more than the {limit} "
                    "allowed: choose a longer step."
                ),
                {"length": f"{length:,}", "limit": f"{LONGEST:,}"},
            )
        )


def _without_missing(
    times: Times, values: Values, rows: NDArray[np.int64], how: str, series: Series
) -> tuple[Times, Values]:
    lost = np.isnan(values)
    if how == "leave" or not lost.any():
        return times, values
    if how == "refuse":
        place = int(lost.any(axis=0).argmax())
        names = (series.name, *series.covariate_names)
        raise missing_values(
            names[place], int(lost[:, place].sum()), int(rows[lost[:, place].argmax()])
        )
    if how == "drop":
        kept = ~lost.any(axis=1)
        return times[kept], values[kept]
    filled = np.column_stack([_FILL[how](column, times) for column in values.T])
    kept = ~np.isnan(filled).any(axis=1)  # before the first value there is none to carry
    return times[kept], filled[kept]


def missing_values(column: str, count: int, row: int) -> SeriesError:
    """Say that a column has missing values, how many and where the first is."""
    return SeriesError(
        Message(
            "series.missing",
            N_(
                "Column '{column}' has missing values (in all: {count}), the first in row {row}: "
                "fill them in, leave those rows out, or choose what is to be done with them."
            ),
            {"column": column, "row": row, "count": count},
        )
    )


def _interpolated(column: Values, times: Times) -> Values:
    """Draw a line over time between the known neighbours; no value beyond the last of them."""
    known = ~np.isnan(column)
    if not known.any():
        return column
    moments = times.astype(np.int64)
    filled: Values = np.interp(moments, moments[known], column[known], left=np.nan, right=np.nan)
    return filled


def _carried(column: Values, _times: Times) -> Values:
    known = np.where(np.isnan(column), -1, np.arange(len(column)))
    last = np.maximum.accumulate(known)
    carried: Values = np.where(last >= 0, column[np.maximum(last, 0)], np.nan)
    return carried


_FILL: Mapping[str, Callable[[Values, Times], Values]] = {
    "interpolate": _interpolated,
    "forward": _carried,
}
