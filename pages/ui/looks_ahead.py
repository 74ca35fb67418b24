"""Whether a run's verdict rests on values that were drawn from later ones, without its windows."""

from __future__ import annotations

import numpy as np

from pages.ui.prepared import series_of
from pages.ui.recent import Recent
from pages.ui.runtime import store
from rnn_core.config import Experiment
from rnn_core.forecast.looks_ahead import Drawn, drawn_at, look_ahead_message
from rnn_core.messages import Message, RnnError
from rnn_core.runs.store import Run
from rnn_core.windows import split_in_time

INTERPOLATE = "interpolate"  # the only way with missing values that looks ahead

_drawn: Recent[Drawn | None] = Recent(200)


def looks_ahead(run: Run) -> Message | None:
    """Say that a run's scores look ahead; None where they do not, or there is nothing to ask."""
    experiment = run.experiment
    if run.verdict is None or experiment.series.missing != INTERPOLATE:
        return None
    try:
        found = _drawn.get((store().url, experiment), lambda: _count(experiment))
    except RnnError:  # its series cannot be had any more: whoever opens the run is told
        return None
    return look_ahead_message(found)


def _count(experiment: Experiment) -> Drawn | None:
    series = series_of(experiment.series)
    # No value is missing on a line, so that each of the test part is judged.
    split = split_in_time(len(series), experiment.window)
    return drawn_at(series, np.arange(split.test, split.length))
