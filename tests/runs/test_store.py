"""Runs, in a real SQLite file."""

import time

import pytest

from rnn_core.runs.states import RunState
from rnn_core.runs.store import Run
from tests.runs.recorded import EXPERIMENT, REASON, SCORES, record, same, snapshot, weights


def test_a_new_run_is_queued_with_all_its_choices(store):
    before = time.time()
    run = store.run(store.create(EXPERIMENT, "me", "server"))
    assert before <= run.created <= time.time()
    assert run == Run(
        id=run.id, owner="me", experiment=EXPERIMENT, state=RunState.QUEUED, created=run.created,
        started=None, ended=None, epoch=0, error=None, verdict=None, scores=None, best_epoch=None,
    )  # fmt: skip


def test_an_unknown_run_is_none_everywhere(store, records):
    assert store.run("nobody") is None
    assert records.look("nobody") is None
    assert records.snapshot("nobody", 1) is None
    assert records.snapshot_epochs("nobody") == []
    assert records.weights("nobody", 1) is None
    assert records.weight_epochs("nobody") == []
    assert records.newest_weights("nobody") is None
    assert records.epochs("nobody")["epoch"].shape == (0,)
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


def test_a_deleted_run_leaves_nothing(store, records):
    run_id, other = (store.create(EXPERIMENT, "me") for _ in range(2))
    for each in (run_id, other):
        look = (snapshot(1), [snapshot(1)], [weights(1)], weights(1))
        records.append(each, [record(1)], *look)
    store.delete(run_id)
    assert records.weight_epochs(run_id) == []
    assert records.newest_weights(run_id) is None
    assert records.weight_epochs(other) == [1]
    assert store.run(run_id) is None
    assert records.epochs(run_id)["epoch"].size == 0
    assert records.look(run_id) is None
    assert records.snapshot(run_id, 1) is None
    assert records.epochs(other)["epoch"].tolist() == [1]
    assert same(records.look(other), snapshot(1))
    assert same(records.snapshot(other, 1), snapshot(1))
