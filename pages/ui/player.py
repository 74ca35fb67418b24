"""Train, pause, step, stop, reset, speed: the buttons of a run, and what they do."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.i18n import _
from pages.ui.runtime import pool, store
from pages.ui.visitor import visitor
from rnn_core.config import Experiment
from rnn_core.runs.store import Run, RunState

SPEEDS = (0.0, 20.0, 10.0, 5.0, 2.0, 1.0)  # epochs a second; 0: as fast as it goes


def buttons(chosen: Experiment | None, run: Run | None) -> None:
    """Draw the row of buttons.

    ``chosen`` is what Train would train, None if it cannot be used; ``run`` is the visitor's run
    that is shown, None if there is none.
    """
    live = run is not None and run.state.live
    paused = run is not None and run.state is RunState.PAUSED
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        _button(
            "train",
            _("Train"),
            "T",
            _train,
            chosen is None or live,
            "play_arrow",
            _("Train a new network with these settings"),
            args=(chosen,),
            type="primary",
        )
        _button(
            "pause",
            _("Resume") if paused else _("Pause"),
            "P",
            _toggle_pause,
            not live,
            "resume" if paused else "pause",
            _("Pause the training, or go on with it"),
            args=(run,),
        )
        _button(
            "step",
            _("Step"),
            "S",
            _step,
            chosen is None and not live,
            "skip_next",
            _("Train for one epoch, then pause"),
            args=(chosen, run),
        )
        _button(
            "stop",
            _("Stop"),
            "X",
            _command,
            not live,
            "stop",
            _("End the training and judge what was learnt so far"),
            args=(run, "stop"),
        )
        _button(
            "reset",
            _("Reset"),
            "Z",
            _reset,
            run is None,
            "restart_alt",
            _("End the training and clear the page; the settings stay"),
            args=(run,),
        )
        st.session_state.setdefault("speed-widget", _nearest(st.session_state.speed))
        st.selectbox(
            _("Speed"),
            SPEEDS,
            format_func=lambda speed: _speed_text(speed),
            key="speed-widget",
            on_change=_set_speed,
            args=(run,),
            label_visibility="collapsed",
            width=130,
        )


def _button(
    key: str,
    label: str,
    shortcut: str,
    action: Any,
    disabled: bool,
    icon: str,
    tip: str,
    args: tuple[Any, ...],
    type: Any = "secondary",
) -> None:
    st.button(
        label,
        key=key,
        on_click=action,
        args=args,
        disabled=disabled,
        shortcut=shortcut,
        icon=f":material/{icon}:",
        help=tip,
        type=type,
    )


def _train(chosen: Experiment, *, step: bool = False) -> None:
    run_id = store().create(chosen, visitor(), pool().id)
    st.session_state.run_id = run_id
    st.session_state.run_missing = False
    pool().submit(run_id, step=step, speed=st.session_state.speed)


def _toggle_pause(run: Run) -> None:
    # What the store says now counts, not what the page showed when it was drawn.
    now = store().run(run.id)
    paused = now is not None and now.state is RunState.PAUSED
    _command(run, "resume" if paused else "pause")


def _step(chosen: Experiment, run: Run | None) -> None:
    if run is None or not run.state.live:
        _train(chosen, step=True)
    else:
        _command(run, "step")


def _reset(run: Run) -> None:
    if run.state.live:
        _command(run, "stop")
    st.session_state.run_id = None
    st.session_state.run_missing = False


def _set_speed(run: Run | None) -> None:
    st.session_state.speed = st.session_state["speed-widget"]
    if run is not None and run.state.live:
        pool().command(run.id, "speed", speed=st.session_state.speed)


def _command(run: Run, name: str) -> None:
    pool().command(run.id, name)


def _nearest(speed: float) -> float:
    return min(SPEEDS, key=lambda known: abs(known - speed))


def _speed_text(speed: float) -> str:
    if not speed:
        return _("Full speed")
    return _("{speed} epochs/s").format(speed=f"{speed:g}")
