"""Activation functions and their slopes, by the names Keras gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]  # float32, or float64 where finite differences are taken


@dataclass(frozen=True)
class Activation:
    """An elementwise function; ``slope`` is its derivative, given the function's *output*.

    ``tex`` is what stands before its bracket in a formula. ``at_zero`` is its value at 0.
    """

    apply: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    tex: str
    at_zero: float = 0.0


def _sigmoid(x: Floats) -> Floats:
    # σ(x) = (1 + tanh(x / 2)) / 2 neither overflows nor loses the ends: σ(±large) is 1 and 0.
    y: Floats = np.tanh(0.5 * x)
    y *= 0.5
    y += 0.5
    return y


ACTIVATIONS: Mapping[str, Activation] = {
    "tanh": Activation(np.tanh, lambda y: 1 - y * y, r"\tanh"),
    "sigmoid": Activation(_sigmoid, lambda y: y * (1 - y), r"\sigma", 0.5),
    "linear": Activation(np.asarray, np.ones_like, ""),
    "relu": Activation(
        lambda x: np.maximum(x, 0), lambda y: (y > 0).astype(y.dtype), r"\mathrm{relu}"
    ),
}
