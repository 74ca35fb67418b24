"""One training process: ``python -m rnn_core.runs.worker``, started and fed by the pool.

Commands come as JSON lines on standard input, events go as JSON lines to standard output, all that
training tells goes into the store. When standard input ends, the parent has died, and the worker
ends itself.
"""

from __future__ import annotations

import json
import math
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import Experiment
from rnn_core.engine.runtime import configure
from rnn_core.engine.trainer import Losses, Outcome, Programs, Trainer, Watcher
from rnn_core.forecast.metrics import score
from rnn_core.forecast.verdict import verdict
from rnn_core.messages import N_, Message, RnnError
from rnn_core.records import (
    KEPT_EPOCHS,
    NEWEST_WEIGHT_BYTES,
    BatchLosses,
    EpochRecord,
    KeptEpochs,
    Snapshot,
    Weights,
    kept_epochs,
    kept_weights,
)
from rnn_core.runs.control import Control
from rnn_core.runs.performing import Order, perform
from rnn_core.runs.records import Records
from rnn_core.runs.states import RunState
from rnn_core.runs.store import Run, Store
from rnn_core.runs.tables import stored_series
from rnn_core.runs.tasks import Tasks
from rnn_core.series import load_series
from rnn_core.windows import Windows, prepare

FLUSH_SECONDS = 0.15
LOOK_SECONDS = 0.2
LOOK_SHARE = 0.05  # of the training's time that looks may take
KEPT_BYTES = 16 * 2**20
REST_SECONDS = 0.6  # what is chosen is prepared when nothing else has been for so long


class RunWatcher(Watcher):
    """Writes what a run tells into the store, a few times a second.

    ``weights`` gives the network's weights as they are, in the order of Keras's ``get_weights``;
    ``clock`` the seconds by which it is decided what is due.
    """

    def __init__(
        self,
        records: Records,
        run: Run,
        windows: Windows,
        control: Control,
        weights: Callable[[], Sequence[NDArray[np.float32]]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._recorded = records
        self._run_id = run.id
        self._control = control
        self._weights = weights
        model = run.experiment.model
        size = 2 * model.layers * model.hidden_size * windows.timesteps
        size += 8 * len(windows.held_out)
        self._kept_epochs = kept_epochs(
            run.experiment.train.epochs, max(2, min(KEPT_EPOCHS, KEPT_BYTES // size))
        )
        parameters = run.experiment.parameters
        self._weight_epochs = KeptEpochs(
            kept_epochs(run.experiment.train.epochs, kept_weights(parameters))
        )
        self._newest_too = 4 * parameters <= NEWEST_WEIGHT_BYTES
        self._best_loss = math.inf
        self._best: Weights | None = None
        self._seen: Weights | None = None
        self._lock = threading.Lock()
        self._records: list[EpochRecord] = []
        self._look: Snapshot | None = None
        self._kept: list[Snapshot] = []
        self._kept_weights: list[Weights] = []
        self._dropped_weights: list[int] = []
        self._newest_weights: Weights | None = None
        self._batches: list[Losses] = []  # of the epoch under way
        self._batches_written = 0.0
        self._writing = threading.Lock()
        self._writer: threading.Thread | None = None
        self._failure: Exception | None = None
        self._flushed = 0.0
        self._next_look = 0.0

    def checkpoint(self) -> None:
        """Pause or end the training here, if that was asked for."""
        self._control.checkpoint(self.flush)

    def on_start(self, record: EpochRecord) -> None:
        """Take what the untrained network comes to: the first point of the curves."""
        with self._lock:
            self._records.append(record)
        self.flush()

    def on_batches(self, epoch: int, done: int, batches: int, losses: Losses) -> None:
        """Take some batches; they are written only of an epoch that takes long."""
        if done == len(losses):
            self._batches = []
            self._batches_written = self._clock()
        self._batches.append(losses)
        if done < batches and self._clock() - self._batches_written >= FLUSH_SECONDS:
            seen = BatchLosses(epoch, batches, np.concatenate(self._batches))
            self._recorded.put_batch_losses(self._run_id, seen)
            self._batches_written = self._clock()

    def on_epoch(self, record: EpochRecord, look: Callable[[], Snapshot]) -> None:
        """Take an epoch, and look inside where that is due."""
        with self._lock:
            self._records.append(record)
        begun = self._clock()
        self._keep_weights(record)
        due = begun >= self._next_look and self._control.looked_at
        if record.epoch in self._kept_epochs or due:
            self.see(look(), keep=record.epoch in self._kept_epochs)
            done = self._clock()
            self._next_look = done + max(LOOK_SECONDS, (done - begun) / LOOK_SHARE)
        if self._clock() - self._flushed >= FLUSH_SECONDS:
            self._flush_beside()  # last: it has Python to itself while TensorFlow trains
        self._control.epoch_done(self.flush)

    def see(self, snapshot: Snapshot, *, keep: bool) -> None:
        """Take a look inside, to stay if ``keep``."""
        newest = self._seen_weights(snapshot.epoch) if self._shows_weights else None
        with self._lock:
            self._look = snapshot
            self._newest_weights = newest
            if keep:
                self._kept.append(snapshot)

    @property
    def _shows_weights(self) -> bool:
        return self._newest_too and self._control.opened

    def keep_best(self) -> None:
        """Keep the weights with the least validation loss so far."""
        if self._best is not None and self._best.epoch not in self._weight_epochs.held:
            with self._lock:
                self._kept_weights.append(self._best)

    def end(self, final: Snapshot) -> None:
        """Keep how the training ended."""
        self._seen = None  # early stopping may have taken other weights back
        self.see(final, keep=True)
        last = self._seen_weights(final.epoch)
        with self._lock:
            self._kept_weights.append(last)
        self.flush()

    def _keep_weights(self, record: EpochRecord) -> None:
        better = record.val_loss < self._best_loss
        stays = self._weight_epochs.stays(record.epoch)
        if not better and not stays:
            return
        weights = self._seen_weights(record.epoch)
        if better:
            self._best_loss, self._best = record.val_loss, weights
        if stays:
            dropped = self._weight_epochs.take(record.epoch)
            with self._lock:
                waiting = [each for each in self._kept_weights if each.epoch not in dropped]
                self._kept_weights = [*waiting, weights]
                self._dropped_weights += dropped

    def _seen_weights(self, epoch: int) -> Weights:
        """Give the weights as they are now, after ``epoch``; fetched once an epoch."""
        if self._seen is None or self._seen.epoch != epoch:
            self._seen = Weights(epoch, tuple(self._weights()))
        return self._seen

    def flush(self) -> None:
        """Write what has gathered; it is in the store when this returns.

        Raises what went wrong with a write that was under way beside the training.
        """
        with self._writing:
            failure, self._failure = self._failure, None
            if failure is not None:
                raise failure
            self._write()

    def _flush_beside(self) -> None:
        """Have what has gathered written while the training goes on, if nothing is under way."""
        if self._failure is not None:
            self.flush()
        if self._writer is None or not self._writer.is_alive():
            self._flushed = self._clock()
            self._writer = threading.Thread(target=self._write_beside, daemon=True)
            self._writer.start()

    def _write_beside(self) -> None:
        with self._writing:
            try:
                self._write()
            except Exception as error:  # the training thread raises it
                self._failure = error

    def _write(self) -> None:
        with self._lock:
            records, look, kept = self._records, self._look, self._kept
            weights, newest = self._kept_weights, self._newest_weights
            dropped = self._dropped_weights
            self._records, self._look, self._kept = [], None, []
            self._kept_weights, self._newest_weights = [], None
            self._dropped_weights = []
        if newest and newest.epoch in {each.epoch for each in weights}:
            newest = None  # whoever looks for the newest finds those that stay
        if records or look or kept or weights:
            self._recorded.append(self._run_id, records, look, kept, weights, newest, dropped)
        self._flushed = self._clock()


class _Job:
    """A run or a task that was given to this worker, and how it is controlled."""

    def __init__(self, store: Store, command: dict[str, Any]) -> None:
        self.id: str = command["id"]
        self.is_run = command["do"] == "run"
        self.watcher: RunWatcher | None = None
        self.ledger = store if self.is_run else Tasks(store)
        self.control = Control(
            self._announce,
            paused=command.get("paused", False),
            step=command.get("step", False),
            speed=command.get("speed", 0.0),
        )

    def _announce(self, state: RunState) -> None:
        if self.watcher is not None:
            self.watcher.flush()
        self.ledger.move(self.id, state)


class Worker:
    """Takes runs and tasks one after another and does them."""

    def __init__(self, store: Store, events: IO[str]) -> None:
        self._store = store
        self._events = events
        self._programs = Programs()
        self._jobs: queue.SimpleQueue[_Job | str] = queue.SimpleQueue()
        self._job: _Job | None = None  # the last one that came

    def listen(self, commands: IO[str]) -> None:
        """Take commands until the parent is gone; then end this process at once."""
        try:
            for line in commands:
                self._take(json.loads(line))
        except Exception:
            traceback.print_exc()
        finally:  # a worker that hears nothing any more must not go on
            os._exit(0)

    def _take(self, command: dict[str, Any]) -> None:
        if command["do"] in ("run", "task"):
            # From here on the run can be paused and stopped, long before it is trained.
            job = _Job(self._store, command)
            self._job = job
            self._jobs.put(job)
        elif command["do"] == "prepare":
            self._jobs.put(command["experiment"])
        elif self._job is not None and command["id"] == self._job.id:
            self._job.control.command(command["do"], command.get("speed", 0.0))

    def work(self) -> None:
        """Warm up, then train what comes; never returns."""
        self._say("ready")
        if self._job is None:
            self._warm_up()
        while True:
            wanted = self._next()
            if isinstance(wanted, _Job):
                self._do(wanted)
                self._say("idle")
            else:
                self._say("prepared", built=self._prepare(wanted))

    def _next(self) -> _Job | str:
        """Give what is to be done; an experiment, JSON, to prepare when nothing has come since."""
        wanted = self._jobs.get()
        while not isinstance(wanted, _Job):
            try:
                later = self._jobs.get(timeout=REST_SECONDS)
            except queue.Empty:
                break
            self._say("prepared", built=0)
            wanted = later
        return wanted

    def _warm_up(self) -> None:
        """Compile what the default experiment needs, so that its first Train starts at once."""
        experiment = Experiment()
        windows = prepare(experiment, load_series(experiment.series))
        Trainer(experiment, windows, self._programs).compile()
        self._say("warm")

    def _prepare(self, text: str) -> int:
        """Compile what a run of an experiment would need, while nothing else is wanted.

        Gives how many programs were built for it.
        """
        built = self._programs.built
        try:
            experiment = Experiment.from_json(text)
            windows = prepare(experiment, stored_series(self._store, experiment.series))
            trainer = Trainer(experiment, windows, self._programs)
            trainer.compile(wanted=lambda: not self._jobs.empty())
        except RnnError:
            pass  # a run of it will say so
        except Exception:
            traceback.print_exc()
        return self._programs.built - built

    def _do(self, job: _Job) -> None:
        try:
            (self._train if job.is_run else self._perform)(job)
        except RnnError as error:
            job.ledger.fail(job.id, RunState.FAILED, error.message)
        except Exception as error:
            traceback.print_exc()
            job.ledger.fail(job.id, RunState.FAILED, crashed(error))

    def _train(self, job: _Job) -> None:
        run = self._store.run(job.id)
        if run is not None and run.state.live:
            self._train_run(run, job)

    def _perform(self, job: _Job) -> None:
        tasks = Tasks(self._store)
        task = tasks.task(job.id)
        run = self._store.run(task.run_id) if task is not None else None
        if task is not None and run is not None and task.state.live:
            perform(Order(self._store, tasks, task, run, job.control))

    def _train_run(self, run: Run, job: _Job) -> None:
        windows = prepare(run.experiment, stored_series(self._store, run.experiment.series))
        trainer = Trainer(run.experiment, windows, self._programs)
        watcher = job.watcher = RunWatcher(
            Records(self._store), run, windows, job.control, trainer.program.weights
        )
        try:
            outcome = trainer.run(watcher)
        finally:
            watcher.keep_best()
            watcher.flush()
        watcher.end(outcome.final)
        self._conclude(run, windows, outcome)

    def _conclude(self, run: Run, windows: Windows, outcome: Outcome) -> None:
        if outcome.final.epoch == 0:
            return  # stopped before it had learnt anything: nothing to judge
        forecast = outcome.final.forecast[len(windows.validation) :]
        scores = score(windows.series, windows.test, forecast)
        state = RunState.STOPPED if outcome.stopped else RunState.FINISHED
        self._store.conclude(run.id, state, scores, verdict(scores), outcome.best_epoch)

    def _say(self, event: str, **values: Any) -> None:
        print(json.dumps({"event": event, **values}), file=self._events, flush=True)


def crashed(error: Exception) -> Message:
    """Say that training broke for a reason nobody foresaw."""
    text = str(error).strip().splitlines()
    return Message(
        "run.crashed",
        N_("The training failed ({kind}: {reason}). What it had written until then is kept."),
        {"kind": type(error).__name__, "reason": text[0][:200] if text else "-"},
    )


def main() -> None:
    """Run a worker on this process's standard streams."""
    # Whatever a library prints must not end up among the events.
    events = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    # Training waits no longer than this for the thread that writes.
    sys.setswitchinterval(0.0005)
    configure()
    worker = Worker(Store(), events)
    threading.Thread(target=worker.listen, args=(sys.stdin,), daemon=True).start()
    worker.work()


if __name__ == "__main__":
    main()
