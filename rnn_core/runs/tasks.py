"""Tasks in the store: what a worker does for a run besides its training.

A refitted backtest, a file that only Keras can write. A task is asked for by its run, its kind and
its request, so that every page that shows the run finds it, live or done, and none is made twice.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from rnn_core.messages import Message
from rnn_core.runs import schema
from rnn_core.runs.states import Ledger, RunState
from rnn_core.runs.store import Store

BACKTEST = "backtest"
KERAS_MODEL = "keras_model"


@dataclass(frozen=True)
class Task:
    """A task as the store knows it; times are seconds since 1970.

    ``done`` of ``total`` is how far it is: origins of a backtest, with the share of the one under
    way. ``request`` is JSON, written by whoever asked for it.
    """

    id: str
    run_id: str
    kind: str
    request: str
    owner: str
    state: RunState
    done: float
    total: float
    created: float
    started: float | None
    ended: float | None
    error: Message | None


class Tasks(Ledger):
    """Reads and writes the tasks of a store."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.engine, schema.tasks)

    def create(
        self, run_id: str, kind: str, request: str, owner: str, server: str = "", total: float = 1.0
    ) -> str:
        """Put a task in, queued; gives its id."""
        task_id = secrets.token_urlsafe(16)
        self._write(
            sa.insert(schema.tasks).values(
                id=task_id,
                run_id=run_id,
                kind=kind,
                request=request,
                owner=owner,
                server=server,
                state=RunState.QUEUED,
                done=0.0,
                total=total,
                created=time.time(),
            )
        )
        return task_id

    def task(self, task_id: str) -> Task | None:
        """Give a task, or None if there is none of that id."""
        return self._one(sa.select(*_COLUMNS).where(schema.tasks.c.id == task_id))

    def newest(self, run_id: str, kind: str, request: str) -> Task | None:
        """Give the task of a run that was asked for last in these words."""
        columns = schema.tasks.c
        return self._one(
            sa.select(*_COLUMNS)
            .where(columns.run_id == run_id, columns.kind == kind, columns.request == request)
            .order_by(columns.created.desc())
            .limit(1)
        )

    def result(self, task_id: str) -> bytes | None:
        """Give what a task has come to so far."""
        query = sa.select(schema.tasks.c.result).where(schema.tasks.c.id == task_id)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none()

    def progress(self, task_id: str, done: float, result: bytes | None = None) -> None:
        """Note how far a task is, and what it has come to; a later result takes its place."""
        values: dict[str, Any] = {"done": done}
        if result is not None:
            values["result"] = result
        self._write(sa.update(schema.tasks).where(schema.tasks.c.id == task_id).values(values))

    def _one(self, query: sa.Select[Any]) -> Task | None:
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        values = row._asdict()
        values["state"] = RunState(values["state"])
        values["error"] = Message.from_json(values["error"]) if values["error"] else None
        return Task(**values)


# Not the result, which may be large.
_COLUMNS = [schema.tasks.c[name] for name in Task.__dataclass_fields__]
