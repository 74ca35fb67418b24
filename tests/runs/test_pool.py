"""Real worker processes: queue, commands, deaths."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from rnn_core.config import BacktestConfig, Experiment
from rnn_core.engine.program import in_halves
from rnn_core.engine.train import train
from rnn_core.forecast.backtest import Backtest, refitted_plan
from rnn_core.runs.backtests import stored_backtest
from rnn_core.runs.pool import Pool
from rnn_core.runs.records import Records
from rnn_core.runs.states import RunState
from rnn_core.runs.store import Run, Store
from rnn_core.runs.tasks import BACKTEST, KERAS_MODEL, Task
from rnn_core.series import load_series

SECONDS = 60


def wait_until(condition: Callable[[], object], seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def experiment(epochs: int = 5, **values: object) -> Experiment:
    return Experiment.from_values({"epochs": epochs, "hidden": 4, "patience": 0, **values})


class Bench:
    """A pool with its store."""

    def __init__(self, folder: Path, size: int, warm_after: float = 0.0) -> None:
        self.store = Store(f"sqlite:///{folder / 'runs.sqlite'}")
        self.pool = Pool(self.store, size=size)
        self.pool.start(warm_after)

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


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Two workers; what is left running ends with them."""
    bench = Bench(tmp_path_factory.mktemp("pair"), size=2)
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
    curve = Records(bench.store).epochs(run.id)
    assert curve["epoch"].tolist() == list(range(1, 31))
    kept = Records(bench.store).snapshot_epochs(run.id)
    assert {1, 30} <= set(kept)
    look = Records(bench.store).look(run.id)
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
        curves.append(Records(bench.store).epochs(run_id))
    first, other, again = curves
    for name in ("loss", "val_loss", "mae", "val_mae", "val_rmse"):
        assert first[name].tolist() == again[name].tolist()
    assert first["loss"].tolist() != other["loss"].tolist()


def test_a_run_that_was_prepared_has_the_curve_of_one_that_was_not(bench: Bench) -> None:
    chosen = experiment(hidden=5)
    wait_until(bench.pool._idle)
    bench.pool.prepare(chosen)
    [worker] = bench.pool._workers
    assert worker.prepared == chosen
    wait_until(lambda: not worker.preparing)
    run = bench.wait_for(bench.submit(chosen), RunState.FINISHED)
    curve = Records(bench.store).epochs(run.id)
    assert curve["loss"] == pytest.approx(train(chosen).history["loss"], rel=1e-6)


def test_a_run_beside_another_has_the_curve_of_one_alone(pair: Bench) -> None:
    size = {"hidden": 128, "timesteps": 6, "batch-size": 64}
    chosen = experiment(epochs=4, cell="rnn", dropout=0.1, **size)
    # Large enough that a batch is computed in two halves, each on a core of its own.
    assert in_halves(chosen.model, chosen.window.timesteps, chosen.train.batch_size)
    alone = pair.submit(chosen)
    pair.wait_for(alone, RunState.FINISHED)
    other = pair.submit(experiment(epochs=10_000, hidden=16))
    pair.wait_for_epoch(other, 1)
    beside = pair.submit(chosen)
    pair.wait_for(beside, RunState.FINISHED)
    assert pair.run(other).state is RunState.RUNNING
    pair.pool.command(other, "stop")
    curves = [Records(pair.store).epochs(run_id) for run_id in (alone, beside)]
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


def takes(act: Callable[[], object], done: Callable[[], object]) -> float:
    begun = time.monotonic()
    act()
    wait_until(done)
    return time.monotonic() - begun


def test_pause_step_resume_and_stop_take_effect_within_300_ms(bench: Bench) -> None:
    waits: dict[str, list[float]] = {"pause": [], "step": [], "resume": [], "stop": []}
    for _round in range(3):
        run_id = bench.submit(experiment(epochs=10_000))
        bench.wait_for_epoch(run_id, 3)

        def follow(command: str, done: Callable[[Run], object], run_id: str = run_id) -> None:
            act = partial(bench.pool.command, run_id, command)
            waits[command].append(takes(act, lambda: done(bench.run(run_id))))

        follow("pause", lambda run: run.state is RunState.PAUSED)
        time.sleep(0.3)  # a thread that was slow to hear finishes its epoch
        held = bench.run(run_id).epoch
        time.sleep(0.3)
        assert bench.run(run_id).epoch == held
        follow("step", lambda run, held=held: run.epoch == held + 1)
        bench.wait_for(run_id, RunState.PAUSED)
        time.sleep(0.1)
        assert bench.run(run_id).epoch == held + 1
        follow("resume", lambda run: run.state is RunState.RUNNING)
        follow("stop", lambda run: run.state is RunState.STOPPED)
        wait_until(lambda run_id=run_id: bench.run(run_id).verdict is not None)
    assert all(statistics.median(each) < 0.3 for each in waits.values()), waits


def test_stop_is_seen_at_once_also_while_the_network_is_compiled(bench: Bench) -> None:
    run_id = bench.submit(experiment(hidden=17, layers=4))
    bench.wait_for(run_id, RunState.RUNNING)
    time.sleep(0.3)  # by now inside the compilation, which takes seconds
    begun = time.monotonic()
    bench.pool.command(run_id, "stop")
    wait_until(lambda: bench.run(run_id).state is RunState.STOPPED)
    seen = time.monotonic() - begun
    assert bench.run(run_id).epoch == 0
    # The worker comes back from the compilation and takes the next run.
    following = bench.submit(experiment())
    bench.wait_for(following, RunState.RUNNING)
    assert seen < (time.monotonic() - begun) / 5
    assert bench.wait_for(following, RunState.FINISHED).epoch == 5
    assert bench.run(run_id).state is RunState.STOPPED


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
    """And a run can be stopped while its worker, here the new one, still warms up."""
    run_id = bench.submit(experiment(epochs=10_000))
    bench.wait_for_epoch(run_id, 5)
    pid = bench.pool.worker_pid(run_id)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    run = bench.wait_for(run_id, RunState.FAILED)
    assert run.error is not None
    assert run.error.kind == "run.killed"
    assert "SIGKILL" in str(run.error)
    assert len(Records(bench.store).epochs(run_id)["epoch"]) == run.epoch >= 5
    stopped = bench.submit(experiment(epochs=10_000))
    wait_until(lambda: bench.pool.worker_pid(stopped) is not None)
    assert bench.pool.worker_pid(stopped) != pid
    assert bench.pool.command(stopped, "stop")
    wait_until(lambda: bench.run(stopped).state is RunState.STOPPED, seconds=2)
    assert bench.wait_for(bench.submit(experiment()), RunState.FINISHED).epoch == 5
    assert bench.run(stopped).epoch == 0


class Asked:
    """A task of a run that waits or is done."""

    def __init__(self, bench: Bench, kind: str, request: str, total: int, **chosen: object) -> None:
        self.bench = bench
        self.run_id = bench.store.create(experiment(**chosen), "me", "nowhere")
        self.id = bench.pool.tasks.create(self.run_id, kind, request, "me", bench.pool.id, total)

    def submit(self) -> Asked:
        self.bench.pool.submit_task(self.id)
        return self

    def now(self) -> Task:
        task = self.bench.pool.tasks.task(self.id)
        assert task is not None
        return task

    def wait_for(self, *states: RunState) -> Task:
        wait_until(lambda: self.now().state in states)
        return self.now()

    def backtest(self) -> Backtest:
        run = self.bench.run(self.run_id)
        series = load_series(run.experiment.series)
        config = BacktestConfig.from_json(self.now().request)
        plan = refitted_plan(run.experiment, series, config)
        found = stored_backtest(self.bench.pool.tasks, self.now(), series, plan)
        assert found is not None
        return found


def asked_backtest(bench: Bench, config: BacktestConfig, **chosen: object) -> Asked:
    return Asked(bench, BACKTEST, config.to_json(), config.folds, **chosen)


SLIDING = BacktestConfig("sliding", folds=3, horizon=8)


def test_a_refitted_backtest_is_done_and_kept(bench: Bench) -> None:
    asked = asked_backtest(bench, SLIDING).submit()
    assert asked.wait_for(RunState.FINISHED, RunState.FAILED).error is None
    assert asked.now().done == 3
    found = asked.backtest()
    assert found.origins.tolist() == [120, 128, 136]
    assert found.complete
    assert all(80 < each.rmse < 200 for each in found.by_origin())  # of 5 epochs
    assert bench.run(asked.run_id).state is RunState.QUEUED  # the run itself is as it was


def test_a_backtest_is_stopped_at_once_and_keeps_what_is_done(bench: Bench) -> None:
    asked = asked_backtest(bench, SLIDING, epochs=400)
    fold = takes(asked.submit, lambda: asked.now().done >= 1)
    stop = takes(
        lambda: bench.pool.command(asked.id, "stop"),
        lambda: asked.now().state is RunState.STOPPED,
    )
    assert stop < fold / 5
    assert bench.wait_for(bench.submit(experiment()), RunState.FINISHED).epoch == 5
    assert 1 <= len(asked.backtest().origins) < 3
    assert asked.now().state is RunState.STOPPED


def test_a_waiting_task_is_taken_out_of_the_queue(bench: Bench) -> None:
    first = bench.submit(experiment(epochs=10_000))
    bench.wait_for_epoch(first, 1)
    asked = asked_backtest(bench, SLIDING).submit()
    assert bench.pool.place(asked.id) == 1
    assert bench.pool.command(asked.id, "stop")
    assert asked.now().state is RunState.STOPPED
    bench.pool.command(first, "stop")
    bench.wait_for(first, RunState.STOPPED)


def test_a_backtest_without_room_has_its_sentence(bench: Bench) -> None:
    asked = asked_backtest(bench, BacktestConfig("expanding", folds=20, horizon=12)).submit()
    error = asked.wait_for(RunState.FAILED).error
    assert error is not None
    assert "Too little data for 20 origins with 12 steps each" in str(error)


def test_weights_that_are_gone_have_their_sentence(bench: Bench) -> None:
    error = Asked(bench, KERAS_MODEL, '{"epoch": 7}', 1).submit().wait_for(RunState.FAILED).error
    assert error is not None
    assert "weights after epoch 7" in str(error)


def test_the_pool_never_has_more_workers_than_its_size(pair: Bench) -> None:
    runs = [pair.submit(experiment(epochs=10_000)) for _ in range(3)]
    wait_until(lambda: sum(pair.run(run).epoch > 0 for run in runs) == 2)
    pids = {pair.pool.worker_pid(run) for run in runs}
    assert len(pids - {None}) == 2
    assert [pair.pool.place(run) for run in runs] == [None, None, 1]
    # Closed, it leaves no process, and says what became of the runs.
    pair.close()
    wait_until(lambda: not any(alive(pid) for pid in pids - {None}), seconds=5)
    store = Store(pair.store.url)
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
chosen = Experiment.from_values({"epochs": 10_000, "hidden": 4, "patience": 0})
run_id = store.create(chosen, "me", pool.id)
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
    bench = Bench(tmp_path, size=1, warm_after=SECONDS)
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
        "pool = Pool(Store(sys.argv[1]), size=1); pool.start(60); pool.close()"
    )
    subprocess.run([sys.executable, "-c", code, bench.store.url], check=True, timeout=SECONDS)
    assert bench.run(run_id).state is RunState.RUNNING
    bench.pool.command(run_id, "stop")
    bench.wait_for(run_id, RunState.STOPPED)


# The last one: nothing waits for another worker.
def test_a_worker_that_is_killed_in_a_backtest_is_told_of(bench: Bench) -> None:
    asked = asked_backtest(bench, SLIDING, epochs=10_000).submit()
    wait_until(lambda: asked.now().done > 0)
    pid = bench.pool.worker_pid(asked.id)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    error = asked.wait_for(RunState.FAILED).error
    assert error is not None
    assert "SIGKILL" in str(error)
