"""Tasks in the store; workers do them in test_pool.py."""

import pytest

from rnn_core.config import Experiment
from rnn_core.messages import Message
from rnn_core.runs.states import RunState
from rnn_core.runs.tasks import BACKTEST, Tasks

REASON = Message("why", "It broke.")


@pytest.fixture
def run_id(store):
    return store.create(Experiment(), "me")


def test_a_task_is_found_by_what_was_asked(store, run_id):
    tasks = Tasks(store)
    assert tasks.newest(run_id, BACKTEST, "{}") is None
    first = tasks.create(run_id, BACKTEST, "{}", "me", "server", total=6)
    second = tasks.create(run_id, BACKTEST, "{}", "you", "server", total=6)
    tasks.create(run_id, BACKTEST, '{"folds":2}', "me")
    tasks.create(store.create(Experiment(), "me"), BACKTEST, "{}", "me")
    task = Tasks(store).newest(run_id, BACKTEST, "{}")
    assert (task.id, task.owner, task.state, task.done, task.total) == (
        second, "you", RunState.QUEUED, 0, 6
    )  # fmt: skip
    assert tasks.task(first).owner == "me"
    assert tasks.task("gone") is None


def test_progress_and_what_there_is_so_far(store, run_id):
    tasks = Tasks(store)
    task_id = tasks.create(run_id, BACKTEST, "{}", "me", total=6)
    assert tasks.result(task_id) is None
    tasks.progress(task_id, 1, b"one")
    tasks.progress(task_id, 1.4)
    assert tasks.task(task_id).done == 1.4
    assert tasks.result(task_id) == b"one"
    tasks.progress(task_id, 2, b"both")
    assert tasks.result(task_id) == b"both"


def test_what_has_ended_stays_as_it_ended(store, run_id):
    tasks = Tasks(store)
    task_id = tasks.create(run_id, BACKTEST, "{}", "me")
    assert tasks.move(task_id, RunState.RUNNING)
    started = tasks.task(task_id).started
    assert tasks.move(task_id, RunState.RUNNING)
    assert tasks.task(task_id).started == started
    assert tasks.move(task_id, RunState.STOPPED)
    assert not tasks.move(task_id, RunState.FINISHED)
    assert not tasks.fail(task_id, RunState.FAILED, REASON)
    task = tasks.task(task_id)
    assert (task.state, task.error) == (RunState.STOPPED, None)
    assert task.ended >= started


def test_a_server_that_is_gone_leaves_its_live_tasks_interrupted(store, run_id):
    tasks = Tasks(store)
    mine, done, other = (
        tasks.create(run_id, BACKTEST, "{}", "me", server) for server in ("a", "a", "b")
    )
    tasks.move(done, RunState.FINISHED)
    assert tasks.interrupt("a", REASON) == 1
    assert tasks.task(mine).state is RunState.INTERRUPTED
    assert tasks.task(mine).error == REASON
    assert tasks.task(done).state is RunState.FINISHED
    assert tasks.task(other).state is RunState.QUEUED


def test_tasks_go_with_their_run(store, run_id):
    tasks = Tasks(store)
    task_id = tasks.create(run_id, BACKTEST, "{}", "me")
    store.delete(run_id)
    assert tasks.task(task_id) is None
    tasks.progress(task_id, 1, b"late")  # its worker has not heard of it yet
    assert tasks.result(task_id) is None
