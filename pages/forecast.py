"""Forecasts that tell the truth: what a trained network is worth, and why."""

import streamlit as st

from pages.ui.forecast import controls, guard, judged, known, verdict, views
from pages.ui.i18n import _, plain, say
from pages.ui.kept import run_missing
from pages.ui.runtime import store
from rnn_core.messages import RnnError
from rnn_core.runs.example import EXAMPLE

# Guard: a run whose weights are kept; without one of the visitor's, the example.
run_id = st.session_state.run_id
run = store().run(run_id) if run_id else None
if st.session_state.run_missing or (run_id and run is None):
    st.warning(run_missing() + " " + _("Here is the example."))
run = run or store().run(EXAMPLE)
epoch = guard.epoch_of(run)
series = guard.series_of(run) if epoch is not None else None

if run is None or epoch is None or series is None:
    guard.to_the_lab()
else:
    # Controls
    with st.sidebar:
        guard.about(run, epoch)
        chosen = controls.controls(run.id, series, run.experiment.window.steps)

    # View
    guard.while_live(run, epoch)
    try:
        with st.spinner(_("Forecasting and comparing…"), show_time=True):
            answer = judged.judge(run, epoch, chosen.horizon, chosen.season)
    except RnnError as error:
        st.error(plain(say(error.message)))
        guard.to_the_lab()
    else:
        verdict.verdict(answer, chosen)
        views.views(answer, chosen)

known.known()
