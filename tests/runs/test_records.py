"""What training tells of runs, in a real SQLite file."""

import contextlib
import dataclasses
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from rnn_core.config import Experiment
from rnn_core.records import EpochRecord
from rnn_core.runs.records import Records
from rnn_core.runs.states import RunState
from rnn_core.runs.store import Run, Store
from tests.runs.recorded import EXPERIMENT, REASON, SCORES, equal, record, same, snapshot, weights

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_is_written_of_a_run_that_was_deleted(store, records):
    run_id = store.create(Experiment(), "me")
    store.delete(run_id)
    records.append(run_id, [EpochRecord(1, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)])
    assert len(records.epochs(run_id)["epoch"]) == 0


def test_epochs_come_back_as_columns(store, records):
    run_id, other = (store.create(EXPERIMENT, "me") for _ in range(2))
    records.append(run_id, [record(1), record(2)])
    records.append(other, [record(9)])
    records.append(run_id, [record(3)])
    columns = records.epochs(run_id)
    assert list(columns) == [field.name for field in dataclasses.fields(EpochRecord)]
    expected = [dataclasses.astuple(record(epoch)) for epoch in (1, 2, 3)]
    assert np.stack(list(columns.values()), axis=1).tolist() == [list(row) for row in expected]
    assert records.epochs(run_id, after=1)["epoch"].tolist() == [2, 3]
    assert records.epochs(run_id, after=3)["loss"].shape == (0,)
    assert store.run(run_id).epoch == 3
    assert store.run(other).epoch == 9


def test_an_infinite_loss_is_kept(store, records):
    run_id = store.create(EXPERIMENT, "me")
    records.append(run_id, [dataclasses.replace(record(1), val_rmse=np.inf)])
    assert records.epochs(run_id)["val_rmse"].tolist() == [np.inf]


def test_the_newest_look_replaces_the_one_before(store, records):
    run_id = store.create(EXPERIMENT, "me")
    records.append(run_id, [], snapshot(3))
    records.append(run_id, [record(4)])
    assert same(records.look(run_id), snapshot(3))
    records.append(run_id, [], snapshot(5))
    assert same(records.look(run_id), snapshot(5))
    assert same(records.look(run_id, newer_than=4), snapshot(5))
    assert records.look(run_id, newer_than=5) is None
    assert records.snapshot_epochs(run_id) == []


def test_snapshots_that_stay_are_found_by_their_epoch(store, records):
    run_id = store.create(EXPERIMENT, "me")
    records.append(run_id, [], None, [snapshot(10), snapshot(2)])
    records.append(run_id, [], None, [snapshot(7)])
    assert records.snapshot_epochs(run_id) == [2, 7, 10]
    assert all(same(records.snapshot(run_id, epoch), snapshot(epoch)) for epoch in (2, 7, 10))
    assert records.snapshot(run_id, 3) is None
    assert records.look(run_id) is None
    # Early stopping looks at the last epoch again, with the best weights.
    again = dataclasses.replace(snapshot(10), forecast=np.array([1.0, 2.0]))
    records.append(run_id, [], None, [again])
    assert same(records.snapshot(run_id, 10), again)
    assert records.snapshot_epochs(run_id) == [2, 7, 10]


def test_weights_that_stay_are_found_by_their_epoch(store, records):
    run_id = store.create(EXPERIMENT, "me")
    records.append(run_id, [], weights=[weights(10), weights(2)])
    records.append(run_id, [], weights=[weights(7)])
    assert records.weight_epochs(run_id) == [2, 7, 10]
    assert all(equal(records.weights(run_id, epoch), weights(epoch)) for epoch in (2, 7, 10))
    assert records.weights(run_id, 3) is None
    assert equal(records.newest_weights(run_id), weights(10))
    assert records.snapshot_epochs(run_id) == []
    again = dataclasses.replace(weights(3), epoch=10)
    records.append(run_id, [], weights=[again])
    assert equal(records.weights(run_id, 10), again)


def test_the_newest_weights_replace_those_before(store, records):
    run_id = store.create(EXPERIMENT, "me")
    records.append(run_id, [], newest_weights=weights(3))
    records.append(run_id, [record(4)])
    assert equal(records.newest_weights(run_id), weights(3))
    records.append(run_id, [], newest_weights=weights(5))
    assert equal(records.newest_weights(run_id, newer_than=4), weights(5))
    assert records.newest_weights(run_id, newer_than=5) is None
    assert records.weight_epochs(run_id) == []
    again = dataclasses.replace(weights(9), epoch=5)
    records.append(run_id, [], weights=[weights(2), again])
    assert equal(records.newest_weights(run_id), again)
    records.append(run_id, [], newest_weights=weights(6))
    assert equal(records.newest_weights(run_id), weights(6))


def test_a_store_from_before_weights_were_kept_still_opens(url, store, records):
    run_id = store.create(EXPERIMENT, "me")
    records.append(run_id, [record(1)], snapshot(1), [snapshot(1)])
    store.close()
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as old:
        old.execute("DROP TABLE weights")
        old.execute("DROP TABLE newest_weights")
        old.commit()
    again = Store(url)
    assert same(Records(again).snapshot(run_id, 1), snapshot(1))
    assert Records(again).weight_epochs(run_id) == []
    Records(again).append(run_id, [record(2)], weights=[weights(2)])
    assert Records(again).weight_epochs(run_id) == [2]
    again.delete(run_id)
    assert Records(again).weight_epochs(run_id) == []
    again.close()


def test_what_is_appended_is_written_all_or_none(store, records):
    run_id = store.create(EXPERIMENT, "me")
    records.append(run_id, [record(1)])
    with pytest.raises(Exception, match="UNIQUE"):
        records.append(run_id, [record(2), record(1)], snapshot(2), [snapshot(2)])
    assert records.epochs(run_id)["epoch"].tolist() == [1]
    assert store.run(run_id).epoch == 1
    assert records.look(run_id) is None


def trained_elsewhere(run_id="theirs", **changed):
    run = Run(
        id=run_id, owner="you", experiment=EXPERIMENT, state=RunState.FINISHED, created=1.5,
        started=2.5, ended=3.5, epoch=2, error=REASON, verdict=REASON, scores=SCORES, best_epoch=1,
    )  # fmt: skip
    return dataclasses.replace(run, **changed)


def test_a_run_that_was_trained_elsewhere_is_taken_in_as_it_is(store, records):
    run = trained_elsewhere()
    records.adopt(run, [record(1), record(2)], [snapshot(1), snapshot(2)], [weights(2)])
    assert store.run("theirs") == run
    assert equal(records.weights("theirs", 2), weights(2))
    assert records.epochs("theirs")["epoch"].tolist() == [1, 2]
    assert records.snapshot_epochs("theirs") == [1, 2]
    assert same(records.look("theirs"), snapshot(2))


def test_a_run_taken_in_again_takes_the_place_of_the_first(store, records):
    records.adopt(trained_elsewhere(), [record(1), record(2)], [snapshot(1), snapshot(2)])
    newer = trained_elsewhere(epoch=1, created=9.0, error=None, verdict=None, scores=None)
    records.adopt(newer, [record(1, scale=5.0)], [])
    assert store.run("theirs") == newer
    assert records.epochs("theirs")["loss"].tolist() == [5 / 3]
    assert records.snapshot_epochs("theirs") == []
    assert records.look("theirs") is None


def test_a_run_is_taken_in_all_or_none(store, records):
    run = trained_elsewhere()
    records.adopt(run, [record(1), record(2)], [snapshot(2)])
    with pytest.raises(Exception, match="UNIQUE"):
        records.adopt(trained_elsewhere(created=9.0), [record(1), record(1)], [])
    assert store.run("theirs") == run
    assert records.epochs("theirs")["epoch"].tolist() == [1, 2]
    assert same(records.look("theirs"), snapshot(2))


def test_another_store_on_the_same_file_sees_the_same(url, store, records):
    run_id = store.create(EXPERIMENT, "me")
    records.append(run_id, [record(1)], snapshot(1))
    again = Store(url)
    assert again.run(run_id) == store.run(run_id)
    assert same(Records(again).look(run_id), snapshot(1))
    again.close()


def write(url, run_id):
    """Write 200 epochs as a worker would, a few at a time, each with a look."""
    store = Store(url)
    store.move(run_id, RunState.RUNNING)
    for first in range(1, 201, 2):
        Records(store).append(run_id, [record(first), record(first + 1)], snapshot(first + 1))
    store.conclude(run_id, RunState.FINISHED, SCORES, REASON, None)
    store.close()


def write_in_process(url, run_id):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from tests.runs.test_records import write; write(*sys.argv[2:])"
    )
    arguments = [str(ROOT), url, run_id]
    return subprocess.Popen([sys.executable, "-c", code, *arguments])


def write_in_thread(url, run_id):
    thread = threading.Thread(target=write, args=(url, run_id))
    thread.start()
    return thread


@pytest.mark.parametrize("start", [write_in_process, write_in_thread])
def test_two_write_while_another_reads(url, store, start, records):
    ids = [store.create(EXPERIMENT, "me") for _ in range(2)]
    writers = [start(url, run_id) for run_id in ids]
    seen = {run_id: [] for run_id in ids}
    reads = 0
    deadline = time.monotonic() + 30
    while any(store.run(run_id).state.live for run_id in ids):
        assert time.monotonic() < deadline
        for run_id, epochs in seen.items():
            after = epochs[-1] if epochs else 0
            new = records.epochs(run_id, after)
            # What is there is whole: two epochs at a time, in order, none left out.
            assert new["epoch"].tolist() == list(range(after + 1, after + 1 + len(new["epoch"])))
            assert new["loss"].tolist() == (new["epoch"] / 3).tolist()
            assert len(new["epoch"]) % 2 == 0
            epochs.extend(int(epoch) for epoch in new["epoch"])
            look = records.look(run_id)
            assert look is None or same(look, snapshot(look.epoch))
            reads += 1
    for writer in writers:
        writer.wait() if isinstance(writer, subprocess.Popen) else writer.join()
        assert getattr(writer, "returncode", 0) == 0
    assert reads > 10
    for run_id in ids:
        assert records.epochs(run_id)["epoch"].tolist() == list(range(1, 201))
        assert store.run(run_id).epoch == 200
        assert same(records.look(run_id), snapshot(200))


def test_several_may_open_a_new_store_and_take_the_same_run_in_at_once(tmp_path):
    for attempt in range(4):
        url = f"sqlite:///{tmp_path}/{attempt}.sqlite"
        barrier, failures = threading.Barrier(6), []

        def open_it(url=url, barrier=barrier, failures=failures):
            barrier.wait()
            try:
                store = Store(url)
                Records(store).adopt(trained_elsewhere(), [record(1), record(2)], [snapshot(2)])
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
        assert Records(store).epochs("theirs")["epoch"].tolist() == [1, 2]
        store.close()
