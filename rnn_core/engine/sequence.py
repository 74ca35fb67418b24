"""A network that reads a series from its first value to its last, one answer at each.

Everything else here looks at windows and begins each with a state of zeros. This is for what was
published of networks that are trained on a series as a whole: the state is carried from the first
value to the last, and so is the gradient on its way back. At each step it sees the last values in
one vector.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from rnn_core.engine.runtime import has_gpu

Tensor = Any
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SequenceConfig:
    """The network and how it is trained.

    ``lags`` values are seen at each step, zeros before the first one; ``normalised`` scales each
    such vector on its own (Ba, Kiros & Hinton, Layer Normalization, 2016). ``decay`` times a weight
    is added to its gradient; ``steps`` are those of Adam, each on the whole series. ``precision``
    is ``float32`` or ``float64``, which takes twice as long.
    """

    units: int
    lags: int
    normalised: bool = True
    learning_rate: float = 0.005
    decay: float = 0.001
    steps: int = 200
    precision: str = "float32"


class SequenceNetwork:
    """Stock Keras layers: an LSTM, what of its output is above zero, and a dense layer on that.

    Weights start uniform within one over the square root of the units, as PyTorch's do.
    """

    def __init__(self, config: SequenceConfig, seed: int = 0) -> None:
        self.config = config
        self._build(seed)
        self.optimizer = keras.optimizers.Adam(config.learning_rate, epsilon=1e-8)
        self.optimizer.build(self.model.trainable_variables)
        compiled = not has_gpu()
        self._fit = tf.function(self._train, autograph=False, jit_compile=compiled)
        self._forecast = tf.function(self._run, autograph=False, jit_compile=compiled)

    def reset(self, seed: int) -> None:
        """Start anew: fresh weights of the seed, an optimizer that has seen nothing."""
        for variable, fresh in zip(
            self.model.variables, _model(self.config, seed).variables, strict=True
        ):
            variable.assign(fresh)
        for variable in self.optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        self.optimizer.learning_rate.assign(self.config.learning_rate)

    def fit(self, values: Floats, steps: int | None = None) -> float:
        """Learn what follows each value of ``values`` ``(n,)`` from those up to it.

        In the configuration's number of steps, or in ``steps``. Gives the last one's mean squared
        error, from before the update that it caused.
        """
        inputs = tf.constant(lagged(values[:-1], self.config.lags), self.config.precision)
        targets = tf.constant(values[1:], self.config.precision)
        count = tf.constant(self.config.steps if steps is None else steps)
        return float(self._fit(inputs, targets, count))

    def forecast(self, known: Floats, steps: int) -> Floats:
        """Read ``known`` ``(k,)``, then go on for ``steps`` on its own output: ``(steps,)``."""
        ahead = np.concatenate([known, np.zeros(steps - 1)])
        answers = self._forecast(tf.constant(ahead, self.config.precision), len(known)).numpy()
        gone_on: Floats = answers[len(known) - 1 :].astype(np.float64)
        return gone_on

    def _build(self, seed: int) -> None:
        self.model = _model(self.config, seed)
        self._norm = self.model.get_layer("normalised") if self.config.normalised else None
        self._cell = self.model.get_layer("lstm").cell
        self._dense = self.model.get_layer("forecast")

    def _train(self, inputs: Tensor, targets: Tensor, steps: Tensor) -> Tensor:
        weights = self.model.trainable_variables

        def step(done: Tensor, _: Tensor) -> Any:
            with tf.GradientTape() as tape:
                answers = self.model(inputs[None], training=True)[0, :, 0]
                loss = tf.reduce_mean(tf.square(answers - targets))
            gradients = tape.gradient(loss, weights)
            decayed = [
                gradient + self.config.decay * weight
                for gradient, weight in zip(gradients, weights, strict=True)
            ]
            self.optimizer.apply(decayed, weights)
            return done + 1, loss

        start = (0, tf.constant(0.0, self.config.precision))
        _, loss = tf.while_loop(lambda done, _: done < steps, step, start)
        return loss

    def _run(self, values: Tensor, known: int) -> Tensor:
        def step(t: Tensor, seen: Tensor, h: Tensor, c: Tensor, answers: Tensor) -> Any:
            newest = tf.where(t < known, values[t], answers[t - 1])
            seen = tf.concat([seen[:, 1:], tf.reshape(newest, (1, 1))], axis=1)
            output, (h, c) = self._cell(self._norm(seen) if self._norm else seen, [h, c])
            answer = self._dense(tf.nn.relu(output))[0, 0]
            return t + 1, seen, h, c, tf.tensor_scatter_nd_update(answers, [[t]], [answer])

        def zeros(width: int) -> Tensor:
            return tf.zeros((1, width), self.config.precision)

        start = (zeros(self.config.lags), zeros(self.config.units), zeros(self.config.units))
        *_states, answers = tf.while_loop(
            lambda t, *_: t < values.shape[0], step, (0, *start, tf.zeros_like(values))
        )
        return answers


def lagged(values: Floats, lags: int) -> Floats:
    """Give ``(n, lags)``: at each of ``values`` ``(n,)`` the last ones up to it, zeros before."""
    padded = np.concatenate([np.zeros(lags - 1), values])
    return np.lib.stride_tricks.sliding_window_view(padded, lags)


def _model(config: SequenceConfig, seed: int) -> keras.Model:
    """Build ``(batch, timesteps, lags) -> (batch, timesteps, 1)``, weights drawn with ``seed``."""
    keras.utils.set_random_seed(seed)
    bound = config.units**-0.5

    def uniform() -> keras.initializers.Initializer:
        return keras.initializers.RandomUniform(-bound, bound)

    typed = {"dtype": config.precision}
    inputs = keras.Input((None, config.lags), **typed)
    values = inputs
    if config.normalised:
        norm = keras.layers.LayerNormalization(epsilon=1e-5, name="normalised", **typed)
        values = norm(values)
    values = keras.layers.LSTM(
        config.units,
        return_sequences=True,
        kernel_initializer=uniform(),
        recurrent_initializer=uniform(),
        bias_initializer=uniform(),
        unit_forget_bias=False,
        name="lstm",
        **typed,
    )(values)
    values = keras.layers.ReLU(**typed)(values)
    values = keras.layers.Dense(
        1, kernel_initializer=uniform(), bias_initializer=uniform(), name="forecast", **typed
    )(values)
    return keras.Model(inputs, values)
