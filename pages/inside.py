"""Inside: hidden states, gates, weights and gradients of a run, at every epoch and time step."""

import datetime
import zoneinfo

import streamlit as st

from pages.ui.i18n import _, plain, say
from pages.ui.inside.elsewhere import series_choice
from pages.ui.inside.explorer import explore
from pages.ui.inside.scene import order_choice, settle
from pages.ui.kept import run_missing
from pages.ui.run_title import title
from pages.ui.runtime import openings, store
from pages.ui.visitor import visitor
from rnn_core.inside.network import BLOCKS
from rnn_core.messages import RnnError
from rnn_core.records import NEWEST_WEIGHT_BYTES, kept_weights
from rnn_core.runs.example import EXAMPLE
from rnn_core.runs.store import Run

BESIDE = "inside-beside"


def named(run: Run) -> str:
    """Tell runs of the same kind apart by when they were made."""
    if run.id == EXAMPLE:
        return _("Example: {run}").format(run=title(run))
    try:
        zone: datetime.tzinfo = zoneinfo.ZoneInfo(st.context.timezone or "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = datetime.UTC
    begun = datetime.datetime.fromtimestamp(run.created, zone)
    return f"{title(run)} · {begun:%Y-%m-%d %H:%M}"


def weights_said(run: Run) -> str:
    """Say of how many epochs weights are kept, and why of fewer where that is so."""
    experiment = run.experiment
    size, most = 4 * experiment.parameters, kept_weights(experiment.parameters)
    sentences = _(
        "All is computed from the weights that the run keeps: of its first, last and best epoch, "
        "and of up to {most} more, spread over the run."
    ).format(most=most)
    if size > NEWEST_WEIGHT_BYTES:
        sentences += " " + _(
            "They take {size} MB an epoch, so there are fewer than of a small network, and while "
            "it trains the newest epoch shown is the newest of these."
        ).format(size=f"{size / 2**20:.1f}")
    return (
        sentences
        + " "
        + _(
            "Scales and the order of units stay while the epochs go by, so that epochs can be "
            "compared."
        )
    )


# Guard: which run, and whether it has an inside.
run_id = st.session_state.run_id
run = store().run(run_id) if run_id else None
if run is None:
    if run_id or st.session_state.run_missing:
        st.warning(run_missing())
    run = store().run(EXAMPLE)
    if run is not None:
        st.caption(
            _(
                "**Example** of a finished run. Train your own in the Lab, or open one of your "
                "Runs, to see inside of it."
            )
        )
if run is None:
    st.info(_("There is no run to look into yet: train one in the Lab."))
    st.page_link("lab.py", label=_("Go to the Lab"), icon=":material/science:")
    st.stop()
if run.experiment.model.cell not in BLOCKS:
    st.info(
        _(
            "A {run} has no hidden state that goes through time, so there is no inside to show "
            "here. Train an LSTM, a GRU or an RNN."
        ).format(run=plain(title(run)))
    )
    st.stop()

# Controls
others = {
    each.id: each
    for each in (*store().runs_of(visitor()), store().run(EXAMPLE))
    if each is not None and each.id != run.id and each.experiment.model.cell in BLOCKS
}
with st.sidebar:
    settle(BESIDE, (None, *others), None)
    st.selectbox(
        _("Beside it"),
        [None, *others],
        format_func=lambda each: named(others[each]) if each else _("No other run"),
        key=BESIDE,
        persist_state="session",
        help=_(
            "Another of your runs, shown at the same share of its epochs and as many time steps "
            "before its forecast. States, gates, gradients and weights are on the same scales; "
            "each run's path through its state space has axes of its own."
        ),
    )
    reads, refused = None, None
    try:
        reads = series_choice(run)
    except RnnError as error:  # a table that takes a correction
        refused = error.message
    order_choice()
    st.caption(weights_said(run))

# View
if refused is not None:
    st.error(plain(say(refused)))
    st.stop()
beside = others.get(st.session_state.get(BESIDE))
if beside is not None:
    openings().note(beside.id)
explore(run, beside, reads)
