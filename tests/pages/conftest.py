"""A store and a pool of the test's own behind the pages; the pool starts no worker by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import runtime
from rnn_core.runs.example import ensure_example
from rnn_core.runs.pool import Pool
from rnn_core.runs.store import Store

ROOT = Path(__file__).parents[2]


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    ensure_example(store)
    pool = Pool(store, size=1)
    monkeypatch.setattr(runtime, "_pool", pool)
    yield pool
    pool.close()
    store.close()


@pytest.fixture
def app(pool: Pool) -> AppTest:
    return AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=20)
