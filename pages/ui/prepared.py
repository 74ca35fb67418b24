"""Series and windows of experiments, prepared once for all sessions."""

from __future__ import annotations

from pages.ui.recent import Recent
from pages.ui.runtime import store
from pages.ui.visitor import visitor
from rnn_core.config import Experiment, SeriesConfig
from rnn_core.runs.tables import stored_table
from rnn_core.series import TABLE, Series, Table, load_series
from rnn_core.windows import Windows, prepare

_windows: Recent[Windows] = Recent(32)
_series: Recent[Series] = Recent(8)
_tables: Recent[Table] = Recent(4)

# The store's address is part of each key: what one store has, another may not.


def windows_of(experiment: Experiment) -> Windows:
    """Prepare an experiment; raises ``SeriesError`` and ``ConfigError`` as ``prepare`` does."""
    return _windows.get(
        (store().url, experiment), lambda: prepare(experiment, series_of(experiment.series))
    )


def series_of(config: SeriesConfig) -> Series:
    """Load a series; raises ``SeriesError`` where it cannot be used."""

    def load() -> Series:
        table = table_of(config.table, config.reading) if config.source == TABLE else None
        return load_series(config, table)

    return _series.get((store().url, config), load)


def keep_read(table: Table) -> None:
    """Keep a table that was just read and stored: reading a large one takes seconds."""
    key = store().url, table.digest, visitor(), table.reading.to_text()
    _tables.get(key, lambda: table)


def table_of(digest: str, reading: str = "") -> Table | None:
    """Read an uploaded table as chosen, or None if it is not there.

    It has the name by which the visitor uploaded it. Raises ``SeriesError`` for a reading that
    does not suit it.
    """
    owner = visitor()

    def read() -> Table:
        table = stored_table(store(), digest, owner, reading)
        if table is None:
            raise KeyError(digest)
        return table

    try:
        return _tables.get((store().url, digest, owner, reading), read)
    except KeyError:  # not remembered: it may be uploaded yet
        return None
