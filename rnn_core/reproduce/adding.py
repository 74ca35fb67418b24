"""The adding problem: how many sequences a cell has to see before it can add two of T numbers."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import ModelConfig, TrainConfig
from rnn_core.engine.program import Program
from rnn_core.messages import N_, Message
from rnn_core.reproduce.results import Progress, Result, Row
from rnn_core.series.generators.memory import adding

GUESSING = 1 / 6  # the variance of the sum of two numbers from 0 to 1
SOLVED = 0.01
CELLS = {"rnn": N_("RNN (tanh)"), "gru": N_("GRU"), "lstm": N_("LSTM")}


@dataclass(frozen=True)
class Plan:
    """What is run. ``most`` is the number of sequences after which a run is given up."""

    lengths: tuple[int, ...] = (100, 200)
    cells: tuple[str, ...] = ("rnn", "gru", "lstm")
    units: int = 32
    learning_rate: float = 0.005
    batch: int = 32
    clip: float = 1.0
    seeds: int = 3
    most: int = 240_000
    judged_every: int = 8_192
    judged_on: int = 1_024


@dataclass(frozen=True)
class Learnt:
    """What a run came to: sequences until solved, None if it was given up, and its last MSE."""

    sequences: int | None
    mse: float


class Sequences:
    """Draws independent sequences: frames of T + 1 steps, each the answer to its first T.

    As an engine's input they lie end to end, and only the last step of a frame is a target, so
    that a window is exactly one sequence.
    """

    def __init__(self, length: int, seed: int) -> None:
        self._span = length + 1
        self._random = np.random.default_rng(seed)

    def draw(self, count: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Give ``count`` sequences as ``(count * (T + 1), 3)``, and the targets ``(count,)``."""
        frames = adding(count * self._span, self._random, self._span).astype(np.float32)
        return frames, np.arange(1, count + 1) * self._span - 1


def run(plan: Plan = Plan(), progress: Progress = print) -> Result:
    """Train each cell at each length, from several seeds."""
    sequences, errors = [], []
    for length in plan.lengths:
        for cell in plan.cells:
            learnt = []
            program = _program(plan, cell, length)
            for seed in range(plan.seeds):
                begun = time.perf_counter()
                learnt.append(learn(plan, program, length, seed))
                progress(
                    f"T {length}, {cell}, seed {seed}: {learnt[-1].sequences or 'not'} solved, "
                    f"MSE {learnt[-1].mse:.4f}, {time.perf_counter() - begun:.0f} s"
                )
            values = {"cell": Message("label", CELLS[cell]), "length": length}
            sequences.append(
                Row(
                    Message(
                        "row.sequences",
                        N_("{cell}, T = {length}: sequences seen until the MSE is below 0.01"),
                        values,
                    ),
                    tuple(each.sequences for each in learnt),
                    digits=0,
                )
            )
            errors.append(
                Row(
                    Message("row.mse", N_("{cell}, T = {length}: MSE at the end"), values),
                    tuple(each.mse for each in learnt),
                    digits=4,
                )
            )
    guess = Row(
        Message("row.guess", N_("Guessing 1 each time: MSE")),
        tuple(_guessing(plan, length) for length in plan.lengths),
        GUESSING,
        digits=4,
    )
    return Result(
        "adding",
        Message("measure", N_("Sequences seen, and mean squared error on 1,024 fresh sequences")),
        (guess, *sequences, *errors),
        (
            Message(
                "settings",
                N_(
                    "One layer of {units} units, Adam with a learning rate of {rate}, batches of "
                    "{batch}, gradients clipped to a norm of {clip}; every sequence is seen once. "
                    "Judged every {every} sequences, given up after {most}; {seeds} seeds."
                ),
                {
                    "units": plan.units,
                    "rate": plan.learning_rate,
                    "batch": plan.batch,
                    "clip": f"{plan.clip:g}",
                    "every": f"{plan.judged_every:,}",
                    "most": f"{plan.most:,}",
                    "seeds": plan.seeds,
                },
            ),
        ),
        tuple(range(plan.seeds)),
    )


def learn(plan: Plan, program: Program, length: int, seed: int) -> Learnt:
    """Show ``program`` fresh sequences until it adds them up, or the plan gives up."""
    program.reset(_train_config(plan, seed))
    fresh = Sequences(length, seed)
    judged, targets = _judged(plan, length)
    truth = judged[targets, 0]
    parts = program.forecast_batches(targets)
    batches = plan.judged_every // plan.batch
    weights = np.ones((batches, plan.batch), np.float32)
    seen, mse = 0, float("nan")
    while seen < plan.most:
        frames, ends = fresh.draw(batches * plan.batch)
        program.train(
            frames,
            ends.reshape(batches, plan.batch).astype(np.int32),
            weights,
            0,
            batches,
        )
        seen += batches * plan.batch
        answers = program.forecast(judged, parts).ravel()[: len(truth)]
        mse = float(np.mean(np.square(answers - truth)))
        if mse < SOLVED:
            return Learnt(seen, mse)
        if not np.isfinite(mse):
            break
    return Learnt(None, mse)


def _program(plan: Plan, cell: str, length: int) -> Program:
    return Program(
        ModelConfig(cell=cell, hidden_size=plan.units, initialization="keras"),
        _train_config(plan, 0),
        length,
        min(256, plan.judged_on),
        batch=plan.batch,
        features=3,
    )


def _train_config(plan: Plan, seed: int) -> TrainConfig:
    return TrainConfig(
        learning_rate=plan.learning_rate, batch_size=plan.batch, clip=plan.clip, seed=seed
    )


def _judged(plan: Plan, length: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    return Sequences(length, seed=2**31).draw(plan.judged_on)  # no run has this seed


def _guessing(plan: Plan, length: int) -> float:
    frames, targets = _judged(plan, length)
    return float(np.mean(np.square(frames[targets, 0] - 1)))
