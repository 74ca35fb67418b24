"""A recurrent network as plain arrays: layers in stock Keras layout and a dense head."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_core.config import ModelConfig
from rnn_core.inside.activations import ACTIVATIONS, Floats
from rnn_core.messages import N_, ConfigError, Message

BLOCKS: Mapping[str, tuple[str, ...]] = {
    "rnn": ("h",),
    "lstm": ("i", "f", "g", "o"),
    "gru": ("z", "r", "candidate"),
}
"""What the columns of a layer's weights belong to, ``units`` columns each, in Keras's order."""


@dataclass(frozen=True, eq=False)
class Layer:
    """The weights of one recurrent layer.

    ``cell`` is a key of ``BLOCKS``. ``kernel`` (W_xh) has the shape ``(features, blocks * units)``,
    ``recurrent_kernel`` (W_hh) ``(units, blocks * units)``, ``bias`` ``(blocks * units,)``, or
    ``(2, 3 * units)`` for a GRU with ``reset_after``: its input's and its state's. Raises
    ``ConfigError`` for other shapes and activations.
    """

    cell: str
    kernel: Floats
    recurrent_kernel: Floats
    bias: Floats
    activation: str = "tanh"
    recurrent_activation: str = "sigmoid"
    reset_after: bool = True

    def __post_init__(self) -> None:
        if self.cell not in BLOCKS:
            raise _no_cell(self.cell)
        for name in (self.activation, self.recurrent_activation):
            if name not in ACTIVATIONS:
                raise ConfigError(
                    Message(
                        "inside.activation",
                        N_("The activation must be one of {known}. Received: '{received}'."),
                        {"known": ", ".join(ACTIVATIONS), "received": name},
                    )
                )
        width = len(BLOCKS[self.cell]) * self.units
        two = self.cell == "gru" and self.reset_after
        for name, array, shape in (
            ("kernel", self.kernel, (self.features, width)),
            ("recurrent_kernel", self.recurrent_kernel, (self.units, width)),
            ("bias", self.bias, (2, width) if two else (width,)),
        ):
            if array.shape != shape:
                raise _shape(f"{self.cell} {name}", shape, array.shape)

    @property
    def units(self) -> int:
        """Number of units."""
        return int(self.recurrent_kernel.shape[0]) if self.recurrent_kernel.ndim else 0

    @property
    def features(self) -> int:
        """Number of values the layer reads a time step."""
        return int(self.kernel.shape[0]) if self.kernel.ndim else 0

    def block(self, name: str) -> slice:
        """Give the columns of a block, one of ``BLOCKS[cell]``."""
        index = BLOCKS[self.cell].index(name)
        return slice(index * self.units, (index + 1) * self.units)

    @property
    def arrays(self) -> tuple[Floats, Floats, Floats]:
        """Give kernel, recurrent kernel and bias, as Keras lists them."""
        return self.kernel, self.recurrent_kernel, self.bias


@dataclass(frozen=True, eq=False)
class Network:
    """Stacked recurrent layers of one kind and a linear dense head on the last time step.

    ``head_kernel`` (W_hy) has the shape ``(units, outputs)``, ``head_bias`` ``(outputs,)``. Raises
    ``ConfigError`` where the parts do not fit together.
    """

    layers: tuple[Layer, ...]
    head_kernel: Floats
    head_bias: Floats

    def __post_init__(self) -> None:
        cells = [layer.cell for layer in self.layers]
        if len(set(cells)) != 1:
            raise ConfigError(
                Message(
                    "inside.layers",
                    N_(
                        "To look inside, a network must have one or more recurrent layers of one "
                        "kind. Received: {received}."
                    ),
                    {"received": ", ".join(cells) or "-"},
                )
            )
        for index, (below, above) in enumerate(
            zip(self.layers[:-1], self.layers[1:], strict=True), start=2
        ):
            if above.features != below.units:
                wanted = (below.units, above.kernel.shape[1])
                raise _shape(f"layer {index} kernel", wanted, above.kernel.shape)
        units, outputs = self.layers[-1].units, self.head_bias.size
        if self.head_kernel.shape != (units, outputs) or self.head_bias.ndim != 1:
            raise _shape("head kernel", (units, outputs), self.head_kernel.shape)

    @property
    def cell(self) -> str:
        """Kind of the layers: a key of ``BLOCKS``."""
        return self.layers[0].cell

    @property
    def features(self) -> int:
        """Number of values the network reads a time step."""
        return self.layers[0].features

    @property
    def outputs(self) -> int:
        """Number of values the network gives."""
        return int(self.head_bias.size)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type in which everything is computed."""
        return self.head_kernel.dtype

    @property
    def arrays(self) -> tuple[Floats, ...]:
        """Give all weights in the order of Keras's ``get_weights``."""
        recurrent = [array for layer in self.layers for array in layer.arrays]
        return (*recurrent, self.head_kernel, self.head_bias)

    def astype(self, dtype: Any) -> Network:
        """Give the network with its weights in another type, float64 say."""
        return self._with([array.astype(dtype, copy=False) for array in self.arrays])

    def switched_off(self, units: Mapping[int, Sequence[int]]) -> Network:
        """Give the network with units switched off: ``{layer: [unit, ...]}``, counted from 0.

        All that goes into these units and all that comes out of them is 0, so their h stays 0 and
        nothing else hears of them: what is left is the network with their rows and columns
        removed. Raises ``ConfigError`` for a layer or a unit that is not there.
        """
        arrays = [array.copy() for array in self.arrays]
        for layer_index, chosen in units.items():
            if not _there(layer_index, len(self.layers)):
                raise _missing("layer", layer_index, len(self.layers))
            layer = self.layers[layer_index]
            for unit in chosen:
                if not _there(unit, layer.units):
                    raise _missing("unit", unit, layer.units)
            off = np.asarray(chosen, np.int64)
            into = (off[:, None] + layer.units * np.arange(len(BLOCKS[layer.cell]))).ravel()
            kernel, recurrent, bias = arrays[3 * layer_index : 3 * layer_index + 3]
            kernel[:, into] = recurrent[:, into] = bias[..., into] = 0
            recurrent[off] = 0
            arrays[3 * layer_index + 3][off] = 0  # the next layer's kernel, or the head's
        return self._with(arrays)

    def _with(self, arrays: Sequence[Floats]) -> Network:
        layers = tuple(
            dataclasses.replace(
                layer,
                kernel=arrays[3 * index],
                recurrent_kernel=arrays[3 * index + 1],
                bias=arrays[3 * index + 2],
            )
            for index, layer in enumerate(self.layers)
        )
        return Network(layers, arrays[-2], arrays[-1])


def network_of(config: ModelConfig, weights: Sequence[Floats]) -> Network:
    """Give the network of an experiment's choices from Keras's ``get_weights``.

    Raises ``ConfigError`` for a cell without a hidden state, or weights of another network.
    """
    if config.cell not in BLOCKS:
        raise _no_cell(config.cell)
    if len(weights) != 3 * config.layers + 2:
        raise ConfigError(
            Message(
                "inside.weights",
                N_(
                    "A network of {layers} recurrent layers has {wanted} arrays of weights. "
                    "Received: {received}."
                ),
                {
                    "layers": config.layers,
                    "wanted": 3 * config.layers + 2,
                    "received": len(weights),
                },
            )
        )
    parts = zip(weights[:-2:3], weights[1:-2:3], weights[2:-2:3], strict=True)
    layers = tuple(Layer(config.cell, *part) for part in parts)
    return Network(layers, weights[-2], weights[-1])


def _no_cell(received: str) -> ConfigError:
    return ConfigError(
        Message(
            "inside.cell",
            N_(
                "To look inside, a network must be made of {known} cells: they have a hidden "
                "state. Received: '{received}'."
            ),
            {"known": ", ".join(BLOCKS), "received": received},
        )
    )


def _shape(what: str, wanted: tuple[int, ...], received: tuple[int, ...]) -> ConfigError:
    return ConfigError(
        Message(
            "inside.shape",
            N_("{what} must have the shape {wanted}. Received: {received}."),
            {"what": what, "wanted": str(wanted), "received": str(received)},
        )
    )


def _there(index: object, count: int) -> bool:
    return isinstance(index, int | np.integer) and 0 <= int(index) < count


def _missing(what: str, received: object, count: int) -> ConfigError:
    templates = {
        "layer": N_("There is no layer {received}: the network has {count}, counted from 0."),
        "unit": N_("There is no unit {received}: the layer has {count}, counted from 0."),
    }
    return ConfigError(
        Message(f"inside.{what}", templates[what], {"received": received, "count": count})
    )
