"""Shampoo sales forecast month by month with a stateful LSTM: one run, and thirty of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import ModelConfig, TrainConfig
from rnn_core.engine.stateful import StatefulNetwork
from rnn_core.forecast.metrics import rmse
from rnn_core.messages import N_, Message
from rnn_core.reproduce.results import Progress, Result, Row
from rnn_core.series.samples import load_sample

Floats = NDArray[np.float64]

MONTHS = 12  # of the walk forward
PERSISTENCE, SINGLE, MEAN, DEVIATION = 136.761, 71.721, 138.49, 46.31


@dataclass(frozen=True)
class Plan:
    """What is run: the settings of the source."""

    units: int = 4
    epochs: int = 3000
    repeats: int = 30


@dataclass(frozen=True, eq=False)
class Scaled:
    """Changes, each with the one before it, scaled to -1 to 1 by the training part's alone.

    ``x`` and ``y`` ``(n,)`` float32 of the training part, ``x_test`` of the last 12 months.
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    x_test: NDArray[np.float32]
    low: float
    high: float

    def change(self, y: NDArray[np.float32]) -> Floats:
        """Bring scaled changes back to the units of the series."""
        return (y.astype(np.float64) + 1) / 2 * (self.high - self.low) + self.low


def run(plan: Plan = Plan(), progress: Progress = print) -> Result:
    """Train anew for every repeat, then walk forward with the state carried on."""
    values = load_sample("shampoo").values
    truth, before = values[-MONTHS:], values[-MONTHS - 1 : -1]
    scaled = scale(values)
    model = ModelConfig(cell="lstm", hidden_size=plan.units, initialization="keras")
    train = TrainConfig(learning_rate=0.001)
    network = StatefulNetwork(model, train)
    errors = []
    for seed in range(plan.repeats):
        network.reset(TrainConfig(learning_rate=0.001, seed=seed))
        network.fit(scaled.x, scaled.y, plan.epochs)
        # The training part is gone through once more, to have its state.
        answers = network.forecast(np.concatenate([scaled.x, scaled.x_test]))[-MONTHS:]
        errors.append(rmse(truth, before + scaled.change(answers)))
        progress(f"seed {seed}: {errors[-1]:.3f}")
    better = sum(error < rmse(truth, before) for error in errors)
    of = {"runs": plan.repeats}
    return Result(
        "shampoo",
        Message("measure", N_("RMSE of one-step forecasts over the last 12 months, sales")),
        (
            Row(
                Message("row.persistence", N_("Persistence")),
                (rmse(truth, before),),
                PERSISTENCE,
                digits=3,
            ),
            Row(Message("row.single", N_("LSTM, seed 0")), (errors[0],), SINGLE, digits=3),
            Row(
                Message("row.repeats", N_("LSTM, {runs} runs"), of),
                tuple(errors),
                MEAN,
                DEVIATION,
                summary="mean",
            ),
            Row(
                Message("row.better", N_("Of {runs} runs, those better than persistence"), of),
                (float(better),),
                digits=0,
            ),
        ),
        (
            Message(
                "settings",
                N_(
                    "LSTM({units}) that keeps its state from month to month and forgets it after "
                    "each epoch; the last change in, the next one out; Adam with a learning rate "
                    "of 0.001, batches of 1 in time order, {epochs} epochs."
                ),
                {"units": plan.units, "epochs": f"{plan.epochs:,}"},
            ),
            Message(
                "settings.scale",
                N_(
                    "Differenced once, scaled to -1 to 1 by the changes of the training part; the "
                    "true value of each month is known before the next one is forecast, and the "
                    "network is not trained again."
                ),
            ),
        ),
        tuple(range(plan.repeats)),
    )


def scale(values: Floats) -> Scaled:
    """Prepare as the source does: before the first change, 0 stands for the one before it."""
    changes = np.diff(values)
    before = np.concatenate([[0.0], changes[:-1]])
    cut = len(changes) - MONTHS

    def to_unit(given: Floats, known: Floats) -> NDArray[np.float32]:
        low, high = float(known.min()), float(known.max())
        return np.asarray(2 * (given - low) / (high - low) - 1, np.float32)

    training = changes[:cut]
    return Scaled(
        x=to_unit(before[:cut], before[:cut]),
        y=to_unit(training, training),
        x_test=to_unit(before[cut:], before[:cut]),
        low=float(training.min()),
        high=float(training.max()),
    )
