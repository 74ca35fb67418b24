"""The server's worker processes: as many as there are cores at the most, one kept warm.

They train runs and do the tasks that runs are asked for; both have an id and a life in the store. A
run that finds no free worker waits in a queue. Commands reach a worker through its standard
input; when the server dies, that ends, and so does the worker.
"""

from __future__ import annotations

import json
import math
import os
import secrets
import socket
import subprocess
import threading
import time
import traceback
from collections import deque
from typing import Any

from rnn_core.config import Experiment
from rnn_core.messages import N_, Message
from rnn_core.runs.servers import Servers
from rnn_core.runs.states import Ledger, RunState
from rnn_core.runs.store import Store
from rnn_core.runs.tasks import Tasks
from rnn_core.runs.worker_process import WorkerProcess, died

TEND_SECONDS = 1.0
SPARE_AFTER_SECONDS = 3.0  # when all workers train that long, one more is warmed up
IDLE_SECONDS = 60.0  # how long more than one idle worker is kept
RUNS_PER_WORKER = 50  # Keras keeps about 10 MB of every model it ever built

LOOK_SECONDS = 1.0  # a worker hears no more often that its run is looked at
RETRY_SECONDS = 10.0  # after a worker that did not come up
PAUSE_SECONDS = 600.0  # how long a paused run keeps its worker from those who wait

INTERRUPTED = Message(
    "run.interrupted",
    N_("The server stopped while this run was going on. What it had written until then is kept."),
)
TASK_INTERRUPTED = Message(
    "task.interrupted",
    N_("The server stopped while this was going on. What was done until then is kept."),
)


class Pool:
    """Runs experiments and tasks of ``store`` in at most ``size`` worker processes."""

    def __init__(self, store: Store, size: int | None = None) -> None:
        self.store = store
        self.tasks = Tasks(store)
        self._servers = Servers(store)
        self.size = size or default_size()
        self.id = secrets.token_hex(8)
        self._lock = threading.RLock()
        self._workers: list[WorkerProcess] = []
        self._queue: deque[dict[str, Any]] = deque()
        self._spawn_after = 0.0
        self._closed = threading.Event()
        self._tender = threading.Thread(target=self._tend, name="pool-tender", daemon=True)

    def start(self, warm_after: float = 0.0) -> None:
        """Mark what a dead server left behind, warm up a worker, and keep watch.

        The worker is warmed up ``warm_after`` seconds later, or as soon as there is work.
        """
        self._servers.beat(self.id, socket.gethostname(), os.getpid())
        self._sweep()
        with self._lock:
            if warm_after:
                self._spawn_after = time.monotonic() + warm_after
            else:
                self._spawn()
        self._tender.start()

    def close(self) -> None:
        """End every worker; runs that were going on are marked interrupted."""
        self._closed.set()
        with self._lock:
            workers, self._workers = self._workers, []
            self._queue.clear()
        for worker in workers:
            worker.hang_up()
        if self._tender.is_alive():
            self._tender.join()
        for worker in workers:
            try:
                worker.process.wait(2)
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
        self._interrupt(self.id)

    def submit(
        self, run_id: str, *, paused: bool = False, step: bool = False, speed: float = 0.0
    ) -> None:
        """Train a run of the store as soon as a worker is free.

        ``step`` trains one epoch and pauses; ``speed`` is the most epochs a second, 0: no limit.
        """
        self._submit({"do": "run", "id": run_id, "paused": paused, "step": step, "speed": speed})

    def prepare(self, experiment: Experiment) -> None:
        """Have an idle worker compile what a run of the experiment would need.

        To be said again and again; nothing is done twice, nor while something is trained or waits.
        A run that is submitted meanwhile waits at the most for what is just being compiled.
        """
        with self._lock:
            busy = self._queue or any(worker.job is not None for worker in self._workers)
            idle = self._idle()
            if busy or not idle or any(worker.prepared == experiment for worker in idle):
                return
            worker = idle[-1]
            worker.prepared, worker.since = experiment, time.monotonic()
            worker.preparing += 1
            worker.send(do="prepare", experiment=experiment.to_json())

    def submit_task(self, task_id: str, *, trainings: int = 1) -> None:
        """Do a task of the store as soon as a worker is free; it takes so many ``trainings``."""
        self._submit({"do": "task", "id": task_id, "trainings": trainings})

    def command(self, job_id: str, name: str, **values: Any) -> bool:
        """Send ``pause``, ``resume``, ``step``, ``stop`` or ``speed`` to a run, ``stop`` to a task.

        Says whether this pool has it.
        """
        with self._lock:
            for worker in self._workers:
                if worker.has(job_id):
                    worker.since = time.monotonic()
                    worker.send(do=name, id=job_id, **values)
                    return True
            for job in self._queue:
                if job["id"] == job_id:
                    self._change_queued(job, name, values)
                    return True
        return False

    def look(self, run_id: str, *, weights: bool = False) -> None:
        """Say that somebody looks at a run; its worker looks inside of the network only then.

        With ``weights`` it writes down those of each look, too, as far as they are not too large.
        To be said again and again, as often as one likes: a worker hears it once a second.
        """
        now, command = time.monotonic(), "open" if weights else "look"
        with self._lock:
            for worker in self._workers:
                told = worker.looked.get(command, -math.inf)
                if worker.has(run_id) and now - told >= LOOK_SECONDS:
                    worker.looked[command] = now
                    worker.send(do=command, id=run_id)

    def place(self, job_id: str) -> int | None:
        """Give the place of a run or task in the queue, from 1; None if it does not wait."""
        with self._lock:
            for place, job in enumerate(self._queue, start=1):
                if job["id"] == job_id:
                    return place
        return None

    def worker_pid(self, job_id: str) -> int | None:
        """Give the process id of the worker that trains a run or does a task."""
        with self._lock:
            pids = [worker.process.pid for worker in self._workers if worker.has(job_id)]
        return pids[0] if pids else None

    def warm_up_pending(self, run_id: str) -> bool:
        """Whether a queued run waits only for a worker that is starting."""
        with self._lock:
            starting = sum(not worker.ready for worker in self._workers)
            return any(job["id"] == run_id for job in list(self._queue)[:starting])

    def _change_queued(self, job: dict[str, Any], name: str, values: dict[str, Any]) -> None:
        if name == "stop":
            self._queue.remove(job)
            self._ledger(job).move(job["id"], RunState.STOPPED)
        elif name == "speed":
            job["speed"] = values["speed"]
        else:
            job["paused"], job["step"] = name == "pause", name == "step"

    def _submit(self, job: dict[str, Any]) -> None:
        with self._lock:
            self._queue.append(job)
            self._dispatch()

    def _ledger(self, job: dict[str, Any]) -> Ledger:
        """Give where the state of a job is written."""
        return self.store if job["do"] == "run" else self.tasks

    def _interrupt(self, server: str) -> None:
        """Mark what a server that is gone left unfinished."""
        self.tasks.interrupt(server, TASK_INTERRUPTED)
        self.store.interrupt(server, INTERRUPTED)
        self._servers.forget(server)

    # Everything below is called with the lock held, but for the threads' own loops.

    def _dispatch(self) -> None:
        if self._closed.is_set():
            return
        idle = self._idle()
        while idle and (job := self._next()) is not None:
            worker = self._fittest(idle, job)
            idle.remove(worker)
            self._queue.remove(job)
            worker.job, worker.since = job, time.monotonic()
            worker.prepared = None
            worker.runs += job.get("trainings", 1)
            worker.send(**job)
        coming = sum(not worker.ready for worker in self._workers)
        for _ in range(min(len(self._queue) - coming, self.size - len(self._workers))):
            self._spawn()

    def _idle(self) -> list[WorkerProcess]:
        """Give the idle workers; the last one is the next to get a job."""
        idle = [worker for worker in self._workers if worker.ready and worker.job is None]
        return sorted(idle, key=lambda worker: (worker.warm, worker.runs))

    def _fittest(self, idle: list[WorkerProcess], job: dict[str, Any]) -> WorkerProcess:
        """Choose the one that prepared just that, or else one that prepares nothing."""
        if len(idle) == 1 or not any(worker.prepared for worker in idle):
            return idle[-1]
        run = self.store.run(job["id"]) if job["do"] == "run" else None
        wanted = run.experiment if run is not None else None
        # Of equals the last one, as it is.
        return max(idle[::-1], key=lambda each: (each.prepared == wanted, not each.preparing))

    def _next(self) -> dict[str, Any] | None:
        """Give what is first in the queue, but for what takes long where a run must find a worker.

        Tasks of several trainings, each a backtest say, leave one worker to the runs.
        """
        long = sum(worker.job is not None and _is_long(worker.job) for worker in self._workers)
        held = self.size > 1 and long >= self.size - 1
        return next((job for job in self._queue if not (held and _is_long(job))), None)

    def _spawn(self) -> None:
        if self._closed.is_set():
            return
        worker = WorkerProcess.start(self.store.url)
        self._workers.append(worker)
        threading.Thread(target=self._read, args=(worker,), daemon=True).start()

    def _renew(self, worker: WorkerProcess) -> None:
        if worker in self._workers:
            self._retire(worker)
            self._spawn()

    def _retire(self, worker: WorkerProcess) -> None:
        self._workers.remove(worker)
        worker.hang_up()

    def _heard(self, worker: WorkerProcess, said: dict[str, Any]) -> None:
        """Take what a worker says."""
        event = said["event"]
        if event == "warm":
            worker.warm = True
        elif event == "prepared":
            worker.preparing -= 1
            worker.runs += said["built"]
            if worker.runs >= RUNS_PER_WORKER and worker.job is None:
                self._renew(worker)
        elif event in ("ready", "idle"):
            worker.ready, worker.job, worker.since = True, None, time.monotonic()
            if worker.runs >= RUNS_PER_WORKER:
                self._renew(worker)
            self._dispatch()

    def _read(self, worker: WorkerProcess) -> None:
        assert worker.process.stdout is not None
        for line in worker.process.stdout:
            with self._lock:
                self._heard(worker, json.loads(line))
        code = worker.process.wait()
        worker.process.stdout.close()
        worker.hang_up()
        with self._lock:
            if worker not in self._workers:
                return  # ended by this pool
            self._workers.remove(worker)
            job, was_ready = worker.job, worker.ready
            if job is not None:
                self._ledger(job).fail(job["id"], RunState.FAILED, died(code))
            elif not was_ready:
                # It never came up: nobody must wait for it forever, nor is it tried at once again.
                self._spawn_after = time.monotonic() + RETRY_SECONDS
                while self._queue and not self._workers:
                    job = self._queue.popleft()
                    self._ledger(job).fail(job["id"], RunState.FAILED, died(code))
                return
            self._dispatch()

    def _tend(self) -> None:
        host = socket.gethostname()
        while not self._closed.wait(TEND_SECONDS):
            try:
                self._servers.beat(self.id, host, os.getpid())
                self._sweep()
                with self._lock:
                    self._keep_one_warm()
                    self._end_forgotten_pause()
            except Exception:  # a full disk, say; the next time may do
                traceback.print_exc()

    def _end_forgotten_pause(self) -> None:
        """Stop the run that was paused longest ago, where others wait for its worker."""
        forgotten = [
            worker
            for worker in self._workers
            if worker.job is not None and time.monotonic() - worker.since > PAUSE_SECONDS
        ]
        if not self._queue or len(self._workers) < self.size:
            return
        for worker in sorted(forgotten, key=lambda worker: worker.since):
            assert worker.job is not None
            run = self.store.run(worker.job["id"])  # a task is never paused, and is no run
            if run is not None and run.state is RunState.PAUSED:
                worker.send(do="stop", id=run.id)
                return

    def _keep_one_warm(self) -> None:
        now = time.monotonic()
        idle = [worker for worker in self._workers if worker.job is None]
        busy = [worker for worker in self._workers if worker.job is not None]
        settled = all(now - worker.since > SPARE_AFTER_SECONDS for worker in busy)
        settled = settled and now > self._spawn_after
        if not idle and settled and len(self._workers) < self.size:
            self._spawn()
        for worker in self._idle()[:-1]:
            if now - worker.since > IDLE_SECONDS:
                self._retire(worker)

    def _sweep(self) -> None:
        """Mark the live runs of servers that are gone."""
        for server in self._servers.gone(but=self.id):
            self._interrupt(server)


def default_size() -> int:
    """Give the number of workers: ``RNN_WORKERS``, or the cores this process may use."""
    chosen = os.environ.get("RNN_WORKERS", "")
    if chosen.isdecimal() and int(chosen) > 0:
        return int(chosen)
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        return os.cpu_count() or 1


def _is_long(job: dict[str, Any]) -> bool:
    return bool(job.get("trainings", 1) > 1)
