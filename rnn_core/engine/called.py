"""Compiled functions that are called often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

Tensor = Any


class Called:
    """A TensorFlow function of tensors, traced once for each of their shapes.

    A ``tf.function`` finds out at each call what it was called with, which takes as long as a
    batch of a small network. Nothing here needs AutoGraph, which makes tracing slow: loops over
    tensors are written as ``tf.while_loop``.
    """

    def __init__(self, function: Callable[..., Any], *, jit_compile: bool = False) -> None:
        self._function = tf.function(function, autograph=False, jit_compile=jit_compile)
        self._traced: dict[tuple[Any, ...], Callable[..., Any]] = {}

    def __call__(self, *tensors: Tensor) -> Any:
        """Give what the function gives."""
        shapes = tuple(tensor.shape for tensor in tensors)
        if shapes not in self._traced:
            self._traced[shapes] = self._function.get_concrete_function(*tensors)
        return self._traced[shapes](*tensors)
