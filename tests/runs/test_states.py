"""How the states of a run follow one another."""

import time

import pytest

from rnn_core.runs.states import LIVE, RunState
from tests.runs.recorded import EXPERIMENT, REASON, SCORES

ENDED = [state for state in RunState if state not in LIVE]


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


def test_a_server_that_is_gone_leaves_its_live_runs_interrupted(store):
    states = {store.create(EXPERIMENT, "me", "gone"): state for state in RunState}
    elsewhere = store.create(EXPERIMENT, "me", "there")
    for run_id, state in states.items():
        store.move(run_id, state)
    assert store.interrupt("gone", REASON) == 3
    for run_id, state in states.items():
        run = store.run(run_id)
        assert run.state is (RunState.INTERRUPTED if state.live else state)
        assert run.error == (REASON if state.live else None)
        assert run.ended is not None
    assert store.run(elsewhere).state is RunState.QUEUED
    assert store.interrupt("gone", REASON) == 0
