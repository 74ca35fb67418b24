"""A stock Keras model as a :class:`Network`, read by what it tells of itself.

Keras is never imported here: whoever holds a model has it loaded already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from rnn_core.inside.activations import Floats
from rnn_core.inside.network import BLOCKS, Layer, Network
from rnn_core.messages import N_, ConfigError, Message

KERAS_CELLS: Mapping[str, str] = {"SimpleRNN": "rnn", "LSTM": "lstm", "GRU": "gru"}
PASSED_OVER = frozenset({"InputLayer", "Dropout"})  # they change nothing in a forecast


def network_of_model(model: Any) -> Network:
    """Read a Keras model: SimpleRNN, LSTM or GRU layers of one kind, then one linear Dense.

    The layers of a subclass of ``keras.Model`` are taken to follow each other in the order in which
    it has them; a functional model says itself what each of them reads. Raises ``ConfigError`` for
    a model of other parts, one whose layers do not follow each other, and one without weights yet.
    """
    layers: list[Layer] = []
    head: tuple[Floats, Floats] | None = None
    for layer in model.layers:
        kind = type(layer).__name__
        if kind in PASSED_OVER:
            continue
        config = layer.get_config()
        if head is not None or kind not in {*KERAS_CELLS, "Dense"}:
            raise _unreadable(f"{kind} '{layer.name}'")
        if not layer.get_weights():
            raise _unreadable(f"{kind} '{layer.name}', not built yet")
        if kind == "Dense":
            if config["activation"] != "linear":
                raise _unreadable(f"{kind} '{layer.name}', activation {config['activation']}")
            head = _head(layer.get_weights())
        else:
            if config["go_backwards"] or config["stateful"]:
                raise _unreadable(f"{kind} '{layer.name}', go_backwards or stateful")
            layers.append(_layer(KERAS_CELLS[kind], config, layer.get_weights()))
            returns_last = not config["return_sequences"]
    if head is None or not layers or not returns_last:
        raise _unreadable(", ".join(type(layer).__name__ for layer in model.layers))
    if astray := _astray(_parts(model)):
        raise _unreadable(astray)
    return Network(tuple(layers), *head)


def _parts(model: Any) -> list[Mapping[str, Any]]:
    """Give what a functional model says of its layers and of what each reads; of others nothing."""
    if not any(base.__name__ == "Functional" for base in type(model).__mro__):
        return []
    try:
        said = model.get_config().get("layers", [])
    except NotImplementedError:  # a subclass with arguments of its own
        return []
    reads = isinstance(said, list) and all(
        isinstance(part, Mapping) and "inbound_nodes" in part for part in said
    )
    return said if reads else []


def _astray(parts: list[Mapping[str, Any]]) -> str:
    """Name the part of a functional model that does not read the one before it, and it alone.

    Such as a decoder that begins with an encoder's state, or a layer that is used twice.
    """
    for before, part in pairwise(parts):
        read = [(layer, tensor) for layer, _call, tensor in _origins(part["inbound_nodes"])]
        if read != [(before["name"], 0)]:
            return f"{part['class_name']} '{part['name']}', which reads not only the layer before"
    return ""


def _origins(node: Any) -> Iterator[tuple[str, int, int]]:
    """Give where all tensors in a part's calls come from: layer, call, which of its outputs."""
    if isinstance(node, Mapping):
        if "keras_history" in node:
            yield tuple(node["keras_history"])
        for each in node.values():
            yield from _origins(each)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from _origins(each)


def _layer(cell: str, config: Mapping[str, Any], weights: list[Floats]) -> Layer:
    reset_after = bool(config.get("reset_after", True))
    kernel, recurrent = weights[:2]
    width = len(BLOCKS[cell]) * recurrent.shape[0]
    no_bias = np.zeros((2, width) if cell == "gru" and reset_after else width, kernel.dtype)
    return Layer(
        cell,
        kernel,
        recurrent,
        weights[2] if len(weights) > 2 else no_bias,
        str(config["activation"]),
        str(config.get("recurrent_activation", "sigmoid")),
        reset_after,
    )


def _head(weights: list[Floats]) -> tuple[Floats, Floats]:
    kernel = weights[0]
    return kernel, weights[1] if len(weights) > 1 else np.zeros(kernel.shape[1], kernel.dtype)


def _unreadable(received: str) -> ConfigError:
    return ConfigError(
        Message(
            "inside.model",
            N_(
                "To look inside, a model must be SimpleRNN, LSTM or GRU layers that read forward, "
                "the last one giving its last step alone, and one linear Dense after them. "
                "Received: {received}."
            ),
            {"received": received},
        )
    )
