"""The optimizers' updates as functions of what they change, to the numbers of stock Keras.

A stock optimizer changes one variable after the other, each by operations of its own. Here all
weights lie in one vector, and so does what is kept of each: a few operations for all of them, and
no variable for which another program would have to wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from rnn_core.config import TrainConfig

Tensor = Any

BETAS = 0.9, 0.999
RHO = 0.9
EPSILON = 1e-7


class State(NamedTuple):
    """What training changes: ``weights`` ``(n,)``, all of a network's.

    ``count`` is the number of updates so far, ``rate`` the learning rate; ``kept`` are vectors
    ``(n,)`` of what the optimizer remembers.
    """

    weights: Tensor
    count: Tensor
    rate: Tensor
    kept: list[Tensor]


def state_of(weights: Sequence[Tensor], variables: Sequence[Tensor]) -> State:
    """Lay out ``weights``, and a stock optimizer's ``variables`` in its order."""
    count, rate, *kept = map(tf.convert_to_tensor, variables)
    each = len(kept) // len(weights)
    return State(flat(weights), count, rate, [flat(kept[place::each]) for place in range(each)])


def assign(state: State, weights: Sequence[Any], variables: Sequence[Any]) -> None:
    """Give variables their values back, in the order of :func:`state_of`."""
    shapes = [weight.shape for weight in weights]
    kept = zip(*(shaped(vector, shapes) for vector in state.kept), strict=True)
    values = [*shaped(state.weights, shapes), state.count, state.rate]
    values += [value for of_weight in kept for value in of_weight]
    for variable, value in zip((*weights, *variables), values, strict=True):
        variable.assign(value)


def flat(tensors: Sequence[Tensor]) -> Tensor:
    """Lay tensors out in one vector."""
    return tf.concat([tf.reshape(tensor, [-1]) for tensor in tensors], axis=0)


def shaped(vector: Tensor, shapes: Sequence[Any]) -> list[Tensor]:
    """Take apart what :func:`flat` has put together."""
    parts = tf.split(vector, [shape.num_elements() for shape in shapes])
    return [tf.reshape(part, shape) for part, shape in zip(parts, shapes, strict=True)]


def updated(train: TrainConfig, state: State, gradient: Tensor) -> State:
    """Give the state after one update with ``gradient`` ``(n,)``, clipped by its norm if at all."""
    if train.clip:
        (gradient,), _ = tf.clip_by_global_norm([gradient], train.clip)
    following = state._replace(count=state.count + 1)
    change, kept = RULES[train.optimizer](train, following, gradient)
    return following._replace(weights=state.weights - change, kept=kept)


def adam(train: TrainConfig, state: State, gradient: Tensor) -> Any:
    """Kingma & Ba 2015, Adam, algorithm 1 in the order of operations of its section 2."""
    first, second = BETAS
    m, v = state.kept
    count = tf.cast(state.count, gradient.dtype)
    rate = state.rate * tf.sqrt(1 - tf.pow(second, count)) / (1 - tf.pow(first, count))
    m = m + (gradient - m) * (1 - first)
    v = v + (tf.square(gradient) - v) * (1 - second)
    return m * rate / (tf.sqrt(v) + EPSILON), [m, v]


def sgd(train: TrainConfig, state: State, gradient: Tensor) -> Any:
    """Gradient descent with momentum (Polyak 1964)."""
    change = state.rate * gradient
    if not train.momentum:
        return change, []
    velocity = train.momentum * state.kept[0] - change
    return -velocity, [velocity]


def rmsprop(train: TrainConfig, state: State, gradient: Tensor) -> Any:
    """Tieleman & Hinton 2012, RMSprop."""
    v = RHO * state.kept[0] + (1 - RHO) * tf.square(gradient)
    return state.rate * gradient / tf.sqrt(v + EPSILON), [v]


RULES: Mapping[str, Callable[[TrainConfig, State, Tensor], tuple[Tensor, list[Tensor]]]] = {
    "adam": adam,
    "sgd": sgd,
    "rmsprop": rmsprop,
}
"""Each gives what is taken from the weights, and what is kept from now on."""
