"""The Lab: choose, train, and watch the network learn, on one screen."""

import streamlit as st

from pages.ui import kept, live, session, sidebar
from pages.ui.i18n import _, plain, say
from pages.ui.player import buttons
from pages.ui.prepared import windows_of
from pages.ui.runtime import pool, store
from rnn_core.config import Experiment
from rnn_core.messages import ConfigError, RnnError
from rnn_core.runs.example import EXAMPLE

# Guard: what is chosen, and whether it can be trained.
chosen = session.experiment()
problem: RnnError | None = None
if isinstance(chosen, ConfigError):
    problem = chosen
else:
    try:
        windows_of(chosen)
    except RnnError as error:
        problem = error

# Controls
with st.sidebar:
    sidebar.choices(problem)

# Action
run_id = st.session_state.run_id
run = store().run(run_id) if run_id else None
if run_id and run is None:  # deleted, in another tab perhaps
    st.session_state.run_missing = True
left, right = st.columns([15, 8], vertical_alignment="center", gap="small")
with left:
    buttons(run, usable=problem is None)
if isinstance(chosen, Experiment) and problem is None:
    pool().prepare(chosen)  # while the visitor still looks around

# View
if st.session_state.run_missing:
    st.warning(
        kept.run_missing() + " " + _("Press Train to repeat it with the settings in the link.")
    )
if problem is not None:
    st.error(plain(say(problem.message)))
if run is not None:
    note = None
    if isinstance(chosen, Experiment) and chosen != run.experiment:
        note = _("Settings changed: Train makes a new run.")
    live.view(run, right, note)
else:
    example = store().run(EXAMPLE)
    if example is not None:
        note = _("Example of a finished run: press Train for yours.")
        if isinstance(chosen, Experiment) and chosen.series != example.experiment.series:
            note = _("Example on another series: press Train for yours.")
        live.view(example, right, note)
