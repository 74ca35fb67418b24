"""The series: choose, upload or draw one, look into it, and see what the network sees of it."""

from __future__ import annotations

import dataclasses

import streamlit as st

from pages.ui import choosing, draw, looks, seen, session, understood, uploads
from pages.ui.clock import zone
from pages.ui.i18n import _, plain, say
from pages.ui.prepared import series_of, windows_of
from rnn_core.config import Experiment
from rnn_core.messages import ConfigError, RnnError, SeriesError
from rnn_core.series import Series, Table

# Guard: what is chosen, whether there is a series to look at, and whether it can be trained on.
chosen = session.experiment()
config = session.series_config()
series: Series | None = None
problem: RnnError | None = chosen if isinstance(chosen, ConfigError) else None
if not isinstance(config, ConfigError):
    try:
        series = series_of(config)
        if isinstance(chosen, Experiment):
            windows_of(chosen)
    except RnnError as error:
        problem = error
    if series is None:
        try:  # what is refused for its gaps can be looked at
            config = dataclasses.replace(config, missing="leave")
            series = series_of(config)
        except SeriesError:
            pass  # the problem above is the one to be solved first
experiment = chosen if isinstance(chosen, Experiment) else None

# Controls
left, right = st.columns([5, 9], gap="medium")
table: Table | None = None
with left:
    kind = choosing.kinds()
    if kind in ("sample", "generator"):
        choosing.source_field(kind)
        if kind == "generator":
            choosing.parameter_fields(problem)
    elif kind == "drawing":
        draw.pad()
    else:
        uploads.uploader()
        pending = uploads.pending()
        if pending is not None:
            understood.corrections(pending, None, uploads.retry, expanded=True)
        else:
            table = understood.fields(problem)
        uploads.own_tables(zone())
    if series is not None:
        if kind != "table":
            choosing.gap_field(series, problem)
        choosing.disturbance_fields(problem, generated=kind == "generator")

# Action
with right:
    if problem is None:
        st.page_link("lab.py", label=_("Train on this series"), icon=":material/science:")
    else:
        st.warning(plain(say(problem.message)))

# View
with right:
    if series is not None:
        seen.series_panel(series, experiment)
        if kind in ("sample", "generator"):
            choosing.about()
    if table is not None:
        understood.preview(table)
if series is not None and not isinstance(config, ConfigError):
    wide, narrow = st.columns([9, 5], gap="medium")
    with wide:
        st.subheader(_("Look before you train"), anchor=False)
        looks.panel(config, experiment)
    with narrow:
        st.subheader(_("What the series suggests"), anchor=False)
        looks.suggestion(config, experiment)
    st.subheader(_("What the network sees"), anchor=False)
    seen.windows_panel(problem or chosen)
