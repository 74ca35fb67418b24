"""When runs and uploaded tables were last opened: what nobody opens any more need not be kept."""

from __future__ import annotations

import contextlib
import time

import sqlalchemy as sa

from rnn_core.runs import schema
from rnn_core.runs.store import Store

NOTE_SECONDS = 24 * 3600.0  # no more often is an opening written


class Openings:
    """Reads and writes when what a store keeps was last opened."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def note(self, opened: str) -> None:
        """Note that a run, by its id, or an uploaded table, by its digest, is opened now.

        To be said with every visit: most cost no more than a look whether it was said of late.
        """
        # Another session may open it in this moment, or the store be busy: no page fails by that.
        with contextlib.suppress(sa.exc.IntegrityError, sa.exc.OperationalError):
            self._note(opened, time.time())

    def _note(self, opened: str, now: float) -> None:
        table = schema.openings
        this = table.c.opened == opened
        with self._engine.connect() as connection:
            last = connection.execute(sa.select(table.c.at).where(this)).scalar_one_or_none()
        if last is not None and 0 <= now - last < NOTE_SECONDS:
            return
        with self._engine.begin() as connection:
            change = sa.update(table).where(this).values(at=now)
            if not connection.execute(change).rowcount:
                connection.execute(sa.insert(table).values(opened=opened, at=now))

    def last(self) -> dict[str, float]:
        """Give when what was ever opened was opened last, in seconds since 1970."""
        columns = schema.openings.c
        with self._engine.connect() as connection:
            found = connection.execute(sa.select(columns.opened, columns.at))
            return {row.opened: row.at for row in found}
