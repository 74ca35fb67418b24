"""A run as it is, and how it is followed as it goes on."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import status
from pages.ui.follow import follow
from pages.ui.i18n import _, plain, say
from pages.ui.panels import PANELS, Shown, hidden_stride, version
from pages.ui.plot import plot
from pages.ui.prepared import windows_of
from pages.ui.watch import awaited, watched
from rnn_core.forecast.looks_ahead import drawn_at, look_ahead_message
from rnn_core.messages import RnnError
from rnn_core.runs.store import Run
from rnn_core.windows import Windows


def view(run: Run, progress: DeltaGenerator, note: str | None = None) -> None:
    """Draw a run, and have the browser follow it while there is more to come.

    Progress goes into its slot; of a run that has ended, ``note`` instead if there is one.
    """
    try:
        windows = windows_of(run.experiment)
    except RnnError as error:  # its table is gone
        st.error(plain(say(error.message)))
        return
    seen = watched(run)
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

    shown = Shown(run, windows, seen, log=log, layer=layer)
    # What is final bears no run's mark: news still on their way are not written over it.
    followed = run.id if awaited(run) else ""
    places = {"plot-forecast": forecast, "plot-loss": loss, "plot-hidden": hidden}
    for key, panel in PANELS.items():
        with places[key]:
            figure, alt = panel.draw(shown)
            plot(
                figure,
                key=key,
                height=panel.height,
                alt=alt,
                version=version(key, shown),
                run=followed,
            )
    share, text = status.progress(shown, st.session_state.speed)
    with progress:
        status.draw_progress(followed, share, text if note is None or run.state.live else note)
    with tiles:
        status.draw_tiles(followed, shown)
    _outcome(run, windows)
    follow(shown, st.session_state.speed)


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


def _outcome(run: Run, windows: Windows) -> None:
    if run.error is not None:
        st.error(plain(say(run.error)))
    elif run.verdict is not None:
        show = {"verdict.beats": st.success, "verdict.no_better": st.warning}
        why = _(
            "Test part: the last {count} of {length} values, never seen in training; every "
            "forecast is one step ahead and measured on the same points as the baselines."
        ).format(count=len(windows.test), length=len(windows.series))
        ahead = look_ahead_message(drawn_at(windows.series, windows.test))
        if ahead is not None:
            show["verdict.beats"], why = st.warning, plain(say(ahead))
        show.get(run.verdict.kind, st.error if "worse" in run.verdict.kind else st.info)(
            f"**{plain(say(run.verdict))}** {why}"
        )
    elif run.state.live:
        st.info(_("The verdict on the test part comes when the training ends."))
    else:
        st.info(_("Ended before there was anything to judge."))
