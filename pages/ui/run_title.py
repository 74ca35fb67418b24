"""What a run is called where several are listed."""

from __future__ import annotations

from pages.ui.i18n import _
from rnn_core.cells import CELLS
from rnn_core.config import OPTIONS, Experiment
from rnn_core.runs.store import Run


def title(run: Run) -> str:
    """Say in a few words what a run trains on what."""
    return title_of(run.experiment)


def title_of(experiment: Experiment) -> str:
    """Say in a few words what is trained on what."""
    model, series = experiment.model, experiment.series
    return _("{cell} {hidden}×{layers} on {series}").format(
        cell=_(CELLS[model.cell].label),
        hidden=model.hidden_size,
        layers=model.layers,
        series=_(OPTIONS["series"].choices[series.source]),
    )
