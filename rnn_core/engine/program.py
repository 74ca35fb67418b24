"""The compiled functions of a network of one shape: train on batches, forecast, look inside.

One XLA program goes through as many batches as it is asked to, over stock Keras layers; windows are
cut from the series inside of it, so that nothing of the size of the training set is copied.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from rnn_core.config import ModelConfig, TrainConfig
from rnn_core.engine.build import LOSSES, OPTIMIZERS, build_model, recurrent_layers

FORECAST_BATCH = 256


class Program:
    """A Keras model with its optimizer and compiled functions, for series of one length."""

    def __init__(
        self, model: ModelConfig, train: TrainConfig, timesteps: int, forecasts: int
    ) -> None:
        """``forecasts`` is how many forecasts will be asked for at once most of the time."""
        self.config = model
        self.train_config = train
        self.timesteps = timesteps
        self.model = build_model(model, timesteps, train.seed)
        self.optimizer = OPTIMIZERS[train.optimizer](train)
        self.optimizer.build(self.model.trainable_variables)
        self._forecast_batch = min(FORECAST_BATCH, forecasts)
        # jit_compile needs static shapes, which one series and one batch size give.
        self._train = tf.function(self._train_batches, jit_compile=True)
        self._forecast = tf.function(self._forecast_windows, jit_compile=True)
        self._look = tf.function(self._hidden_states, jit_compile=True)

    def reset(self, train: TrainConfig) -> None:
        """Start anew: fresh weights of the seed, an optimizer that has seen nothing."""
        fresh = build_model(self.config, self.timesteps, train.seed)
        for variable, initial in zip(self.model.variables, fresh.variables, strict=True):
            variable.assign(initial)
        for variable in self.optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        self.optimizer.learning_rate.assign(train.learning_rate)

    def train(
        self, z: tf.Tensor, targets: tf.Tensor, weights: tf.Tensor, first: int, last: int
    ) -> NDArray[np.float32]:
        """Train on batches ``first`` to ``last`` (exclusive).

        ``z`` ``(n,)`` is the transformed series, ``targets`` ``(batches, batch)`` the target
        indices and ``weights`` of the same shape 1 for a window and 0 for padding. Gives
        ``(last - first, 2)``: each batch's sums over its windows of loss and of absolute error.
        """
        sums = self._train(z, targets, weights, tf.constant(first), tf.constant(last))
        result: NDArray[np.float32] = sums.numpy()[first:last]
        return result

    def forecast_batches(self, targets: NDArray[np.int64]) -> list[tf.Tensor]:
        """Cut ``targets`` ``(k,)`` into what :meth:`forecast` takes; the last one is padded."""
        size = self._forecast_batch
        padded = np.resize(targets, (-(-len(targets) // size), size))
        return [tf.constant(batch, tf.int32) for batch in padded]

    def forecast(self, z: tf.Tensor, batches: list[tf.Tensor]) -> NDArray[np.float32]:
        """Forecast the transformed values at the targets of ``batches``, padding included."""
        return np.concatenate([self._forecast(z, batch).numpy() for batch in batches])

    def hidden(self, z: tf.Tensor, target: int) -> tuple[NDArray[np.float32], ...]:
        """Give h over the window of ``target``: ``(timesteps, units)`` for each layer."""
        return tuple(layer.numpy() for layer in self._look(z, tf.constant(target, tf.int32)))

    def _windows(self, z: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
        steps = targets[:, None] + tf.range(-self.timesteps, 0)[None, :]
        return tf.gather(z, steps)[:, :, None]

    def _train_batches(
        self,
        z: tf.Tensor,
        targets: tf.Tensor,
        weights: tf.Tensor,
        first: tf.Tensor,
        last: tf.Tensor,
    ) -> Any:
        def body(batch: tf.Tensor, sums: tf.Tensor) -> Any:
            of_batch = self._train_batch(z, targets[batch], weights[batch])
            return batch + 1, tf.tensor_scatter_nd_update(sums, [[batch]], of_batch[None])

        _, sums = tf.while_loop(
            lambda batch, _: batch < last, body, (first, tf.zeros((targets.shape[0], 2)))
        )
        return sums

    def _train_batch(self, z: tf.Tensor, targets: tf.Tensor, weights: tf.Tensor) -> Any:
        truth = tf.gather(z, targets)[:, None]
        with tf.GradientTape() as tape:
            forecast = self.model(self._windows(z, targets), training=True)
            losses = LOSSES[self.train_config.loss](truth, forecast)
            # A mean over the windows alone: padding weighs nothing.
            loss = tf.reduce_sum(weights * losses) / tf.reduce_sum(weights)
        variables = self.model.trainable_variables
        gradients = tape.gradient(loss, variables)
        if self.train_config.clip:
            gradients, _ = tf.clip_by_global_norm(gradients, self.train_config.clip)
        self.optimizer.apply(gradients, variables)
        errors = tf.abs(truth - forecast)[:, 0]
        return tf.stack([tf.reduce_sum(weights * losses), tf.reduce_sum(weights * errors)])

    def _forecast_windows(self, z: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
        return self.model(self._windows(z, targets), training=False)[:, 0]

    def _hidden_states(self, z: tf.Tensor, target: tf.Tensor) -> list[tf.Tensor]:
        outputs = self._windows(z, target[None])
        hidden = []
        for layer in recurrent_layers(self.model):
            outputs = run_cell(layer.cell, outputs)
            hidden.append(outputs[0])
        return hidden


def run_cell(cell: Any, inputs: tf.Tensor) -> tf.Tensor:
    """Step a stock Keras cell through ``inputs`` ``(batch, timesteps, features)``.

    Gives h at every time step, ``(batch, timesteps, units)``: what a layer gives with
    ``return_sequences``, also for a layer that was built without.
    """
    batch, timesteps = inputs.shape[0], inputs.shape[1]
    states = cell.get_initial_state(batch)
    states = states if isinstance(states, list) else [states]

    def step(time: tf.Tensor, history: tf.TensorArray, *states: tf.Tensor) -> Any:
        output, following = cell(inputs[:, time], list(states), training=False)
        following = following if isinstance(following, list | tuple) else [following]
        return time + 1, history.write(time, output), *following

    history = tf.TensorArray(tf.float32, timesteps, element_shape=(batch, cell.units))
    _, history, *_ = tf.while_loop(
        lambda time, *_: time < timesteps, step, (tf.constant(0), history, *states)
    )
    return tf.transpose(history.stack(), [1, 0, 2])
