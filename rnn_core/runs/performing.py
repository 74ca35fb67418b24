"""What a worker does for a run besides its training: each kind of task by its name."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import BacktestConfig
from rnn_core.engine.backtest import network_fit_predict
from rnn_core.engine.export import keras_file
from rnn_core.engine.trainer import Stopped
from rnn_core.forecast.backtest import Fit, refitted_plan, run_backtest
from rnn_core.messages import N_, Message, RnnError
from rnn_core.runs.backtests import pack_forecasts
from rnn_core.runs.control import Control
from rnn_core.runs.records import Records
from rnn_core.runs.states import RunState
from rnn_core.runs.store import Run, Store
from rnn_core.runs.tables import stored_series
from rnn_core.runs.tasks import BACKTEST, KERAS_MODEL, Task, Tasks

NOTE_SECONDS = 0.2  # how often progress within an origin is written


@dataclass(frozen=True)
class Order:
    """A task, the run it is for, and how it is stopped."""

    store: Store
    tasks: Tasks
    task: Task
    run: Run
    control: Control

    def should_stop(self) -> bool:
        """Whether it was asked to stop."""
        try:
            self.control.checkpoint(lambda: None)
        except Stopped:
            return True
        return False


def perform(order: Order) -> None:
    """Do a task to its end; one that was stopped keeps what it has come to.

    Raises ``RnnError`` with a sentence where it cannot be done.
    """
    if order.should_stop():
        return
    KINDS[order.task.kind](order)
    order.tasks.move(order.task.id, RunState.FINISHED)


def backtest(order: Order) -> None:
    """Train the run's network anew at each origin; what is forecast is written origin by origin."""
    experiment, task = order.run.experiment, order.task
    config = BacktestConfig.from_json(task.request)
    series = stored_series(order.store, experiment.series)
    plan = refitted_plan(experiment, series, config)
    forecasts: list[NDArray[np.float64]] = []
    noted = time.monotonic()

    def on_epoch(epoch: int) -> None:
        nonlocal noted
        if time.monotonic() - noted >= NOTE_SECONDS:
            noted = time.monotonic()
            share = min(epoch / experiment.train.epochs, 0.99)
            order.tasks.progress(task.id, len(forecasts) + share)

    fit_predict = network_fit_predict(experiment, should_stop=order.should_stop, on_epoch=on_epoch)

    def kept(fit: Fit) -> NDArray[np.float64]:
        forecasts.append(fit_predict(fit))
        order.tasks.progress(task.id, len(forecasts), pack_forecasts(np.concatenate(forecasts)))
        return forecasts[-1]

    run_backtest(series, plan, kept, should_stop=order.should_stop)


def keras_model(order: Order) -> None:
    """Write the network after an epoch as a file of Keras."""
    epoch = json.loads(order.task.request)["epoch"]
    records = Records(order.store)
    kept = records.weights(order.run.id, epoch)
    if kept is None:
        newest = records.newest_weights(order.run.id)
        kept = newest if newest is not None and newest.epoch == epoch else None
    if kept is None:
        raise RnnError(
            Message(
                "task.no_weights",
                N_("The weights after epoch {epoch} are not kept (any more). Open the page anew."),
                {"epoch": epoch},
            )
        )
    order.tasks.progress(order.task.id, 1, keras_file(order.run.experiment, kept.arrays))


KINDS: Mapping[str, Callable[[Order], None]] = {BACKTEST: backtest, KERAS_MODEL: keras_model}
