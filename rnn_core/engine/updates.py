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

    ``slots`` are what the optimizer keeps of each weight, such as Adam's two moments, as vectors
    ``(n,)``; ``iterations`` is the number of updates so far.
    """

    weights: Tensor
    iterations: Tensor
    learning_rate: Tensor
    slots: list[Tensor]


def state_of(weights: Sequence[Tensor], variables: Sequence[Tensor]) -> State:
    """Lay out ``weights``, and a stock optimizer's ``variables`` in its order."""
    iterations, learning_rate, *slots = map(tf.convert_to_tensor, variables)
    each = len(slots) // len(weights)
    vectors = [flat(slots[place::each]) for place in range(each)]
    return State(flat(weights), iterations, learning_rate, vectors)


def assign(state: State, weights: Sequence[Any], variables: Sequence[Any]) -> None:
    """Give variables their values back, in the order of :func:`state_of`."""
    shapes = [weight.shape for weight in weights]
    slots = zip(*(shaped(vector, shapes) for vector in state.slots), strict=True)
    values = [*shaped(state.weights, shapes), state.iterations, state.learning_rate]
    values += [value for of_weight in slots for value in of_weight]
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
    following = state._replace(iterations=state.iterations + 1)
    change, slots = RULES[train.optimizer](train, following, gradient)
    return following._replace(weights=state.weights - change, slots=slots)


def adam(train: TrainConfig, state: State, gradient: Tensor) -> Any:
    """Kingma & Ba 2015, Adam, algorithm 1 in the order of operations of its section 2."""
    first, second = BETAS
    m, v = state.slots
    t = tf.cast(state.iterations, gradient.dtype)
    rate = state.learning_rate * tf.sqrt(1 - tf.pow(second, t)) / (1 - tf.pow(first, t))
    m = m + (gradient - m) * (1 - first)
    v = v + (tf.square(gradient) - v) * (1 - second)
    return m * rate / (tf.sqrt(v) + EPSILON), [m, v]


def sgd(train: TrainConfig, state: State, gradient: Tensor) -> Any:
    """Gradient descent with momentum (Polyak 1964)."""
    change = state.learning_rate * gradient
    if not train.momentum:
        return change, []
    velocity = train.momentum * state.slots[0] - change
    return -velocity, [velocity]


def rmsprop(train: TrainConfig, state: State, gradient: Tensor) -> Any:
    """Tieleman & Hinton 2012, RMSprop."""
    v = RHO * state.slots[0] + (1 - RHO) * tf.square(gradient)
    return state.learning_rate * gradient / tf.sqrt(v + EPSILON), [v]


RULES: Mapping[str, Callable[[TrainConfig, State, Tensor], tuple[Tensor, list[Tensor]]]] = {
    "adam": adam,
    "sgd": sgd,
    "rmsprop": rmsprop,
}
"""Each gives what is taken from the weights, and the slots from now on."""
