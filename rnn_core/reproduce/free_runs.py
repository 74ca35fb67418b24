"""The networks that go on with a chaotic series: NeuroBench's two, and one on windows as here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import Experiment
from rnn_core.engine.program import Program
from rnn_core.engine.sequence import SequenceConfig, SequenceNetwork
from rnn_core.engine.trainer import Programs, Trainer, Watcher
from rnn_core.inside.network import network_of
from rnn_core.inside.passes import predict
from rnn_core.messages import N_
from rnn_core.reproduce.reservoir import Reservoir, ReservoirConfig
from rnn_core.series import Series
from rnn_core.windows import Indices, Windows, prepare_before

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FreeRuns:
    """Forecasts on a network's own output: ``after`` ``(steps,)`` what it was trained on.

    ``through`` goes through that part itself and ends where it ends; None where it is not asked.
    """

    after: Floats
    through: Floats | None = None


FreeRun = Callable[[Floats, int, int], FreeRuns]
"""Of known values ``(k,)``, a number of steps and a seed: trained on the values, then let go."""


@dataclass(frozen=True)
class Network:
    """Who goes on with the series: its name, what was published of it, and what makes it.

    ``after`` and ``through`` are published sMAPEs; ``make`` takes how often it is trained, None for
    as often as it was published. ``starts`` are as many of NeuroBench's 30 as its time allows.
    """

    label: str
    make: Callable[[int | None], FreeRun]
    starts: int = 30
    after: float | None = None
    through: float | None = None


def sequence(config: SequenceConfig) -> Callable[[int | None], FreeRun]:
    """Make NeuroBench's LSTM, trained on the whole part at each step."""

    def make(trained: int | None) -> FreeRun:
        steps_of_adam = config.steps if trained is None else trained
        network = SequenceNetwork(config)

        def free_run(known: Floats, steps: int, seed: int) -> FreeRuns:
            network.reset(seed)
            network.fit(known, steps_of_adam)
            # Through its training part it goes as when it was trained: from the first value on.
            through = network.forecast(known[:1], len(known) - 1)
            return FreeRuns(network.forecast(known, steps), through)

        return free_run

    return make


def reservoir(trained: int | None) -> FreeRun:
    """Make NeuroBench's echo state network."""

    def free_run(known: Floats, steps: int, seed: int) -> FreeRuns:
        network = Reservoir(ReservoirConfig(), seed)
        network.fit(known)
        return FreeRuns(network.forecast(float(known[-1]), steps))

    return free_run


WINDOWS: Mapping[str, Any] = {
    "hidden": 40,
    "init": "keras",
    "timesteps": 50,
    "epochs": 100,
    "batch-size": 32,
    "learning-rate": 0.005,
    "log": False,
    "difference": "none",
    "validation": 0.01,
}


def windows(trained: int | None) -> FreeRun:
    """Make the LSTM that the pages train: on windows, each begun from a state of zeros."""
    programs = Programs()

    def free_run(known: Floats, steps: int, seed: int) -> FreeRuns:
        options = {**WINDOWS, "seed": seed, **({} if trained is None else {"epochs": trained})}
        experiment = Experiment.from_values(options)
        # What is to come is not there to be seen.
        values = np.concatenate([known, np.full(steps, known[-1])])
        series = Series("Mackey-Glass", values, np.arange(len(values)))
        prepared = prepare_before(experiment, series, len(known))
        trainer = Trainer(experiment, prepared, programs)
        trainer.run(Watcher())
        first, end = experiment.window.timesteps, len(known)
        runs = roll_out(trainer.program, prepared, np.array([end, first]), max(steps, end - first))
        return FreeRuns(runs[0, :steps], runs[1, : end - first])

    return free_run


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


NETWORKS: Mapping[str, Network] = {
    "paper": Network(
        N_("LSTM(100), the paper's"),
        sequence(SequenceConfig(units=100, lags=50)),
        starts=15,
        through=13.37,
    ),
    "script": Network(
        N_("LSTM(40), the script's"),
        sequence(SequenceConfig(units=40, lags=50, precision="float64")),
        after=14.35,
        through=15.16,
    ),
    "reservoir": Network(N_("Echo state network"), reservoir, after=14.79),
    "windows": Network(N_("LSTM(40) on windows"), windows, starts=10),
}
