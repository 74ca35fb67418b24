"""The server's store and worker pool, shared by every session."""

from __future__ import annotations

import threading

from rnn_core.runs.example import ensure_example
from rnn_core.runs.pool import Pool
from rnn_core.runs.store import Store

_lock = threading.Lock()
_pool: Pool | None = None


def start() -> Pool:
    """Open the store and start the pool; once it runs, give it."""
    global _pool
    with _lock:
        if _pool is None:
            store = Store()
            ensure_example(store)
            _pool = Pool(store)
            _pool.start()
        return _pool


def stop() -> None:
    """End the pool's workers and close the store."""
    global _pool
    with _lock:
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
