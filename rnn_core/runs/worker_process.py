"""A worker seen from the pool: how its process is started, spoken to, and how it ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rnn_core.config import Experiment
from rnn_core.messages import N_, Message


@dataclass(eq=False)
class WorkerProcess:
    """A worker as the pool knows it: its process, and what it does."""

    process: subprocess.Popen[str]
    ready: bool = False
    warm: bool = False  # it has compiled what the default experiment needs
    job: dict[str, Any] | None = None  # what it was given last, until it is done
    runs: int = 0  # trainings it was given, those of a backtest too, and programs it prepared
    prepared: Experiment | None = None  # what it was told to prepare since its last job
    preparing: int = 0  # how much of that is under way
    since: float = field(default_factory=time.monotonic)  # of its last change of duty
    looked: dict[str, float] = field(default_factory=dict)  # when it last heard of whom, by command

    @classmethod
    def start(cls, store_url: str) -> WorkerProcess:
        """Start a process that will do what it is sent, with what it tells in that store."""
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
        environment = {
            **os.environ,
            "RNN_STORE_URL": store_url,
            "PYTHONPATH": path,
            "TF_CPP_MIN_LOG_LEVEL": os.environ.get("TF_CPP_MIN_LOG_LEVEL", "3"),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "rnn_core.runs.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
            # Ctrl-C is for the server, which ends its workers in order.
            start_new_session=True,
        )
        return cls(process)

    def has(self, job_id: str) -> bool:
        """Whether it is doing this run or task."""
        return self.job is not None and self.job["id"] == job_id

    def hang_up(self) -> None:
        """Close its standard input, upon which it ends itself."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):  # a command may still have been on its way
            self.process.stdin.close()

    def send(self, **command: Any) -> None:
        """Send it a command."""
        assert self.process.stdin is not None
        # One that has just died takes no command; its reader will say so.
        with contextlib.suppress(OSError, ValueError):
            self.process.stdin.write(json.dumps(command) + "\n")
            self.process.stdin.flush()


def died(code: int) -> Message:
    """Say how a worker process ended that was not meant to."""
    if code < 0:
        return Message(
            "run.killed",
            N_(
                "The training process was ended from outside ({signal}; a process that needs too "
                "much memory ends so, too). What it had written until then is kept."
            ),
            {"signal": signal.Signals(-code).name},
        )
    return Message(
        "run.exited",
        N_(
            "The training process ended by itself (exit code {code}). What it had written until "
            "then is kept."
        ),
        {"code": code},
    )
