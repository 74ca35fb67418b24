"""What a session knows of the run it watches: only what is new is read from the store."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.ui.runtime import store
from rnn_core.records import BatchLosses, Snapshot
from rnn_core.runs.store import Run

RATE_SECONDS = 2.0  # of training over which the speed is measured


@dataclass
class Watched:
    """The curve and the newest look inside of one run."""

    run_id: str
    curve: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    look: Snapshot | None = None
    batches: BatchLosses | None = None  # of the epoch under way, where it takes long

    def update(self, run: Run) -> None:
        """Read what has come since the last time."""
        known = int(self.curve["epoch"][-1]) if len(self.curve.get("epoch", ())) else -1
        if run.epoch > known or known < 0:
            new = store().epochs(self.run_id, after=known)
            self.curve = {
                name: np.concatenate([self.curve[name], column]) if self.curve else column
                for name, column in new.items()
            }
        self.batches = store().batch_losses(self.run_id, self.epochs) if run.state.live else None
        look = store().look(self.run_id, newer_than=self.look.epoch if self.look else -1)
        # Early stopping goes back to an earlier epoch: then the last look is older than the newest.
        if look is None and not run.state.live:
            look = store().look(self.run_id)
        self.look = look or self.look

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


def watched(run: Run) -> Watched:
    """Give what the session knows of a run, brought up to date."""
    known: Watched | None = st.session_state.get("watched")
    if known is None or known.run_id != run.id:
        known = st.session_state.watched = Watched(run.id)
    known.update(run)
    return known
