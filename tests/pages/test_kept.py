"""What pages say of how long runs are kept, and that an opening is noted."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import runtime
from rnn_core.config import Experiment
from rnn_core.runs import retention
from rnn_core.runs.openings import Openings
from rnn_core.runs.pool import Pool
from rnn_core.runs.states import RunState
from rnn_core.runs.store import Store
from rnn_core.runs.tables import keep_table

VISITOR = "a visitor of this test"
DATA = b"x\n" + b"".join(b"%d\n" % (value % 7) for value in range(90))


def captions(app: AppTest) -> str:
    assert not app.exception
    return " ".join(element.value for element in app.caption)


def ended(pool: Pool) -> str:
    run_id = pool.store.create(Experiment(), VISITOR, pool.id)
    assert pool.store.move(run_id, RunState.STOPPED)
    return run_id


def runs_page(app: AppTest) -> AppTest:
    app.session_state["visitor"] = VISITOR
    return app.run().switch_page("runs.py").run()


def test_the_page_runs_says_how_long_they_are_kept(
    app: AppTest, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(pool)
    monkeypatch.setenv("RNN_KEEP_DAYS", "90")
    monkeypatch.setenv("RNN_KEEP_GB", "2.5")
    said = captions(runs_page(app))
    assert "that nobody opens for 90 days is deleted." in said
    assert "more than 2.5 GB, those unopened longest are deleted." in said
    monkeypatch.setenv("RNN_KEEP_DAYS", "0")
    monkeypatch.setenv("RNN_KEEP_GB", "0")
    assert "deleted" not in captions(app.run())


def test_the_list_of_tables_says_how_long_they_are_kept(app: AppTest, pool: Pool) -> None:
    keep_table(pool.store, DATA, "mine.csv", VISITOR)
    app.session_state["visitor"] = VISITOR
    app.query_params["series"] = "table"
    app.run().switch_page("data.py").run()
    assert "One that no run uses and nobody opens for 365 days is deleted." in captions(app)


def test_opening_a_run_by_its_link_or_in_the_list_is_noted(app: AppTest, pool: Pool) -> None:
    by_link, by_button, unopened = (ended(pool) for _ in range(3))
    app.query_params["run"] = by_link
    runs_page(app)
    assert set(Openings(pool.store).last()) == {by_link}
    app.button(key=f"open-{by_button}").click().run()
    assert not app.exception
    assert set(Openings(pool.store).last()) == {by_link, by_button}
    assert unopened not in Openings(pool.store).last()


def test_opening_a_table_by_a_link_is_noted_where_there_is_one(app: AppTest, pool: Pool) -> None:
    digest = keep_table(pool.store, DATA, "mine.csv").digest
    app.query_params["series"] = "table"
    app.query_params["table"] = digest
    app.run()
    assert not app.exception
    assert set(Openings(pool.store).last()) == {digest}
    again = AppTest.from_file(app._script_path, default_timeout=20)
    again.query_params["series"] = "table"
    again.query_params["table"] = "0" * 64
    again.run()
    assert set(Openings(pool.store).last()) == {digest}


def test_a_deleted_run_is_explained_by_its_link(app: AppTest, pool: Pool) -> None:
    run_id = ended(pool)
    pool.store.delete(run_id)
    app.query_params["run"] = run_id
    app.run()
    (warning,) = app.warning
    assert warning.value == (
        "The run of this link is not on this server (any more). Perhaps it was trained on another "
        "one, its owner has deleted it, or it went with the runs that nobody had opened for long. "
        "Press Train to repeat it with the settings in the link."
    )


def test_a_server_prunes_what_it_opens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The server's own start and stop, without a worker."""
    url = f"sqlite:///{tmp_path}/server.sqlite"
    store = Store(url)
    run_id = store.create(Experiment(), VISITOR)
    store.move(run_id, RunState.STOPPED, created=1.0)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE runs SET ended = 1.0")
    store.close()
    monkeypatch.setattr(retention, "START_SECONDS", 0.0)
    monkeypatch.setattr(runtime, "_pool", None)
    monkeypatch.setattr(Pool, "start", lambda *_arguments, **_named: None)
    monkeypatch.setenv("RNN_STORE_URL", url)
    monkeypatch.setattr(runtime, "_ended", type(runtime._ended)())
    started = runtime.start()
    deadline = time.monotonic() + 10
    while started.store.run(run_id) is not None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    runtime.stop()
    assert runtime._pruner is None
