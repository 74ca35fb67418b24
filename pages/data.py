"""The series: choose, upload or draw one, look into it, and see what the network sees of it."""

from __future__ import annotations

import streamlit as st

from pages.ui import (
    choosing,
    corrections,
    draw,
    looks,
    preview,
    seen,
    session,
    treatments,
    understood,
    uploads,
)
from pages.ui.clock import zone
from pages.ui.i18n import _, plain, say
from pages.ui.prepared import series_of, windows_of
from rnn_core.config import Experiment
from rnn_core.messages import ConfigError, RnnError, SeriesError
from rnn_core.series import Series, Table

# What can stand in the way of training on a series, and the option of another page that helps.
HELP = {
    "prepare.log": "log",
    "prepare.season": "season",
    "prepare.lag": "difference",
    "prepare.short": "timesteps",
    "prepare.batch": "batch-size",
    "prepare.beyond": "scaling",
}

# Guard: what is chosen, whether there is a series to look at, and whether it can be trained on.
chosen = session.experiment()
config = session.series_config()
series: Series | None = None
refused = False
problem: RnnError | None = chosen if isinstance(chosen, ConfigError) else None
if not isinstance(config, ConfigError):
    try:
        series = series_of(config)
        if isinstance(chosen, Experiment):
            windows_of(chosen)
    except RnnError as error:
        problem = error
    if series is None:
        try:  # what is refused for its gaps or its rows can be looked at
            config = treatments.lenient(config)
            series, refused = series_of(config), True
        except SeriesError:
            pass  # the problem above is the one to be solved first
experiment = chosen if isinstance(chosen, Experiment) else None

# Controls
top, beside, end = st.columns([6, 4, 4], gap="medium", vertical_alignment="bottom")
with top:
    kind = choosing.kinds()
with beside:
    if kind in ("sample", "generator"):
        choosing.source_field(kind)
table: Table | None = None
with st.container(key=f"choose-{kind}"):
    left, right = st.columns([5, 9], gap="medium")
with left:
    if kind == "sample":
        choosing.about()
    elif kind == "generator":
        choosing.parameter_fields(problem)
    elif kind == "drawing":
        draw.pad()
    else:
        uploads.uploader()
        pending = uploads.pending()
        if pending is not None:
            corrections.corrections(pending, None, uploads.retry, expanded=True)
        else:
            table = understood.fields(problem)
        uploads.own_tables(zone())
    if kind in ("sample", "generator") or st.session_state.choices["table"]:
        if kind != "table":
            choosing.gap_field(series, problem)
        choosing.disturbance_fields(problem, generated=kind == "generator")

# Action
with end:
    ready = problem is None
    icon = ":material/science:"
    if st.button(
        _("Train on this series"), key="to-lab", icon=icon, type="primary", disabled=not ready
    ):
        st.switch_page("lab.py")

# View
with right:
    with st.container():  # the picture below keeps its place, whatever there is to say
        still = uploads.older() if kind == "table" else ""
        if still:
            st.info(still)
        if kind in ("table", "drawing") and not st.session_state.choices["table"]:
            st.info(_("Nothing is drawn yet.") if kind == "drawing" else _("No table is open yet."))
        elif problem is not None:
            st.warning(plain(say(problem.message)))
            if problem.message.kind in HELP:
                choosing.remedy(HELP[problem.message.kind])
        if refused:
            st.caption(
                _(
                    "Until you choose, this is how it looks in the order of time, with the first "
                    "row of each time and with gaps left open."
                )
            )
    if series is not None:
        seen.series_panel(series, experiment, preview.setting(config))
        if kind in ("sample", "generator"):
            preview.offer(config, seen.preview_of(experiment), plot=seen.SERIES_KEY)
    if table is not None:
        understood.preview(table, expanded=series is None)
if kind == "generator":
    choosing.about()
if series is not None and not isinstance(config, ConfigError):
    wide, narrow = st.columns([9, 5], gap="medium")
    with wide:
        st.subheader(_("Look before you train"), anchor=False)
        looks.panel(config, experiment)
    with narrow:
        st.subheader(_("What the series suggests"), anchor=False)
        looks.suggestion(config, experiment)
    st.subheader(_("What the network sees"), anchor=False)
    if problem is not None:
        st.info(_("To be seen once the series can be trained on."))
    else:
        seen.windows_panel(experiment)
