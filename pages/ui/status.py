"""How far a run is and how well it does, in a line with its bar and in tiles of numbers.

The page draws both once; after that only numbers and words in them change: see `follow`.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape

import numpy as np
import streamlit as st

from pages.ui.i18n import _
from pages.ui.panels import Shown
from pages.ui.runtime import pool
from rnn_core.forecast.metrics import Scores, score
from rnn_core.runs.states import RunState


def draw_progress(followed: str, share: float, text: str) -> None:
    """Draw how far the run is: a line of text over a bar.

    ``followed`` is the run whose news are written into it, "" if there are none to come.
    """
    percent = f"{100 * share:.1f}"
    st.html(
        f'<div class="rnn-progress" data-run="{followed}" role="progressbar" aria-valuemin="0" '
        f'aria-valuemax="100" aria-valuenow="{percent}" aria-label="{escape(_("Progress"))}">'
        f'<span>{escape(text)}</span><div><i style="width: {percent}%"></i></div></div>'
    )


def draw_tiles(followed: str, shown: Shown) -> None:
    """Draw the numbers of the run, each under its name; ``followed`` as in `draw_progress`."""
    # One element, not seven.
    st.html(
        f'<div class="rnn-tiles" data-run="{followed}">'
        + "".join(
            f'<div title="{escape(tip)}"><span>{escape(label)}</span><b>{escape(value)}</b></div>'
            for label, value, tip in tiles(shown)
        )
        + "</div>"
    )


def progress(shown: Shown, speed: float) -> tuple[float, str]:
    """Say how far the run is: its share from 0 to 1, and a line of text.

    ``speed`` is the most epochs a second that were asked for; 0: as fast as it goes.
    """
    run, seen = shown.run, shown.seen
    epochs = run.experiment.train.epochs
    values = {"epoch": f"{seen.epochs:,}", "epochs": f"{epochs:,}"}
    place = pool().place(run.id) if run.state is RunState.QUEUED else None
    rate = seen.epochs_per_second()
    if place is not None and pool().warm_up_pending(run.id):
        text = _("Starting a training process…")
    elif place is not None:
        text = _("Waiting for a free training process: place {place}").format(place=place)
    elif run.state is RunState.QUEUED or (run.state is RunState.RUNNING and not seen.epochs):
        text = _("Preparing the network…")
    elif run.state is RunState.PAUSED:
        text = _("Paused after epoch {epoch} of {epochs}").format(**values)
    elif run.state is RunState.RUNNING and rate:
        left = (epochs - seen.epochs) / (min(rate, speed) if speed else rate)
        text = _("Epoch {epoch} of {epochs}, {left} left").format(**values, left=_duration(left))
    elif run.state is RunState.FINISHED and seen.epochs < epochs:
        text = _("Stopped early after epoch {epoch} of {epochs}: no better since {best}").format(
            **values, best=run.best_epoch
        )
    elif run.state is RunState.FINISHED:
        text = _("Finished: {epochs} epochs in {time}").format(
            **values, time=_duration(float(seen.curve["seconds"][-1]))
        )
    elif run.state is RunState.RUNNING:
        text = _("Epoch {epoch} of {epochs}").format(**values)
    else:
        text = _("Ended after epoch {epoch} of {epochs}").format(**values)
    return min(1.0, seen.epochs / epochs), text


def tiles(shown: Shown) -> list[tuple[str, str, str]]:
    """Give the name, the number and the meaning of each tile, in order."""
    run, seen, windows = shown.run, shown.seen, shown.windows
    unit = _(windows.series.unit) or _("units of the series")
    scores = _validation_scores(shown)
    rate = seen.epochs_per_second()
    val_rmse = float(seen.curve["val_rmse"][-1]) if seen.epochs else None
    skill = replace(scores, rmse=val_rmse).skill if val_rmse is not None else None
    return [
        (
            _("Epoch"),
            f"{seen.epochs:,} / {run.experiment.train.epochs:,}",
            _("How often the training part has been gone through, of how often in all."),
        ),
        (
            _("Validation RMSE"),
            _number(val_rmse),
            _("How far one-step forecasts are off on the validation part, in {unit}.").format(
                unit=unit
            ),
        ),
        (
            _("Persistence"),
            _number(scores.persistence_rmse),
            _("RMSE of repeating the last value, on the same points."),
        ),
        (
            _("Seasonal naive"),
            _number(scores.seasonal_naive_rmse),
            _("RMSE of repeating the value one season ago, on the same points; – without season."),
        ),
        (
            _("Skill"),
            "–" if skill is None else f"{100 * skill:,.0f} %",
            _("How much smaller the network's error is than that of the better baseline."),
        ),
        (_("Epochs/s"), _number(rate), _("Speed of the training, without pauses.")),
        (
            _("Parameters"),
            f"{run.experiment.parameters:,}",
            _("Weights that training can change."),
        ),
    ]


def _validation_scores(shown: Shown) -> Scores:
    windows = shown.windows
    nothing = np.full(len(windows.validation), np.nan)
    return score(windows.series, windows.validation, nothing)


def _duration(seconds: float) -> str:
    if seconds < 60:
        return _("{seconds} s").format(
            seconds=f"{seconds:.0f}" if seconds >= 10 else f"{seconds:.1f}"
        )
    return _("{minutes} min {seconds} s").format(
        minutes=int(seconds // 60), seconds=int(seconds % 60)
    )


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
