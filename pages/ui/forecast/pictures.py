"""The pictures of a judged run, each by the name with which a finding asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from pages.ui.forecast.controls import Chosen
from pages.ui.forecast.judged import Judged, path_of
from pages.ui.i18n import _, say
from pages.ui.runtime import records, store
from rnn_core.forecast.accuracy import MEASURES
from rnn_core.forecast.free_run import feeding_message
from rnn_core.forecast.lagged import Slid
from rnn_core.forecast.paths import MODES, Path
from rnn_core.messages import N_, Message
from rnn_core.plots import (
    coverage_alt,
    coverage_figure,
    fan_alt,
    fan_figure,
    horizon_error_alt,
    horizon_error_figure,
    lag_alt,
    lag_figure,
    loss_alt,
    loss_figure,
    thin_curve,
    together_alt,
    together_figure,
)
from rnn_core.plots.drawn import Spec

POINTS = 600  # half as many buckets as points drawn at the most
LAG_POINTS = 400  # the newest of the test part: more cannot be told apart when slid
MOST_RESTARTS = 40

Picture = tuple[Spec, Message]


def unit_of(judged: Judged) -> str:
    """Give the word for the values."""
    return _(judged.windows.series.unit) or _("units of the series")


def mode_help(judged: Judged, mode: str) -> str:
    """Say what a mode shows, and what its forecasts are made from."""
    feeding = feeding_message(judged.windows.steps, judged.question.horizon)
    said = _(MODES[mode].help)
    return said if mode == "one_step" or feeding is None else f"{said} {say(feeding)}"


def path_picture(judged: Judged, chosen: Chosen, mode: str) -> Picture:
    """Draw the forecasts of a mode with intervals, truth and baselines."""
    path, series = path_of(judged, mode), judged.windows.series
    points = len(path.places)
    _kept, _truth, shown = thin_curve(
        np.arange(points), _drawn(path.truth, path.forecast), np.arange(points), points=POINTS
    )
    first = int(path.places[0])
    lead = np.arange(max(0, first - max(2 * series.season, 24, points // 3)), first)
    lead, history = thin_curve(lead, series.values[lead], points=100)
    levels = [place for place, level in enumerate(path.levels) if level in chosen.levels]
    tested = np.flatnonzero(path.places[shown] >= judged.windows.split.test)
    bounds = {}
    if levels:
        bounds = {
            "levels": tuple(path.levels[place] for place in levels),
            "lower": path.lower[levels][:, shown],
            "upper": path.upper[levels][:, shown],
        }
    restarts = np.flatnonzero(np.isin(shown, path.restarts))
    unit = _(series.unit)
    figure = fan_figure.spec(
        path.times[shown],
        path.forecast[shown],
        truth=path.truth[shown],
        history_times=series.times[lead],
        history=history,
        baselines={name: values[shown] for name, values in path.baselines.items()},
        shown=chosen.baselines,
        boundary=int(tested[0]) if mode != "future" and len(tested) else None,
        restarts=restarts if 1 < len(restarts) <= MOST_RESTARTS and mode == "free_run" else None,
        unit=unit,
        time_label=_(series.time_unit).capitalize(),
        translate=_,
        **bounds,
    )
    return figure, fan_alt(path.forecast, truth=path.truth, unit=unit, **bounds)


def together_picture(judged: Judged, chosen: Chosen) -> Picture:
    """Draw what is said one step ahead and several steps ahead, on into the future."""
    windows, series = judged.windows, judged.windows.series
    one, free, future = (path_of(judged, mode) for mode in ("one_step", "free_run", "future"))
    places = np.union1d(np.union1d(one.places, free.places), future.places)
    times = np.concatenate([series.times, future.times])[places]
    levels = [place for place, level in enumerate(one.levels) if level in chosen.levels]

    def laid(*parts: tuple[Path, np.ndarray]) -> np.ndarray:
        found = np.full(len(places), np.nan)
        for path, values in parts:
            found[np.searchsorted(places, path.places)] = values
        return found

    truth = laid((free, free.truth), (one, one.truth))
    one_step = laid((one, one.forecast))
    own = laid((free, free.forecast), (future, future.forecast))
    lower, upper = (
        np.array([laid((one, getattr(one, edge)[each]), (future, getattr(future, edge)[each]))
                  for each in levels])
        for edge in ("lower", "upper")
    )  # fmt: skip
    index = np.arange(len(places))
    _kept, _values, shown = thin_curve(index, _drawn(truth, own), index, points=POINTS)
    first, known = int(places[0]), int(np.sum(places[shown] < len(series)))
    lead = np.arange(max(0, first - max(2 * series.season, 24, len(places) // 3)), first)
    lead, history = thin_curve(lead, series.values[lead], points=100)
    tested = np.flatnonzero(places[shown] >= windows.split.test)
    restarts = np.flatnonzero(np.isin(places[shown], free.places[free.restarts]))
    bounds = {}
    if levels:
        bounds = {
            "levels": tuple(one.levels[place] for place in levels),
            "lower": lower[:, shown],
            "upper": upper[:, shown],
        }
    unit = _(series.unit)
    figure = together_figure.spec(
        times[shown],
        truth[shown],
        one_step[shown],
        own[shown],
        history_times=series.times[lead],
        history=history,
        boundary=int(tested[0]) if len(tested) else None,
        future=known,
        restarts=restarts if 1 < len(restarts) <= MOST_RESTARTS else None,
        unit=unit,
        time_label=_(series.time_unit).capitalize(),
        translate=_,
        **bounds,
    )
    return figure, together_alt(truth, one_step, own, unit=unit)


def errors_picture(judged: Judged, chosen: Chosen) -> Picture:
    """Draw the RMSE of network and baselines by the number of steps ahead."""
    errors = {
        name: np.array([step.rmse for step in steps])
        for name, steps in judged.evaluation.ahead.accuracy.items()
    }
    words = {"measure": _(MEASURES["rmse"].label), "unit": _(judged.windows.series.unit)}
    return (
        horizon_error_figure.spec(errors, translate=_, **words),
        horizon_error_alt(errors, **words),
    )


def coverage_picture(judged: Judged, chosen: Chosen) -> Picture:
    """Draw the coverage of each level, promised and measured."""
    coverage = judged.evaluation.coverage
    return (
        coverage_figure.spec(coverage.levels, coverage.shares, translate=_),
        coverage_alt(coverage.levels, coverage.shares),
    )


def lag_picture(
    judged: Judged, chosen: Chosen, slid: Slid | None = None, slide: int | None = None
) -> Picture:
    """Draw a forecast, slid back by ``slide`` steps or until it fits best.

    That of one step ahead, or of the last step where that alone is a copy of the past.
    """
    slid = slid or judged.evaluation.copied
    profile, series = slid.profile, judged.windows.series
    correlations = profile.correlations if profile is not None else np.empty(0)
    if slide is None:
        slide = profile.best if profile is not None else 0
    figure = lag_figure.spec(
        series.times[slid.places[-LAG_POINTS:]],
        slid.truth[-LAG_POINTS:],
        slid.forecast[-LAG_POINTS:],
        correlations,
        slide=slide,
        unit=_(series.unit),
        time_label=_(series.time_unit).capitalize(),
        translate=_,
    )
    return figure, lag_alt(correlations)


def loss_picture(judged: Judged, chosen: Chosen) -> Picture:
    """Draw training and validation loss, epoch by epoch."""
    curve = records().epochs(judged.question.run_id)
    epochs, loss, val_loss = (curve[name] for name in ("epoch", "loss", "val_loss"))
    run = store().run(judged.question.run_id)
    best = run.best_epoch if run is not None else None
    positive = bool(np.all(np.concatenate([loss, val_loss]) > 0))
    return (
        loss_figure.spec(epochs, loss, val_loss, log=positive, best_epoch=best, translate=_),
        loss_alt(epochs, loss, val_loss, best),
    )


WHY: Mapping[str, Callable[[Judged, Chosen], Picture]] = {
    "forecast": lambda judged, chosen: path_picture(judged, chosen, "one_step"),
    "free_run": lambda judged, chosen: path_picture(judged, chosen, "future"),
    "lag": lag_picture,
    "loss": loss_picture,
    "coverage": coverage_picture,
    "errors": errors_picture,
}
"""What shows a finding, by the names of ``diagnoses.PICTURES``."""

READING: Mapping[str, str] = {
    "forecast": N_(
        "Look for a forecast that turns when the truth turns, and not one step later, and for "
        "points outside of the intervals."
    ),
    "free_run": N_("Look for the swings of the past: a line without them has forgotten them."),
    "lag": N_(
        "Slid back by as many steps as it looks ahead, does the forecast lie on the truth? Then it "
        "only repeats what it has just seen."
    ),
    "loss": N_(
        "Validation still falling: it is not done. Validation rising while training falls: it "
        "learns the training part by heart."
    ),
    "coverage": N_(
        "A line should lie at its dotted promise; below it, the intervals are too narrow, above "
        "it too wide."
    ),
    "errors": N_("The lower the better. A line that crosses that of the network is better there."),
}
"""How to read each picture, in a sentence."""


def _drawn(truth: np.ndarray, forecast: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(truth), truth, forecast)
