"""Forecasts as one line through time: what a picture draws and a table of them keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.forecast.baselines import BaselineForecast, baseline_forecasts
from rnn_core.forecast.evaluate import Evaluation
from rnn_core.forecast.free_run import Step, bounds_of, free_run, own_quantiles, usable
from rnn_core.messages import N_
from rnn_core.series.calendar import future_times
from rnn_core.windows import Indices, Windows

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Path:
    """A forecast for each of ``places`` ``(k,)``, indices into the series, in its units.

    Those from the length of the series on lie in the future; ``truth`` ``(k,)`` is NaN there.
    ``lower`` and ``upper`` ``(levels, k)`` belong to ``levels`` and are NaN on the validation part,
    which the intervals were made from. ``quantiles`` ``(k,)`` are those that a network says itself,
    by their share: NaN beyond the steps that it says at once, none of a network without any.
    ``baselines`` ``(k,)`` are those that can be used.
    ``restarts`` are the indices, into the path, at which the truth was known.
    """

    places: Indices
    times: NDArray[Any]
    truth: Floats
    forecast: Floats
    levels: tuple[float, ...]
    lower: Floats
    upper: Floats
    quantiles: Mapping[float, Floats]
    baselines: Mapping[str, Floats]
    restarts: Indices


@dataclass(frozen=True)
class Mode:
    """A way to forecast: its name, what it shows, and what computes it."""

    label: str
    help: str
    path: Callable[[Windows, Step, Evaluation], Path]


def one_step_path(windows: Windows, step: Step, evaluation: Evaluation) -> Path:
    """Forecast each point of validation and test from the true values before it."""
    targets = usable(windows, windows.held_out)
    forecast = free_run(windows, step, targets, 1)
    baselines = baseline_forecasts(windows.series, targets, 1, fit_end=windows.split.validation)
    return _path(windows, step, evaluation, targets, forecast, baselines)


def free_run_path(windows: Windows, step: Step, evaluation: Evaluation) -> Path:
    """Run freely through validation and test, from the truth anew after each horizon."""
    horizon = evaluation.ahead.horizon
    origins = usable(windows, np.arange(windows.split.validation, windows.split.length, horizon))
    forecast = free_run(windows, step, origins, horizon)
    baselines = baseline_forecasts(
        windows.series, origins, horizon, fit_end=windows.split.validation
    )
    return _path(windows, step, evaluation, origins, forecast, baselines, windows.split.length)


def future_path(windows: Windows, step: Step, evaluation: Evaluation) -> Path:
    """Go on from the end of the series, over the horizon."""
    return _path(
        windows,
        step,
        evaluation,
        np.array([windows.split.length]),
        evaluation.future[None],
        evaluation.future_baselines,
    )


def _path(
    windows: Windows,
    step: Step,
    evaluation: Evaluation,
    origins: Indices,
    forecast: Floats,
    baselines: Mapping[str, BaselineForecast],
    end: int | None = None,
) -> Path:
    """Lay ``(origins, horizon)`` forecasts one after the other, up to before ``end``."""
    series, intervals = windows.series, evaluation.intervals
    own = own_quantiles(windows, step, origins)
    bounds = bounds_of(own) if own is not None else None
    lower, upper = intervals.around(forecast, bounds)
    places = (origins[:, None] + np.arange(forecast.shape[1])).ravel()
    kept = places < end if end is not None else np.full(len(places), True)
    places = places[kept]
    tested = places >= windows.split.test
    beyond = int(max(0, places.max(initial=0) + 1 - len(series)))
    times = np.concatenate([series.times, future_times(series.times, beyond)])
    values = np.concatenate([series.values, np.full(beyond, np.nan)])

    def flat(bounds: Floats) -> Floats:
        return np.where(tested, bounds.reshape(len(bounds), -1)[:, kept], np.nan)

    return Path(
        places=places,
        times=times[places],
        truth=values[places],
        forecast=forecast.ravel()[kept],
        levels=intervals.levels,
        lower=flat(lower),
        upper=flat(upper),
        quantiles={}
        if own is None
        else {
            share: _first_steps(own[:, :, place], forecast.shape[1]).ravel()[kept]
            for place, share in enumerate(windows.quantiles)
        },
        baselines={
            name: baseline.forecast.ravel()[kept]
            for name, baseline in baselines.items()
            if baseline.forecast is not None
        },
        restarts=np.flatnonzero(np.isin(places, origins)),
    )


def _first_steps(said: Floats, horizon: int) -> Floats:
    """Lay ``(origins, steps)`` out as ``(origins, horizon)``, NaN where nothing is said."""
    laid = np.full((len(said), horizon), np.nan)
    steps = min(horizon, said.shape[1])
    laid[:, :steps] = said[:, :steps]
    return laid


MODES: Mapping[str, Mode] = {
    "one_step": Mode(
        N_("One step ahead"),
        N_("Each point of validation and test from the true values before it."),
        one_step_path,
    ),
    "free_run": Mode(
        N_("Free run"),
        N_(
            "Through validation and test, horizon after horizon: at the dotted lines it starts "
            "from the truth again."
        ),
        free_run_path,
    ),
    "future": Mode(
        N_("Into the future"),
        N_("From the last value on, as far as the horizon."),
        future_path,
    ),
}
