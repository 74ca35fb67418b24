"""What is known of every run, in an SQL database: the one channel from training to whoever looks.

An SQLite file in the user's data directory by default; ``RNN_STORE_URL`` names another database
in SQLAlchemy's form. Safe to use from several processes and threads at once.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import secrets
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.schema import CreateIndex, CreateTable

from rnn_core.config import Experiment
from rnn_core.forecast.metrics import Scores
from rnn_core.messages import Message
from rnn_core.records import BatchLosses, EpochRecord, Snapshot, Weights
from rnn_core.runs import schema

# The number stands for the schema: a later one begins a new file and leaves this one alone.
FILE_NAME = "runs-1.sqlite"


class RunState(StrEnum):
    """Where a run is in its life."""

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


@dataclass(frozen=True)
class Upload:
    """An owner's table: the hash of its bytes, its name, and when it came (seconds since 1970)."""

    digest: str
    filename: str
    created: float


def default_url() -> str:
    """Give ``RNN_STORE_URL``, or an SQLite file in the user's data directory."""
    chosen = os.environ.get("RNN_STORE_URL")
    if chosen:
        return chosen
    folder = Path(platformdirs.user_data_dir("rnn-explorer", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{folder / FILE_NAME}"


class Store:
    """Reads and writes runs; ``url`` as SQLAlchemy takes it."""

    def __init__(self, url: str | None = None) -> None:
        self.url = url or default_url()
        self._engine = _engine(self.url)
        # IF NOT EXISTS, unlike create_all: two processes may open a new database at once.
        with self._engine.begin() as connection:
            for table in schema.metadata.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))
                for index in table.indexes:
                    connection.execute(CreateIndex(index, if_not_exists=True))

    @property
    def engine(self) -> Engine:
        """The database, for those who keep tables of their own in it."""
        return self._engine

    def close(self) -> None:
        """Give the database connections back."""
        self._engine.dispose()

    # Runs

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

    def adopt(
        self,
        run: Run,
        records: Sequence[EpochRecord],
        snapshots: Sequence[Snapshot],
        weights: Iterable[Weights] = (),
    ) -> None:
        """Put in a run that was trained elsewhere, in place of one with its id, all or none."""
        row = dataclasses.asdict(run) | {
            "server": "",
            "experiment": run.experiment.to_json(),
            "error": run.error and run.error.to_json(),
            "verdict": run.verdict and run.verdict.to_json(),
            "scores": run.scores and json.dumps(run.scores.to_dict()),
        }
        with self._engine.begin() as connection:
            _delete(connection, run.id)
            connection.execute(sa.insert(schema.runs).values(row))
            look = snapshots[-1] if snapshots else None
            _append(connection, run.id, records, look, snapshots, weights)

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

    def move(
        self, run_id: str, state: RunState, expected: Sequence[RunState] = LIVE, **columns: Any
    ) -> bool:
        """Set a run's state if it is in one of those ``expected``; says whether it was."""
        if state is RunState.RUNNING:
            columns["started"] = sa.func.coalesce(schema.runs.c.started, time.time())
        if not state.live:
            columns["ended"] = time.time()
        change = (
            sa.update(schema.runs)
            .where(schema.runs.c.id == run_id, schema.runs.c.state.in_(expected))
            .values(state=state, **columns)
        )
        return self._write(change) > 0

    def fail(self, run_id: str, state: RunState, error: Message) -> bool:
        """End a live run with the reason why."""
        return self.move(run_id, state, error=error.to_json())

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
            _delete(connection, run_id)

    # What training tells

    def append(
        self,
        run_id: str,
        records: Sequence[EpochRecord],
        look: Snapshot | None = None,
        kept: Iterable[Snapshot] = (),
        weights: Iterable[Weights] = (),
        newest_weights: Weights | None = None,
    ) -> None:
        """Write epochs, the newest look inside, and the snapshots and weights that stay.

        All or none of it; nothing of a run that was deleted in the meantime.
        """
        with self._engine.begin() as connection:
            _append(connection, run_id, records, look, kept, weights, newest_weights)

    def put_batch_losses(self, run_id: str, seen: BatchLosses) -> None:
        """Write the losses of the epoch under way, in place of what was there."""
        table = schema.batch_losses
        data = seen.losses.astype("<f4", copy=False).tobytes()
        row = {"epoch": seen.epoch, "batches": seen.batches, "data": data}
        with self._engine.begin() as connection:
            changed = connection.execute(
                sa.update(table).where(table.c.run_id == run_id).values(row)
            ).rowcount
            if not changed and _is_known(connection, run_id):
                connection.execute(sa.insert(table).values(run_id=run_id, **row))

    def batch_losses(self, run_id: str, newer_than: int = 0) -> BatchLosses | None:
        """Give the losses of an epoch that is not yet recorded: later than ``newer_than``."""
        table = schema.batch_losses
        query = sa.select(table.c.epoch, table.c.batches, table.c.data).where(
            table.c.run_id == run_id, table.c.epoch > newer_than
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return BatchLosses(row.epoch, row.batches, np.frombuffer(row.data, "<f4"))

    def epochs(self, run_id: str, after: int = 0) -> dict[str, NDArray[np.float64]]:
        """Give the records of the epochs after ``after`` as columns ``(k,)``, oldest first.

        The untrained network's has epoch 0: it is given only if ``after`` is -1.
        """
        table = schema.epochs
        names = [field.name for field in dataclasses.fields(EpochRecord)]
        query = (
            sa.select(*(table.c[name] for name in names))
            .where(table.c.run_id == run_id, table.c.epoch > after)
            .order_by(table.c.epoch)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        values = np.array([tuple(row) for row in rows], np.float64).reshape(len(rows), len(names))
        return dict(zip(names, values.T, strict=True))

    def look(self, run_id: str, newer_than: int = -1) -> Snapshot | None:
        """Give the newest look inside, or None if there is none newer than an epoch."""
        table = schema.looks
        return self._snapshot(
            sa.select(table.c.epoch, table.c.data).where(
                table.c.run_id == run_id, table.c.epoch > newer_than
            )
        )

    def snapshot(self, run_id: str, epoch: int) -> Snapshot | None:
        """Give a snapshot that stayed."""
        table = schema.snapshots
        return self._snapshot(
            sa.select(table.c.epoch, table.c.data).where(
                table.c.run_id == run_id, table.c.epoch == epoch
            )
        )

    def snapshot_epochs(self, run_id: str) -> list[int]:
        """Give the epochs of which snapshots stayed, oldest first."""
        table = schema.snapshots
        query = sa.select(table.c.epoch).where(table.c.run_id == run_id).order_by(table.c.epoch)
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def weights(self, run_id: str, epoch: int) -> Weights | None:
        """Give the weights after an epoch, if they stayed."""
        table = schema.weights
        return self._weights(
            sa.select(table.c.epoch, table.c.data).where(
                table.c.run_id == run_id, table.c.epoch == epoch
            )
        )

    def weight_epochs(self, run_id: str) -> list[int]:
        """Give the epochs of which weights stayed, oldest first."""
        table = schema.weights
        query = sa.select(table.c.epoch).where(table.c.run_id == run_id).order_by(table.c.epoch)
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def newest_weights(self, run_id: str, newer_than: int = -1) -> Weights | None:
        """Give the newest weights, or None if there are none newer than an epoch.

        Those of the newest look; of networks of more than ``worker.NEWEST_WEIGHT_BYTES`` those of
        the newest epoch kept.
        """
        kept, newest = schema.weights.c, schema.newest_weights.c
        # Of the same epoch those that stay: early stopping may have taken others back.
        last_kept = sa.select(sa.func.max(kept.epoch)).where(kept.run_id == run_id)
        found = self._weights(
            sa.select(newest.epoch, newest.data).where(
                newest.run_id == run_id,
                newest.epoch > sa.func.coalesce(last_kept.scalar_subquery(), -1),
                newest.epoch > newer_than,
            )
        )
        if found is not None:
            return found
        return self._weights(
            sa.select(kept.epoch, kept.data).where(
                kept.run_id == run_id,
                kept.epoch == last_kept.scalar_subquery(),
                kept.epoch > newer_than,
            )
        )

    # Uploaded tables

    def put_table(self, digest: str, filename: str, data: bytes, owner: str = "") -> None:
        """Keep an uploaded table under the hash of its bytes, listed for its owner if any."""
        now = time.time()
        if self.table(digest) is None:
            values = {"digest": digest, "filename": filename, "data": data, "created": now}
            # Another session may have uploaded the same bytes in this moment.
            with contextlib.suppress(sa.exc.IntegrityError):
                self._write(sa.insert(schema.tables).values(values))
        if owner:
            columns = schema.uploads.c
            mine = sa.and_(columns.owner == owner, columns.digest == digest)
            change = sa.update(schema.uploads).where(mine)
            if not self._write(change.values(filename=filename, created=now)):
                row = {"owner": owner, "digest": digest, "filename": filename, "created": now}
                with contextlib.suppress(sa.exc.IntegrityError):
                    self._write(sa.insert(schema.uploads).values(row))

    def table(self, digest: str, owner: str = "") -> tuple[str, bytes] | None:
        """Give filename and bytes of an uploaded table.

        The name is the owner's own, "table" for anyone who did not upload it: names can tell.
        """
        columns, uploads = schema.tables.c, schema.uploads.c
        with self._engine.connect() as connection:
            data = connection.execute(
                sa.select(columns.data).where(columns.digest == digest)
            ).scalar_one_or_none()
            name = connection.execute(
                sa.select(uploads.filename).where(uploads.digest == digest, uploads.owner == owner)
            ).scalar_one_or_none()
        return (name or "table", data) if data is not None else None

    def tables_of(self, owner: str) -> list[Upload]:
        """Give the tables that one owner uploaded, newest first."""
        columns = schema.uploads.c
        query = (
            sa.select(columns.digest, columns.filename, columns.created)
            .where(columns.owner == owner, columns.owner != "")
            .order_by(columns.created.desc())
        )
        with self._engine.connect() as connection:
            return [Upload(*row) for row in connection.execute(query)]

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

    def delete_table(self, owner: str, digest: str) -> list[str]:
        """Forget an owner's upload and that owner's runs made with it; gives the runs' ids.

        The bytes go with the last owner who uploaded them. What somebody did not upload, they
        cannot delete. Live runs should be stopped before.
        """
        columns = schema.uploads.c
        runs = [run.id for run in self.runs_with(owner, digest)]
        with self._engine.begin() as connection:
            mine = sa.and_(columns.owner == owner, columns.digest == digest)
            if not connection.execute(sa.delete(schema.uploads).where(mine)).rowcount:
                return []
            for run_id in runs:
                _delete(connection, run_id)
            others = sa.select(columns.owner).where(columns.digest == digest).limit(1)
            if connection.execute(others).first() is None:
                connection.execute(sa.delete(schema.tables).where(schema.tables.c.digest == digest))
        return runs

    # Servers

    def beat(self, server: str, host: str, pid: int) -> None:
        """Note that a server is alive."""
        change = sa.update(schema.servers).where(schema.servers.c.id == server)
        if not self._write(change.values(heartbeat=time.time())):
            self._write(
                sa.insert(schema.servers).values(
                    id=server, host=host, pid=pid, heartbeat=time.time()
                )
            )

    def servers(self) -> list[tuple[str, str, int, float]]:
        """Give id, host, process id and last heartbeat of every server not known to be gone."""
        columns = schema.servers.c
        query = sa.select(columns.id, columns.host, columns.pid, columns.heartbeat)
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def interrupt(self, server: str, reason: Message) -> int:
        """Mark the live runs of a server that is gone, and forget the server; gives how many."""
        change = (
            sa.update(schema.runs)
            .where(schema.runs.c.server == server, schema.runs.c.state.in_(LIVE))
            .values(state=RunState.INTERRUPTED, error=reason.to_json(), ended=time.time())
        )
        with self._engine.begin() as connection:
            marked = connection.execute(change).rowcount
            connection.execute(sa.delete(schema.servers).where(schema.servers.c.id == server))
        return marked

    def _write(self, statement: sa.Executable) -> int:
        with self._engine.begin() as connection:
            return connection.execute(statement).rowcount

    def _snapshot(self, query: sa.Select[Any]) -> Snapshot | None:
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return Snapshot.from_bytes(row.epoch, row.data) if row is not None else None

    def _weights(self, query: sa.Select[Any]) -> Weights | None:
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return Weights.from_bytes(row.epoch, row.data) if row is not None else None


def _engine(url: str) -> Engine:
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(engine, "connect")
        def _pragmas(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()
            # Readers and the writer do not wait for each other; a power cut may cost the last
            # moments of a run, never the file.
            cursor.execute("PRAGMA busy_timeout=10000")
            _use_wal(cursor)
            cursor.execute("PRAGMA synchronous=NORMAL")
            cursor.close()

    return engine


def _use_wal(cursor: sqlite3.Cursor) -> None:
    # Where several make a new file WAL at once, SQLite refuses some without waiting.
    for attempt in range(50):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if attempt == 49:
                raise
            time.sleep(0.02)


def _delete(connection: Connection, run_id: str) -> None:
    for table in schema.OF_A_RUN:
        connection.execute(sa.delete(table).where(table.c.run_id == run_id))
    connection.execute(sa.delete(schema.runs).where(schema.runs.c.id == run_id))


def _is_known(connection: Connection, run_id: str) -> bool:
    known = sa.select(schema.runs.c.id).where(schema.runs.c.id == run_id)
    return connection.execute(known).one_or_none() is not None


def _append(
    connection: Connection,
    run_id: str,
    records: Sequence[EpochRecord],
    look: Snapshot | None,
    kept: Iterable[Snapshot],
    weights: Iterable[Weights],
    newest_weights: Weights | None = None,
) -> None:
    if not _is_known(connection, run_id):
        return  # deleted while its worker was still writing
    if records:
        rows = [{"run_id": run_id, **dataclasses.asdict(record)} for record in records]
        connection.execute(sa.insert(schema.epochs), rows)
        connection.execute(
            sa.update(schema.runs).where(schema.runs.c.id == run_id).values(epoch=records[-1].epoch)
        )
    for snapshot in kept:
        _replace(connection, schema.snapshots, run_id, snapshot)
    if look is not None:
        _replace(connection, schema.looks, run_id, look)
    for each in weights:
        _replace(connection, schema.weights, run_id, each)
    if newest_weights is not None:
        _replace(connection, schema.newest_weights, run_id, newest_weights)


def _replace(
    connection: Connection, table: sa.Table, run_id: str, packable: Snapshot | Weights
) -> None:
    where = table.c.run_id == run_id
    if table.c.epoch.primary_key:  # one row an epoch; else one a run
        where &= table.c.epoch == packable.epoch
    connection.execute(sa.delete(table).where(where))
    row = {"run_id": run_id, "epoch": packable.epoch, "data": packable.to_bytes()}
    connection.execute(sa.insert(table).values(row))


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
