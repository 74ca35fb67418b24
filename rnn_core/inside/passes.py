"""Through a whole network: forward over windows, back through time, gradients of the weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_core.inside import gru, lstm, rnn
from rnn_core.inside.activations import Floats
from rnn_core.inside.network import Layer, Network
from rnn_core.inside.trace import Backward, Trace, before
from rnn_core.messages import N_, ConfigError, Message
from rnn_core.quantiles import QUANTILES

PREDICT_CELLS = 2**20  # values of h in one layer that are in memory at once


@dataclass(frozen=True)
class CellMath:
    """A kind of layer: its way forward, and its way back."""

    forward: Callable[[Layer, Floats], Trace]
    backward: Callable[[Layer, Trace, Floats], Backward]


CELL_MATH: Mapping[str, CellMath] = {
    "rnn": CellMath(rnn.forward, rnn.backward),
    "lstm": CellMath(lstm.forward, lstm.backward),
    "gru": CellMath(gru.forward, gru.backward),
}


@dataclass(frozen=True, eq=False)
class Forward:
    """What every layer computed, and the network's output ``(windows, outputs)``."""

    traces: tuple[Trace, ...]
    output: Floats


@dataclass(frozen=True)
class Loss:
    """A loss of one window, the mean over its outputs, and its slope, both by the error y - y*.

    Errors ``(windows, outputs)``: which output it is of may matter.
    """

    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


# As Keras defines them; Huber's bend is at 1.
LOSSES: Mapping[str, Loss] = {
    "mse": Loss(np.square, lambda error: 2 * error),
    "mae": Loss(np.abs, np.sign),
    "huber": Loss(
        lambda error: np.where(np.abs(error) <= 1, 0.5 * error * error, np.abs(error) - 0.5),
        lambda error: np.clip(error, -1, 1),
    ),
    "quantile": Loss(lambda error: error * _pull(error), lambda error: _pull(error)),
}


def _pull(error: Floats) -> Floats:
    """Give the slope of the pinball loss; outputs are the quantiles of a step, step after step."""
    quantiles = np.resize(np.array(QUANTILES, error.dtype), error.shape[-1])
    return np.where(error < 0, -quantiles, 1 - quantiles)


def forward(network: Network, windows: Floats) -> Forward:
    """Go through ``windows`` ``(windows, timesteps, features)``, each from a state of zeros.

    Computes in the network's type. Raises ``ConfigError`` for another shape, and where a value
    is no number.
    """
    x = np.ascontiguousarray(np.swapaxes(checked(network, windows), 0, 1))
    traces = []
    for layer in network.layers:
        traces.append(CELL_MATH[layer.cell].forward(layer, x))
        x = traces[-1].h
    return Forward(tuple(traces), x[-1] @ network.head_kernel + network.head_bias)


def predict(network: Network, windows: Floats) -> Floats:
    """Give the outputs ``(windows, outputs)`` for ``(windows, timesteps, features)``.

    Goes through some windows at a time, so that thousands of long ones need little memory.
    """
    cells = max(1, windows.shape[1] if windows.ndim > 1 else 1) * network.layers[-1].units
    size = max(1, PREDICT_CELLS // cells)
    if len(windows) <= size:
        return forward(network, windows).output
    parts = [windows[first : first + size] for first in range(0, len(windows), size)]
    return np.concatenate([forward(network, part).output for part in parts])


def backward(network: Network, passed: Forward, doutput: Floats) -> tuple[Backward, ...]:
    """Go back from the output through layers and time; gives one :class:`Backward` a layer.

    ``doutput`` ``(windows, outputs)`` is the derivative, by the output, of the number whose
    derivatives are wanted. Where they explode beyond the type's range they are infinite.
    """
    ways: list[Backward] = []
    from_above = np.zeros_like(passed.traces[-1].h)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        from_above[-1] = doutput.astype(network.dtype, copy=False) @ network.head_kernel.T
        for layer, trace in zip(network.layers[::-1], passed.traces[::-1], strict=True):
            way = CELL_MATH[layer.cell].backward(layer, trace, from_above)
            from_above = way.dx
            ways.append(way)
    return tuple(ways[::-1])


def loss_of(name: str, output: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Give each window's loss ``(windows,)`` and its derivative by the output.

    ``output`` and ``target`` have the shape ``(windows, outputs)``; ``name`` is a key of
    ``LOSSES``. A target that is NaN is not known and does not count. With fewer targets than
    outputs, each is that of as many outputs next to each other: a step's quantiles.
    """
    loss = LOSSES[name]
    target = np.repeat(target, output.shape[1] // target.shape[1], axis=1)
    unknown = np.isnan(target)
    error = np.where(unknown, 0, output - target)
    counted = np.maximum(np.sum(~unknown, axis=1, keepdims=True), 1).astype(error.dtype)
    values, slopes = (np.where(unknown, 0, each(error)) for each in (loss.value, loss.slope))
    return values.sum(axis=1) / counted[:, 0], slopes / counted


def weight_gradients(
    network: Network, windows: Floats, targets: Floats, loss: str = "mse"
) -> tuple[Floats, ...]:
    """Give the gradient of the mean loss over windows by every weight, in Keras's order.

    ``windows`` ``(windows, timesteps, features)``, ``targets`` ``(windows, outputs)``. Dropout is
    off, as it is in a forecast.
    """
    passed = forward(network, windows)
    doutput = loss_of(loss, passed.output, targets.astype(network.dtype, copy=False))[1]
    doutput = (doutput / len(windows)).astype(network.dtype, copy=False)
    found: list[Floats] = []
    ways = backward(network, passed, doutput)
    with np.errstate(over="ignore", invalid="ignore"):
        for layer, trace, way in zip(network.layers, passed.traces, ways, strict=True):
            found += _layer_gradients(layer, trace, way)
        found += [passed.traces[-1].h[-1].T @ doutput, doutput.sum(axis=0)]
    return tuple(found)


def gradient_norms(
    network: Network, windows: Floats, targets: Floats, loss: str = "mse"
) -> list[float]:
    """Give the norm of :func:`weight_gradients` of each layer, and of the head at the end."""
    found = weight_gradients(network, windows, targets, loss)
    parts = [found[3 * index : 3 * index + 3] for index in range(len(network.layers))]
    return [
        float(np.sqrt(sum(float(np.square(array.astype(np.float64)).sum()) for array in part)))
        for part in [*parts, found[-2:]]
    ]


def _layer_gradients(layer: Layer, trace: Trace, way: Backward) -> list[Floats]:
    def product(left: Floats, right: Floats) -> Floats:
        found: Floats = left.reshape(-1, left.shape[-1]).T @ right.reshape(-1, right.shape[-1])
        return found

    last = before(trace.h)
    recurrent = product(last, way.da_recurrent)
    bias: Any = way.da.sum(axis=(0, 1))
    if layer.cell == "gru" and layer.reset_after:
        bias = np.stack([bias, way.da_recurrent.sum(axis=(0, 1))])
    elif layer.cell == "gru":
        candidate = layer.block("candidate")
        reset = trace.gates["r"] * last
        recurrent[:, candidate] = product(reset, way.da[:, :, candidate])
    return [product(trace.inputs, way.da), recurrent, bias]


def checked(network: Network, windows: Floats, received: tuple[int, ...] | None = None) -> Floats:
    """Give the windows in the network's type, or raise ``ConfigError``.

    ``received`` is the shape to be named in the error, where an axis was added to what was given.
    """
    if windows.ndim != 3 or windows.shape[2] != network.features or 0 in windows.shape:
        raise ConfigError(
            Message(
                "inside.window",
                N_(
                    "A window must have the shape (timesteps, {features}), several of them "
                    "(windows, timesteps, {features}), with at least one time step. "
                    "Received: {received}."
                ),
                {"features": network.features, "received": str(received or windows.shape)},
            )
        )
    with np.errstate(over="ignore"):  # what is beyond the type's range is refused as no number
        cast = windows.astype(network.dtype, copy=False)
    if not np.isfinite(cast).all():
        window, step, _ = (int(place) for place in np.argwhere(~np.isfinite(cast))[0])
        raise ConfigError(
            Message(
                "inside.nan",
                N_(
                    "Every value of a window must be a number. Received: {received} at time step "
                    "{step} of window {window}, counted from 0."
                ),
                {"received": str(windows[window, step]), "step": step, "window": window},
            )
        )
    return cast
