"""The page's one fragment: scrub, and see the chosen view of one run or of two."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import streamlit as st

from pages.ui.i18n import _, plain, say
from pages.ui.inside import opened, scrub
from pages.ui.inside.ahead import Ahead, offer
from pages.ui.inside.elsewhere import read_by, said
from pages.ui.inside.reading import known_targets
from pages.ui.inside.scene import (
    VIEW,
    Scene,
    chosen_order,
    heading,
    read,
    settle,
    whole_series,
)
from pages.ui.inside.views import VIEWS, View
from pages.ui.run_title import title
from pages.ui.runtime import pool, records, store
from rnn_core.config import SeriesConfig
from rnn_core.messages import RnnError
from rnn_core.runs.store import Run

LIVE_SECONDS = 0.4


def explore(run: Run, beside: Run | None, reads: SeriesConfig | None = None) -> None:
    """Draw the scrubber and the view, again and again while there is more to come.

    The networks read the series ``reads``, None for each one's own.
    """
    every = _every(run, beside)
    state = run.state
    state_beside = beside.state if beside is not None else None

    @st.fragment(run_every=every)
    def tick() -> None:
        now = store().run(run.id)
        now_beside = store().run(beside.id) if beside is not None else None
        if now is None or now.state is not state:
            st.rerun()
        if (now_beside.state if now_beside is not None else None) is not state_beside:
            st.rerun()
        for each in (now, now_beside):
            if each is not None and each.state.live:
                pool().look(each.id, weights=True)
        _draw(now, now_beside, reads)
        if _every(now, now_beside) != every:
            st.rerun()

    tick()


def _every(*runs: Run | None) -> float | None:
    if st.session_state.get(scrub.PLAYING):
        return scrub.PLAY_SECONDS
    live = any(run is not None and run.state.live for run in runs)
    return LIVE_SECONDS if live else None


def _draw(run: Run, beside: Run | None, reads: SeriesConfig | None) -> None:
    kept = opened.still_kept(run, records().weight_epochs(run.id))
    if not kept:
        st.info(
            _("Nothing to see yet: the first epoch is under way.")
            if run.state.live
            else _(
                "Of this run no weights are kept, so there is no inside to open: it ended before "
                "its first epoch, or was trained by an older version. Train it again in the Lab."
            )
        )
        return
    try:
        view = _view()
        chosen = scrub.epochs(run, kept)
        scene = _scene(run, kept, chosen, reads)
        scenes = [scene]
        if beside is not None:
            scenes += _beside(scene, beside, reads)
        if len(scenes) > 1:
            shared = scenes[0].ranges.with_(scenes[1].ranges)
            scenes = [dataclasses.replace(each, ranges=shared) for each in scenes]
        else:  # of several each has its heading over its column
            heading(scene)
        view.draw(scenes)
        offer(
            scene.ahead,
            shown=scene.epoch,
            chosen=chosen,
            slid=scrub.slid(),
            led=scrub.leads(run),
            on_epoch=scrub.go_to,
        )
    except RnnError as error:  # a table is gone, or a network is not one to look into
        st.error(plain(say(error.message)))


def _view() -> View:
    settle(VIEW, VIEWS, "hidden")
    name = st.segmented_control(
        _("View"),
        list(VIEWS),
        required=True,
        format_func=lambda each: _(VIEWS[each].label),
        key=VIEW,
        persist_state="session",
        label_visibility="collapsed",
    )
    return VIEWS[str(name)]


def _scene(run: Run, kept: tuple[int, ...], epoch: int, reads: SeriesConfig | None) -> Scene:
    """Draw what is left of the scrubber, and give the scene it leads to."""
    windows, elsewhere = read_by(run, reads)
    net = opened.network(run, epoch)
    if scrub.follows(run) and (found := opened.newest(run)) is not None:
        epoch, net = found
    with st.container(horizontal=True, vertical_alignment="bottom"):
        reading = read(windows, net, scrub.window(windows, whole_series(windows, net)))
        layer = scrub.layer(run)
        step = scrub.step(reading)
    if elsewhere is not None:
        st.info(said(elsewhere))
    ranges = opened.ranges(run, kept, reading)
    order = chosen_order(run, kept)
    return Scene(
        run, windows, kept, epoch, net, reading, step, layer, ranges, *order, Ahead(kept), epoch
    )


def _beside(scene: Scene, run: Run, reads: SeriesConfig | None) -> list[Scene]:
    """Give the scene of another run at the same share of its epochs and the same time step."""
    kept = opened.still_kept(run, records().weight_epochs(run.id))
    if not kept:
        st.info(_("Of the run beside no weights are kept."))
        return []
    pace = _last(run, kept) / _last(scene.run, scene.kept)
    epoch = opened.in_step(kept, pace * scene.epoch)
    try:
        windows = read_by(run, reads)[0]
    except RnnError as error:
        st.warning(
            _("{run}: {reason}").format(run=plain(title(run)), reason=plain(say(error.message)))
        )
        return []
    net = opened.network(run, epoch)
    target: int | None = None
    if not scene.reading.whole:
        same = windows.series.time_unit == scene.windows.series.time_unit
        target = scene.reading.target
        if not same or target not in known_targets(windows):
            target = int(windows.held_out[-1])
    reading = read(windows, net, target)
    # The same distance from the end: what is compared is how far back something reaches.
    back = len(scene.reading.steps) - scene.step
    step = max(0, len(reading.steps) - back)
    layer = min(scene.layer, len(net.layers) - 1)
    ranges = opened.ranges(run, kept, reading)
    order = chosen_order(run, kept)
    at = scene.ahead, scene.epoch, pace
    return [
        Scene(run, windows, kept, epoch, net, reading, step, layer, ranges, *order, *at, "-beside")
    ]


def _last(run: Run, kept: Sequence[int]) -> int:
    return run.experiment.train.epochs if run.state.live else kept[-1]
