"""The visitor's own runs, to open again or to delete."""

import datetime

import streamlit as st

from pages.ui import session
from pages.ui.clock import zone
from pages.ui.i18n import _, plain, say
from pages.ui.kept import runs_said
from pages.ui.looks_ahead import looks_ahead
from pages.ui.run_title import title
from pages.ui.runtime import pool, store
from pages.ui.visitor import visitor
from rnn_core.runs.states import RunState
from rnn_core.runs.store import Run

STATES = {
    RunState.QUEUED: _("Waiting"),
    RunState.RUNNING: _("Running"),
    RunState.PAUSED: _("Paused"),
    RunState.FINISHED: _("Finished"),
    RunState.STOPPED: _("Stopped"),
    RunState.FAILED: _("Failed"),
    RunState.INTERRUPTED: _("Interrupted"),
}


def delete(run: Run) -> None:
    """Forget a run; one that is going on is stopped first."""
    if run.state.live:
        pool().command(run.id, "stop")
    store().delete(run.id)
    if st.session_state.run_id == run.id:
        st.session_state.run_id = None


st.sidebar.caption(
    _(
        "A run keeps its settings, its curves and its looks inside. Opening one brings its "
        "settings back, too."
    )
)

# Guard
runs = store().runs_of(visitor())
st.subheader(_("Your runs"))
if not runs:
    st.info(_("You have not trained anything yet."))
    st.page_link("lab.py", label=_("Go to the Lab"), icon=":material/science:")
else:
    st.caption(
        _("Only this browser sees this list. A run's link can be passed on.") + " " + runs_said()
    )

# View
for run in runs:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        begun = datetime.datetime.fromtimestamp(run.created, zone())
        epochs = _("{epoch} of {epochs} epochs").format(
            epoch=run.epoch, epochs=run.experiment.train.epochs
        )
        said = [each for each in (run.verdict or run.error, looks_ahead(run)) if each is not None]
        with st.container(gap=None):
            st.markdown(
                f"**{plain(title(run))}** · {STATES[run.state]} · {epochs} · {begun:%Y-%m-%d %H:%M}"
            )
            st.caption(" ".join(plain(say(each)) for each in said) or "–")
        if st.button(
            _("Open"),
            key=f"open-{run.id}",
            on_click=session.open_run,
            args=(run,),
            icon=":material/open_in_new:",
        ):
            st.switch_page("lab.py")
        st.button(
            _("Delete"),
            key=f"delete-{run.id}",
            on_click=delete,
            args=(run,),
            icon=":material/delete:",
        )
