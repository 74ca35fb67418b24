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

VANISHING = Preset(
    N_("Where a gradient vanishes"),
    N_(
        "A plain RNN on an echo of what was 20 steps ago: seconds to train, and it cannot learn it."
    ),
    {
        **_network_and_training(
            cell="rnn", init="normal", optimizer="sgd", learning_rate=0.1, clip=1.0, epochs=50
        ),
        **{"series": "echo", "parameters": "delay=20,strength=0.95", "length": 2000},
        **{"noise": 0.0, "series-seed": 0, "seed": 0},
        **{"log": False, "difference": "none", "timesteps": 24, "validation": 0.1, "test": 0.1},
    },
)
"""The lesson of the textbook, with its series: the same with an LSTM or a GRU can be learnt."""
