"""What a run is called where several are listed, as plain text: a file's name can be part of it."""

from __future__ import annotations

from pages.ui.i18n import _
from pages.ui.runtime import store
from pages.ui.visitor import visitor
from rnn_core.cells import CELLS
from rnn_core.config import OPTIONS, Experiment
from rnn_core.runs.store import Run
from rnn_core.runs.uploads import Uploads


def title(run: Run) -> str:
    """Say in a few words what a run trains on what."""
    return title_of(run.experiment)


def title_of(experiment: Experiment) -> str:
    """Say in a few words what is trained on what."""
    model, series = experiment.model, experiment.series
    # Of anyone else's file the name is not told.
    own = Uploads(store()).name(series.table, visitor()) if series.source == "table" else ""
    return _("{cell} {hidden}×{layers} on {series}").format(
        cell=_(CELLS[model.cell].label),
        hidden=model.hidden_size,
        layers=model.layers,
        series=own or _(OPTIONS["series"].choices[series.source]),
    )
