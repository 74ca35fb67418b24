"""Whether a run can be judged here, and the sentence where it cannot."""

from __future__ import annotations

import streamlit as st

from pages.ui.forecast.judged import epoch_to_judge
from pages.ui.i18n import _, plain, say
from pages.ui.prepared import windows_of
from pages.ui.run_title import title
from pages.ui.runtime import records, store
from rnn_core.cells import CELLS
from rnn_core.inside.network import BLOCKS
from rnn_core.messages import RnnError
from rnn_core.runs.example import EXAMPLE
from rnn_core.runs.store import Run
from rnn_core.series import Series

TICK_SECONDS = 1.0


def epoch_of(run: Run | None) -> int | None:
    """Give the epoch whose weights can be judged; None, with a sentence, where there is none."""
    if run is None:
        st.info(_("There is nothing to judge yet: train a network first."))
        return None
    if run.experiment.model.cell not in BLOCKS:
        st.info(
            _(
                "A network of {cell} cells cannot be run on this page: it reads the weights of "
                "{known} cells. The Lab has its forecast and its verdict."
            ).format(
                cell=_label(run.experiment.model.cell),
                known=", ".join(_label(cell) for cell in BLOCKS),
            )
        )
        return None
    if not records().weight_epochs(run.id) and records().newest_weights(run.id) is None:
        if run.state.live:
            st.info(_("This run has just begun: its forecasts come with its first epochs."))
            _follow(run, awaits_weights=True)
        elif run.error is not None:
            st.error(plain(say(run.error)))
        else:
            st.info(
                _(
                    "Of this run no weights are kept, so that it cannot forecast. Train it again "
                    "in the Lab: its settings are still there."
                )
            )
        return None
    try:
        return epoch_to_judge(run)
    except RnnError as error:
        st.error(plain(say(error.message)))
        return None


def series_of(run: Run) -> Series | None:
    """Give a run's series; None, with a sentence, where its table is gone."""
    try:
        return windows_of(run.experiment).series
    except RnnError as error:
        st.error(plain(say(error.message)))
        return None


def about(run: Run, epoch: int) -> None:
    """Say which run is judged."""
    st.markdown(f"**{plain(title(run))}**")
    if run.id == EXAMPLE:
        st.caption(_("**Example** of a finished run: train your own in the Lab."))
    else:
        st.caption(
            _("Judged with its weights after epoch {epoch} of {epochs}.").format(
                epoch=f"{epoch:,}", epochs=f"{run.experiment.train.epochs:,}"
            )
        )


def while_live(run: Run, epoch: int) -> None:
    """Say of a run that goes on what is judged, and come back when it ends."""
    if not run.state.live:
        return
    st.info(
        _(
            "This run is still training. What follows judges its weights after epoch {epoch}; the "
            "verdict comes when it ends."
        ).format(epoch=f"{epoch:,}")
    )
    _follow(run)


def to_the_lab() -> None:
    """Show the way to a run that can be judged."""
    st.page_link("lab.py", label=_("Go to the Lab"), icon=":material/science:")


def _follow(run: Run, *, awaits_weights: bool = False) -> None:
    @st.fragment(run_every=TICK_SECONDS)
    def tick() -> None:
        now = store().run(run.id)
        ended = now is None or not now.state.live
        if ended or (awaits_weights and records().newest_weights(run.id) is not None):
            st.rerun()

    tick()


def _label(cell: str) -> str:
    return _(CELLS[cell].label)
