"""The well-known Keras tutorial on AirPassengers, with the leak it has, and what to hold it to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnn_core.config import OPTIONS, Experiment
from rnn_core.engine.train import train
from rnn_core.engine.trainer import Programs, Trainer, Watcher
from rnn_core.forecast.baselines import persistence, seasonal_naive
from rnn_core.forecast.metrics import rmse
from rnn_core.messages import N_, Message
from rnn_core.reproduce.results import Progress, Result, Row
from rnn_core.series import Series
from rnn_core.series.samples import load_sample
from rnn_core.transform import Transform
from rnn_core.windows import Indices, Split, Windows


@dataclass(frozen=True)
class Framing:
    """How the last values are given to the network, and the RMSE the tutorial reports."""

    label: str
    timesteps: int
    features: int
    train: float
    test: float


FRAMINGS: Mapping[str, Framing] = {
    "look_back": Framing(N_("Look-back of 1"), 1, 1, 22.93, 47.53),
    "window": Framing(N_("Window of 3 as features of one step"), 1, 3, 24.19, 58.03),
    "timesteps": Framing(N_("Three timesteps"), 3, 1, 23.69, 58.88),
}


@dataclass(frozen=True)
class Plan:
    """What is run: the tutorial's settings, how many seeds, and epochs of the default (0: its)."""

    units: int = 4
    epochs: int = 100
    seeds: int = 10
    default_seeds: int = 5
    default_epochs: int = 0


def run(plan: Plan = Plan(), progress: Progress = print) -> Result:
    """Train the three framings and the default experiment."""
    series = load_sample("airline")
    programs = Programs()
    rows = []
    for name, framing in FRAMINGS.items():
        windows = leaking_windows(series, framing)
        errors = []
        for seed in range(plan.seeds):
            errors.append(_tutorial(plan, windows, seed, programs))
            progress(f"{name}, seed {seed}: train {errors[-1][0]:.2f}, test {errors[-1][1]:.2f}")
        label = Message("label", framing.label)
        rows += [
            Row(
                Message("row.train", N_("{framing}: training part"), {"framing": label}),
                tuple(of_train for of_train, _ in errors),
                framing.train,
            ),
            Row(
                Message("row.test", N_("{framing}: test part"), {"framing": label}),
                tuple(of_test for _, of_test in errors),
                framing.test,
            ),
            *_baselines(series, windows.test, label),
        ]
    rows += _default(plan, progress)
    return Result(
        "airpassengers",
        Message("measure", N_("RMSE of one-step forecasts, thousand passengers")),
        tuple(rows),
        (
            Message(
                "settings",
                N_(
                    "LSTM({units}), Adam with a learning rate of 0.001, batches of 1, {epochs} "
                    "epochs, mean squared error; the first 67 % train, {seeds} seeds."
                ),
                {"units": plan.units, "epochs": plan.epochs, "seeds": plan.seeds},
            ),
            Message(
                "settings.leak",
                N_(
                    "The smallest and the largest value of the whole series scale it to 0 to 1, "
                    "the test part's among them: a leak, kept here alone, as the tutorial has it."
                ),
            ),
            Message(
                "settings.default",
                N_(
                    "The default experiment, whose preparation is fitted on the training part "
                    "alone, {seeds} seeds: {options}."
                ),
                {"seeds": plan.default_seeds, "options": _options()},
            ),
        ),
        tuple(range(plan.seeds)),
    )


def leaking_windows(series: Series, framing: Framing) -> Windows:
    """Cut the windows of the tutorial, with its leak and without the last one of each part.

    What is watched while it trains is the training part: there is no validation part.
    """
    values = series.values
    end = int(len(values) * 0.67)
    back = framing.timesteps * framing.features
    low, high = float(values.min()), float(values.max())
    transform = Transform(log=False, lag=0, offset=low, scale=high - low)
    z = transform.forward(values).astype(np.float32)
    before = np.full((len(z), framing.features - 1), np.nan, np.float32)
    for lag in range(1, framing.features):
        before[lag:, lag - 1] = z[:-lag]
    training = np.arange(back, end - 1)
    return Windows(
        series=series,
        split=Split(end, end, len(values)),
        transform=transform,
        timesteps=framing.timesteps,
        z=z,
        covariates=before,
        training=training,
        validation=training,
        test=np.arange(end + back, len(values) - 1),
    )


def _tutorial(plan: Plan, windows: Windows, seed: int, programs: Programs) -> tuple[float, float]:
    experiment = Experiment.from_values(
        {
            "hidden": plan.units,
            "init": "keras",
            "learning-rate": 0.001,
            "batch-size": 1,
            "epochs": plan.epochs,
            "seed": seed,
        }
    )
    outcome = Trainer(experiment, windows, programs).run(Watcher())
    truth = windows.series.values[windows.held_out]
    cut = len(windows.validation)
    forecast = outcome.final.forecast
    return rmse(truth[:cut], forecast[:cut]), rmse(truth[cut:], forecast[cut:])


def _baselines(series: Series, targets: Indices, framing: Message) -> list[Row]:
    truth = series.values[targets]
    seasonal = seasonal_naive(series, targets)
    assert seasonal is not None  # the sample has a season of 12
    values = {"framing": framing}
    return [
        Row(
            Message("row.persistence", N_("{framing}: persistence, same test points"), values),
            (rmse(truth, persistence(series, targets)),),
        ),
        Row(
            Message("row.seasonal", N_("{framing}: seasonal naive, same test points"), values),
            (rmse(truth, seasonal),),
        ),
    ]


def _options() -> str:
    """Write what the default experiment does, as it would be asked for on the command line."""
    told = (
        "difference", "scaling", "log", "timesteps", "cell", "hidden", "layers", "init",
        "optimizer", "learning-rate", "batch-size", "epochs", "loss",
    )  # fmt: skip
    values = Experiment().values()
    return " ".join(f"--{name} {OPTIONS[name].text(values[name])}" for name in told)


def _default(plan: Plan, progress: Progress) -> list[Row]:
    found = []
    for seed in range(plan.default_seeds):
        epochs = {"epochs": plan.default_epochs} if plan.default_epochs else {}
        found.append(train(Experiment.from_values({"seed": seed, **epochs})).scores)
        progress(f"default, seed {seed}: test {found[-1].rmse:.2f}")
    seasonal = found[0].seasonal_naive_rmse
    assert seasonal is not None
    return [
        Row(
            Message("row.default", N_("Default experiment: its test part")),
            tuple(scores.rmse for scores in found),
        ),
        Row(
            Message("row.default_persistence", N_("Default experiment: persistence")),
            (found[0].persistence_rmse,),
        ),
        Row(
            Message("row.default_seasonal", N_("Default experiment: seasonal naive")),
            (seasonal,),
        ),
    ]
