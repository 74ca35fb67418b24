"""Which network."""

from __future__ import annotations

from dataclasses import dataclass

from rnn_core.cells import CELLS
from rnn_core.messages import N_, ConfigError, Message
from rnn_core.options import Section, option

INITIALIZATIONS = {
    "keras": N_("Keras default"),
    "normal": N_("Random normal"),
    "orthogonal": N_("Orthogonal"),
    "identity": N_("Identity (plain RNN)"),
}


@dataclass(frozen=True)
class ModelConfig(Section):
    """The network: stacked layers of a cell and one dense layer on the last time step."""

    cell: str = option(
        "lstm",
        "cell",
        N_("Cell"),
        N_(
            "The kind of layer. LSTM, GRU and RNN are recurrent; the CNN, a causal dilated "
            "convolution, is there for contrast and sees 4, 16, 64 or 256 steps by its layers."
        ),
        choices={name: cell.label for name, cell in CELLS.items()},
    )
    hidden_size: int = option(
        32, "hidden", N_("Hidden size"), N_("Units in each layer."), low=1, high=256
    )
    layers: int = option(
        1, "layers", N_("Layers"), N_("Layers on top of each other."), low=1, high=4
    )
    dropout: float = option(
        0.0,
        "dropout",
        N_("Dropout"),
        N_("Share of each layer's outputs that are switched off at random while training."),
        low=0.0,
        high=0.9,
        step=0.05,
    )
    initialization: str = option(
        "orthogonal",
        "init",
        N_("Initialisation"),
        N_("How the recurrent and input weights start."),
        choices=INITIALIZATIONS,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.initialization == "identity" and self.cell != "rnn":
            raise ConfigError(
                Message(
                    "config.identity",
                    N_(
                        "Initialisation (init) 'identity' is for the plain RNN only. "
                        "Received: cell '{cell}'."
                    ),
                    {"cell": self.cell},
                ),
                "init",
            )
