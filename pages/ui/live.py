"""A run as it goes on: one fragment that reads what is new and draws it, five times a second."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from html import escape

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.i18n import _, plain, say
from pages.ui.panels import forecast_panel, hidden_panel, hidden_stride, loss_panel
from pages.ui.prepared import windows_of
from pages.ui.runtime import pool, store
from pages.ui.watch import Watched, watched
from rnn_core.forecast.metrics import Scores, score
from rnn_core.messages import RnnError
from rnn_core.runs.store import Run, RunState
from rnn_core.windows import Windows

TICK_SECONDS = 0.2
JUDGING_SECONDS = 60.0  # after a stop, the verdict may take this long


@dataclass(frozen=True)
class Frame:
    """The places of a run's view that change while it goes on; all around them stays."""

    progress: DeltaGenerator
    tiles: DeltaGenerator
    forecast: DeltaGenerator
    loss: DeltaGenerator
    hidden: DeltaGenerator
    outcome: DeltaGenerator
    log: bool
    layer: int


def view(run: Run, progress: DeltaGenerator, note: str | None = None) -> None:
    """Draw a run, again and again while there is more to come.

    Progress goes into its slot; of a run that has ended, ``note`` instead if there is one.
    """
    try:
        windows = windows_of(run.experiment)
    except RnnError as error:  # its table is gone
        st.error(plain(say(error.message)))
        return
    frame = _frame(run, windows, progress)
    awaited, shown = _awaited(run), run.state

    @st.fragment(run_every=TICK_SECONDS if awaited else None)
    def tick() -> None:
        now = store().run(run.id)
        if now is None or now.state is not shown or _awaited(now) != awaited:
            st.rerun()  # the buttons around this fragment have to follow
        _draw(now, windows, frame, None if now.state.live else note)

    tick()


def _frame(run: Run, windows: Windows, progress: DeltaGenerator) -> Frame:
    tiles = st.container()
    left, right = st.columns([2, 1], gap="small")
    with left, st.container(gap=None):
        _title(
            _("Forecast against truth"),
            _(
                "Each value from the true past. A forecast that follows one step late only repeats "
                "the last value: switch Persistence on in the legend to compare."
            ),
        )
        forecast = st.container()
    with right, st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center"):
            _title(
                _("Loss"),
                _(
                    "Both curves falling: it learns. Validation rising while training falls: it "
                    "learns the training part by heart. Dotted: the batches of an epoch that "
                    "takes long."
                ),
            )
            log = st.toggle(_("Log scale"), key="loss-log", persist_state="session")
        loss = st.container()
    with st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center"):
            layer = _hidden_head(run, windows)
        hidden = st.container()
    return Frame(progress, tiles, forecast, loss, hidden, st.container(), log, layer)


def _hidden_head(run: Run, windows: Windows) -> int:
    """Draw the title over the hidden state; gives the layer that is chosen, from 0."""
    layers, units = run.experiment.model.layers, run.experiment.model.hidden_size
    _title(
        _("Hidden state"),
        _(
            "The last window of the series, and what each unit holds at each time step of it: "
            "orange above 0, blue below. Units in one colour all along carry nothing of the "
            "series; stripes that follow the input do."
        ),
    )
    layer = 0
    if layers > 1:
        layer = st.segmented_control(
            _("Layer"),
            range(layers),
            default=0,
            required=True,
            key=f"layer-{layers}",
            format_func=lambda index: _("Layer {number}").format(number=index + 1),
            label_visibility="collapsed",
        )
    stride = hidden_stride(windows.timesteps, units)
    if stride > 1:
        st.caption(
            _("One in {stride} units and one in {stride} time steps are drawn.").format(
                stride=stride
            )
        )
    return layer


def _title(text: str, tip: str) -> None:
    st.markdown(f"**{text}**", help=tip)


def _awaited(run: Run) -> bool:
    if run.state.live:
        return True
    judged = run.verdict is not None or run.error is not None or run.epoch == 0
    return not judged and time.time() - (run.ended or 0) < JUDGING_SECONDS


def _draw(run: Run, windows: Windows, frame: Frame, note: str | None) -> None:
    seen = watched(run)
    with frame.progress:
        _progress(run, seen, note)
    with frame.tiles:
        _tiles(run, seen, windows)
    with frame.forecast:
        forecast_panel(windows, seen)
    with frame.loss:
        loss_panel(run, seen, log=frame.log)
    with frame.hidden:
        hidden_panel(run, windows, seen, layer=frame.layer)
    with frame.outcome:
        _outcome(run, windows)


def _progress(run: Run, seen: Watched, note: str | None) -> None:
    epochs = run.experiment.train.epochs
    values = {"epoch": f"{seen.epochs:,}", "epochs": f"{epochs:,}"}
    place = pool().place(run.id) if run.state is RunState.QUEUED else None
    rate = seen.epochs_per_second()
    if note is not None:
        text = note
    elif place is not None and pool().warm_up_pending(run.id):
        text = _("Starting a training process…")
    elif place is not None:
        text = _("Waiting for a free training process: place {place}").format(place=place)
    elif run.state is RunState.QUEUED or (run.state is RunState.RUNNING and not seen.epochs):
        text = _("Preparing the network…")
    elif run.state is RunState.PAUSED:
        text = _("Paused after epoch {epoch} of {epochs}").format(**values)
    elif run.state is RunState.RUNNING and rate:
        speed = st.session_state.speed
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
    st.progress(min(1.0, seen.epochs / epochs), text=text)


def _tiles(run: Run, seen: Watched, windows: Windows) -> None:
    unit = _(windows.series.unit) or _("units of the series")
    scores = _validation_scores(windows, seen)
    rate = seen.epochs_per_second()
    val_rmse = float(seen.curve["val_rmse"][-1]) if seen.epochs else None
    skill = replace(scores, rmse=val_rmse).skill if val_rmse is not None else None
    tiles = [
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
            "–" if skill is None else f"{100 * skill:.0f} %",
            _("How much smaller the network's error is than that of the better baseline."),
        ),
        (_("Epochs/s"), _number(rate), _("Speed of the training, without pauses.")),
        (
            _("Parameters"),
            f"{run.experiment.parameters:,}",
            _("Weights that training can change."),
        ),
    ]
    # One element, not seven: it is sent and drawn five times a second.
    st.html(
        '<div class="rnn-tiles">'
        + "".join(
            f'<div title="{escape(tip)}"><span>{escape(label)}</span><b>{escape(value)}</b></div>'
            for label, value, tip in tiles
        )
        + "</div>"
    )


def _validation_scores(windows: Windows, seen: Watched) -> Scores:
    nothing = np.full(len(windows.validation), np.nan)
    return score(windows.series, windows.validation, nothing)


def _outcome(run: Run, windows: Windows) -> None:
    if run.error is not None:
        st.error(plain(say(run.error)))
    elif run.verdict is not None:
        show = {"verdict.beats": st.success, "verdict.no_better": st.warning}
        why = _(
            "Test part: the last {count} of {length} values, never seen in training; every "
            "forecast is one step ahead and measured on the same points as the baselines."
        ).format(count=len(windows.test), length=len(windows.series))
        show.get(run.verdict.kind, st.error if "worse" in run.verdict.kind else st.info)(
            f"**{plain(say(run.verdict))}** {why}"
        )
    elif run.state.live:
        st.info(_("The verdict on the test part comes when the training ends."))
    else:
        st.info(_("Ended before there was anything to judge."))


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
