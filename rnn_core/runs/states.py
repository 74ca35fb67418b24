"""The life of what the store lists: the states of a run or a task, and how one follows another.

A state is changed only where the row still is in one of those expected, in one statement: whoever
comes second (a stop and the end of a training at once, say) changes nothing and is told so.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from rnn_core.messages import Message


class RunState(StrEnum):
    """Where a run or a task is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def live(self) -> bool:
        """Whether there is more to come."""
        return self in LIVE


LIVE = (RunState.QUEUED, RunState.RUNNING, RunState.PAUSED)


class Ledger:
    """Writes the states of what a table lists by ``id``, each row with the server it is on."""

    def __init__(self, engine: Engine, table: sa.Table) -> None:
        self._engine = engine
        self._table = table

    def move(
        self, row_id: str, state: RunState, expected: Sequence[RunState] = LIVE, **columns: Any
    ) -> bool:
        """Set the state of a row that is in one of those ``expected``; says whether it was."""
        if state is RunState.RUNNING:
            columns["started"] = sa.func.coalesce(self._table.c.started, time.time())
        if not state.live:
            columns["ended"] = time.time()
        change = (
            sa.update(self._table)
            .where(self._table.c.id == row_id, self._table.c.state.in_(expected))
            .values(state=state, **columns)
        )
        return self._write(change) > 0

    def fail(self, row_id: str, state: RunState, error: Message) -> bool:
        """End what is live with the reason why."""
        return self.move(row_id, state, error=error.to_json())

    def interrupt(self, server: str, reason: Message) -> int:
        """Mark what was live on a server that is gone; gives how many."""
        change = (
            sa.update(self._table)
            .where(self._table.c.server == server, self._table.c.state.in_(LIVE))
            .values(state=RunState.INTERRUPTED, error=reason.to_json(), ended=time.time())
        )
        return self._write(change)

    def _write(self, statement: sa.Executable) -> int:
        with self._engine.begin() as connection:
            return connection.execute(statement).rowcount
