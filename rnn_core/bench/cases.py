"""What is measured: networks from tiny to large, each on the same windows everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnn_core.config import Experiment
from rnn_core.series.series import Series
from rnn_core.windows import Windows, prepare, split_in_time


@dataclass(frozen=True)
class Case:
    """A network, its batch, and on how many windows it is trained."""

    cell: str
    hidden: int
    layers: int
    timesteps: int
    batch: int
    windows: int

    @property
    def name(self) -> str:
        """Its name in the table."""
        return f"{self.cell.upper()} {self.hidden}×{self.layers} T {self.timesteps} ({self.batch})"

    def experiment(self) -> Experiment:
        """Give it as an experiment; the series is handed in."""
        return Experiment.from_values(
            {
                "cell": self.cell,
                "hidden": self.hidden,
                "layers": self.layers,
                "timesteps": self.timesteps,
                "batch-size": self.batch,
                "learning-rate": 0.001,
                "epochs": 10_000,
                "log": False,
                "difference": "none",
                "validation": 0.01,
                "test": 0.01,
            }
        )

    def prepared(self) -> Windows:
        """Give as many training windows as the case asks for, of a noisy sine."""
        experiment = self.experiment()
        length = self.windows + self.timesteps
        while split_in_time(length, experiment.window).validation - self.timesteps != self.windows:
            length += 1
        steps = np.arange(length)
        noise = np.random.default_rng(0).normal(0, 0.1, length)
        series = Series(self.name, np.sin(2 * np.pi * steps / 25) + noise, steps)
        return prepare(experiment, series)

    @property
    def product_flops(self) -> float:
        """Floating point operations of an epoch's matrix products, two for a multiply-add.

        One window and time step take the product with W_xh (forward, gradient of W; gradient of
        the input too, but for the first layer) and that with W_hh (forward and both gradients).
        """
        gates = {"lstm": 4, "gru": 3, "rnn": 1}[self.cell]
        from_h = 3 * 2 * gates * self.hidden**2
        first = 2 * 2 * gates * self.hidden
        return self.windows * self.timesteps * (first + from_h + (self.layers - 1) * 2 * from_h)


CASES = (
    Case("lstm", 8, 1, 12, 32, 500),
    Case("lstm", 32, 1, 24, 32, 512),
    Case("lstm", 50, 3, 30, 32, 992),
    Case("lstm", 64, 2, 48, 32, 1984),
    Case("lstm", 128, 2, 60, 64, 1984),
    Case("gru", 64, 1, 48, 32, 992),
    Case("rnn", 32, 1, 24, 32, 992),
    Case("lstm", 256, 1, 100, 64, 960),
)
QUICK = CASES[:2]
