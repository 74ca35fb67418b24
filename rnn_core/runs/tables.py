"""Uploaded tables in the store, by the hash of their bytes."""

from __future__ import annotations

from typing import Any

from rnn_core.config import SeriesConfig
from rnn_core.runs.store import Store
from rnn_core.runs.uploads import Uploads
from rnn_core.series import TABLE, Reading, Series, Table, load_series, read_table


def keep_table(store: Store, data: bytes, filename: str, owner: str = "", **choices: Any) -> Table:
    """Read an upload and keep it; ``SeriesError`` if it is no table, and nothing is kept.

    ``choices`` are those of ``read_table``. ``owner`` is whom it is listed for.
    """
    table = read_table(data, filename, **choices)
    Uploads(store).put(table.digest, filename, data, owner)
    return table


def stored_table(store: Store, digest: str, owner: str = "", reading: str = "") -> Table | None:
    """Read an uploaded table again, or None if the store has it no more.

    It has the name by which ``owner`` uploaded it. ``reading`` is the text of the choices that it
    is read with; raises ``SeriesError`` where they do not suit it.
    """
    kept = Uploads(store).get(digest, owner)
    if kept is None:
        return None
    return read_table(kept[1], kept[0], **Reading.from_text(reading).chosen)


def stored_series(store: Store, config: SeriesConfig) -> Series:
    """Load the series of a run, from the store where it was uploaded.

    Raises ``SeriesError`` as ``load_series`` and ``read_table`` do.
    """
    table = (
        stored_table(store, config.table, reading=config.reading)
        if config.source == TABLE
        else None
    )
    return load_series(config, table)
