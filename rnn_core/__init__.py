"""The RNN explorer's library: series, windows, recurrent networks, honest forecasts.

``import rnn_core`` is light; names that need TensorFlow load it on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rnn_core.config import Experiment, ModelConfig, SeriesConfig, TrainConfig, WindowConfig
from rnn_core.messages import ConfigError, RnnError, SeriesError, TrainingError

if TYPE_CHECKING:
    from rnn_core.engine.train import TrainingResult, train
    from rnn_core.inside.inspection import Inspection, inspect
    from rnn_core.series import Series, Table, load_series, read_table

_LAZY = {
    "TrainingResult": "rnn_core.engine.train",
    "train": "rnn_core.engine.train",
    "Inspection": "rnn_core.inside.inspection",
    "inspect": "rnn_core.inside.inspection",
    "Series": "rnn_core.series",
    "Table": "rnn_core.series",
    "load_series": "rnn_core.series",
    "read_table": "rnn_core.series",
}

__all__ = [
    "ConfigError",
    "Experiment",
    "Inspection",
    "ModelConfig",
    "RnnError",
    "Series",
    "SeriesConfig",
    "SeriesError",
    "Table",
    "TrainConfig",
    "TrainingError",
    "TrainingResult",
    "WindowConfig",
    "inspect",
    "load_series",
    "read_table",
    "train",
]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'rnn_core' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_LAZY[name]), name)
