"""How long the store keeps what nobody opens any more, and how much of it in all."""

from __future__ import annotations

import json
import logging
import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from rnn_core.messages import N_
from rnn_core.options import Section, option, options_of
from rnn_core.runs import schema
from rnn_core.runs.database import give_back, used_bytes
from rnn_core.runs.example import EXAMPLE
from rnn_core.runs.openings import Openings
from rnn_core.runs.states import LIVE
from rnn_core.runs.store import Store, delete_run

START_SECONDS = 30.0  # the first visitors come first
PRUNE_SECONDS = 3600.0
DAY_SECONDS = 24 * 3600.0
GIGABYTE = 1e9

log = logging.getLogger(__name__)

Delete = Callable[[Connection, str, float], bool]


@dataclass(frozen=True)
class Retention(Section):
    """What a store keeps; each field is set by the environment variable of its option's name."""

    days: int = option(
        365,
        "RNN_KEEP_DAYS",
        N_("Days kept"),
        N_("A run or table that nobody has opened for so many days is deleted; 0: never."),
        low=0,
        high=36_500,
    )
    gigabytes: float = option(
        10.0,
        "RNN_KEEP_GB",
        N_("Gigabytes kept"),
        N_("Where the SQLite file holds more, what was unopened longest goes; 0: no limit."),
        low=0,
        high=1_000_000,
    )

    @classmethod
    def from_environment(cls) -> Retention:
        """Read the environment; ``ConfigError`` for a value that cannot be meant."""
        found = {
            field: described.parse(text)
            for field, described in options_of(cls).items()
            if (text := os.environ.get(described.name))
        }
        return cls(**found)


@dataclass(frozen=True)
class Pruned:
    """How many runs and tables went."""

    runs: int = 0
    tables: int = 0


def prune(store: Store, keep: Retention, should_stop: Callable[[], bool] = lambda: False) -> Pruned:
    """Delete what ``keep`` keeps no longer, what was unopened longest first; say it in one line.

    Runs with all that was recorded of them, and uploaded tables that no run is on. Never a run that
    goes on or has a task that does, nor the example.
    """
    engine = store.engine
    before = time.time() - keep.days * DAY_SECONDS if keep.days else -math.inf
    most = keep.gigabytes * GIGABYTE if keep.gigabytes else math.inf
    gone: dict[Delete, int] = {_delete_run: 0, _delete_table: 0}
    for seen, delete, name in _longest_unopened_first(store):
        if should_stop() or (seen >= before and (used_bytes(engine) or 0) <= most):
            break
        with engine.begin() as connection:  # one each, so that nobody waits for all
            gone[delete] += delete(connection, name, seen)
    pruned = Pruned(gone[_delete_run], gone[_delete_table])
    if pruned != Pruned():
        with engine.begin() as connection:
            _forget_openings(connection)
        log.warning(
            "Deleted from the store what was unopened longest. Runs: %d, uploaded tables: %d "
            "(RNN_KEEP_DAYS=%d, RNN_KEEP_GB=%g).",
            pruned.runs,
            pruned.tables,
            keep.days,
            keep.gigabytes,
        )
    return pruned


class Pruner:
    """Prunes a store soon after its start and every hour, in a thread of its own."""

    def __init__(self, store: Store, keep: Retention) -> None:
        self._store = store
        self._keep = keep
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="pruner", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """End; what is being deleted is deleted first."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        first = True
        if self._ended.wait(START_SECONDS):
            return
        while first or not self._ended.wait(PRUNE_SECONDS):
            try:
                prune(self._store, self._keep, self._ended.is_set)
                if not self._ended.is_set():
                    rewrite = first and not _anything_live(self._store)
                    give_back(self._store.engine, rewrite=rewrite, should_stop=self._ended.is_set)
            except Exception:  # a full disk, say; the next time may do
                log.exception("The store could not be pruned.")
            first = False


def _longest_unopened_first(store: Store) -> list[tuple[float, Delete, str]]:
    """Give when each ended run and each table was last made use of, and how it is deleted.

    A table was made use of with each run on it, and comes after them.
    """
    opened = Openings(store).last()
    runs, tables, uploads = schema.runs.c, schema.tables.c, schema.uploads.c
    query = sa.select(runs.id, runs.state, runs.created, runs.ended, runs.experiment)
    used: dict[str, float] = {}
    found: list[tuple[float, Delete, str]] = []
    with store.engine.connect() as connection:
        for run in connection.execute(query):
            seen = max(run.created, run.ended or 0.0, opened.get(run.id, 0.0))
            digest = json.loads(run.experiment).get("series", {}).get("table", "")
            used[digest] = max(seen, used.get(digest, 0.0))
            if run.state not in LIVE and run.id != EXAMPLE:
                found.append((seen, _delete_run, run.id))
        last_listed = (
            sa.select(tables.digest, tables.created, sa.func.max(uploads.created).label("listed"))
            .join_from(schema.tables, schema.uploads, tables.digest == uploads.digest, isouter=True)
            .group_by(tables.digest, tables.created)
        )
        for table in connection.execute(last_listed):
            named = opened.get(table.digest, 0.0), used.get(table.digest, 0.0)
            seen = max(table.created, table.listed or 0.0, *named)
            found.append((seen, _delete_table, table.digest))
    return sorted(found, key=lambda each: (each[0], each[1] is _delete_table))


def _opened_since(name: str, seen: float) -> sa.Exists:
    opened = schema.openings.c
    return sa.select(opened.opened).where(opened.opened == name, opened.at > seen).exists()


def _delete_run(connection: Connection, run_id: str, seen: float) -> bool:
    tasks = schema.tasks.c
    going_on = sa.select(tasks.id).where(tasks.run_id == run_id, tasks.state.in_(LIVE))
    ended = sa.delete(schema.runs).where(
        schema.runs.c.id == run_id,
        schema.runs.c.state.not_in(LIVE),
        ~going_on.exists(),
        ~_opened_since(run_id, seen),
    )
    # Asked and deleted in one statement: it may have been opened, or given a task, since.
    if not connection.execute(ended).rowcount:
        return False
    delete_run(connection, run_id)
    return True


def _delete_table(connection: Connection, digest: str, seen: float) -> bool:
    columns = schema.runs.c
    run_on_it = sa.select(columns.id).where(columns.experiment.contains(digest, autoescape=True))
    uploads = schema.uploads.c
    again = sa.select(uploads.digest).where(uploads.digest == digest, uploads.created > seen)
    unused = sa.delete(schema.tables).where(
        schema.tables.c.digest == digest,
        ~run_on_it.exists(),
        ~again.exists(),
        ~_opened_since(digest, seen),
    )
    if not connection.execute(unused).rowcount:
        return False
    connection.execute(sa.delete(schema.uploads).where(schema.uploads.c.digest == digest))
    return True


def _forget_openings(connection: Connection) -> None:
    opened = schema.openings.c.opened
    known = sa.union_all(sa.select(schema.runs.c.id), sa.select(schema.tables.c.digest))
    connection.execute(sa.delete(schema.openings).where(opened.not_in(known)))


def _anything_live(store: Store) -> bool:
    live = sa.select(schema.runs.c.id).where(schema.runs.c.state.in_(LIVE)).limit(1)
    with store.engine.connect() as connection:
        return connection.execute(live).first() is not None
