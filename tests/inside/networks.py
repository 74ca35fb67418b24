"""Networks and windows drawn at random, for the tests of this folder."""

import numpy as np

from rnn_core.inside.network import BLOCKS, Layer, Network

KINDS = [("rnn", True), ("lstm", True), ("gru", True), ("gru", False)]


def network(cell, units=3, layers=1, features=1, outputs=1, seed=0, dtype=np.float64, **options):
    """Draw every weight from a normal distribution, the biases too."""
    random = np.random.default_rng(seed)
    reset_after = options.setdefault("reset_after", True)

    def draw(*shape):
        return (random.normal(size=shape) / np.sqrt(units)).astype(dtype)

    stack = []
    for _ in range(layers):
        width = len(BLOCKS[cell]) * units
        bias = draw(2, width) if cell == "gru" and reset_after else draw(width)
        kernel, recurrent = draw(features, width), draw(units, width)
        stack.append(Layer(cell, kernel, recurrent, bias, **options))
        features = units
    return Network(tuple(stack), draw(units, outputs), draw(outputs))


def windows(count, steps, features=1, seed=1, dtype=np.float64):
    return np.random.default_rng(seed).normal(size=(count, steps, features)).astype(dtype)
