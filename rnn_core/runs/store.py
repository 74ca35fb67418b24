"""The runs of the store: created, looked up, ended, forgotten.

The store is the one channel from training to whoever looks. What training tells of a run is in
:mod:`~rnn_core.runs.records`, its states in :mod:`~rnn_core.runs.states`, which database it is in
:mod:`~rnn_core.runs.database`. Safe to use from several processes and threads at once.
"""

from __future__ import annotations

import dataclasses
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from rnn_core.config import Experiment
from rnn_core.forecast.metrics import Scores
from rnn_core.messages import Message
from rnn_core.runs import schema
from rnn_core.runs.database import default_url, open_database
from rnn_core.runs.states import LIVE, Ledger, RunState


@dataclass(frozen=True)
class Run:
    """A run as the store knows it; times are seconds since 1970."""

    id: str
    owner: str
    experiment: Experiment
    state: RunState
    created: float
    started: float | None
    ended: float | None
    epoch: int
    error: Message | None
    verdict: Message | None
    scores: Scores | None
    best_epoch: int | None


class Store(Ledger):
    """Reads and writes runs; ``url`` as SQLAlchemy takes it, else the default database."""

    def __init__(self, url: str | None = None) -> None:
        self.url = url or default_url()
        super().__init__(open_database(self.url), schema.runs)

    @property
    def engine(self) -> Engine:
        """The database, for those who keep tables of their own in it."""
        return self._engine

    def close(self) -> None:
        """Give the database connections back."""
        self._engine.dispose()

    def create(self, experiment: Experiment, owner: str, server: str = "") -> str:
        """Put a run in, queued; gives its id, which cannot be guessed."""
        run_id = secrets.token_urlsafe(16)
        self._write(
            sa.insert(schema.runs).values(
                id=run_id,
                owner=owner,
                server=server,
                experiment=experiment.to_json(),
                state=RunState.QUEUED,
                created=time.time(),
                epoch=0,
            )
        )
        return run_id

    def run(self, run_id: str) -> Run | None:
        """Give a run, or None if there is none of that id."""
        with self._engine.connect() as connection:
            query = sa.select(schema.runs).where(schema.runs.c.id == run_id)
            row = connection.execute(query).one_or_none()
        return _run(row) if row is not None else None

    def runs_of(self, owner: str, most: int = 100) -> list[Run]:
        """Give the newest runs of one owner, newest first."""
        query = (
            sa.select(schema.runs)
            .where(schema.runs.c.owner == owner)
            .order_by(schema.runs.c.created.desc())
            .limit(most)
        )
        with self._engine.connect() as connection:
            return [_run(row) for row in connection.execute(query)]

    def runs_with(self, owner: str, digest: str) -> list[Run]:
        """Give an owner's runs on an uploaded table, newest first."""
        columns = schema.runs.c
        query = (
            sa.select(schema.runs)
            .where(columns.owner == owner, columns.experiment.contains(digest, autoescape=True))
            .order_by(columns.created.desc())
        )
        with self._engine.connect() as connection:
            found = [_run(row) for row in connection.execute(query)]
        return [run for run in found if run.experiment.series.table == digest]

    def conclude(
        self,
        run_id: str,
        state: RunState,
        scores: Scores,
        verdict: Message,
        best_epoch: int | None,
    ) -> bool:
        """End a run with what it came to; one that was stopped in the meantime stays so."""
        columns = schema.runs.c
        now = time.time()
        change = (
            sa.update(schema.runs)
            .where(columns.id == run_id, columns.state.in_((*LIVE, RunState.STOPPED)))
            .values(
                state=sa.case((columns.state == RunState.STOPPED, columns.state), else_=state),
                ended=sa.func.coalesce(columns.ended, now),
                scores=json.dumps(scores.to_dict()),
                verdict=verdict.to_json(),
                best_epoch=best_epoch,
            )
        )
        return self._write(change) > 0

    def delete(self, run_id: str) -> None:
        """Forget a run and all that was recorded of it."""
        with self._engine.begin() as connection:
            delete_run(connection, run_id)


def put_run(connection: Connection, run: Run) -> None:
    """Write a run as it is, in place of one with its id, in a transaction of the caller's."""
    row = dataclasses.asdict(run) | {
        "server": "",
        "experiment": run.experiment.to_json(),
        "error": run.error and run.error.to_json(),
        "verdict": run.verdict and run.verdict.to_json(),
        "scores": run.scores and json.dumps(run.scores.to_dict()),
    }
    delete_run(connection, run.id)
    connection.execute(sa.insert(schema.runs).values(row))


def delete_run(connection: Connection, run_id: str) -> None:
    """Forget a run and all that was recorded of it, in a transaction of the caller's."""
    for table in schema.OF_A_RUN:
        connection.execute(sa.delete(table).where(table.c.run_id == run_id))
    connection.execute(sa.delete(schema.runs).where(schema.runs.c.id == run_id))


def _run(row: Any) -> Run:
    return Run(
        id=row.id,
        owner=row.owner,
        experiment=Experiment.from_json(row.experiment),
        state=RunState(row.state),
        created=row.created,
        started=row.started,
        ended=row.ended,
        epoch=row.epoch,
        error=Message.from_json(row.error) if row.error else None,
        verdict=Message.from_json(row.verdict) if row.verdict else None,
        scores=Scores(**json.loads(row.scores)) if row.scores else None,
        best_epoch=row.best_epoch,
    )
