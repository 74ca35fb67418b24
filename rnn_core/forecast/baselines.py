"""Forecasts anyone can make without a network; a network that does not beat them learnt nothing.

Origins and horizons: an *origin* is the index of the first value that is forecast, so that what is
known there is ``values[:origin]``; a forecast over a horizon of H steps from k origins has the
shape ``(k, H)``, and its column j is j + 1 steps ahead. A one-step forecast of a target is the one
with the target as its origin and a horizon of 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.forecast.ets import SHORTEST, Ets, values_for_season
from rnn_core.forecast.theta import Theta
from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.series import Series

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Forecaster = Callable[[Floats, Indices, int], Floats]
"""``(values, origins, horizon)`` to ``(k, horizon)``; an origin reads ``values[:origin]`` alone."""

FIT_AT_MOST = 2000  # values; Theta and ETS are fitted on the newest of longer series


@dataclass(frozen=True)
class Baseline:
    """A way to forecast: ``fit`` takes what is known ``(n,)`` and the season, 0 if there is none.

    ``shortfall`` says why it cannot be used on what is known, None if it can. ``naive`` ones have
    no fitted parameters; skill is measured against the best of them. ``bounded`` ones are fitted
    on the newest ``FIT_AT_MOST`` values. ``season_needs`` gives the number of values without which
    a season is left out, by its length.
    """

    label: str
    help: str
    fit: Callable[[Floats, int], Forecaster]
    shortfall: Callable[[Floats, int], Message | None]
    naive: bool = True
    bounded: bool = False
    season_needs: Callable[[int], int] = lambda season: 0


@dataclass(frozen=True, eq=False)
class BaselineForecast:
    """``forecast`` ``(k, horizon)`` in the units of the series, or the reason why there is none.

    ``note`` says what was done differently from what one would expect.
    """

    forecast: Floats | None
    reason: Message | None = None
    note: Message | None = None


def baseline_forecasts(
    series: Series,
    origins: Indices,
    horizon: int,
    *,
    fit_end: int,
    names: Iterable[str] | None = None,
) -> dict[str, BaselineForecast]:
    """Forecast ``horizon`` steps from ``origins`` ``(k,)`` by each of ``names``, by default all.

    Parameters are fitted on ``values[:fit_end]`` alone and stay; what the method carries along (the
    last value, the mean, levels, slopes and seasons) follows the truth up to each origin. So with
    ``fit_end`` the end of the training part a baseline knows exactly what the network knows, and
    with ``fit_end`` the one origin it is fitted on all that is known there.

    Raises ``ValueError`` for an origin before ``fit_end`` or after the end of the series.
    """
    if not len(origins) or origins.min() < fit_end or origins.max() > len(series) or horizon < 1:
        raise ValueError(
            f"origins must lie from {fit_end} to {len(series)} and the horizon be at least 1. "
            f"Received: {origins} and {horizon}."
        )
    return {
        name: _forecast(BASELINES[name], series, origins, horizon, fit_end)
        for name in (BASELINES if names is None else names)
    }


def _forecast(
    baseline: Baseline, series: Series, origins: Indices, horizon: int, fit_end: int
) -> BaselineForecast:
    start = max(0, fit_end - FIT_AT_MOST) if baseline.bounded else 0
    values = carried_forward(series.values[start:])
    known = values[: fit_end - start]
    reason = baseline.shortfall(known, series.season)
    if reason is not None:
        return BaselineForecast(None, reason)
    forecaster = baseline.fit(known, series.season)
    forecast = forecaster(values, origins - start, horizon)
    note = _note(baseline, len(known), fit_end, series.season)
    missing = int(np.isnan(series.values[start : int(origins.max())]).sum())
    if note is None and missing:
        note = Message(
            "baseline.missing",
            N_("Takes the last value known before it in place of each of {missing} missing ones."),
            {"missing": f"{missing:,}"},
        )
    return BaselineForecast(forecast, None, note)


def carried_forward(values: Floats) -> Floats:
    """Put the last known value in place of each missing one (NaN), and the first before it.

    Raises ``SeriesError`` where all are missing.
    """
    known = np.isfinite(values)
    if known.all():
        return values
    if not known.any():
        raise SeriesError(
            Message("baseline.no_values", N_("All values of the series are missing."))
        )
    last = np.maximum.accumulate(np.where(known, np.arange(len(values)), 0))
    filled = values[last]
    filled[: int(np.argmax(known))] = values[np.argmax(known)]
    return filled


def _note(baseline: Baseline, used: int, known: int, season: int) -> Message | None:
    needed = baseline.season_needs(season)
    if season > 1 and needed > used:
        return Message(
            "baseline.without_season",
            N_(
                "Without a season: one of {season} steps takes {needed} values to fit, and there "
                "are {used}."
            ),
            {"used": f"{used:,}", "needed": f"{needed:,}", "season": f"{season:,}"},
        )
    if used < known:
        return Message(
            "baseline.newest",
            N_("Fitted on the newest {used} of the {known} values known."),
            {"used": f"{used:,}", "known": f"{known:,}"},
        )
    return None


def persistence(series: Series, targets: Indices) -> Floats:
    """Repeat the value before each target: ``(k,)`` for ``targets`` ``(k,)``."""
    return series.values[targets - 1]


def seasonal_naive(series: Series, targets: Indices) -> Floats | None:
    """Repeat the value one season before each target: ``(k,)``; None where there is no season.

    None too where the season is longer than what lies before the first target.
    """
    if series.season < 1 or int(targets.min()) < series.season:
        return None
    return series.values[targets - series.season]


def _repeat_last(values: Floats, origins: Indices, horizon: int) -> Floats:
    return np.repeat(values[origins - 1][:, None], horizon, axis=1)


def _repeat_mean(values: Floats, origins: Indices, horizon: int) -> Floats:
    means = np.cumsum(values[: origins.max()])[origins - 1] / origins
    return np.repeat(means[:, None], horizon, axis=1)


def _continue_drift(values: Floats, origins: Indices, horizon: int) -> Floats:
    last = values[origins - 1]
    slope = (last - values[0]) / (origins - 1)
    drifted: Floats = last[:, None] + slope[:, None] * np.arange(1, horizon + 1)
    return drifted


def _repeat_season(season: int) -> Forecaster:
    def forecaster(values: Floats, origins: Indices, horizon: int) -> Floats:
        repeated: Floats = values[origins[:, None] - season + np.arange(horizon) % season]
        return repeated

    return forecaster


def _needs(least: int) -> Callable[[Floats, int], Message | None]:
    def shortfall(known: Floats, season: int) -> Message | None:
        if len(known) >= least:
            return None
        return Message(
            "baseline.short",
            N_("Needs at least {least} known values, and there are {known}."),
            {"least": least, "known": len(known)},
        )

    return shortfall


def _needs_season(known: Floats, season: int) -> Message | None:
    if season < 1:
        return Message(
            "baseline.no_season",
            N_("Needs a season, and none is known of this series. Set Season if it has one."),
        )
    if season > len(known):
        return Message(
            "baseline.long_season",
            N_(
                "Needs one whole season of known values: the season has {season} steps, and "
                "{known} values are known. Set a shorter Season or use a longer series."
            ),
            {"season": f"{season:,}", "known": f"{len(known):,}"},
        )
    return None


def _needs_change(known: Floats, season: int) -> Message | None:
    short = _needs(SHORTEST)(known, season)
    if short is not None or np.ptp(known) > 1e-12 * np.abs(known).max():
        return short
    return Message(
        "baseline.constant",
        N_("Nothing to fit: all values known are the same, {value}."),
        {"value": f"{known[0]:.4g}"},
    )


BASELINES: Mapping[str, Baseline] = {
    "persistence": Baseline(
        N_("Persistence"),
        N_("Repeats the last value."),
        lambda known, season: _repeat_last,
        _needs(1),
    ),
    "mean": Baseline(
        N_("Mean"),
        N_("The mean of all values known at the origin."),
        lambda known, season: _repeat_mean,
        _needs(1),
    ),
    "drift": Baseline(
        N_("Drift"),
        N_("Continues the straight line from the first value to the last one."),
        lambda known, season: _continue_drift,
        _needs(2),
    ),
    "seasonal_naive": Baseline(
        N_("Seasonal naive"),
        N_("Repeats the value of one season ago."),
        lambda known, season: _repeat_season(season),
        _needs_season,
    ),
    "theta": Baseline(
        N_("Theta"),
        N_(
            "Exponential smoothing with half the drift of the trend, after the season has been "
            "taken out: the winner of the M3 competition."
        ),
        Theta,
        _needs_change,
        naive=False,
        bounded=True,
        season_needs=lambda season: 2 * season,
    ),
    "ets": Baseline(
        N_("ETS"),
        N_(
            "Exponential smoothing with the error, trend and season that suit the known values "
            "best, by AICc."
        ),
        Ets,
        _needs_change,
        naive=False,
        bounded=True,
        season_needs=values_for_season,
    ),
}
