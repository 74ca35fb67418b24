"""Series and windows of experiments, prepared once for all sessions."""

from __future__ import annotations

from pages.ui.recent import Recent
from pages.ui.runtime import store
from pages.ui.visitor import visitor
from rnn_core.config import Experiment, SeriesConfig
from rnn_core.runs.tables import stored_series, stored_table
from rnn_core.series import Series, Table
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
    return _series.get((store().url, config), lambda: stored_series(store(), config))


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
