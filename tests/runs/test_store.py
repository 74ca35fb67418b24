import contextlib
import dataclasses
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import platformdirs
import pytest

from rnn_core.config import Experiment
from rnn_core.forecast.metrics import Scores
from rnn_core.messages import Message
from rnn_core.records import EpochRecord, Snapshot, Weights
from rnn_core.runs.store import LIVE, Run, RunState, Store, _use_wal, default_url

ROOT = Path(__file__).resolve().parents[2]
EXPERIMENT = Experiment.from_values({"cell": "gru", "epochs": 7, "noise": 0.25})
SCORES = Scores(19.5, 15.25, 48.04, None)
REASON = Message("test.reason", "{what} is gone.", {"what": Message("test.it", "It")})
ENDED = [state for state in RunState if state not in LIVE]


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/runs.sqlite"


@pytest.fixture
def store(url):
    store = Store(url)
    yield store
    store.close()


def record(epoch, scale=1.0):
    return EpochRecord(epoch, *(scale * epoch / part for part in range(3, 9)))


def snapshot(epoch):
    hidden = (np.full((3, 2), epoch / 1024, np.float32), np.zeros((3, 4), np.float32))
    return Snapshot(epoch, hidden, np.array([epoch + 0.1, -epoch]))


def weights(epoch):
    return Weights(epoch, (np.full((2, 3), epoch / 7, np.float32), np.arange(3, dtype=np.float32)))


def equal(one, other):
    return one.epoch == other.epoch and [array.tolist() for array in one.arrays] == [
        array.tolist() for array in other.arrays
    ]


def same(one, other):
    return (
        one.epoch == other.epoch
        and one.forecast.tobytes() == other.forecast.tobytes()
        and [layer.tolist() for layer in one.hidden] == [layer.tolist() for layer in other.hidden]
    )


def test_nothing_is_written_of_a_run_that_was_deleted(store):
    run_id = store.create(Experiment(), "me")
    store.delete(run_id)
    store.append(run_id, [EpochRecord(1, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)])
    assert len(store.epochs(run_id)["epoch"]) == 0


def test_a_new_run_is_queued_with_all_its_choices(store):
    before = time.time()
    run = store.run(store.create(EXPERIMENT, "me", "server"))
    assert before <= run.created <= time.time()
    assert run == Run(
        id=run.id, owner="me", experiment=EXPERIMENT, state=RunState.QUEUED, created=run.created,
        started=None, ended=None, epoch=0, error=None, verdict=None, scores=None, best_epoch=None,
    )  # fmt: skip


def test_an_unknown_run_is_none_everywhere(store):
    assert store.run("nobody") is None
    assert store.look("nobody") is None
    assert store.snapshot("nobody", 1) is None
    assert store.snapshot_epochs("nobody") == []
    assert store.weights("nobody", 1) is None
    assert store.weight_epochs("nobody") == []
    assert store.newest_weights("nobody") is None
    assert store.epochs("nobody")["epoch"].shape == (0,)
    assert not store.move("nobody", RunState.RUNNING)
    store.delete("nobody")


def test_ids_cannot_be_guessed(store):
    ids = [store.create(EXPERIMENT, "me") for _ in range(50)]
    assert len(set(ids)) == 50
    # 128 bits in 22 characters that a URL takes as they are.
    assert all(len(run_id) == 22 for run_id in ids)
    assert all(run_id.replace("-", "").replace("_", "").isalnum() for run_id in ids)
    # Neither a counter nor a clock: no place has the same character in all of them.
    assert all(len(set(place)) > 3 for place in zip(*ids, strict=True))


def test_owners_see_their_own_runs_newest_first(store, monkeypatch):
    clock = iter(range(100, 200))
    monkeypatch.setattr("rnn_core.runs.store.time.time", lambda: float(next(clock)))
    mine = [store.create(EXPERIMENT, "me") for _ in range(3)]
    theirs = [store.create(EXPERIMENT, "you")]
    assert [run.id for run in store.runs_of("me")] == mine[::-1]
    assert [run.id for run in store.runs_of("me", most=2)] == mine[:0:-1]
    assert [run.id for run in store.runs_of("you")] == theirs
    assert store.runs_of("") == store.runs_of("m%") == []


def test_epochs_come_back_as_columns(store):
    run_id, other = (store.create(EXPERIMENT, "me") for _ in range(2))
    store.append(run_id, [record(1), record(2)])
    store.append(other, [record(9)])
    store.append(run_id, [record(3)])
    columns = store.epochs(run_id)
    assert list(columns) == [field.name for field in dataclasses.fields(EpochRecord)]
    expected = [dataclasses.astuple(record(epoch)) for epoch in (1, 2, 3)]
    assert np.stack(list(columns.values()), axis=1).tolist() == [list(row) for row in expected]
    assert store.epochs(run_id, after=1)["epoch"].tolist() == [2, 3]
    assert store.epochs(run_id, after=3)["loss"].shape == (0,)
    assert store.run(run_id).epoch == 3
    assert store.run(other).epoch == 9


def test_an_infinite_loss_is_kept(store):
    run_id = store.create(EXPERIMENT, "me")
    store.append(run_id, [dataclasses.replace(record(1), val_rmse=np.inf)])
    assert store.epochs(run_id)["val_rmse"].tolist() == [np.inf]


def test_the_newest_look_replaces_the_one_before(store):
    run_id = store.create(EXPERIMENT, "me")
    store.append(run_id, [], snapshot(3))
    store.append(run_id, [record(4)])
    assert same(store.look(run_id), snapshot(3))
    store.append(run_id, [], snapshot(5))
    assert same(store.look(run_id), snapshot(5))
    assert same(store.look(run_id, newer_than=4), snapshot(5))
    assert store.look(run_id, newer_than=5) is None
    assert store.snapshot_epochs(run_id) == []


def test_snapshots_that_stay_are_found_by_their_epoch(store):
    run_id = store.create(EXPERIMENT, "me")
    store.append(run_id, [], None, [snapshot(10), snapshot(2)])
    store.append(run_id, [], None, [snapshot(7)])
    assert store.snapshot_epochs(run_id) == [2, 7, 10]
    assert all(same(store.snapshot(run_id, epoch), snapshot(epoch)) for epoch in (2, 7, 10))
    assert store.snapshot(run_id, 3) is None
    assert store.look(run_id) is None
    # Early stopping looks at the last epoch again, with the best weights.
    again = dataclasses.replace(snapshot(10), forecast=np.array([1.0, 2.0]))
    store.append(run_id, [], None, [again])
    assert same(store.snapshot(run_id, 10), again)
    assert store.snapshot_epochs(run_id) == [2, 7, 10]


def test_weights_that_stay_are_found_by_their_epoch(store):
    run_id = store.create(EXPERIMENT, "me")
    store.append(run_id, [], weights=[weights(10), weights(2)])
    store.append(run_id, [], weights=[weights(7)])
    assert store.weight_epochs(run_id) == [2, 7, 10]
    assert all(equal(store.weights(run_id, epoch), weights(epoch)) for epoch in (2, 7, 10))
    assert store.weights(run_id, 3) is None
    assert equal(store.newest_weights(run_id), weights(10))
    assert store.snapshot_epochs(run_id) == []
    again = dataclasses.replace(weights(3), epoch=10)
    store.append(run_id, [], weights=[again])
    assert equal(store.weights(run_id, 10), again)


def test_the_newest_weights_replace_those_before(store):
    run_id = store.create(EXPERIMENT, "me")
    store.append(run_id, [], newest_weights=weights(3))
    store.append(run_id, [record(4)])
    assert equal(store.newest_weights(run_id), weights(3))
    store.append(run_id, [], newest_weights=weights(5))
    assert equal(store.newest_weights(run_id, newer_than=4), weights(5))
    assert store.newest_weights(run_id, newer_than=5) is None
    assert store.weight_epochs(run_id) == []
    again = dataclasses.replace(weights(9), epoch=5)
    store.append(run_id, [], weights=[weights(2), again])
    assert equal(store.newest_weights(run_id), again)
    store.append(run_id, [], newest_weights=weights(6))
    assert equal(store.newest_weights(run_id), weights(6))


def test_a_store_from_before_weights_were_kept_still_opens(url, store):
    run_id = store.create(EXPERIMENT, "me")
    store.append(run_id, [record(1)], snapshot(1), [snapshot(1)])
    store.close()
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as old:
        old.execute("DROP TABLE weights")
        old.execute("DROP TABLE newest_weights")
        old.commit()
    again = Store(url)
    assert same(again.snapshot(run_id, 1), snapshot(1))
    assert again.weight_epochs(run_id) == []
    again.append(run_id, [record(2)], weights=[weights(2)])
    assert again.weight_epochs(run_id) == [2]
    again.delete(run_id)
    assert again.weight_epochs(run_id) == []
    again.close()


def test_what_is_appended_is_written_all_or_none(store):
    run_id = store.create(EXPERIMENT, "me")
    store.append(run_id, [record(1)])
    with pytest.raises(Exception, match="UNIQUE"):
        store.append(run_id, [record(2), record(1)], snapshot(2), [snapshot(2)])
    assert store.epochs(run_id)["epoch"].tolist() == [1]
    assert store.run(run_id).epoch == 1
    assert store.look(run_id) is None


def test_the_live_states_are_those_with_more_to_come():
    assert [state for state in RunState if state.live] == ["queued", "running", "paused"]


def test_a_run_lives_and_ends(store):
    run_id = store.create(EXPERIMENT, "me")
    assert store.move(run_id, RunState.RUNNING)
    started = store.run(run_id).started
    assert started >= store.run(run_id).created
    assert store.move(run_id, RunState.PAUSED)
    assert store.run(run_id).state is RunState.PAUSED
    time.sleep(0.01)
    assert store.move(run_id, RunState.RUNNING)
    assert store.run(run_id).started == started
    assert store.run(run_id).ended is None
    assert store.conclude(run_id, RunState.FINISHED, SCORES, REASON, 5)
    run = store.run(run_id)
    assert (run.state, run.scores, run.verdict) == (RunState.FINISHED, SCORES, REASON)
    assert (run.best_epoch, run.error) == (5, None)
    assert run.ended >= started


@pytest.mark.parametrize("ended", ENDED)
def test_a_run_that_has_ended_does_not_move_any_more(store, ended):
    run_id = store.create(EXPERIMENT, "me", "server")
    assert store.move(run_id, ended)
    before = store.run(run_id)
    assert before.ended is not None
    for state in RunState:
        assert not store.move(run_id, state)
    assert not store.fail(run_id, RunState.FAILED, REASON)
    assert store.interrupt("server", REASON) == 0
    assert store.run(run_id) == before


def test_a_run_moves_only_from_the_states_expected(store):
    run_id = store.create(EXPERIMENT, "me")
    assert not store.move(run_id, RunState.PAUSED, expected=[RunState.RUNNING])
    assert store.run(run_id).state is RunState.QUEUED
    assert store.move(run_id, RunState.PAUSED, expected=[RunState.RUNNING, RunState.QUEUED])
    assert store.run(run_id).state is RunState.PAUSED


def test_a_run_fails_with_the_reason(store):
    run_id, other = (store.create(EXPERIMENT, "me") for _ in range(2))
    assert store.fail(run_id, RunState.FAILED, REASON)
    run = store.run(run_id)
    assert (run.state, run.error) == (RunState.FAILED, REASON)
    assert str(run.error) == "It is gone."
    assert run.ended is not None
    assert store.run(other).state is RunState.QUEUED


def test_a_run_that_was_stopped_stays_stopped_when_it_is_concluded(store):
    run_id = store.create(EXPERIMENT, "me")
    store.move(run_id, RunState.STOPPED)
    ended = store.run(run_id).ended
    time.sleep(0.01)
    assert store.conclude(run_id, RunState.FINISHED, SCORES, REASON, None)
    run = store.run(run_id)
    assert (run.state, run.scores, run.ended) == (RunState.STOPPED, SCORES, ended)


@pytest.mark.parametrize("state", [RunState.FINISHED, RunState.FAILED, RunState.INTERRUPTED])
def test_a_run_that_ended_otherwise_is_not_concluded_again(store, state):
    run_id = store.create(EXPERIMENT, "me")
    store.move(run_id, state)
    before = store.run(run_id)
    assert not store.conclude(run_id, RunState.STOPPED, SCORES, REASON, None)
    assert store.run(run_id) == before


def test_a_deleted_run_leaves_nothing(store):
    run_id, other = (store.create(EXPERIMENT, "me") for _ in range(2))
    for each in (run_id, other):
        look = (snapshot(1), [snapshot(1)], [weights(1)], weights(1))
        store.append(each, [record(1)], *look)
    store.delete(run_id)
    assert store.weight_epochs(run_id) == []
    assert store.newest_weights(run_id) is None
    assert store.weight_epochs(other) == [1]
    assert store.run(run_id) is None
    assert store.epochs(run_id)["epoch"].size == 0
    assert store.look(run_id) is None
    assert store.snapshot(run_id, 1) is None
    assert store.epochs(other)["epoch"].tolist() == [1]
    assert same(store.look(other), snapshot(1))
    assert same(store.snapshot(other, 1), snapshot(1))


def test_a_server_that_is_gone_leaves_its_live_runs_interrupted(store):
    states = {store.create(EXPERIMENT, "me", "gone"): state for state in RunState}
    elsewhere = store.create(EXPERIMENT, "me", "there")
    for run_id, state in states.items():
        store.move(run_id, state)
    store.beat("gone", "host", 1)
    store.beat("there", "host", 2)
    assert store.interrupt("gone", REASON) == 3
    for run_id, state in states.items():
        run = store.run(run_id)
        assert run.state is (RunState.INTERRUPTED if state.live else state)
        assert run.error == (REASON if state.live else None)
        assert run.ended is not None
    assert store.run(elsewhere).state is RunState.QUEUED
    assert [server[:3] for server in store.servers()] == [("there", "host", 2)]
    assert store.interrupt("gone", REASON) == 0


def test_a_server_beats(store, monkeypatch):
    clock = iter([10.0, 20.0, 30.0, 40.0, 50.0, 60.0])
    monkeypatch.setattr("rnn_core.runs.store.time.time", lambda: next(clock))
    store.beat("a", "host", 1)
    first = store.servers()[0][3]
    store.beat("a", "host", 1)
    assert len(store.servers()) == 1
    assert store.servers()[0][3] > first


def trained_elsewhere(run_id="theirs", **changed):
    run = Run(
        id=run_id, owner="you", experiment=EXPERIMENT, state=RunState.FINISHED, created=1.5,
        started=2.5, ended=3.5, epoch=2, error=REASON, verdict=REASON, scores=SCORES, best_epoch=1,
    )  # fmt: skip
    return dataclasses.replace(run, **changed)


def test_a_run_that_was_trained_elsewhere_is_taken_in_as_it_is(store):
    run = trained_elsewhere()
    store.adopt(run, [record(1), record(2)], [snapshot(1), snapshot(2)], [weights(2)])
    assert store.run("theirs") == run
    assert equal(store.weights("theirs", 2), weights(2))
    assert store.epochs("theirs")["epoch"].tolist() == [1, 2]
    assert store.snapshot_epochs("theirs") == [1, 2]
    assert same(store.look("theirs"), snapshot(2))


def test_a_run_taken_in_again_takes_the_place_of_the_first(store):
    store.adopt(trained_elsewhere(), [record(1), record(2)], [snapshot(1), snapshot(2)])
    newer = trained_elsewhere(epoch=1, created=9.0, error=None, verdict=None, scores=None)
    store.adopt(newer, [record(1, scale=5.0)], [])
    assert store.run("theirs") == newer
    assert store.epochs("theirs")["loss"].tolist() == [5 / 3]
    assert store.snapshot_epochs("theirs") == []
    assert store.look("theirs") is None


def test_a_run_is_taken_in_all_or_none(store):
    run = trained_elsewhere()
    store.adopt(run, [record(1), record(2)], [snapshot(2)])
    with pytest.raises(Exception, match="UNIQUE"):
        store.adopt(trained_elsewhere(created=9.0), [record(1), record(1)], [])
    assert store.run("theirs") == run
    assert store.epochs("theirs")["epoch"].tolist() == [1, 2]
    assert same(store.look("theirs"), snapshot(2))


def test_another_store_on_the_same_file_sees_the_same(url, store):
    run_id = store.create(EXPERIMENT, "me")
    store.append(run_id, [record(1)], snapshot(1))
    again = Store(url)
    assert again.run(run_id) == store.run(run_id)
    assert same(again.look(run_id), snapshot(1))
    again.close()


def write(url, run_id):
    """Write 200 epochs as a worker would, a few at a time, each with a look."""
    store = Store(url)
    store.move(run_id, RunState.RUNNING)
    for first in range(1, 201, 2):
        store.append(run_id, [record(first), record(first + 1)], snapshot(first + 1))
    store.conclude(run_id, RunState.FINISHED, SCORES, REASON, None)
    store.close()


def write_in_process(url, run_id):
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3];"
        "from test_store import write; write(*sys.argv[3:])"
    )
    arguments = [str(Path(__file__).parent), str(ROOT), url, run_id]
    return subprocess.Popen([sys.executable, "-c", code, *arguments])


def write_in_thread(url, run_id):
    thread = threading.Thread(target=write, args=(url, run_id))
    thread.start()
    return thread


@pytest.mark.parametrize("start", [write_in_process, write_in_thread])
def test_two_write_while_another_reads(url, store, start):
    ids = [store.create(EXPERIMENT, "me") for _ in range(2)]
    writers = [start(url, run_id) for run_id in ids]
    seen = {run_id: [] for run_id in ids}
    reads = 0
    deadline = time.monotonic() + 30
    while any(store.run(run_id).state.live for run_id in ids):
        assert time.monotonic() < deadline
        for run_id, epochs in seen.items():
            after = epochs[-1] if epochs else 0
            new = store.epochs(run_id, after)
            # What is there is whole: two epochs at a time, in order, none left out.
            assert new["epoch"].tolist() == list(range(after + 1, after + 1 + len(new["epoch"])))
            assert new["loss"].tolist() == (new["epoch"] / 3).tolist()
            assert len(new["epoch"]) % 2 == 0
            epochs.extend(int(epoch) for epoch in new["epoch"])
            look = store.look(run_id)
            assert look is None or same(look, snapshot(look.epoch))
            reads += 1
    for writer in writers:
        writer.wait() if isinstance(writer, subprocess.Popen) else writer.join()
        assert getattr(writer, "returncode", 0) == 0
    assert reads > 10
    for run_id in ids:
        assert store.epochs(run_id)["epoch"].tolist() == list(range(1, 201))
        assert store.run(run_id).epoch == 200
        assert same(store.look(run_id), snapshot(200))


def test_several_may_open_a_new_store_and_take_the_same_run_in_at_once(tmp_path):
    for attempt in range(4):
        url = f"sqlite:///{tmp_path}/{attempt}.sqlite"
        barrier, failures = threading.Barrier(6), []

        def open_it(url=url, barrier=barrier, failures=failures):
            barrier.wait()
            try:
                store = Store(url)
                store.adopt(trained_elsewhere(), [record(1), record(2)], [snapshot(2)])
                store.close()
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=open_it) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        store = Store(url)
        assert store.run("theirs") == trained_elsewhere()
        assert store.epochs("theirs")["epoch"].tolist() == [1, 2]
        store.close()


class BusyCursor:
    """Refuses as SQLite does while another connection changes the journal mode."""

    def __init__(self, refusals):
        self.left = refusals

    def execute(self, statement):
        assert statement == "PRAGMA journal_mode=WAL"
        self.left -= 1
        if self.left >= 0:
            raise sqlite3.OperationalError("database is locked")


def test_a_new_file_that_others_open_too_is_waited_for(monkeypatch):
    monkeypatch.setattr("rnn_core.runs.store.time.sleep", lambda seconds: None)
    cursor = BusyCursor(refusals=5)
    _use_wal(cursor)
    assert cursor.left == -1
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        _use_wal(BusyCursor(refusals=1_000))


def test_readers_and_the_writer_do_not_wait_for_each_other(url, store):
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_the_environment_names_the_database(monkeypatch, url):
    monkeypatch.setenv("RNN_STORE_URL", url)
    assert default_url() == url
    store = Store()
    assert store.url == url
    store.close()


def test_otherwise_it_is_a_file_in_the_users_data_directory(monkeypatch, tmp_path):
    monkeypatch.delenv("RNN_STORE_URL")
    folder = tmp_path / "new" / "folder"
    asked = []

    def user_data_dir(*arguments, **named):
        asked.append((arguments, named))
        return str(folder)

    monkeypatch.setattr(platformdirs, "user_data_dir", user_data_dir)
    assert default_url() == f"sqlite:///{folder}/runs-1.sqlite"
    assert asked == [(("rnn-explorer",), {"appauthor": False})]
    store = Store()
    run_id = store.create(EXPERIMENT, "me")
    store.close()
    assert (folder / "runs-1.sqlite").is_file()
    again = Store()
    assert again.run(run_id) is not None
    again.close()
