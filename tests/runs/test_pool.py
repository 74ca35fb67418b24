"""Real worker processes: queue, commands, deaths."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from rnn_core.config import Experiment
from rnn_core.runs.pool import LOOK_SECONDS, Pool
from rnn_core.runs.store import Run, RunState, Store

SECONDS = 60


def wait_until(condition: Callable[[], object], seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def experiment(epochs: int = 5, **values: object) -> Experiment:
    return Experiment.from_values({"epochs": epochs, "hidden": 4, **values})


class Bench:
    """A pool with its store."""

    def __init__(self, folder: Path, size: int) -> None:
        self.store = Store(f"sqlite:///{folder / 'runs.sqlite'}")
        self.pool = Pool(self.store, size=size)
        self.pool.start()

    def submit(self, chosen: Experiment, **options: object) -> str:
        run_id = self.store.create(chosen, "me", self.pool.id)
        self.pool.submit(run_id, **options)
        return run_id

    def run(self, run_id: str) -> Run:
        run = self.store.run(run_id)
        assert run is not None
        return run

    def wait_for(self, run_id: str, *states: RunState) -> Run:
        wait_until(lambda: self.run(run_id).state in states)
        return self.run(run_id)

    def wait_for_epoch(self, run_id: str, epoch: int) -> None:
        wait_until(lambda: self.run(run_id).epoch >= epoch)

    def close(self) -> None:
        self.pool.close()
        self.store.close()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = Bench(tmp_path_factory.mktemp("pool"), size=1)
    yield bench
    bench.close()


def alive(pid: int) -> bool:
    """Whether a process goes on; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_run_is_trained_recorded_and_judged(bench: Bench) -> None:
    chosen = experiment(epochs=30)
    run = bench.wait_for(bench.submit(chosen), RunState.FINISHED)
    wait_until(lambda: bench.run(run.id).verdict is not None)
    run = bench.run(run.id)
    assert run.epoch == 30
    assert run.scores is not None
    assert run.scores.seasonal_naive_rmse == pytest.approx(41.85, abs=0.01)
    curve = bench.store.epochs(run.id)
    assert curve["epoch"].tolist() == list(range(1, 31))
    kept = bench.store.snapshot_epochs(run.id)
    assert {1, 30} <= set(kept)
    look = bench.store.look(run.id)
    assert look is not None
    assert look.epoch == 30
    assert look.hidden[0].shape == (12, 4)
    assert np.abs(look.hidden[0]).max() <= 1


def test_the_same_experiment_gives_the_same_curve_in_a_worker_that_has_trained_others(
    bench: Bench,
) -> None:
    curves = []
    for cell in ("lstm", "gru", "lstm"):
        run_id = bench.submit(experiment(cell=cell))
        bench.wait_for(run_id, RunState.FINISHED)
        curves.append(bench.store.epochs(run_id))
    first, other, again = curves
    for name in ("loss", "val_loss", "mae", "val_mae", "val_rmse"):
        assert first[name].tolist() == again[name].tolist()
    assert first["loss"].tolist() != other["loss"].tolist()


def test_a_run_beside_another_has_the_curve_of_one_alone(tmp_path: Path) -> None:
    bench = Bench(tmp_path, size=2)
    # Large enough that a batch is computed in two halves, each on a core of its own.
    chosen = experiment(epochs=4, hidden=80, timesteps=24, cell="gru", dropout=0.1)
    try:
        alone = bench.submit(chosen)
        bench.wait_for(alone, RunState.FINISHED)
        other = bench.submit(experiment(epochs=10_000, hidden=16))
        bench.wait_for_epoch(other, 1)
        beside = bench.submit(chosen)
        bench.wait_for(beside, RunState.FINISHED)
        assert bench.run(other).state is RunState.RUNNING
        curves = [bench.store.epochs(run_id) for run_id in (alone, beside)]
    finally:
        bench.close()
    for name in ("loss", "val_loss", "mae", "val_mae", "val_rmse"):
        assert curves[0][name].tolist() == curves[1][name].tolist()


def test_a_second_run_waits_for_its_turn_and_can_be_taken_out_of_the_queue(bench: Bench) -> None:
    first = bench.submit(experiment(epochs=10_000))
    bench.wait_for_epoch(first, 1)
    second, third = bench.submit(experiment()), bench.submit(experiment())
    assert [bench.pool.place(run) for run in (first, second, third)] == [None, 1, 2]
    assert bench.run(second).state is RunState.QUEUED
    assert bench.pool.command(second, "stop")
    assert bench.run(second).state is RunState.STOPPED
    assert bench.pool.place(third) == 1
    bench.pool.command(first, "stop")
    assert bench.wait_for(first, RunState.STOPPED).epoch > 0
    assert bench.wait_for(third, RunState.FINISHED).epoch == 5
    assert bench.run(second).epoch == 0


def test_pause_step_resume_and_stop_take_effect_within_300_ms(bench: Bench) -> None:
    run_id = bench.submit(experiment(epochs=10_000))
    bench.wait_for_epoch(run_id, 3)

    def takes(command: str, done: Callable[[], object]) -> float:
        begun = time.monotonic()
        bench.pool.command(run_id, command)
        wait_until(done)
        return time.monotonic() - begun

    waits = {"pause": takes("pause", lambda: bench.run(run_id).state is RunState.PAUSED)}
    time.sleep(0.2)  # a thread that was slow to hear finishes its epoch
    held = bench.run(run_id).epoch
    time.sleep(0.3)
    assert bench.run(run_id).epoch == held
    waits["step"] = takes("step", lambda: bench.run(run_id).epoch == held + 1)
    bench.wait_for(run_id, RunState.PAUSED)
    time.sleep(0.1)
    assert bench.run(run_id).epoch == held + 1
    waits["resume"] = takes("resume", lambda: bench.run(run_id).state is RunState.RUNNING)
    waits["stop"] = takes("stop", lambda: bench.run(run_id).state is RunState.STOPPED)
    assert max(waits.values()) < 0.3, waits
    wait_until(lambda: bench.run(run_id).verdict is not None)


def test_stop_is_seen_at_once_also_while_the_network_is_compiled(bench: Bench) -> None:
    run_id = bench.submit(experiment(hidden=17, layers=4))
    bench.wait_for(run_id, RunState.RUNNING)
    time.sleep(0.3)  # by now inside the compilation, which takes seconds
    begun = time.monotonic()
    bench.pool.command(run_id, "stop")
    wait_until(lambda: bench.run(run_id).state is RunState.STOPPED)
    assert time.monotonic() - begun < 0.3
    assert bench.run(run_id).epoch == 0
    # The worker comes back from the compilation and takes the next run.
    assert bench.wait_for(bench.submit(experiment()), RunState.FINISHED).epoch == 5
    assert bench.run(run_id).state is RunState.STOPPED


def test_a_run_can_be_stopped_while_its_worker_still_warms_up(tmp_path: Path) -> None:
    bench = Bench(tmp_path, size=1)
    try:
        run_id = bench.submit(experiment(epochs=10_000))
        wait_until(lambda: bench.pool.worker_pid(run_id) is not None)
        assert bench.pool.command(run_id, "stop")
        wait_until(lambda: bench.run(run_id).state is RunState.STOPPED, seconds=2)
        assert bench.wait_for(bench.submit(experiment()), RunState.FINISHED).epoch == 5
        assert bench.run(run_id).epoch == 0
    finally:
        bench.close()


def test_a_learning_rate_too_large_ends_the_run_with_a_sentence(bench: Bench) -> None:
    run_id = bench.submit(
        experiment(**{"optimizer": "sgd", "learning-rate": 100.0, "log": False,
                      "difference": "none", "scaling": "none"})
    )  # fmt: skip
    run = bench.wait_for(run_id, RunState.FAILED)
    assert run.error is not None
    assert run.error.kind == "train.diverged"
    assert "learning rate below 100" in str(run.error)
    assert bench.wait_for(bench.submit(experiment()), RunState.FINISHED).epoch == 5


def test_an_uploaded_table_that_is_gone_ends_the_run_with_a_sentence(bench: Bench) -> None:
    run_id = bench.submit(experiment(series="table", table="0" * 64))
    run = bench.wait_for(run_id, RunState.FAILED)
    assert run.error is not None
    assert run.error.kind == "series.table_gone"


def test_a_killed_worker_is_told_of_keeps_what_it_wrote_and_is_replaced(bench: Bench) -> None:
    run_id = bench.submit(experiment(epochs=10_000))
    bench.wait_for_epoch(run_id, 5)
    pid = bench.pool.worker_pid(run_id)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    run = bench.wait_for(run_id, RunState.FAILED)
    assert run.error is not None
    assert run.error.kind == "run.killed"
    assert "SIGKILL" in str(run.error)
    assert len(bench.store.epochs(run_id)["epoch"]) == run.epoch >= 5
    assert bench.wait_for(bench.submit(experiment()), RunState.FINISHED).epoch == 5


def test_the_pool_never_has_more_workers_than_its_size(tmp_path: Path) -> None:
    bench = Bench(tmp_path, size=2)
    try:
        runs = [bench.submit(experiment(epochs=10_000)) for _ in range(3)]
        wait_until(lambda: sum(bench.run(run).epoch > 0 for run in runs) == 2)
        pids = {bench.pool.worker_pid(run) for run in runs}
        assert len(pids - {None}) == 2
        assert [bench.pool.place(run) for run in runs] == [None, None, 1]
    finally:
        bench.close()
    # Closed, it leaves no process, and says what became of the runs.
    wait_until(lambda: not any(alive(pid) for pid in pids - {None}), seconds=5)
    store = Store(bench.store.url)
    assert {store.run(run).state for run in runs} == {RunState.INTERRUPTED}  # type: ignore[union-attr]
    store.close()


SERVER = """
import sys, time
from rnn_core.config import Experiment
from rnn_core.runs.pool import Pool
from rnn_core.runs.store import Store
store = Store(sys.argv[1])
pool = Pool(store, size=1)
pool.start()
run_id = store.create(Experiment.from_values({"epochs": 10_000, "hidden": 4}), "me", pool.id)
pool.submit(run_id)
while store.run(run_id).epoch < 3:
    time.sleep(0.01)
print(run_id, pool.worker_pid(run_id), flush=True)
time.sleep(600)
"""


def test_a_killed_server_leaves_no_process_and_its_runs_are_marked_at_the_next_start(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'runs.sqlite'}"
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, url], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        run_id, worker_pid = server.stdout.readline().split()
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
    wait_until(lambda: not alive(int(worker_pid)), seconds=5)
    bench = Bench(tmp_path, size=1)
    try:
        run = bench.run(run_id)
        assert run.state is RunState.INTERRUPTED
        assert run.error is not None
        assert run.error.kind == "run.interrupted"
        assert run.epoch >= 3
    finally:
        bench.close()


def test_another_server_on_the_same_store_is_left_alone(bench: Bench) -> None:
    run_id = bench.submit(experiment(epochs=10_000))
    bench.wait_for_epoch(run_id, 1)
    # A server is told from another by its process, so the second one needs a process of its own.
    code = (
        "import sys; from rnn_core.runs.pool import Pool; from rnn_core.runs.store import Store; "
        "pool = Pool(Store(sys.argv[1]), size=1); pool.start(); pool.close()"
    )
    subprocess.run([sys.executable, "-c", code, bench.store.url], check=True, timeout=SECONDS)
    assert bench.run(run_id).state is RunState.RUNNING
    bench.pool.command(run_id, "stop")
    bench.wait_for(run_id, RunState.STOPPED)


def test_a_worker_hears_now_and_then_that_its_run_is_looked_at(tmp_path: Path) -> None:
    class Worker:
        run_id, looked = "a run", 0.0

        def __init__(self) -> None:
            self.heard: list[dict[str, object]] = []

        def send(self, **command: object) -> None:
            self.heard.append(command)

    pool = Pool(Store(f"sqlite:///{tmp_path / 'runs.sqlite'}"), size=1)
    worker = Worker()
    pool._workers = [worker]
    pool.look("another run")
    assert worker.heard == []
    for _tick in range(5):
        pool.look("a run")
    assert worker.heard == [{"do": "look", "run": "a run"}]
    worker.looked -= LOOK_SECONDS
    pool.look("a run")
    assert len(worker.heard) == 2
    pool.store.close()
