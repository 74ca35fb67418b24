"""What the pool gives to which worker; none of these workers has a process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rnn_core.config import Experiment
from rnn_core.runs.pool import LOOK_SECONDS, RUNS_PER_WORKER, Pool
from rnn_core.runs.store import Store
from rnn_core.runs.worker_process import WorkerProcess


class Idle(WorkerProcess):
    """A worker that is there and hears what it is given."""

    def __init__(self) -> None:
        super().__init__(process=None, ready=True, warm=True)  # type: ignore[arg-type]
        self.heard: list[str] = []

    def send(self, **command: object) -> None:
        self.heard.append(f"{command['do']} {command.get('id') or command['experiment']}")


def test_backtests_leave_a_worker_to_the_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(f"sqlite:///{tmp_path}/runs.sqlite")
    pool = Pool(store, size=2)
    monkeypatch.setattr(pool, "_spawn", lambda: None)
    workers = [Idle(), Idle()]
    pool._workers.extend(workers)
    pool.submit_task("first", trainings=6)
    pool.submit_task("second", trainings=6)
    assert pool.place("second") == 1
    pool.submit_task("file")
    pool.submit("run")
    assert [worker.heard for worker in workers] == [["task file"], ["task first"]]
    assert [pool.place(waiting) for waiting in ("second", "run")] == [1, 2]
    workers[0].job = None  # it is through with the file
    pool._dispatch()
    assert workers[0].heard == ["task file", "run run"]
    workers[1].job = None
    pool._dispatch()
    assert workers[1].heard == ["task first", "task second"]
    store.close()


def test_a_worker_hears_now_and_then_that_its_run_is_looked_at(tmp_path: Path) -> None:
    pool = Pool(Store(f"sqlite:///{tmp_path / 'runs.sqlite'}"), size=1)
    worker = Idle()
    worker.job = {"do": "run", "id": "a run"}
    pool._workers = [worker]
    pool.look("another run")
    assert worker.heard == []
    for _tick in range(5):
        pool.look("a run")
    assert worker.heard == ["look a run"]
    pool.look("a run", weights=True)  # another viewer, who is heard as well
    assert worker.heard == ["look a run", "open a run"]
    worker.looked["look"] -= LOOK_SECONDS
    pool.look("a run")
    pool.look("a run", weights=True)
    assert worker.heard == ["look a run", "open a run", "look a run"]
    pool.store.close()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pool]:
    """Give a pool with two workers that have nothing to do."""
    pool = Pool(Store(f"sqlite:///{tmp_path / 'runs.sqlite'}"), size=2)
    pool._workers = [Idle(), Idle()]
    yield pool
    pool.store.close()


def heard(pool: Pool) -> list[list[str]]:
    return [worker.heard for worker in pool._workers if isinstance(worker, Idle)]


def of_units(hidden: int) -> Experiment:
    return Experiment.from_values({"hidden": hidden})


def test_what_is_chosen_is_prepared_once_and_not_beside_a_training(pair: Pool) -> None:
    chosen, other = of_units(5), of_units(6)
    for _again in range(3):
        pair.prepare(chosen)
    wanted = [f"prepare {chosen.to_json()}"]
    assert heard(pair) == [[], wanted]
    pair.prepare(other)
    wanted.append(f"prepare {other.to_json()}")
    assert heard(pair) == [[], wanted]
    run_id = pair.store.create(other, "me", pair.id)
    pair.submit(run_id)  # it goes to the one that prepares it
    assert heard(pair) == [[], [*wanted, f"run {run_id}"]]
    pair.prepare(chosen)
    assert heard(pair) == [[], [*wanted, f"run {run_id}"]]


def test_a_run_goes_to_a_worker_that_prepares_nothing_else(pair: Pool) -> None:
    pair.prepare(of_units(5))
    run_id = pair.store.create(of_units(6), "me", pair.id)
    pair.submit(run_id)
    assert heard(pair)[0] == [f"run {run_id}"]


def test_a_worker_that_has_prepared_much_is_renewed(
    pair: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawned: list[int] = []
    monkeypatch.setattr(pair, "_spawn", lambda: spawned.append(1))
    monkeypatch.setattr(Idle, "hang_up", lambda _self: None)
    worker = pair._workers[0]
    worker.preparing, worker.runs = 2, RUNS_PER_WORKER - 1
    pair._heard(worker, {"event": "prepared", "built": 0})
    assert worker in pair._workers
    pair._heard(worker, {"event": "prepared", "built": 1})
    assert worker not in pair._workers
    assert spawned == [1]
