"""What it costs a run to be recorded, and to be watched: a store is written, and read.

Loads the engine: only for a process that trains.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from rnn_core.bench.cases import Case
from rnn_core.engine.runtime import configure
from rnn_core.engine.trainer import Losses, Stopped, Trainer, Watcher
from rnn_core.records import EpochRecord, Snapshot
from rnn_core.runs.control import Control
from rnn_core.runs.records import Records
from rnn_core.runs.store import Store
from rnn_core.runs.worker import RunWatcher

CASE = Case("lstm", 64, 1, 24, 16, 992)
TURN_SECONDS = 0.7
PAIRS = 40


class Care(Enum):
    """What is done with what a training tells."""

    NONE = "none"
    RECORDED = "recorded"
    LAB = "lab"
    INSIDE = "inside"


def watching_shares() -> dict[str, float]:
    """Give the epochs a second of a run that is recorded or watched as shares, medians.

    ``recorded_share``: of a run whose worker writes into a store what is kept of every run, of
    the rate of one that nobody listens to. ``watched_share``: of a recorded run that somebody
    looks at in the Lab, of the rate without them; ``watched_inside_share``: the same of the page
    Inside, which asks for the weights of each look too. Who looks is another thread that reads
    what is new from the store five times a second; a browser's drawing is not in it.
    """
    return {
        "recorded_share": compare(Care.RECORDED, Care.NONE),
        "watched_share": compare(Care.LAB, Care.RECORDED),
        "watched_inside_share": compare(Care.INSIDE, Care.RECORDED),
    }


def compare(care: Care, less: Care) -> float:
    """Give a run's epochs a second with ``care`` as a share of those with ``less`` of it.

    One run is treated the one way and the other in turns of ``TURN_SECONDS``; the rates of each
    two turns after another are compared, and the median of ``PAIRS`` such ratios is given.
    """
    configure()
    experiment, windows = CASE.experiment(), CASE.prepared()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'bench.db'}")
        control = Cared(lambda state: None, paused=False, step=False, speed=0.0)
        run = store.run(store.create(experiment, "bench", "bench"))
        assert run is not None
        trainer = Trainer(experiment, windows)
        recorder = RunWatcher(Records(store), run, windows, control, trainer.program.weights)
        reader = Reader(store.url, run.id, control)
        turns = InTurns(recorder, control, reader, (less, care))
        reader.start()
        try:
            trainer.run(turns)
        finally:
            reader.ended.set()
            reader.join()
            store.close()
    # On a machine so fast that the run ends before, there are fewer.
    pairs = zip(turns.rates[care], turns.rates[less], strict=False)
    return statistics.median(more / fewer for more, fewer in pairs)


class Cared(Control):
    """Says that somebody looks as soon, and as long, as somebody does."""

    care = Care.NONE

    @property
    def looked_at(self) -> bool:
        """Whether the Lab, or Inside, asks for looks."""
        return self.care in (Care.LAB, Care.INSIDE)

    @property
    def opened(self) -> bool:
        """Whether Inside asks for weights."""
        return self.care is Care.INSIDE


class InTurns(Watcher):
    """Has what a training tells treated with the one care and the other, and counts epochs.

    ``rates`` are the epochs a second of each turn, by its care.
    """

    def __init__(
        self, recorder: RunWatcher, control: Cared, reader: Reader, cares: tuple[Care, Care]
    ) -> None:
        self.rates: dict[Care, list[float]] = {care: [] for care in cares}
        self._recorder, self._control, self._reader = recorder, control, reader
        self._care, self._next = cares
        self._epochs = -1  # the first one is compiled, and so is a look after it
        self._begun = 0.0

    def checkpoint(self) -> None:
        """End the training after as many turns as are wanted."""
        if min(map(len, self.rates.values())) == PAIRS:
            raise Stopped

    def on_start(self, record: EpochRecord) -> None:
        """Take the losses before the first epoch."""
        self._recorder.on_start(record)

    def on_batches(self, epoch: int, done: int, batches: int, losses: Losses) -> None:
        """Take the losses of batches."""
        if self._care is not Care.NONE:
            self._recorder.on_batches(epoch, done, batches, losses)

    def on_epoch(self, record: EpochRecord, look: Callable[[], Snapshot]) -> None:
        """Take an epoch; where the turn is over, the other care's begins."""
        if self._care is not Care.NONE:
            self._recorder.checkpoint()
            self._recorder.on_epoch(record, look)
        self._epochs += 1
        seconds = time.perf_counter() - self._begun
        if not self._epochs:
            look()
        elif seconds < TURN_SECONDS:
            return
        else:
            self.rates[self._care].append(self._epochs / seconds)
            self._care, self._next = self._next, self._care
            self._recorder.flush()
        self._reader.care = self._control.care = self._care
        self._epochs, self._begun = 0, time.perf_counter()


class Reader(threading.Thread):
    """Reads what is new of a run as the Lab does, or Inside, while its ``care`` is one of these."""

    def __init__(self, url: str, run_id: str, control: Control) -> None:
        super().__init__(daemon=True)
        self.care = Care.NONE
        self.ended = threading.Event()
        self._url = url
        self._run_id = run_id
        self._control = control

    def run(self) -> None:
        """Read until it is told to end."""
        store = Store(self._url)
        records = Records(store)
        read, newest = -1, -1
        while not self.ended.wait(0.2):
            inside = self.care is Care.INSIDE
            if not inside and self.care is not Care.LAB:
                continue
            self._control.command("open" if inside else "look")
            new = records.epochs(self._run_id, after=read)["epoch"]
            read = int(new[-1]) if len(new) else read
            if inside:
                kept = records.weight_epochs(self._run_id)
                if kept and kept[-1] > newest:
                    records.weights(self._run_id, kept[-1])
                found = records.newest_weights(self._run_id, newer_than=newest)
                newest = found.epoch if found is not None else newest
            else:
                records.look(self._run_id)
        store.close()
