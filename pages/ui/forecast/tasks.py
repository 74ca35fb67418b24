"""What a worker does for the shown run besides its training: asked for, followed, stopped."""

from __future__ import annotations

import time

import streamlit as st

from pages.ui.forecast.judged import Judged
from pages.ui.i18n import _, plain, say
from pages.ui.once import once
from pages.ui.runtime import pool
from pages.ui.visitor import visitor
from rnn_core.runs.states import RunState
from rnn_core.runs.tasks import Task

TICK_SECONDS = 0.5
ANSWER_SECONDS = 0.3


def task_of(judged: Judged, kind: str, request: str) -> Task | None:
    """Give what was asked of the shown run in these words last, by whomever."""
    return pool().tasks.newest(judged.question.run_id, kind, request)


def follow(
    judged: Judged, kind: str, request: str, *, label: str, tip: str, total: int = 1
) -> Task | None:
    """Draw the button that asks for a task and how far it is; gives the task as it is now.

    One that is finished needs no button: asked again, it would come to the same. The page is drawn
    anew when another of ``total`` is done, and when the task ends.
    """
    drawn = task_of(judged, kind, request)
    if drawn is not None and drawn.state is RunState.FINISHED:
        return drawn

    @st.fragment(run_every=TICK_SECONDS if drawn is not None and drawn.state.live else None)
    def tick() -> None:
        task = task_of(judged, kind, request)
        if _stage(task) != _stage(drawn):
            st.rerun()
        live = task is not None and task.state.live
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                label,
                key=f"{kind}-start",
                on_click=once(_ask),
                args=(judged, kind, request, total),
                disabled=live,
                icon=":material/play_arrow:",
                type="primary" if task is None else "secondary",
                help=tip,
            )
            if task is not None and live:
                if task.owner == visitor():
                    st.button(
                        _("Stop"),
                        key=f"{kind}-stop",
                        on_click=_stop,
                        args=(task,),
                        icon=":material/stop:",
                    )
                st.progress(min(1.0, task.done / task.total), text=_how_far(task))

    tick()
    if drawn is not None and drawn.error is not None:
        st.error(plain(say(drawn.error)))
    return drawn


def _stage(task: Task | None) -> tuple[str, RunState, int] | None:
    return (task.id, task.state, int(task.done)) if task is not None else None


def _how_far(task: Task) -> str:
    place = pool().place(task.id)
    if place is not None:
        return _("Waits for a free process: number {place} in line").format(place=place)
    if task.total == 1:
        return _("Under way")
    return _("{done} of {total} done").format(done=int(task.done), total=int(task.total))


def _ask(judged: Judged, kind: str, request: str, total: int) -> None:
    task = task_of(judged, kind, request)
    if task is not None and task.state.live:
        return  # somebody else who sees this run asked for the same
    task_id = pool().tasks.create(
        judged.question.run_id, kind, request, visitor(), pool().id, total
    )
    pool().submit_task(task_id, trainings=total)


def _stop(task: Task) -> None:
    pool().command(task.id, "stop")
    # The worker answers in a moment: what is drawn next should know of it.
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        now = pool().tasks.task(task.id)
        if now is None or not now.state.live:
            return
        time.sleep(0.02)
