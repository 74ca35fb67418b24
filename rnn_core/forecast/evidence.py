"""All that a diagnosis may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import Experiment
from rnn_core.forecast.evaluate import NETWORK, Evaluation
from rnn_core.forecast.free_run import open_steps
from rnn_core.forecast.intervals import Coverage
from rnn_core.forecast.lagged import LagProfile
from rnn_core.forecast.looks_ahead import Drawn, drawn_at
from rnn_core.forecast.metrics import Scores
from rnn_core.forecast.significance import Comparison
from rnn_core.windows import Windows

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Evidence:
    """A finished run, as a diagnosis sees it.

    ``loss`` and ``val_loss`` ``(epochs,)`` and ``training``, what the training windows should say
    (``(windows,)``, or ``(windows, steps)``), are in transformed units; ``known`` ``(n,)``, the
    series, and ``future`` ``(horizon,)``, the forecast from its end, in those of the series.
    ``errors`` are one-step RMSEs on the test part by baseline, without those that could not be
    used. ``comparison`` is the test against the better of persistence and seasonal naive.
    ``future_open`` ``(horizon,)`` tells at which of its steps a missing value leaves no forecast.
    ``lag`` is of one step ahead, or of the last step if that alone is a copy. ``drawn`` is what of
    the test part looks ahead.
    """

    experiment: Experiment
    parameters: int
    loss: Floats
    val_loss: Floats
    training: Floats
    known: Floats
    test_points: int
    scores: Scores
    errors: Mapping[str, float]
    comparison: Comparison | None
    lag: LagProfile | None
    coverage: Coverage | None
    future: Floats
    future_open: NDArray[np.bool_]
    drawn: Drawn | None = None


def gather(
    experiment: Experiment,
    windows: Windows,
    loss: Floats,
    val_loss: Floats,
    evaluation: Evaluation,
) -> Evidence:
    """Collect what an evaluation and the loss of each epoch ``(epochs,)`` have to say."""
    one_step = evaluation.one_step
    errors = {name: steps[0].rmse for name, steps in one_step.accuracy.items()}
    scores = Scores(
        rmse=errors.pop(NETWORK),
        mae=one_step.accuracy[NETWORK][0].mae,
        persistence_rmse=errors["persistence"],
        seasonal_naive_rmse=errors.get("seasonal_naive"),
    )
    naive = {name: errors[name] for name in ("persistence", "seasonal_naive") if name in errors}
    return Evidence(
        experiment=experiment,
        parameters=experiment.parameters,
        loss=np.asarray(loss, np.float64),
        val_loss=np.asarray(val_loss, np.float64),
        training=windows.outputs(windows.training).astype(np.float64),
        known=windows.series.values,
        test_points=len(windows.test),
        scores=scores,
        errors=errors,
        comparison=one_step.compare(min(naive, key=lambda name: naive[name])),
        lag=evaluation.copied.profile,
        coverage=evaluation.coverage,
        future=evaluation.future,
        future_open=open_steps(windows, len(evaluation.future)),
        drawn=drawn_at(windows.series, one_step.origins),
    )
