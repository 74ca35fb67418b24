"""What goes from a real SQLite file, what stays, and in which order."""

import contextlib
import dataclasses
import logging
import sqlite3
import time
from pathlib import Path

import numpy as np
import pytest

from rnn_core.config import Experiment
from rnn_core.messages import ConfigError
from rnn_core.records import Weights
from rnn_core.runs import retention
from rnn_core.runs.database import used_bytes
from rnn_core.runs.example import EXAMPLE, ensure_example
from rnn_core.runs.openings import Openings
from rnn_core.runs.retention import Pruned, Pruner, Retention, prune
from rnn_core.runs.states import LIVE, RunState
from rnn_core.runs.tasks import BACKTEST, Tasks
from rnn_core.runs.uploads import Uploads
from tests.runs.recorded import EXPERIMENT, record, snapshot

NOW = 1.8e9
DAY = 24 * 3600.0
BY_AGE = Retention(days=30, gigabytes=0)


@pytest.fixture
def clock(monkeypatch):
    """Lets a test set the day of all that happens; ``time.time`` is one for all modules."""

    def set_day(day):
        monkeypatch.setattr(time, "time", lambda: NOW + day * DAY)

    set_day(0)
    return set_day


@pytest.fixture
def ended(store, records, clock):
    """Puts a run in that was made and ended on a day, with so many bytes of weights."""

    def put(day, size=0, experiment=EXPERIMENT, state=RunState.FINISHED):
        clock(day)
        run_id = store.create(experiment, "me", "server")
        weights = [Weights(1, (np.zeros(size // 4, np.float32),))] if size else []
        records.append(run_id, [record(1)], snapshot(1), [snapshot(1)], weights)
        assert store.move(run_id, state)
        return run_id

    return put


def on_table(digest):
    return Experiment.from_values({"series": "table", "table": digest})


def path(url):
    return Path(url.removeprefix("sqlite:///"))


def test_what_nobody_opened_for_so_many_days_goes_with_all_that_was_recorded(
    store, records, ended, clock
):
    old, edge, new = ended(0), ended(1), ended(20)
    task = Tasks(store).create(old, BACKTEST, "{}", "me")
    Tasks(store).move(task, RunState.FINISHED)
    clock(31)
    assert prune(store, BY_AGE) == Pruned(runs=1)
    assert [store.run(each) is not None for each in (old, edge, new)] == [False, True, True]
    assert records.look(old) is None
    assert records.snapshot_epochs(old) == []
    assert records.epochs(old)["epoch"].size == 0
    assert Tasks(store).task(task) is None
    assert prune(store, BY_AGE) == Pruned()


def test_a_run_that_was_opened_stays_so_long_from_then_on(store, ended, clock):
    opened, other = ended(0), ended(0)
    clock(29)
    Openings(store).note(opened)
    clock(40)
    assert prune(store, BY_AGE) == Pruned(runs=1)
    assert store.run(opened) is not None
    assert store.run(other) is None
    clock(60)
    assert prune(store, BY_AGE) == Pruned(runs=1)
    assert Openings(store).last() == {}


def test_what_goes_on_and_the_example_never_go(store, ended, clock):
    ensure_example(store)
    going_on = [ended(0, state=state) for state in LIVE]
    with_a_task = ended(0)
    task = Tasks(store).create(with_a_task, BACKTEST, "{}", "me")
    stays = [*going_on, with_a_task, EXAMPLE]
    gone = [ended(0, state=state) for state in RunState if not state.live]
    clock(10_000)
    least = Retention(days=1, gigabytes=1e-9)
    assert prune(store, least) == Pruned(runs=len(gone))
    assert all(store.run(each) is not None for each in stays)
    assert all(store.run(each) is None for each in gone)
    Tasks(store).move(task, RunState.STOPPED)
    assert prune(store, least) == Pruned(runs=1)
    assert store.run(with_a_task) is None


def test_where_the_file_holds_too_much_what_was_unopened_longest_goes(store, ended, clock):
    runs = [ended(day, size=1_000_000) for day in range(6)]
    clock(6)
    Openings(store).note(runs[0])
    keep = Retention(days=0, gigabytes=used_bytes(store.engine) / 1e9 - 0.0015)
    assert prune(store, keep) == Pruned(runs=2)
    assert [store.run(each) is None for each in runs] == [False, True, True, False, False, False]
    assert used_bytes(store.engine) <= keep.gigabytes * 1e9


def test_tables_go_when_no_run_is_on_them_and_nobody_opens_them(store, ended, clock):
    uploads = Uploads(store)
    clock(0)
    for digest in ("unused", "opened", "again", "used"):
        uploads.put(digest, f"{digest}.csv", b"x\n1\n", "ann")
    run = ended(0, experiment=on_table("used"))
    clock(20)
    Openings(store).note("opened")
    Openings(store).note(run)
    uploads.put("again", "again.csv", b"x\n1\n", "bob")
    clock(35)
    assert prune(store, BY_AGE) == Pruned(tables=1)
    assert uploads.get("unused") is None
    assert {upload.digest for upload in uploads.of("ann")} == {"opened", "again", "used"}
    clock(51)
    assert prune(store, BY_AGE) == Pruned(runs=1, tables=3)
    assert uploads.of("ann") == uploads.of("bob") == []


def test_a_table_outlives_the_runs_on_it_only_where_the_room_is_short(store, ended, clock):
    Uploads(store).put("used", "used.csv", bytes(500_000), "ann")
    first = ended(1, size=1_000_000, experiment=on_table("used"))
    last = ended(2, size=1_000_000, experiment=on_table("used"))
    used = used_bytes(store.engine) / 1e9
    assert prune(store, Retention(days=0, gigabytes=used - 0.0005)) == Pruned(runs=1)
    assert store.run(first) is None
    assert prune(store, Retention(days=0, gigabytes=used - 0.0015)) == Pruned(runs=1)
    assert store.run(last) is None
    assert Uploads(store).get("used") is not None
    assert prune(store, Retention(days=0, gigabytes=used - 0.0024)) == Pruned(tables=1)


def test_without_bounds_all_stays(store, ended, clock):
    ended(0)
    clock(30_000)
    assert prune(store, Retention(days=0, gigabytes=0)) == Pruned()


def test_what_goes_is_said_in_one_line(store, ended, clock, caplog):
    ended(0)
    ended(0)
    Uploads(store).put("0a", "a.csv", b"x\n1\n", "ann")
    clock(31)
    with caplog.at_level(logging.INFO):
        prune(store, BY_AGE)
        prune(store, BY_AGE)
    assert [line.getMessage() for line in caplog.records] == [
        "Deleted from the store what was unopened longest. Runs: 2, uploaded tables: 1 "
        "(RNN_KEEP_DAYS=30, RNN_KEEP_GB=0)."
    ]


def test_the_environment_says_what_is_kept(monkeypatch):
    assert Retention.from_environment() == Retention() == Retention(days=365, gigabytes=10.0)
    monkeypatch.setenv("RNN_KEEP_DAYS", "90")
    monkeypatch.setenv("RNN_KEEP_GB", "0.5")
    assert Retention.from_environment() == Retention(days=90, gigabytes=0.5)
    monkeypatch.setenv("RNN_KEEP_DAYS", "")
    assert Retention.from_environment().days == 365


@pytest.mark.parametrize(
    ("name", "value"),
    [("RNN_KEEP_DAYS", "never"), ("RNN_KEEP_DAYS", "-1"), ("RNN_KEEP_GB", "nan")],
)
def test_a_bound_that_cannot_be_meant_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=rf"\({name}\) must be a .*number from 0 to .*{value}"):
        Retention.from_environment()


def wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_pruner_prunes_at_once_again_later_and_gives_the_space_back(
    url, store, ended, clock, monkeypatch
):
    monkeypatch.setattr(retention, "PRUNE_SECONDS", 0.05)
    first, second = ended(0, size=18_000_000), ended(20)
    full = path(url).stat().st_size
    clock(31)
    monkeypatch.setattr(retention, "START_SECONDS", 0.0)
    pruner = Pruner(store, BY_AGE)
    pruner.start()
    try:
        wait_for(lambda: store.run(first) is None)
        clock(51)
        wait_for(lambda: store.run(second) is None)
        wait_for(lambda: path(url).stat().st_size < 0.1 * full)
    finally:
        pruner.close()


def test_the_pruner_goes_on_after_a_failure(store, ended, clock, monkeypatch, caplog):
    monkeypatch.setattr(retention, "PRUNE_SECONDS", 0.05)
    run = ended(0)
    clock(31)
    attempts = []

    def full_at_first(*arguments):
        attempts.append(arguments)
        if len(attempts) == 1:
            raise OSError("no space left on device")
        return prune(*arguments)

    monkeypatch.setattr(retention, "prune", full_at_first)
    monkeypatch.setattr(retention, "START_SECONDS", 0.0)
    pruner = Pruner(store, BY_AGE)
    pruner.start()
    try:
        wait_for(lambda: store.run(run) is None)
    finally:
        pruner.close()
    assert "could not be pruned" in caplog.text


def test_what_is_opened_or_uploaded_while_others_are_deleted_stays(store, ended, clock):
    first, second = ended(0), ended(1)
    uploads = Uploads(store)
    uploads.put("0a", "mine.csv", b"x", "somebody")
    clock(31.5)

    def meanwhile():
        Openings(store).note(second)
        uploads.put("0a", "mine.csv", b"x", "somebody")
        return False

    prune(store, BY_AGE, meanwhile)
    assert store.run(second) is not None
    assert uploads.get("0a") is not None
    # What was opened before anything was deleted is not on the list at all.
    assert store.run(first) is None


def test_a_pruner_that_is_closed_stops_between_two_runs(store, ended, clock):
    runs = [ended(0) for _ in range(3)]
    clock(31)
    asked = iter([False, True])
    assert prune(store, BY_AGE, lambda: next(asked)) == Pruned(runs=1)
    assert sum(store.run(each) is not None for each in runs) == 2


def test_a_store_from_before_openings_were_noted_is_pruned(url, store, ended, clock):
    run = ended(0)
    store.close()
    with contextlib.closing(sqlite3.connect(path(url))) as old:
        old.execute("DROP TABLE openings")
        old.commit()
    clock(31)
    again = dataclasses.replace(BY_AGE)
    reopened = type(store)(url)
    assert prune(reopened, again) == Pruned(runs=1)
    assert reopened.run(run) is None
    reopened.close()
