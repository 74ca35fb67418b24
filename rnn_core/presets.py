"""Experiments worth starting from, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rnn_core.config import Experiment
from rnn_core.messages import N_


@dataclass(frozen=True)
class Preset:
    """A named set of network and training choices; the series stays what it is."""

    label: str
    help: str
    values: Mapping[str, object]


def _network_and_training(**changed: object) -> dict[str, object]:
    default = Experiment()
    names = {
        *("cell", "hidden", "layers", "dropout", "init"),
        *("optimizer", "learning-rate", "momentum", "batch-size", "epochs", "loss"),
        *("clip", "patience"),
    }
    values = {name: value for name, value in default.values().items() if name in names}
    return values | {name.replace("_", "-"): value for name, value in changed.items()}


PRESETS: Mapping[str, Preset] = {
    "default": Preset(
        N_("One small LSTM"),
        N_("The default: one layer of 32 units, 150 quick epochs."),
        _network_and_training(),
    ),
    "stacked": Preset(
        N_("Classic stacked LSTM"),
        N_("Three LSTM layers of 50 and a dense layer, 50,851 parameters, 10 epochs."),
        _network_and_training(hidden=50, layers=3, learning_rate=0.001, batch_size=32, epochs=10),
    ),
}
