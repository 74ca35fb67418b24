"""The cells that can be chosen, and how many parameters they have.

Kept apart from the engine so that a page can show the number of parameters while the choices
change, without TensorFlow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rnn_core.messages import N_


@dataclass(frozen=True)
class Cell:
    """A kind of layer; all but the convolution are recurrent.

    ``parameters(hidden, features)`` is the number of trainable weights of one layer with
    ``hidden`` units that reads ``features`` values a time step.
    """

    label: str
    parameters: Callable[[int, int], int]
    recurrent: bool = True


# A layer of the convolution looks at so many values, each so many times as far apart as in the
# layer below: 4, 16, 64 and 256 time steps are seen by 1 to 4 layers, with as many weights between
# two layers as between those of an LSTM.
TAPS = 4
DILATION = 4


CELLS: Mapping[str, Cell] = {
    # W_xh, W_hh and b, once for each gate; Keras's GRU (reset_after) has two biases a gate.
    "lstm": Cell(N_("LSTM"), lambda hidden, features: 4 * hidden * (features + hidden + 1)),
    "gru": Cell(N_("GRU"), lambda hidden, features: 3 * hidden * (features + hidden + 2)),
    "rnn": Cell(N_("RNN"), lambda hidden, features: hidden * (features + hidden + 1)),
    "cnn": Cell(N_("CNN"), lambda hidden, features: hidden * (TAPS * features + 1), False),
}


def parameter_count(
    cell: str, hidden: int, layers: int, features: int = 1, outputs: int = 1
) -> int:
    """Count the trainable weights of ``layers`` stacked cells and the dense layer on top.

    >>> parameter_count("lstm", 50, 3)
    50851
    """
    count = CELLS[cell].parameters
    first = count(hidden, features)
    rest = (layers - 1) * count(hidden, hidden)
    return first + rest + outputs * (hidden + 1)
