"""The SQL database of the store: which one, and how it is opened.

An SQLite file in the user's data directory by default; ``RNN_STORE_URL`` names another database
in SQLAlchemy's form. Safe to open from several processes and threads at once.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import platformdirs
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.schema import CreateIndex, CreateTable

from rnn_core.runs import schema

# The number stands for the schema: a later one begins a new file and leaves this one alone.
FILE_NAME = "runs-1.sqlite"

FREE_BYTES, FREE_SHARE = 16e6, 0.1  # so much, and such a share of the file, is given back
PIECE_PAGES = 500
PAUSE_SECONDS = 0.12
REWRITE_BYTES = 0.5e9
INCREMENTAL = 2  # what SQLite calls a file that gives back piece by piece


def default_url() -> str:
    """Give ``RNN_STORE_URL``, or an SQLite file in the user's data directory."""
    chosen = os.environ.get("RNN_STORE_URL")
    if chosen:
        return chosen
    folder = Path(platformdirs.user_data_dir("rnn-explorer", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{folder / FILE_NAME}"


def open_database(url: str) -> Engine:
    """Connect to a database and see to it that it has the store's tables."""
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up)
    # IF NOT EXISTS, unlike create_all: two processes may open a new database at once.
    with engine.begin() as connection:
        for table in schema.metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))
    return engine


def used_bytes(engine: Engine) -> int | None:
    """Give how much of an SQLite file is in use; None for another database."""
    if engine.dialect.name != "sqlite":
        return None
    with engine.connect() as connection:
        pages, free, size = (
            int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
            for name in ("page_count", "freelist_count", "page_size")
        )
    return (pages - free) * size


def give_back(
    engine: Engine, *, rewrite: bool = False, should_stop: Callable[[], bool] = lambda: False
) -> None:
    """Give what is free in an SQLite file back to the file system, where that is much.

    Piece by piece, so that a writer never waits long. A file from before this was done has to be
    written anew once, during which nobody else can write: only with ``rewrite``, and only where
    that takes seconds at the most.
    """
    if engine.dialect.name != "sqlite":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:

        def pragma(name: str) -> int:
            return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())

        pages, free, size = pragma("page_count"), pragma("freelist_count"), pragma("page_size")
        if free * size < FREE_BYTES or free < FREE_SHARE * pages:
            return
        if pragma("auto_vacuum") == INCREMENTAL:
            while (left := pragma("freelist_count")) > 0 and not should_stop():
                # Run as a script: sqlite3 takes one step only of a statement without columns,
                # and here a step is a page.
                driver: Any = connection.connection.driver_connection
                driver.executescript(f"PRAGMA incremental_vacuum({PIECE_PAGES})")
                if pragma("freelist_count") >= left:
                    break
                time.sleep(PAUSE_SECONDS)  # longer than a writer that waits takes to ask again
        elif rewrite and (pages - free) * size <= REWRITE_BYTES:
            connection.exec_driver_sql("VACUUM")
        # Only what is taken over from the log makes the file shorter.
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _set_up(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    # Readers and the writer do not wait for each other; a power cut may cost the last
    # moments of a run, never the file.
    cursor.execute("PRAGMA busy_timeout=10000")
    # Before anything is written: a new file can give back what is free, piece by piece.
    cursor.execute("PRAGMA auto_vacuum=INCREMENTAL")
    _use_wal(cursor)
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


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
