"""What the server knows of the runs that are watched: only what is new is read from the store.

All who watch a run share it, so a run with a class before it is read as often as one with a
single viewer.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from pages.ui.runtime import pool, records, store
from rnn_core.records import BatchLosses, Snapshot
from rnn_core.runs.store import Run

RATE_SECONDS = 2.0  # of training over which the speed is measured
KEPT_RUNS = 32
JUDGING_SECONDS = 60.0  # after a stop, the verdict may take this long


@dataclass(frozen=True)
class Watched:
    """The curve and the newest look inside of one run, at one moment."""

    curve: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    look: Snapshot | None = None
    batches: BatchLosses | None = None  # of the epoch under way, where it takes long

    @property
    def epochs(self) -> int:
        """How many epochs are recorded; the untrained network's is none."""
        recorded = self.curve.get("epoch", ())
        return int(recorded[-1]) if len(recorded) else 0

    def epochs_per_second(self) -> float | None:
        """Give the speed of training of late, without pauses; None before there is one."""
        if self.epochs < 2:
            return None
        seconds = self.curve["seconds"][self.curve["epoch"] > 0]
        # The first epoch holds the compilation: it says nothing of the speed.
        since = max(1, int(np.searchsorted(seconds, seconds[-1] - RATE_SECONDS)))
        newest = len(seconds) - 1
        since = min(since, newest) or 1
        first = max(0, since - 1) if since == newest else since
        passed = float(seconds[-1] - seconds[first])
        return (newest - first) / passed if passed > 0 else None


class _Known:
    """What is known of one run, by whom it is brought up to date one at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.seen = Watched()


_lock = threading.Lock()
_runs: OrderedDict[tuple[str, str], _Known] = OrderedDict()


def watched(run: Run) -> Watched:
    """Give what is known of a run, brought up to date."""
    key = store().url, run.id
    if run.state.live:
        pool().look(run.id)
    with _lock:
        known = _runs.setdefault(key, _Known())
        _runs.move_to_end(key)
        while len(_runs) > KEPT_RUNS:
            _runs.popitem(last=False)
    with known.lock:
        known.seen = _updated(known.seen, run)
        return known.seen


def awaited(run: Run) -> bool:
    """Say whether more is to come of a run: epochs, or the verdict."""
    if run.state.live:
        return True
    judged = run.verdict is not None or run.error is not None or run.epoch == 0
    return not judged and time.time() - (run.ended or 0) < JUDGING_SECONDS


def _updated(seen: Watched, run: Run) -> Watched:
    curve = seen.curve
    newest = int(curve["epoch"][-1]) if len(curve.get("epoch", ())) else -1
    if run.epoch > newest or newest < 0:
        new = records().epochs(run.id, after=newest)
        curve = {
            name: np.concatenate([curve[name], column]) if curve else column
            for name, column in new.items()
        }
    look = records().look(run.id, newer_than=seen.look.epoch if seen.look else -1)
    # Early stopping goes back to an earlier epoch: then the last look is older than the newest.
    if look is None and not run.state.live:
        look = records().look(run.id)
    seen = replace(seen, curve=curve, look=look or seen.look)
    batches = records().batch_losses(run.id, seen.epochs) if run.state.live else None
    return replace(seen, batches=batches)
