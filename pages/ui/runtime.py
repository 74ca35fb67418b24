"""The server's store and worker pool, shared by every session."""

from __future__ import annotations

import importlib
import threading

from rnn_core.runs.example import ensure_example
from rnn_core.runs.openings import Openings
from rnn_core.runs.pool import Pool
from rnn_core.runs.records import Records
from rnn_core.runs.retention import Pruner, Retention
from rnn_core.runs.store import Store

WARM_AFTER_SECONDS = 3.0  # the first page has the machine to itself
PRELOAD_SECONDS = 10.0  # by then the first page is drawn and the worker is warm

_lock = threading.Lock()
_pool: Pool | None = None
_pruner: Pruner | None = None
_ended = threading.Event()


def start() -> Pool:
    """Open the store and start the pool; once it runs, give it."""
    global _pool, _pruner
    with _lock:
        if _pool is None:
            keep = Retention.from_environment()
            store = Store()
            ensure_example(store)
            _pool = Pool(store)
            _pool.start(warm_after=WARM_AFTER_SECONDS)
            _pruner = Pruner(store, keep)
            _pruner.start()
        return _pool


def preload() -> None:
    """Load, a little later and beside all else, what Data and Forecast need at their first visit.

    It takes two seconds, which neither the start of the server nor a visitor should wait for.
    """

    def load() -> None:
        if not _ended.wait(PRELOAD_SECONDS):
            importlib.import_module("statsmodels.tsa.api")

    threading.Thread(target=load, name="preload").start()


def stop() -> None:
    """End the pool's workers and close the store."""
    global _pool, _pruner
    _ended.set()
    with _lock:
        if _pruner is not None:
            _pruner.close()
            _pruner = None
        if _pool is not None:
            _pool.close()
            _pool.store.close()
            _pool = None


def pool() -> Pool:
    """Give the pool, started where the server did not (in a test of a page)."""
    return start()


def store() -> Store:
    """Give the store."""
    return start().store


def openings() -> Openings:
    """Give when what the store keeps was last opened."""
    return Openings(store())


def records() -> Records:
    """Give what is recorded of the store's runs."""
    return Records(store())
