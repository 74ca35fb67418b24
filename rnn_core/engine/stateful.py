"""A network that keeps its state from one value to the next, as Keras's ``stateful`` layers do.

Everything else here looks at windows and begins each with a state of zeros. This is for what was
published of stateful networks: batches of one window with one time step, in time order, the state
carried on but no gradient through it, and forgotten after each epoch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from rnn_core.config import ModelConfig, TrainConfig
from rnn_core.engine.build import OPTIMIZERS, build_model, hidden_layers
from rnn_core.engine.runtime import has_gpu

Tensor = Any
Floats = NDArray[np.float32]


class StatefulNetwork:
    """One stock Keras LSTM layer and a dense one, all epochs compiled into one function."""

    def __init__(self, model: ModelConfig, train: TrainConfig) -> None:
        """Of ``model`` the hidden size counts, of ``train`` the optimizer; the cell is an LSTM."""
        self.config = model
        self.model = build_model(model, 1, train.seed)
        self._cell = hidden_layers(self.model)[0].cell
        self._dense = self.model.layers[-1]
        self.optimizer = OPTIMIZERS[train.optimizer](train)
        self.optimizer.build(self.model.trainable_variables)
        compiled = not has_gpu()
        self._fit = tf.function(self._train, autograph=False, jit_compile=compiled)
        self._forecast = tf.function(self._run, autograph=False, jit_compile=compiled)

    def reset(self, train: TrainConfig) -> None:
        """Start anew: fresh weights of the seed, an optimizer that has seen nothing."""
        fresh = build_model(self.config, 1, train.seed)
        for variable, initial in zip(self.model.variables, fresh.variables, strict=True):
            variable.assign(initial)
        for variable in self.optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        self.optimizer.learning_rate.assign(train.learning_rate)

    def fit(self, x: Floats, y: Floats, epochs: int) -> float:
        """Go ``epochs`` times through ``x`` ``(n,)`` with answers ``y`` ``(n,)``.

        Gives the last epoch's mean squared error, each of its values from before the update that
        it caused.
        """
        return float(self._fit(tf.constant(x), tf.constant(y), tf.constant(epochs)))

    def forecast(self, x: Floats) -> Floats:
        """Answer ``x`` ``(n,)`` one by one from a state of zeros that is carried on: ``(n,)``."""
        answers: Floats = self._forecast(tf.constant(x)).numpy()
        return answers

    def _start(self) -> tuple[Tensor, Tensor]:
        zeros = tf.zeros((1, self.config.hidden_size))
        return zeros, zeros

    def _step(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        output, (h, c) = self._cell(tf.reshape(x, (1, 1)), [h, c])
        return self._dense(output)[0, 0], h, c

    def _train(self, x: Tensor, y: Tensor, epochs: Tensor) -> Tensor:
        def step(t: Tensor, h: Tensor, c: Tensor, total: Tensor) -> Any:
            with tf.GradientTape() as tape:
                answer, h, c = self._step(x[t], h, c)
                loss = tf.square(answer - y[t])
            weights = self.model.trainable_variables
            self.optimizer.apply(tape.gradient(loss, weights), weights)
            return t + 1, h, c, total + loss

        def epoch(done: Tensor, _: Tensor) -> Any:
            *_states, total = tf.while_loop(
                lambda t, *_: t < x.shape[0], step, (0, *self._start(), 0.0)
            )
            return done + 1, total / x.shape[0]

        _, loss = tf.while_loop(lambda done, _: done < epochs, epoch, (0, 0.0))
        return loss

    def _run(self, x: Tensor) -> Tensor:
        def step(t: Tensor, h: Tensor, c: Tensor, answers: Tensor) -> Any:
            answer, h, c = self._step(x[t], h, c)
            return t + 1, h, c, tf.tensor_scatter_nd_update(answers, [[t]], [answer])

        *_states, answers = tf.while_loop(
            lambda t, *_: t < x.shape[0], step, (0, *self._start(), tf.zeros_like(x))
        )
        return answers
