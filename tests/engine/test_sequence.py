"""The network that reads a whole series, against its formula by hand and a plain training loop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from rnn_core.engine.sequence import SequenceConfig, SequenceNetwork, lagged

CONFIG = SequenceConfig(
    units=4, lags=3, learning_rate=0.01, decay=0.01, steps=3, precision="float64"
)
VALUES = 1 + 0.3 * np.sin(np.arange(30) * 0.7)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def by_hand(weights: list[np.ndarray], known: np.ndarray, steps: int) -> np.ndarray:
    """Go through ``known`` and ``steps`` further: layer norm, LSTM, what is above 0, dense."""
    gain, shift, kernel, recurrent, bias, out, offset = weights
    seen, h, c = [0.0] * len(gain), np.zeros(len(recurrent)), np.zeros(len(recurrent))
    answers: list[float] = []
    for t in range(len(known) + steps - 1):
        seen = [*seen[1:], known[t] if t < len(known) else answers[-1]]
        x = (np.array(seen) - np.mean(seen)) / np.sqrt(np.var(seen) + 1e-5) * gain + shift
        i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        answers.append(float(np.maximum(h, 0) @ out[:, 0] + offset[0]))
    return np.array(answers[len(known) - 1 :])


def test_the_last_values_are_seen_with_zeros_before_the_first() -> None:
    np.testing.assert_array_equal(lagged(np.array([1.0, 2, 3]), 2), [[0, 1], [1, 2], [2, 3]])


@pytest.fixture(scope="module")
def network() -> SequenceNetwork:
    return SequenceNetwork(CONFIG, seed=3)


def test_it_learns_as_a_plain_loop_does(network: SequenceNetwork) -> None:
    network.reset(3)
    twin = SequenceNetwork(CONFIG, seed=3)
    weights = twin.model.trainable_variables
    x, y = lagged(VALUES[:-1], CONFIG.lags)[None], VALUES[1:]
    for _ in range(CONFIG.steps):
        with tf.GradientTape() as tape:
            error = tf.reduce_mean(tf.square(twin.model(x)[0, :, 0] - y))
            # Half of its squares has a weight itself for its gradient.
            size = tf.add_n([tf.reduce_sum(tf.square(weight)) for weight in weights])
            loss = error + CONFIG.decay / 2 * size
        twin.optimizer.apply(tape.gradient(loss, weights), weights)
    assert network.fit(VALUES) == pytest.approx(float(error), rel=1e-9)
    for ours, plain in zip(network.model.get_weights(), twin.model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, plain, rtol=1e-9)
    learnt = [weight.copy() for weight in network.model.get_weights()]
    network.reset(3)
    assert network.fit(VALUES) == pytest.approx(float(error), rel=1e-9)  # nothing is left over
    for before, after in zip(learnt, network.model.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_it_goes_on_with_its_own_output(network: SequenceNetwork) -> None:
    network.reset(5)
    weights = network.model.get_weights()
    for known in (VALUES[:20], VALUES[:1]):
        ahead = network.forecast(known, 12)
        np.testing.assert_allclose(ahead, by_hand(weights, known, 12), rtol=1e-9)


def test_it_starts_as_pytorch_does_and_without_a_norm_if_asked() -> None:
    plain = SequenceNetwork(replace(CONFIG, normalised=False, units=25), seed=0)
    weights = plain.model.get_weights()
    assert [weight.shape for weight in weights] == [(3, 100), (25, 100), (100,), (25, 1), (1,)]
    assert all(np.abs(weight).max() <= 0.2 for weight in weights)
    assert np.abs(weights[1]).max() > 0.19
