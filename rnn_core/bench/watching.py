"""What it costs a run to be watched: records, looks and weights into a store that is read."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rnn_core.bench.cases import Case

if TYPE_CHECKING:
    from rnn_core.runs.control import Control

CASE = Case("lstm", 64, 1, 24, 16, 992)
SECONDS = 3.0
ROUNDS = 5


def watched_share(*, inside: bool = False) -> float:
    """Give the epochs a second of a watched run as a share of an unwatched one's, the median.

    Watched is a run whose worker writes all that a page shows into a store, of which another
    thread reads what is new five times a second: what the Lab shows, or with ``inside`` what the
    page Inside does, the weights of each look too. A browser's drawing is not in it.
    """
    from rnn_core.engine.runtime import configure
    from rnn_core.engine.trainer import Programs, Stopped, Trainer, Watcher
    from rnn_core.records import EpochRecord, Snapshot
    from rnn_core.runs.control import Control
    from rnn_core.runs.records import Records
    from rnn_core.runs.store import Store
    from rnn_core.runs.worker import RunWatcher

    configure()
    experiment, windows, programs = CASE.experiment(), CASE.prepared(), Programs()

    class Clock(Watcher):
        """Passes on to another watcher for some seconds, and counts."""

        def __init__(self, inner: Watcher) -> None:
            self.inner = inner
            self.epochs = 0
            self.begun = 0.0

        def checkpoint(self) -> None:
            self.inner.checkpoint()
            if self.begun and time.perf_counter() - self.begun > SECONDS:
                raise Stopped

        def on_start(self, record: EpochRecord) -> None:
            self.inner.on_start(record)

        def on_epoch(self, record: EpochRecord, look: Callable[[], Snapshot]) -> None:
            self.inner.on_epoch(record, look)
            if not self.begun:
                look()  # compiled before the clock runs
                self.begun = time.perf_counter()
            else:
                self.epochs += 1

    def epochs(inner: Callable[[Trainer], Watcher]) -> int:
        trainer = Trainer(experiment, windows, programs)
        clock = Clock(inner(trainer))
        trainer.run(clock)
        return clock.epochs

    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'bench.db'}")

        def watched(trainer: Trainer) -> Watcher:
            run = store.run(store.create(experiment, "bench", "bench"))
            assert run is not None
            reader.run_id = run.id
            control = Control(lambda state: None, paused=False, step=False, speed=0.0)
            reader.control = control
            weights = trainer.program.model.get_weights
            return RunWatcher(Records(store), run, windows, control, weights)

        reader = Reader(store.url, inside=inside)
        reader.start()
        try:
            shares = []
            epochs(lambda trainer: Watcher())
            for _ in range(ROUNDS):
                alone = epochs(lambda trainer: Watcher())
                reader.run_id = ""
                shares.append(epochs(watched) / alone)
        finally:
            reader.ended.set()
            reader.join()
            store.close()
    return statistics.median(shares)


class Reader(threading.Thread):
    """Reads what is new of a run, as the Lab does, or Inside."""

    def __init__(self, url: str, *, inside: bool) -> None:
        super().__init__(daemon=True)
        self.inside = inside
        self.run_id = ""
        self.control: Control | None = None
        self.ended = threading.Event()
        self._url = url

    def run(self) -> None:
        """Read until it is told to end."""
        from rnn_core.runs.records import Records
        from rnn_core.runs.store import Store

        store = Store(self._url)
        records = Records(store)
        known, read, newest = "", -1, -1
        while not self.ended.wait(0.2):
            if self.run_id != known:
                known, read, newest = self.run_id, -1, -1
            if known:
                if self.control is not None:
                    self.control.command("open" if self.inside else "look")
                new = records.epochs(known, after=read)["epoch"]
                read = int(new[-1]) if len(new) else read
                if self.inside:
                    kept = records.weight_epochs(known)
                    if kept and kept[-1] > newest:
                        records.weights(known, kept[-1])
                    found = records.newest_weights(known, newer_than=newest)
                    newest = found.epoch if found is not None else newest
                else:
                    records.look(known)
        store.close()
