"""A store and a pool of the test's own behind the pages; the pool starts no worker."""

from __future__ import annotations

import functools
import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from pages.ui import runtime
from rnn_core.runs.example import ensure_example
from rnn_core.runs.pool import Pool
from rnn_core.runs.store import Store
from tests.pages.inside_page import VISITOR

ROOT = Path(__file__).parents[2]
STORE = "runs.sqlite"


@pytest.fixture(scope="session")
def example_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of a store with the example in it, to be copied."""
    path = tmp_path_factory.mktemp("example") / STORE
    store = Store(f"sqlite:///{path}")
    ensure_example(store)
    store.close()
    return path


@pytest.fixture
def pool(tmp_path: Path, example_store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    shutil.copy(example_store, tmp_path / STORE)
    store = Store(f"sqlite:///{tmp_path / STORE}")
    pool = Pool(store, size=1)
    monkeypatch.setattr(pool, "_spawn", lambda: None)
    monkeypatch.setattr(runtime, "_pool", pool)
    yield pool
    pool.close()
    store.close()


@pytest.fixture(scope="module")
def _once() -> Iterator[None]:
    """Do once what Streamlit would do for each app, or each run of it, over and over.

    That is to look through the installed packages, and to collect garbage among all that the tests
    of other modules have imported, TensorFlow above all, which no server has.
    """
    gc.collect()
    gc.freeze()
    with pytest.MonkeyPatch.context() as patch:
        read_once = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", read_once)
        yield
    gc.unfreeze()


@pytest.fixture
def app(pool: Pool, _once: None) -> AppTest:
    return AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=20)


@pytest.fixture
def inside(app: AppTest) -> AppTest:
    app.session_state["visitor"] = VISITOR
    app.switch_page("inside.py").run()
    assert not app.exception
    return app
