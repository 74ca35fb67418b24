"""Contestants side by side: each in its process, an epoch each in turn."""

from __future__ import annotations

import importlib.util
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from rnn_core.bench.cases import Case
from rnn_core.bench.contestants import CONTESTANTS

EPOCHS = 5

Runners = dict[str, subprocess.Popen[str]]
"""The contestants' processes, by name."""


@dataclass(frozen=True)
class Result:
    """What a contestant came to: medians in seconds, peak memory of its process in MB."""

    epoch: float
    first_loss: float
    untrained: float | None
    memory: float
    loss: float


def available() -> list[str]:
    """Give the contestants that can run here: PyTorch is no dependency."""
    has_torch = importlib.util.find_spec("torch") is not None
    return [name for name in CONTESTANTS if has_torch or not name.startswith("torch")]


@contextmanager
def contestants(names: Sequence[str]) -> Iterator[Runners]:
    """Start each in its process; they end with the context."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(_contestant(name)) for name in names}


def race(case: Case, runners: Runners, epochs: int = EPOCHS) -> dict[str, Result]:
    """Train ``case`` with each contestant, taking turns after each epoch.

    Peak memory is that of all cases of a process so far.
    """
    firsts = {name: _ask(runner, asdict(case)) for name, runner in runners.items()}
    turns: dict[str, list[dict[str, float]]] = {name: [] for name in runners}
    for _ in range(epochs):
        for name, runner in runners.items():
            turns[name].append(_ask(runner, "epoch"))
    return {
        name: Result(
            epoch=statistics.median(turn["seconds"] for turn in turns[name]),
            first_loss=firsts[name]["seconds"],
            untrained=firsts[name].get("untrained"),
            memory=turns[name][-1]["memory"],
            loss=turns[name][-1]["loss"],
        )
        for name in runners
    }


@contextmanager
def _contestant(name: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "rnn_core.bench.contestants", name]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _ask(process: subprocess.Popen[str], order: Any) -> dict[str, float]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(order) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{process.args!r} ended with code {process.wait()}.")
    answer: dict[str, float] = json.loads(line)
    return answer
