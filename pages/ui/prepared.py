"""Series and windows of experiments, prepared once for all sessions."""

from __future__ import annotations

from functools import lru_cache

from pages.ui.runtime import store
from pages.ui.visitor import visitor
from rnn_core.config import Experiment, SeriesConfig
from rnn_core.runs.tables import stored_series, stored_table
from rnn_core.series import Series, Table
from rnn_core.windows import Windows, prepare


def windows_of(experiment: Experiment) -> Windows:
    """Prepare an experiment; raises ``SeriesError`` and ``ConfigError`` as ``prepare`` does."""
    return _windows(store().url, experiment)


def series_of(config: SeriesConfig) -> Series:
    """Load a series; raises ``SeriesError`` where it cannot be used."""
    return _series(store().url, config)


def table_of(digest: str, reading: str = "") -> Table | None:
    """Read an uploaded table as chosen, or None if it is not there.

    It has the name by which the visitor uploaded it. Raises ``SeriesError`` for a reading that
    does not suit it.
    """
    try:
        return _table(store().url, digest, visitor(), reading)
    except KeyError:  # not remembered: it may be uploaded yet
        return None


# The store's address is part of the key: what one store has, another may not.


@lru_cache(maxsize=32)
def _windows(url: str, experiment: Experiment) -> Windows:
    return prepare(experiment, _series(url, experiment.series))


@lru_cache(maxsize=8)
def _series(url: str, config: SeriesConfig) -> Series:
    return stored_series(store(), config)


@lru_cache(maxsize=4)
def _table(url: str, digest: str, owner: str, reading: str) -> Table:
    table = stored_table(store(), digest, owner, reading)
    if table is None:
        raise KeyError(digest)
    return table
