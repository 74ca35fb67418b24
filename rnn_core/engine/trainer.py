"""One run: epochs over chunks of batches, validation, early stopping, looks inside.

The loop emits what happens to a :class:`Watcher` and never draws. Between chunks of about
``CHUNK_SECONDS`` it lets the watcher pause or stop it; how an epoch is cut changes no number.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from rnn_core.config import Experiment, TrainConfig
from rnn_core.engine.program import Program
from rnn_core.messages import N_, Message, TrainingError
from rnn_core.quantiles import MEDIAN, by_step, pinball
from rnn_core.records import EpochRecord, Snapshot
from rnn_core.windows import Windows

CHUNK_SECONDS = 0.1
# The untrained network is judged on at most so many windows, and on fewer where all its units over
# all time steps would come to more values than these: it is the first point, and must not wait.
FIRST_WINDOWS = (32, 512)
FIRST_VALUES = 1.5e6
LOOK_BATCHES = 8  # at most so many for a look, while they are small

Losses = NDArray[np.float32]

# The losses once more, of absolute errors: a few numbers in NumPy cost less than one call into
# TensorFlow, and this happens after every epoch.
ERROR_LOSSES: Mapping[str, Callable[[NDArray[np.float32]], NDArray[np.float32]]] = {
    "mse": np.square,
    "mae": np.asarray,
    "huber": lambda error: np.where(error <= 1, 0.5 * error * error, error - 0.5),
}


class Stopped(Exception):  # noqa: N818 - it is no error
    """Raised by a watcher's ``checkpoint`` to end the training where it is."""


class Watcher:
    """Who follows a training; called from the training thread. This one lets it run."""

    def checkpoint(self) -> None:
        """Return to go on, block to pause, raise :class:`Stopped` to end."""

    def on_start(self, record: EpochRecord) -> None:
        """Take what the untrained network comes to, as epoch 0."""

    def on_batches(self, epoch: int, done: int, batches: int, losses: Losses) -> None:
        """Take the mean loss of each batch since the last call, ``done`` of ``batches`` in all."""

    def on_epoch(self, record: EpochRecord, look: Callable[[], Snapshot]) -> None:
        """Take what an epoch came to; ``look`` looks inside, if that is worth its time."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a training came to.

    ``best_epoch`` is the one whose weights early stopping took back, None without it.
    """

    look: Callable[[], Snapshot]
    stopped: bool
    best_epoch: int | None
    seconds: float

    @cached_property
    def final(self) -> Snapshot:
        """The look inside at its end; to be asked for before the program trains something else."""
        return self.look()


class Programs:
    """The compiled programs of the last few shapes, so that training again starts at once."""

    def __init__(self, most: int = 4) -> None:
        self._most = most
        self._programs: OrderedDict[object, Program] = OrderedDict()
        self.built = 0

    def get(self, experiment: Experiment, windows: Windows) -> Program:
        """Give a program for the experiment, reset to its seed; ``built`` counts the new ones."""
        train = experiment.train
        # Numbers that are variables or inputs of the program make no other program.
        shape = replace(train, seed=0, learning_rate=1.0, epochs=1, patience=0)
        # After every epoch those that are judged; for a look, in a few batches, all held out.
        forecasts = max(len(windows.judged[0]), -(-len(windows.held_out) // LOOK_BATCHES))
        channels, steps = windows.channels.shape, windows.steps
        lag = windows.transform.lag if windows.quantiles else 0
        size = (windows.timesteps, len(windows.training), channels, steps, lag)
        key = (experiment.model, shape, size)
        program = self._programs.pop((key, forecasts), None)
        if program is None:
            self.built += 1
            program = Program(
                experiment.model,
                train,
                windows.timesteps,
                forecasts,
                batch=train.batch_size or len(windows.training),
                features=channels[1],
                steps=steps,
                lag=lag,
            )
        program.reset(train)
        self._programs[key, forecasts] = program
        while len(self._programs) > self._most:
            self._programs.popitem(last=False)
        return program


class Trainer:
    """Trains one experiment on its prepared windows."""

    def __init__(
        self, experiment: Experiment, windows: Windows, programs: Programs | None = None
    ) -> None:
        self.experiment = experiment
        self.windows = windows
        self.program = (programs or Programs()).get(experiment, windows)
        self._inputs = tf.constant(windows.channels)
        self._shuffle = np.random.default_rng(experiment.train.seed)
        self._seconds = 0.0
        self._chunk = 1
        # The last one first: it is the one that is looked into.
        self._held_out = self.program.forecast_batches(windows.held_out[::-1])
        self._judged = self.program.forecast_batches(windows.judged[0])

    def run(self, watcher: Watcher) -> Outcome:
        """Train to the end, or until the watcher or early stopping ends it.

        Raises ``TrainingError`` when loss or forecasts stop being numbers.
        """
        train = self.experiment.train
        best = _Best(train.patience)
        epoch = 0
        stopped = False
        watcher.on_start(self.untrained())
        try:
            while epoch < train.epochs and not best.stale(epoch):
                watcher.checkpoint()
                record = self.epoch(epoch + 1, watcher)
                epoch += 1
                best.see(record, self.program)
                watcher.on_epoch(record, partial(self.snapshot, epoch))
        except Stopped:
            stopped = True
        best.restore(self.program)
        return Outcome(partial(self.snapshot, epoch), stopped, best.epoch, self._seconds)

    def compile(self, wanted: Callable[[], bool] = lambda: False) -> None:
        """Have compiled what a run needs, each part by doing the least of it.

        Leaves off after a part where something else is ``wanted``. What this trainer does later is
        no run of its experiment any more.
        """
        targets, weights = self._batches()
        self.program.train(self._inputs, tf.constant(targets, tf.int32), tf.constant(weights), 0, 1)
        if not wanted():  # a look forecasts as well
            self.program.look(self._inputs, self._held_out[:1])

    def snapshot(self, epoch: int) -> Snapshot:
        """Look at the network as it is now."""
        held_out = self.windows.held_out
        hidden, said = self.program.look(self._inputs, self._held_out)
        points = self.windows.points(said[: len(held_out)][::-1])
        return Snapshot(epoch, hidden, self.windows.in_units(points[:, 0], held_out))

    def epoch(self, epoch: int, watcher: Watcher) -> EpochRecord:
        """Go once over the training part, and judge the validation part."""
        targets, weights = self._batches()
        batches = len(targets)
        windows_in = weights.sum(axis=1)
        targets, weights = tf.constant(targets, tf.int32), tf.constant(weights)
        sums = []
        first = 0
        while first < batches:
            if first:
                watcher.checkpoint()
            last = min(first + self._chunk, batches)
            begun = time.perf_counter()
            chunk, finite = self.program.train(self._inputs, targets, weights, first, last)
            took = time.perf_counter() - begun
            self._seconds += took
            if not finite or not np.isfinite(chunk).all():
                raise diverged(epoch, self.experiment.train)
            sums.append(chunk)
            watcher.on_batches(epoch, last, batches, chunk[:, 0] / windows_in[first:last])
            self._size_chunk(took / (last - first))
            first = last
        begun = time.perf_counter()
        judged = self.windows.judged[0]
        forecast = self.program.forecast(self._inputs, self._judged)[: len(judged)]
        self._seconds += time.perf_counter() - begun
        if not np.isfinite(forecast).all():
            raise diverged(epoch, self.experiment.train)
        # Summed over all batches at once: the same total however the epoch was cut.
        total = np.concatenate(sums).sum(axis=0, dtype=np.float64)
        loss, error = total / len(self.windows.training)
        return self._record(epoch, float(loss), float(error), forecast, judged)

    def untrained(self) -> EpochRecord:
        """Judge the network before its first batch, without anything that has to be compiled."""
        model = self.experiment.model
        values = model.layers * model.hidden_size * self.windows.timesteps
        most = int(np.clip(FIRST_VALUES // values, *FIRST_WINDOWS))

        def some(targets: NDArray[np.int64]) -> NDArray[np.int64]:
            return targets[:: -(-len(targets) // most)]

        def forecast(targets: NDArray[np.int64]) -> NDArray[np.float32]:
            return self.program.forecast_now(self.windows.inputs(targets))

        training = some(self.windows.training)
        # Of several steps at once, both of what the loss is of and of one step ahead.
        judged = np.union1d(some(self.windows.judged[0]), some(self.windows.validation))
        counted = np.ones((len(training), self.windows.steps), bool)
        loss, error = self._off(training, forecast(training), counted)
        return self._record(0, loss, error, forecast(judged), judged)

    def _size_chunk(self, seconds_per_batch: float) -> None:
        fitting = int(CHUNK_SECONDS / max(seconds_per_batch, 1e-9))
        self._chunk = max(1, min(4 * self._chunk, fitting))

    def _batches(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Shuffle the training windows into ``(batches, batch)``, the last batch padded."""
        training = self.windows.training
        size = self.experiment.train.batch_size or len(training)
        batches = -(-len(training) // size)
        weights = np.zeros(batches * size, np.float32)
        weights[: len(training)] = 1
        shuffled = self._shuffle.permutation(training)
        targets = np.resize(shuffled, batches * size)
        return targets.reshape(batches, size), weights.reshape(batches, size)

    def _off(
        self,
        targets: NDArray[np.int64],
        said: NDArray[np.float32],
        counted: NDArray[np.bool_],
    ) -> tuple[float, float]:
        """Give mean loss and mean absolute error of outputs ``(k, outputs)`` for ``targets``.

        Over those steps ahead that are ``counted`` ``(k, steps)``.
        """
        truth = self.windows.outputs(targets).reshape(len(targets), -1)
        if self.windows.quantiles:
            quantiles = by_step(said)
            errors = np.abs(truth - quantiles[:, :, MEDIAN])[counted]
            losses = pinball(truth, quantiles)[counted]
        else:
            errors = np.abs(truth - said)[counted]
            losses = ERROR_LOSSES[self.experiment.train.loss](errors)
        return float(np.mean(losses)), float(np.mean(errors))

    def _record(
        self,
        epoch: int,
        loss: float,
        error: float,
        forecast: NDArray[np.float32],
        judged: NDArray[np.int64],
    ) -> EpochRecord:
        """Judge forecasts ``(k, outputs)`` of some of the windows that count, ``judged`` ``(k,)``.

        The loss is of all steps ahead, the error in units of the first.
        """
        windows = self.windows
        targets, counted = windows.judged
        counted = counted[np.searchsorted(targets, judged)]
        val_loss, val_mae = self._off(judged, forecast, counted)
        first = np.isin(judged, windows.validation)
        validation = judged[first]
        in_units = windows.in_units(windows.points(forecast)[first, 0], validation)
        with np.errstate(over="ignore"):
            errors = in_units - windows.series.values[validation]
            val_rmse = float(np.sqrt(np.mean(np.square(errors))))
        return EpochRecord(
            epoch=epoch,
            loss=loss,
            mae=error,
            val_loss=val_loss,
            val_mae=val_mae,
            val_rmse=val_rmse,
            seconds=self._seconds,
        )


class _Best:
    """Early stopping: keeps the best weights by validation loss, and says when to give up."""

    def __init__(self, patience: int) -> None:
        self.epoch: int | None = None
        self._patience = patience
        self._loss = math.inf
        self._weights: list[Any] = []

    def see(self, record: EpochRecord, program: Program) -> None:
        if self._patience and record.val_loss < self._loss:
            self._loss, self.epoch = record.val_loss, record.epoch
            self._weights = program.weights()

    def stale(self, epoch: int) -> bool:
        return self.epoch is not None and epoch - self.epoch >= self._patience

    def restore(self, program: Program) -> None:
        if self._weights:
            program.set_weights(self._weights)


def diverged(epoch: int, train: TrainConfig) -> TrainingError:
    """Say that the loss is no number any more, and what to try."""
    return TrainingError(
        Message(
            "train.diverged",
            N_(
                "The loss became NaN or infinite in epoch {epoch} and training stopped. Try a "
                "learning rate below {learning_rate} or gradient clipping (1, say)."
            ),
            {"epoch": epoch, "learning_rate": f"{train.learning_rate:g}"},
        )
    )
