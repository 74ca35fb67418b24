"""NeuroBench's chaotic function prediction: the Mackey-Glass equation, on its own output."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.forecast.accuracy import smape
from rnn_core.messages import N_, Message
from rnn_core.reproduce.free_runs import NETWORKS, FreeRuns
from rnn_core.reproduce.results import Progress, Result, Row
from rnn_core.series.generators.chaotic import STEP, solve_mackey_glass

Floats = NDArray[np.float64]

# NeuroBench's parameters of the series with a delay of 17: its Lyapunov time, the constant it was
# before t = 0, and the points to a Lyapunov time.
LYAPUNOV_TIME, CONSTANT_PAST, POINTS = 197, 0.7206597, 75


@dataclass(frozen=True)
class Plan:
    """What is run: NeuroBench's sizes.

    ``known`` and ``ahead`` are numbers of Lyapunov times to train on and to forecast. ``trained``
    is how often the networks are trained, None for as often as they were.
    """

    repeats: int = 30
    known: float = 10.0
    ahead: float = 10.0
    networks: tuple[str, ...] = tuple(NETWORKS)
    trained: int | None = None


def run(plan: Plan = Plan(), progress: Progress = print) -> Result:
    """Train on a stretch of the series, forecast the next one freely; again half a time later."""
    targets, ahead = round(plan.known * POINTS), round(plan.ahead * POINTS)
    known = targets + 1  # the first value follows none
    starts = [int(repeat * POINTS / 2) for repeat in range(plan.repeats)]
    values = sampled(starts[-1] + known + ahead)
    stretches = [values[start : start + known + ahead] for start in starts]
    rows = []
    for name in plan.networks:
        free_run = NETWORKS[name].make(plan.trained)
        scores = []
        for seed, stretch in enumerate(stretches[: NETWORKS[name].starts]):
            runs = free_run(stretch[:known], ahead, seed)
            scores.append(judged(stretch, known, runs))
            told = ", over its training ".join(f"{score:.2f}" for score in scores[-1])
            progress(f"{name}, start {starts[seed]}: {told}")
        rows += _rows(name, scores)
    rows += [
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
        Message(
            "measure",
            N_(
                "sMAPE of a free run, 0 to 200 %: after the part that was trained on, or through "
                "it."
            ),
        ),
        tuple(rows),
        _settings(plan, targets, ahead),
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


def judged(stretch: Floats, known: int, runs: FreeRuns) -> tuple[float, ...]:
    """Give the sMAPE after the training part, and of the run through it if there is one."""
    after = bounded_smape(stretch[known:], runs.after)
    if runs.through is None:
        return (after,)
    return after, bounded_smape(stretch[known - len(runs.through) : known], runs.through)


def bounded_smape(truth: Floats, forecast: Floats) -> float:
    """Give the sMAPE; 200 for a forecast that ran away, as NeuroBench has it."""
    found = smape(truth, forecast)
    return found if math.isfinite(found) else 200.0


def _rows(name: str, scores: list[tuple[float, ...]]) -> list[Row]:
    network = NETWORKS[name]
    named = {"network": Message("label", network.label)}
    after, *through = zip(*scores, strict=True)
    label = Message("row.after", N_("{network}: after training"), named)
    rows = [Row(label, after, network.after, summary="mean")]
    for values in through:
        label = Message("row.through", N_("{network}: through training"), named)
        rows.append(Row(label, values, network.through, summary="mean"))
    return rows


def _settings(plan: Plan, targets: int, ahead: int) -> tuple[Message, ...]:
    return (
        Message(
            "settings.series",
            N_(
                "Delay 17, {points} points to a Lyapunov time of {time}; {known} points to "
                "train on, the next {ahead} forecast from the network's own output; "
                "up to {repeats} times, each half a Lyapunov time later and with another seed."
            ),
            {
                "points": POINTS,
                "time": LYAPUNOV_TIME,
                "known": targets,
                "ahead": ahead,
                "repeats": plan.repeats,
            },
        ),
        Message(
            "settings.lstm",
            N_(
                "NeuroBench's LSTM reads the part from its first value to its last and keeps its "
                "state and the gradient through all of it. At each point it sees the last 50 "
                "values in one vector, which is standardised on its own. 200 steps of Adam with a "
                "learning rate of 0.005 and a weight decay of 0.001, each on the whole part."
            ),
        ),
        Message(
            "settings.reservoir",
            N_(
                "The echo state network has 186 units, a spectral radius of 1.09 and a leak of "
                "0.58; its way out is fitted by ridge regression, without the first 45 points."
            ),
        ),
        Message(
            "settings.windows",
            N_(
                "The LSTM on windows sees 50 timesteps from a state of zeros, standardised on the "
                "training part; Adam with a learning rate of 0.005, batches of 32, 100 epochs."
            ),
        ),
    )


def _constant(stretch: Floats, known: int, value: float) -> float:
    return smape(stretch[known:], np.full(len(stretch) - known, value))
