"""What a person can choose, as frozen dataclasses that validate themselves.

An :class:`Experiment` is all of it: which series, how it is cut and prepared, which network, how
it is trained. It is hashable, goes to JSON and back, to a URL's query and back, and two equal
experiments give the same training curve.
"""

from rnn_core.config.backtest import BacktestConfig
from rnn_core.config.experiment import OPTIONS, SECTIONS, Experiment
from rnn_core.config.model import INITIALIZATIONS, ModelConfig
from rnn_core.config.series import SeriesConfig
from rnn_core.config.train import ENGINES, LOSSES, OPTIMIZERS, TrainConfig
from rnn_core.config.window import DIFFERENCES, SCALINGS, WindowConfig

__all__ = [
    "DIFFERENCES",
    "ENGINES",
    "INITIALIZATIONS",
    "LOSSES",
    "OPTIMIZERS",
    "OPTIONS",
    "SCALINGS",
    "SECTIONS",
    "BacktestConfig",
    "Experiment",
    "ModelConfig",
    "SeriesConfig",
    "TrainConfig",
    "WindowConfig",
]
