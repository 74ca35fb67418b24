"""The SQL database of the store: which one, and how it is opened.

An SQLite file in the user's data directory by default; ``RNN_STORE_URL`` names another database
in SQLAlchemy's form. Safe to open from several processes and threads at once.
"""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import platformdirs
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.schema import CreateIndex, CreateTable

from rnn_core.runs import schema

# The number stands for the schema: a later one begins a new file and leaves this one alone.
FILE_NAME = "runs-1.sqlite"


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
