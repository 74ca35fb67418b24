"""Uploaded tables in the store: their bytes, once for all, and whose they are."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass

import sqlalchemy as sa

from rnn_core.runs import schema
from rnn_core.runs.store import Store, delete_run


@dataclass(frozen=True)
class Upload:
    """An owner's table: the hash of its bytes, its name, and when it came (seconds since 1970)."""

    digest: str
    filename: str
    created: float


class Uploads:
    """Reads and writes the uploaded tables of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._engine = store.engine

    def put(self, digest: str, filename: str, data: bytes, owner: str = "") -> None:
        """Keep an uploaded table under the hash of its bytes, listed for its owner if any."""
        now = time.time()
        if self.get(digest) is None:
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

    def get(self, digest: str, owner: str = "") -> tuple[str, bytes] | None:
        """Give filename and bytes of an uploaded table.

        The name is the owner's own, "table" for anyone who did not upload it: names can tell.
        """
        columns = schema.tables.c
        with self._engine.connect() as connection:
            data = connection.execute(
                sa.select(columns.data).where(columns.digest == digest)
            ).scalar_one_or_none()
        return (self.name(digest, owner) or "table", data) if data is not None else None

    def name(self, digest: str, owner: str) -> str:
        """Give the name under which an owner uploaded a table; empty if they did not."""
        uploads = schema.uploads.c
        query = sa.select(uploads.filename).where(
            uploads.digest == digest, uploads.owner == owner, uploads.owner != ""
        )
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none() or ""

    def known(self, digest: str) -> bool:
        """Say whether a table is kept."""
        query = sa.select(schema.tables.c.digest).where(schema.tables.c.digest == digest)
        with self._engine.connect() as connection:
            return connection.execute(query).one_or_none() is not None

    def of(self, owner: str) -> list[Upload]:
        """Give the tables that one owner uploaded, newest first."""
        columns = schema.uploads.c
        query = (
            sa.select(columns.digest, columns.filename, columns.created)
            .where(columns.owner == owner, columns.owner != "")
            .order_by(columns.created.desc())
        )
        with self._engine.connect() as connection:
            return [Upload(*row) for row in connection.execute(query)]

    def delete(self, owner: str, digest: str) -> list[str]:
        """Forget an owner's upload and that owner's runs made with it; gives the runs' ids.

        The bytes go with the last owner who uploaded them. What somebody did not upload, they
        cannot delete. Live runs should be stopped before.
        """
        columns = schema.uploads.c
        runs = [run.id for run in self._store.runs_with(owner, digest)]
        with self._engine.begin() as connection:
            mine = sa.and_(columns.owner == owner, columns.digest == digest)
            if not connection.execute(sa.delete(schema.uploads).where(mine)).rowcount:
                return []
            for run_id in runs:
                delete_run(connection, run_id)
            others = sa.select(columns.owner).where(columns.digest == digest).limit(1)
            if connection.execute(others).first() is None:
                connection.execute(sa.delete(schema.tables).where(schema.tables.c.digest == digest))
        return runs

    def _write(self, statement: sa.Executable) -> int:
        with self._engine.begin() as connection:
            return connection.execute(statement).rowcount
