"""The scrubber: which epoch, which window, which time step, which layer."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import streamlit as st

from pages.ui.i18n import _
from pages.ui.inside.opened import in_step
from pages.ui.inside.reading import Reading, known_targets, moment, targets_offered
from pages.ui.inside.scene import STEP, settle
from pages.ui.once import once
from rnn_core.runs.store import Run
from rnn_core.windows import Windows

EPOCH = "inside-epoch"
FOLLOW = "inside-follow"
WINDOW = "inside-window"
ANY = -1  # in place of a target: it is entered as a number
PLACE = "inside-place"
LAYER = "inside-layer"
PLAYING = "inside_playing"
LED = "inside_led"  # the epochs to which the page has moved the slider since a hand last did
LOST = "inside_lost"  # what Streamlit takes for the word of a slider whose epoch is dropped
DRAWN = "inside_drawn"  # the run that was drawn last
DROPPED = "inside_dropped"  # the epoch chosen of it before, where it has just dropped that
SLID = "inside_slid"
TOLD = "inside_told"  # the epoch to which a hand has led last; its slider says so, too, but later
PLAY_SECONDS = 0.4
MOST_LED = 50


def follows(run: Run) -> bool:
    """Whether the newest epoch of a live run is to be shown."""
    return run.state.live and bool(st.session_state.get(FOLLOW, True))


def leads(run: Run) -> bool:
    """Whether the page itself moves the slider."""
    return follows(run) or bool(st.session_state.get(PLAYING))


def slid() -> int:
    """Give how often the slider is said to have chosen the epoch."""
    return int(st.session_state.get(SLID, 0))


def epochs(run: Run, kept: Sequence[int]) -> int:
    """Draw the epoch's row; gives the epoch that is chosen."""
    state = st.session_state
    state[LOST] = kept[0] if run.state.live else None
    same, state[DRAWN] = state.get(DRAWN) == run.id, run.id
    if not same:
        state[DROPPED] = None
    if follows(run) or EPOCH not in state:
        _lead(kept[-1])
    elif state[EPOCH] not in kept:  # while a run goes on, epochs are dropped to make room
        state[DROPPED] = state[EPOCH] if same else None
        state[EPOCH] = in_step(kept, state[EPOCH])
    if state.get(PLAYING):
        _play(kept)
    if not leads(run):
        state[LED] = []
    buttons, slider = st.columns([4, 9], vertical_alignment="bottom", gap="small")
    with buttons, st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _button("previous", "Left", ":material/chevron_left:", _("The epoch before"), kept, -1)
        st.button(
            _("Pause") if state.get(PLAYING) else _("Play"),
            key="inside-play",
            icon=":material/pause:" if state.get(PLAYING) else ":material/play_arrow:",
            shortcut="P",
            help=_("Go through the epochs"),
            on_click=once(_toggle_play),
            args=(tuple(kept),),
        )
        _button("next", "Right", ":material/chevron_right:", _("The epoch after"), kept, 1)
        if run.state.live:
            settle(FOLLOW, (True, False), True)
            st.toggle(
                _("Follow"),
                key=FOLLOW,
                persist_state="session",
                help=_("Always show the newest epoch while the training goes on"),
            )
    with slider:
        if len(kept) == 1:  # a slider needs two ends
            st.caption(_("Epoch {epoch}").format(epoch=kept[0]))
            return kept[0]
        # A click on its way may still say that the slider is where it was.
        dropped = {state.get(DROPPED)} - {None} if run.state.live else set()
        chosen = st.select_slider(
            _("Epoch"),
            sorted(dropped.union(kept)),
            key=EPOCH,
            on_change=_slid,
            persist_state="session",
        )
    return int(chosen)


def window(windows: Windows, whole: Reading) -> int | None:
    """Draw the choice of the window; gives its target, or None for the ``whole`` series."""
    offered = targets_offered(windows)
    if WINDOW not in st.session_state:  # None is a choice, too
        st.session_state[WINDOW] = offered[-1]
    settle(WINDOW, (None, ANY, *offered), offered[-1])
    series = _("Whole series, in one go")
    if whole.cut:
        series = _("Newest {read} of {available} values, in one go").format(
            read=f"{len(whole.steps):,}", available=f"{whole.available:,}"
        )
    moment_of = moment(windows)
    named = {None: series, ANY: _("Any other window …")}
    chosen: int | None = st.selectbox(
        _("The network reads"),
        [None, ANY, *reversed(offered)],
        format_func=lambda target: named.get(
            target, _("Window before {moment}").format(moment=moment_of(target or 0))
        ),
        key=WINDOW,
        persist_state="session",
        on_change=_to_the_end,
        width=250,
        help=_(
            "One of the windows whose next value was held out, from a state of zeros as in "
            "training; or the whole series, as far as it can be read at once, without starting "
            "anew."
        ),
    )
    return _any_window(windows) if chosen == ANY else chosen


def _any_window(windows: Windows) -> int:
    """Draw the choice among all windows, those of the training part included; gives its target."""
    known = known_targets(windows)
    low, high = int(known[0]) + 1, int(known[-1]) + 1
    settle(PLACE, range(low, high + 1), high)
    place = st.number_input(
        _("Before value"),
        low,
        high,
        key=PLACE,
        persist_state="session",
        on_change=_to_the_end,
        width=150,
        help=_(
            "Which value of the series is forecast, counted from 1: any whose window is whole, "
            "also of the training part. Of one that is not, the nearest is taken."
        ),
    )
    return int(known[np.abs(known - (int(place) - 1)).argmin()])


def step(reading: Reading) -> int:
    """Draw the time step's slider; gives the step, from 0."""
    count = len(reading.steps)
    settle(STEP, range(1, count + 1), count)
    chosen = st.slider(
        _("Time step"),
        1,
        count,
        key=STEP,
        persist_state="session",
        help=_("Marked by the dotted line; One step shows it in numbers."),
    )
    return int(chosen) - 1


def layer(run: Run) -> int:
    """Draw the choice of the layer; gives it, from 0."""
    count = run.experiment.model.layers
    if count == 1:
        return 0
    settle(LAYER, range(count), 0)
    chosen = st.segmented_control(
        _("Layer"),
        range(count),
        required=True,
        key=LAYER,
        persist_state="session",
        format_func=lambda index: str(index + 1),
    )
    return int(chosen or 0)


def go_to(epoch: int) -> None:
    """Choose an epoch, one that is kept; only in a callback."""
    st.session_state[EPOCH] = st.session_state[TOLD] = epoch
    _moved()


def _button(name: str, key: str, icon: str, tip: str, kept: Sequence[int], by: int) -> None:
    st.button(
        "",
        key=f"inside-{name}",
        icon=icon,
        shortcut=key,
        help=tip,
        on_click=_go,
        args=(tuple(kept), by),
    )


def _go(kept: tuple[int, ...], by: int) -> None:
    state = st.session_state
    here = kept.index(state[EPOCH]) if state.get(EPOCH) in kept else len(kept) - 1
    go_to(kept[min(max(here + by, 0), len(kept) - 1)])


def _to_the_end() -> None:
    """Mark the newest step of another reading."""
    st.session_state[STEP] = 0


def _lead(epoch: int) -> None:
    state = st.session_state
    state[EPOCH] = epoch
    state[LED] = [*state.get(LED, [])[1 - MOST_LED :], epoch]


def _slid() -> None:
    """Take over where a hand has moved the slider.

    With whatever else is clicked the browser says where its slider is, and that may be where the
    page had moved it a moment ago. A hand that moves it there is told by `go_to`: where the page
    leads again when the slider's own word comes, that is too late.
    """
    state = st.session_state
    led, told = state.get(LED, []), state.pop(TOLD, None)
    if led and state[EPOCH] in (*led, state.get(LOST), told):
        state[EPOCH] = led[-1]
    else:
        state[SLID] = slid() + 1
        _moved()


def _moved() -> None:
    """Stop whatever else moves the slider."""
    st.session_state[PLAYING] = False
    st.session_state[FOLLOW] = False
    st.session_state[LED] = []
    st.session_state[DROPPED] = None


def _toggle_play(kept: tuple[int, ...]) -> None:
    state = st.session_state
    state[PLAYING] = not state.get(PLAYING)
    if state[PLAYING]:
        state[FOLLOW] = False
        state.inside_played = time.monotonic()
        if state.get(EPOCH) == kept[-1]:
            _lead(kept[0])


def _play(kept: Sequence[int]) -> None:
    """Go one epoch on if it is time, and stop at the last one."""
    state = st.session_state
    now = time.monotonic()
    # Something else than the timer may have brought us here.
    if now - state.inside_played < 0.7 * PLAY_SECONDS:
        return
    state.inside_played = now
    here = kept.index(state[EPOCH])
    if here + 1 < len(kept):
        _lead(kept[here + 1])
    if here + 2 >= len(kept):
        state[PLAYING] = False
