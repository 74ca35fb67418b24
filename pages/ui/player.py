"""Train, pause, step, stop, reset, speed: the buttons of a run, and what they do."""

from __future__ import annotations

import streamlit as st

from pages.ui import session
from pages.ui.i18n import _
from pages.ui.once import once
from pages.ui.prepared import windows_of
from pages.ui.runtime import pool, store
from pages.ui.visitor import visitor
from rnn_core.messages import ConfigError, RnnError
from rnn_core.runs.states import RunState
from rnn_core.runs.store import Run

SPEEDS = (0.0, 20.0, 10.0, 5.0, 2.0, 1.0)  # epochs a second; 0: as fast as it goes


def buttons(run: Run | None, *, usable: bool) -> None:
    """Draw the row of buttons.

    ``run`` is the visitor's run that is shown, None if there is none; ``usable`` says whether what
    is chosen can be trained.
    """
    # A link lets others watch a run; only the visitor who started it controls it.
    live = run is not None and run.state.live and run.owner == visitor()
    paused = run is not None and run.state is RunState.PAUSED
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.button(
            _("Train"),
            key="train",
            on_click=once(_train),
            disabled=live or not usable,
            shortcut="T",
            icon=":material/play_arrow:",
            help=_("Train a new network with these settings"),
            type="primary",
        )
        st.button(
            _("Resume") if paused else _("Pause"),
            key="pause",
            on_click=once(_toggle_pause),
            disabled=not live,
            shortcut="P",
            icon=":material/resume:" if paused else ":material/pause:",
            help=_("Pause the training, or go on with it"),
        )
        st.button(
            _("Step"),
            key="step",
            on_click=once(_step),
            disabled=not (live or usable),
            shortcut="S",
            icon=":material/skip_next:",
            help=_("Train for one epoch, then pause"),
        )
        st.button(
            _("Stop"),
            key="stop",
            on_click=_stop,
            disabled=not live,
            shortcut="X",
            icon=":material/stop:",
            help=_("End the training and judge what was learnt so far"),
        )
        st.button(
            _("Reset"),
            key="reset",
            on_click=_reset,
            disabled=run is None,
            shortcut="Z",
            icon=":material/restart_alt:",
            help=_("End the training and clear the page; the settings stay"),
        )
        st.session_state.setdefault("speed-widget", _nearest(st.session_state.speed))
        st.selectbox(
            _("Speed"),
            SPEEDS,
            format_func=_speed_text,
            key="speed-widget",
            on_change=_set_speed,
            label_visibility="collapsed",
            width=130,
        )


# What is done follows from what is chosen and what the store says at the moment of the click, not
# from what the page showed when it was drawn: a click may be faster than the page.


def _train(*, step: bool = False) -> None:
    session.read_widgets()
    chosen = session.experiment()
    if isinstance(chosen, ConfigError):
        return  # the page says why
    try:
        windows_of(chosen)
    except RnnError:
        return
    run_id = store().create(chosen, visitor(), pool().id)
    st.session_state.run_id = run_id
    st.session_state.run_missing = False
    pool().submit(run_id, step=step, speed=st.session_state.speed)


def _toggle_pause() -> None:
    run = _shown()
    if run is not None:
        pool().command(run.id, "resume" if run.state is RunState.PAUSED else "pause")


def _step() -> None:
    run = _shown()
    if run is not None and run.state.live:
        pool().command(run.id, "step")
    else:
        _train(step=True)


def _stop() -> None:
    run = _shown()
    if run is not None:
        pool().command(run.id, "stop")


def _reset() -> None:
    _stop()
    st.session_state.run_id = None
    st.session_state.run_missing = False


def _set_speed() -> None:
    st.session_state.speed = st.session_state["speed-widget"]
    run = _shown()
    if run is not None and run.state.live:
        pool().command(run.id, "speed", speed=st.session_state.speed)


def _shown() -> Run | None:
    """Give the run that is shown, if it is the visitor's own."""
    run_id = st.session_state.run_id
    run = store().run(run_id) if run_id else None
    return run if run is not None and run.owner == visitor() else None


def _nearest(speed: float) -> float:
    return min(SPEEDS, key=lambda known: abs(known - speed))


def _speed_text(speed: float) -> str:
    if not speed:
        return _("Full speed")
    return _("{speed} epochs/s").format(speed=f"{speed:g}")
