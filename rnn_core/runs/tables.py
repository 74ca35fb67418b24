"""Uploaded tables in the store, by the hash of their bytes."""

from __future__ import annotations

from rnn_core.config import SeriesConfig
from rnn_core.runs.store import Store
from rnn_core.series import TABLE, Series, Table, load_series, read_table


def keep_table(store: Store, data: bytes, filename: str) -> Table:
    """Read an upload and keep it; ``SeriesError`` if it is no table, and nothing is kept."""
    table = read_table(data, filename)
    store.put_table(table.digest, filename, data)
    return table


def stored_table(store: Store, digest: str) -> Table | None:
    """Read an uploaded table again, or None if the store has it no more."""
    kept = store.table(digest)
    return read_table(kept[1], kept[0]) if kept is not None else None


def stored_series(store: Store, config: SeriesConfig) -> Series:
    """Load the series of a run, from the store where it was uploaded.

    Raises ``SeriesError`` as ``load_series`` and ``read_table`` do.
    """
    table = stored_table(store, config.table) if config.source == TABLE else None
    return load_series(config, table)
