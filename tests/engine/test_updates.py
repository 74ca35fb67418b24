"""An optimizer's update as a function, against the stock optimizer itself."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnn_core.config import TrainConfig
from rnn_core.engine.build import OPTIMIZERS
from rnn_core.engine.updates import RULES, assign, flat, shaped, state_of, updated

SHAPES = [(3, 4), (4,), (2, 1)]
WAYS = {
    "adam": {},
    "rmsprop": {},
    "sgd": {"momentum": 0.9},
    "sgd without momentum": {"momentum": 0.0},
    "adam, clipped": {"clip": 0.5},
}


def drawn(seed: int) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    return [random.normal(size=shape).astype(np.float32) for shape in SHAPES]


def test_there_is_a_rule_for_each_optimizer():
    assert RULES.keys() == OPTIMIZERS.keys()


@pytest.mark.parametrize("way", WAYS)
def test_updates_are_those_of_the_stock_optimizer(way):
    name = way.split()[0].rstrip(",")
    train = TrainConfig(optimizer=name, learning_rate=0.01, **WAYS[way])
    theirs = [keras.Variable(weight) for weight in drawn(0)]
    stock = OPTIMIZERS[name](train)
    stock.global_clipnorm = train.clip or None
    stock.build(theirs)
    state = state_of(drawn(0), stock.variables)
    for step in range(1, 6):
        gradients = drawn(step)
        stock.apply([tf.constant(gradient) for gradient in gradients])
        state = updated(train, state, flat(gradients))

    ours = [tf.Variable(weight) for weight in drawn(7)]
    kept = [tf.Variable(variable.numpy()) for variable in stock.variables]
    for variable in kept:
        variable.assign(tf.zeros_like(variable))
    assign(state, ours, kept)
    for mine, stocks in zip([*ours, *kept], [*theirs, *stock.variables], strict=True):
        assert mine.numpy() == pytest.approx(stocks.numpy(), rel=1e-5, abs=1e-7)
    assert kept[0].numpy() == 5
    for mine, start in zip(ours, drawn(0), strict=True):
        assert np.abs(mine.numpy() - start).max() > 1e-3


def test_what_is_laid_out_in_one_vector_comes_back():
    tensors = drawn(3)
    vector = flat(tensors)
    assert vector.shape == (3 * 4 + 4 + 2,)
    shapes = [tf.TensorShape(shape) for shape in SHAPES]
    for tensor, back in zip(tensors, shaped(vector, shapes), strict=True):
        assert np.array_equal(tensor, back)
