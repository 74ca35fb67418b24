"""What training tells of the store's runs: epochs, losses of batches, looks inside, weights."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.engine import Connection

from rnn_core.records import BatchLosses, EpochRecord, Snapshot, Weights
from rnn_core.runs import schema
from rnn_core.runs.store import Run, Store, put_run

Packable = TypeVar("Packable", Snapshot, Weights)


class Records:
    """Reads and writes what is recorded of the runs of a store."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def append(
        self,
        run_id: str,
        records: Sequence[EpochRecord],
        look: Snapshot | None = None,
        kept: Iterable[Snapshot] = (),
        weights: Iterable[Weights] = (),
        newest_weights: Weights | None = None,
        dropped_weights: Sequence[int] = (),
    ) -> None:
        """Write epochs, the newest look inside, and the snapshots and weights that stay.

        Weights of the epochs ``dropped_weights`` go, unless they are among ``weights``. All or
        none of it; nothing of a run that was deleted in the meantime.
        """
        with self._engine.begin() as connection:
            if dropped_weights:
                table = schema.weights
                gone = (table.c.run_id == run_id) & table.c.epoch.in_(dropped_weights)
                connection.execute(sa.delete(table).where(gone))
            _append(connection, run_id, records, look, kept, weights, newest_weights)

    def adopt(
        self,
        run: Run,
        records: Sequence[EpochRecord],
        snapshots: Sequence[Snapshot],
        weights: Iterable[Weights] = (),
    ) -> None:
        """Put in a run that was trained elsewhere, in place of one with its id, all or none."""
        with self._engine.begin() as connection:
            put_run(connection, run)
            look = snapshots[-1] if snapshots else None
            _append(connection, run.id, records, look, snapshots, weights)

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
        columns = schema.looks.c
        return self._read(Snapshot.from_bytes, schema.looks, run_id, columns.epoch > newer_than)

    def snapshot(self, run_id: str, epoch: int) -> Snapshot | None:
        """Give a snapshot that stayed."""
        table = schema.snapshots
        return self._read(Snapshot.from_bytes, table, run_id, table.c.epoch == epoch)

    def snapshot_epochs(self, run_id: str) -> list[int]:
        """Give the epochs of which snapshots stayed, oldest first."""
        return self._epochs_of(schema.snapshots, run_id)

    def weights(self, run_id: str, epoch: int) -> Weights | None:
        """Give the weights after an epoch, if they stayed."""
        table = schema.weights
        return self._read(Weights.from_bytes, table, run_id, table.c.epoch == epoch)

    def weight_epochs(self, run_id: str) -> list[int]:
        """Give the epochs of which weights stayed, oldest first."""
        return self._epochs_of(schema.weights, run_id)

    def newest_weights(self, run_id: str, newer_than: int = -1) -> Weights | None:
        """Give the newest weights, or None if there are none newer than an epoch.

        Those of the newest look; of networks of more than ``NEWEST_WEIGHT_BYTES`` those of
        the newest epoch kept.
        """
        kept, newest = schema.weights.c, schema.newest_weights.c
        # Of the same epoch those that stay: early stopping may have taken others back.
        last_kept = sa.select(sa.func.max(kept.epoch)).where(kept.run_id == run_id)
        found = self._read(
            Weights.from_bytes,
            schema.newest_weights,
            run_id,
            newest.epoch > sa.func.coalesce(last_kept.scalar_subquery(), -1),
            newest.epoch > newer_than,
        )
        if found is not None:
            return found
        return self._read(
            Weights.from_bytes,
            schema.weights,
            run_id,
            kept.epoch == last_kept.scalar_subquery(),
            kept.epoch > newer_than,
        )

    def _read(
        self,
        unpack: Callable[[int, bytes], Packable],
        table: sa.Table,
        run_id: str,
        *which: sa.ColumnElement[bool],
    ) -> Packable | None:
        """Read the one row of a run that is meant, None if there is none."""
        query = sa.select(table.c.epoch, table.c.data).where(table.c.run_id == run_id, *which)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return unpack(row.epoch, row.data) if row is not None else None

    def _epochs_of(self, table: sa.Table, run_id: str) -> list[int]:
        query = sa.select(table.c.epoch).where(table.c.run_id == run_id).order_by(table.c.epoch)
        with self._engine.connect() as connection:
            return list(connection.scalars(query))


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
        rows = [{"run_id": run_id, **vars(record)} for record in records]
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
