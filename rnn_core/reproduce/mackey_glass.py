"""NeuroBench's chaotic function prediction: the Mackey-Glass equation, on its own output."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import Experiment
from rnn_core.engine.program import Program
from rnn_core.engine.trainer import Programs, Trainer, Watcher
from rnn_core.forecast.accuracy import smape
from rnn_core.inside.network import network_of
from rnn_core.inside.passes import predict
from rnn_core.messages import N_, Message
from rnn_core.reproduce.results import Progress, Result, Row
from rnn_core.series import Series
from rnn_core.series.generators.chaotic import STEP, solve_mackey_glass
from rnn_core.windows import Indices, Windows, prepare_before

Floats = NDArray[np.float64]

# NeuroBench's parameters of the series with a delay of 17: its Lyapunov time, the constant it was
# before t = 0, and the points to a Lyapunov time.
LYAPUNOV_TIME, CONSTANT_PAST, POINTS = 197, 0.7206597, 75
LSTM, ESN = 13.37, 14.79


@dataclass(frozen=True)
class Plan:
    """What is run: NeuroBench's sizes, and how the network here is trained.

    ``known`` and ``ahead`` are numbers of Lyapunov times to train on and to forecast.
    """

    repeats: int = 20
    known: float = 10.0
    ahead: float = 10.0
    cells: tuple[str, ...] = ("lstm",)
    units: int = 40
    timesteps: int = 50
    epochs: int = 100
    batch: int = 32
    learning_rate: float = 0.005


def run(plan: Plan = Plan(), progress: Progress = print) -> Result:
    """Train on a stretch of the series, forecast the next one freely; again half a time later."""
    known, ahead = round(plan.known * POINTS), round(plan.ahead * POINTS)
    starts = [int(repeat * POINTS / 2) for repeat in range(plan.repeats)]
    values = sampled(starts[-1] + known + ahead)
    programs = Programs()
    rows = []
    for cell in plan.cells:
        tested, trained = [], []
        for seed, start in enumerate(starts):
            stretch = values[start : start + known + ahead]
            on_test, on_training = _scores(plan, cell, stretch, known, seed, programs)
            tested.append(on_test)
            trained.append(on_training)
            progress(f"{cell}, start {start}: {on_test:.2f}, over its training {on_training:.2f}")
        name = {"cell": Message("label", {"lstm": N_("LSTM"), "gru": N_("GRU")}[cell])}
        rows += [
            Row(
                Message("row.test", N_("{cell}: the stretch after the training part"), name),
                tuple(tested),
                LSTM if cell == "lstm" else None,
                summary="mean",
            ),
            Row(
                Message("row.training", N_("{cell}: the training part itself"), name),
                tuple(trained),
                summary="mean",
            ),
        ]
    stretches = [values[start : start + known + ahead] for start in starts]
    rows += [
        Row(Message("row.esn", N_("Echo state network")), (), ESN, summary="mean"),
        Row(
            Message("row.mean", N_("Mean of the training part, repeated")),
            tuple(_constant(each, known, float(each[:known].mean())) for each in stretches),
            summary="mean",
        ),
        Row(
            Message("row.last", N_("Last value of the training part, repeated")),
            tuple(_constant(each, known, float(each[known - 1])) for each in stretches),
            summary="mean",
        ),
    ]
    return Result(
        "mackey-glass",
        Message("measure", N_("sMAPE of a free run, 0 to 200 %")),
        tuple(rows),
        (
            Message(
                "settings.series",
                N_(
                    "Delay 17, {points} points to a Lyapunov time of {time}; {known} points to "
                    "train on, the next {ahead} forecast from the network's own output; "
                    "{repeats} times, each half a Lyapunov time later and with another seed."
                ),
                {
                    "points": POINTS,
                    "time": LYAPUNOV_TIME,
                    "known": known,
                    "ahead": ahead,
                    "repeats": plan.repeats,
                },
            ),
            Message(
                "settings.network",
                N_(
                    "One layer of {units} units, windows of {timesteps} timesteps, standardised on "
                    "the training part; Adam with a learning rate of {rate}, batches of {batch}, "
                    "{epochs} epochs."
                ),
                {
                    "units": plan.units,
                    "timesteps": plan.timesteps,
                    "rate": plan.learning_rate,
                    "batch": plan.batch,
                    "epochs": plan.epochs,
                },
            ),
        ),
        tuple(range(plan.repeats)),
    )


def sampled(length: int) -> Floats:
    """Give NeuroBench's series ``(length,)``, 75 points to a Lyapunov time, solved anew here."""
    from scipy.interpolate import CubicSpline

    times = np.arange(length) * LYAPUNOV_TIME / POINTS
    fine = solve_mackey_glass(CONSTANT_PAST, float(times[-1]) + 1)
    between = CubicSpline(np.arange(len(fine)) * STEP, fine)
    at_times: Floats = between(times)
    return at_times


def roll_out(program: Program, windows: Windows, origins: Indices, steps: int) -> Floats:
    """Forecast ``(k, steps)`` from ``origins`` ``(k,)`` on, each fed with its own output.

    In the units of the series; what ran away is no number from there on.
    """
    network = network_of(program.config, program.model.get_weights())
    path = np.concatenate([windows.inputs(origins), np.zeros((len(origins), steps, 1))], axis=1)
    path = path.astype(np.float32)
    for step in range(steps):
        window = path[:, step : step + windows.timesteps]
        going = np.isfinite(window).all(axis=(1, 2))
        path[~going, step + windows.timesteps] = np.nan
        if going.any():
            path[going, step + windows.timesteps] = predict(network, window[going])
    transform = windows.transform
    return path[:, windows.timesteps :, 0].astype(np.float64) * transform.scale + transform.offset


def bounded_smape(truth: Floats, forecast: Floats) -> float:
    """Give the sMAPE; 200 for a forecast that ran away, as NeuroBench has it."""
    found = smape(truth, forecast)
    return found if math.isfinite(found) else 200.0


def _scores(
    plan: Plan, cell: str, stretch: Floats, known: int, seed: int, programs: Programs
) -> tuple[float, float]:
    """Give the sMAPE after the training part, and of a free run through the training part."""
    experiment = Experiment.from_values(
        {
            "cell": cell,
            "hidden": plan.units,
            "init": "keras",
            "timesteps": plan.timesteps,
            "epochs": plan.epochs,
            "batch-size": plan.batch,
            "learning-rate": plan.learning_rate,
            "seed": seed,
            "log": False,
            "difference": "none",
            "validation": 0.01,
        }
    )
    series = Series("Mackey-Glass", stretch, np.arange(len(stretch)))
    windows = prepare_before(experiment, series, known)
    trainer = Trainer(experiment, windows, programs)
    trainer.run(Watcher())
    first, ahead = plan.timesteps, len(stretch) - known
    after, through = roll_out(trainer.program, windows, np.array([known, first]), ahead)
    within = slice(first, min(known, first + ahead))
    return (
        bounded_smape(stretch[known:], after),
        bounded_smape(stretch[within], through[: within.stop - first]),
    )


def _constant(stretch: Floats, known: int, value: float) -> float:
    return smape(stretch[known:], np.full(len(stretch) - known, value))
