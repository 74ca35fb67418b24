"""All that a diagnosis may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import Experiment
from rnn_core.forecast.evaluate import NETWORK, Evaluation
from rnn_core.forecast.intervals import Coverage
from rnn_core.forecast.lagged import LagProfile
from rnn_core.forecast.metrics import Scores
from rnn_core.forecast.significance import Comparison
from rnn_core.series.series import Series
from rnn_core.windows import Indices, Windows

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Drawn:
    """Counts of values that are not measured but drawn on a line to a later one.

    Of the ``values`` judged in the test part ``truth`` are drawn, and before ``windows`` of them
    the window ends on a drawn value, so that the network reads of what it is to forecast;
    ``either`` is how many one or the other is true of. ``everywhere`` counts all of the
    ``length`` values of the series.
    """

    truth: int
    windows: int
    either: int
    values: int
    everywhere: int
    length: int


@dataclass(frozen=True, eq=False)
class Evidence:
    """A finished run, as a diagnosis sees it.

    ``loss`` and ``val_loss`` ``(epochs,)`` and ``training``, what the training windows should say
    (``(windows,)``, or ``(windows, steps)``), are in transformed units; ``known`` ``(n,)``, the
    series, and ``future`` ``(horizon,)``, the forecast from its end, in those of the series.
    ``errors`` are one-step RMSEs on the test part by baseline, without those that could not be
    used. ``comparison`` is the test against the better of persistence and seasonal naive.
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
        drawn=_drawn(windows.series, one_step.origins),
    )


def _drawn(series: Series, targets: Indices) -> Drawn | None:
    """Count what looks ahead at ``targets`` ``(k,)`` forecast one step ahead; None if nothing."""
    truth, before = series.drawn[targets], series.drawn[targets - 1]
    either = int((truth | before).sum())
    if not either:
        return None
    return Drawn(
        truth=int(truth.sum()),
        windows=int(before.sum()),
        either=either,
        values=len(targets),
        everywhere=int(series.drawn.sum()),
        length=len(series),
    )
