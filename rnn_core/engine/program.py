"""The compiled functions of a network of one shape: train on batches, forecast, look inside.

One XLA program goes through as many batches as it is asked to; windows are cut from the series
inside of it, so that no window is held before it is trained on. Larger networks train on the two
halves of a batch at once, one core each, and add the gradients up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from rnn_core.cells import TAPS
from rnn_core.config import ModelConfig, TrainConfig
from rnn_core.engine.build import LOSSES, OPTIMIZERS, build_model
from rnn_core.engine.called import Called
from rnn_core.engine.network import FastNetwork, stock_hidden
from rnn_core.engine.runtime import has_gpu
from rnn_core.engine.updates import State, assign, flat, shaped, state_of, updated
from rnn_core.inside.network import network_of
from rnn_core.inside.passes import predict
from rnn_core.quantiles import MEDIAN, QUANTILES, added_up

FORECAST_BATCH = 256
# Operations in the matrix products of a batch from which two halves of it are trained at once. They
# are faster from about half of that, but a smaller network is fast enough on one core, and the
# other one is free for the page that people watch it on.
HALVES_FROM = 30e6
# Batches between two turns of TensorFlow's loop over them. While it turns, the thread of one half
# falls asleep, and takes longer to wake than a small half takes.
ROUND = 4
GATES = {"lstm": 4, "gru": 3, "rnn": 1}

Tensor = Any


class Program:
    """A Keras model with its optimizer and compiled functions, for series of one length."""

    def __init__(
        self,
        model: ModelConfig,
        train: TrainConfig,
        timesteps: int,
        forecasts: int,
        *,
        batch: int,
        features: int = 1,
        steps: int = 1,
        lag: int = 0,
    ) -> None:
        """``forecasts`` is how many windows are forecast at once, at most ``FORECAST_BATCH``.

        ``batch`` is the number of windows to a batch, ``features`` that of values a time step,
        ``steps`` that of steps ahead which the network says at once. What quantiles are learnt of
        are the values of the series added up over ``lag`` steps since the first (0: as they are).
        """
        self.config = model
        self.train_config = train
        self.timesteps = timesteps
        self.features = features
        self.steps = steps
        self.outputs = steps * max(1, len(train.quantiles))
        adds = added_up(np.eye(steps, dtype=np.float32), lag)
        # What each step is the sum of; there is nothing to add up over as many steps as there are.
        self._adds = tf.constant(adds) if train.quantiles and 0 < lag < steps else None
        self.model = build_model(model, timesteps, train.seed, features, self.outputs)
        # Kept, as most runs begin with the seed of the one before.
        self._initial = train.seed, _values(self.model)
        self.optimizer = OPTIMIZERS[train.optimizer](train)
        self.optimizer.build(self.model.trainable_variables)
        # A GPU has kernels of its own behind the stock layers, which compilation would bypass.
        compiled = not has_gpu()
        fast = compiled and train.engine == "fast"
        self._fast = FastNetwork(self.model, model) if fast else None
        self.parts = 2 if fast and in_halves(model, timesteps, batch) else 1
        self._forecast_batch = min(FORECAST_BATCH, forecasts)
        # jit_compile needs static shapes, which one series and one batch size give.
        self._part = tf.function(self._go_on, autograph=False, jit_compile=compiled)
        # Compiled too: XLA draws other random numbers than TensorFlow's own kernels do.
        self._draw = tf.function(self._dropout, autograph=False, jit_compile=compiled)
        self._update = tf.function(self._updated, autograph=False, jit_compile=compiled)
        if self.parts > 1:
            self._train = Called(self._train_in_parts)
        elif fast:
            self._train = Called(self._train_batches, jit_compile=compiled)
        else:
            self._train = Called(self._train_stock, jit_compile=compiled)
        self._forecast = Called(self._forecast_windows, jit_compile=compiled)
        self._hidden = Called(self._stock_hidden, jit_compile=compiled)
        self._vector: Tensor | None = None  # all weights as training left them, until they change
        self._shapes = [tuple(weight.shape) for weight in self.model.trainable_variables]
        self._ends = np.cumsum([math.prod(shape) for shape in self._shapes])[:-1]

    def reset(self, train: TrainConfig) -> None:
        """Start anew: fresh weights of the seed, an optimizer that has seen nothing."""
        seed, initial = self._initial
        if seed != train.seed:
            initial = _values(
                build_model(self.config, self.timesteps, train.seed, self.features, self.outputs)
            )
            self._initial = train.seed, initial
        for variable, value in zip(self.model.variables, initial, strict=True):
            variable.assign(value)
        for variable in self.optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        self.optimizer.learning_rate.assign(train.learning_rate)
        self._vector = None

    def weights(self) -> list[NDArray[np.float32]]:
        """Give the network's weights as they are, as Keras's ``get_weights`` does.

        After training they come out of it in one piece: they are asked for after most epochs, and
        variable by variable that takes a good part of a small network's epoch.
        """
        if self._vector is None:
            return list(self.model.get_weights())
        parts = np.split(self._vector.numpy(), self._ends)
        return [part.reshape(shape) for part, shape in zip(parts, self._shapes, strict=True)]

    def set_weights(self, weights: Sequence[NDArray[np.float32]]) -> None:
        """Take other weights, in the order of :meth:`weights`; the optimizer stays as it is."""
        self.model.set_weights(weights)
        self._vector = None

    def train(
        self, inputs: Tensor, targets: Tensor, weights: Tensor, first: int, last: int
    ) -> tuple[NDArray[np.float32], bool]:
        """Train on batches ``first`` to ``last`` (exclusive).

        ``inputs`` ``(n, features)`` is the transformed series in its first column, with what else
        is known at each step; ``targets`` ``(batches, batch)`` the target indices and ``weights``
        of the same shape 1 for a window and 0 for padding. Gives ``(last - first, 2)``, each
        batch's sums over its windows of loss and of absolute error, and whether all weights are
        finite afterwards.
        """
        sums, finite, self._vector = self._train(
            inputs, targets, weights, tf.constant(first, tf.int32), tf.constant(last, tf.int32)
        )
        result: NDArray[np.float32] = sums.numpy()[first:last]
        return result, bool(finite)

    def forecast_batches(self, targets: NDArray[np.int64]) -> list[Tensor]:
        """Cut ``targets`` ``(k,)`` into what :meth:`forecast` takes; the last one is padded."""
        return [tf.constant(batch, tf.int32) for batch in _cut(targets, self._forecast_batch)]

    def forecast(self, inputs: Tensor, batches: list[Tensor]) -> NDArray[np.float32]:
        """Forecast the transformed values at the targets of ``batches`` and after.

        ``(k, outputs)``, padding included.
        """
        return np.concatenate([self._forecast(inputs, batch)[0].numpy() for batch in batches])

    def forecast_now(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Forecast ``(k, outputs)`` from ``windows`` ``(k, timesteps, features)`` uncompiled.

        For a few windows once: NumPy steps through time many times faster than TensorFlow does
        before it has compiled the loop.
        """
        if self.config.cell in GATES:
            network = network_of(self.config, self.model.get_weights())
            forecast: NDArray[np.float32] = predict(network, windows)
            return forecast
        forecast = self.model(windows, training=False).numpy()
        return forecast

    def look(
        self, inputs: Tensor, batches: list[Tensor]
    ) -> tuple[tuple[NDArray[np.float32], ...], NDArray[np.float32]]:
        """Give h over the very first window of ``batches``, and the forecasts of them all.

        h is ``(timesteps, units)`` for each layer, the forecasts ``(k, outputs)``, padding
        included. What :meth:`forecast` has compiled does for both.
        """
        said = [self._forecast(inputs, batch) for batch in batches]
        hidden = said[0][1] or self._hidden(inputs, batches[0][:1])
        return (
            tuple(layer.numpy() for layer in hidden),
            np.concatenate([forecast.numpy() for forecast, _ in said]),
        )

    def _windows(self, inputs: Tensor, targets: Tensor) -> Tensor:
        steps = targets[:, None] + tf.range(-self.timesteps, 0)[None, :]
        return tf.gather(inputs, steps)

    def _weights(self) -> list[Tensor]:
        return [tf.convert_to_tensor(variable) for variable in self.model.trainable_variables]

    def _state(self) -> State:
        return state_of(self._weights(), self.optimizer.variables)

    def _assign(self, state: State) -> None:
        assign(state, self.model.trainable_variables, self.optimizer.variables)

    def _updated(self, state: State, gradients: Sequence[Tensor]) -> State:
        return updated(self.train_config, state, tf.add_n(gradients))

    def _train_stock(
        self, inputs: Tensor, targets: Tensor, weights: Tensor, first: Tensor, last: Tensor
    ) -> Any:
        """Train by Keras's own layers and optimizer."""
        variables = self.model.trainable_variables

        def body(batch: Tensor, sums: Tensor) -> Any:
            total = tf.reduce_sum(weights[batch])
            of_batch, gradients = self._gradients(inputs, targets[batch], weights[batch], total)
            if self.train_config.clip:
                gradients, _ = tf.clip_by_global_norm(gradients, self.train_config.clip)
            self.optimizer.apply(gradients, variables)
            return batch + 1, _with(sums, batch, of_batch)

        _, sums = tf.while_loop(
            lambda batch, _: batch < last, body, (first, tf.zeros((targets.shape[0], 2)))
        )
        vector = flat(self._weights())
        return sums, _finite(vector), vector

    def _train_batches(
        self, inputs: Tensor, targets: Tensor, weights: Tensor, first: Tensor, last: Tensor
    ) -> Any:
        def body(batch: Tensor, sums: Tensor, state: State) -> Any:
            of_batch, gradient = self._gradient(
                inputs,
                targets[batch],
                weights[batch],
                tf.reduce_sum(weights[batch]),
                state.weights,
                self._dropout(targets.shape[1]),
            )
            sums = _with(sums, batch, of_batch)
            return batch + 1, sums, self._updated(state, [gradient])

        start = first, tf.zeros((targets.shape[0], 2)), self._state()
        _, sums, state = tf.while_loop(lambda batch, *_: batch < last, body, start)
        self._assign(state)
        return sums, _finite(state.weights), state.weights

    def _train_in_parts(
        self, inputs: Tensor, targets: Tensor, weights: Tensor, first: Tensor, last: Tensor
    ) -> Any:
        """Train as :meth:`_train_batches` does, the two halves of each batch at the same time.

        Compiled is the gradient of a half; TensorFlow's own executor runs those that do not wait
        for each other on different threads. Each half begins with the update that the batch before
        has led to: done twice it takes less time than waiting for a program that does it for both.
        """
        size = targets.shape[1]
        halves = [slice(0, -(-size // 2)), slice(-(-size // 2), size)]
        windows = [(targets[:, half], weights[:, half]) for half in halves]
        totals = tf.reduce_sum(weights, axis=1)

        def body(batch: Tensor, sums: list[Tensor], state: State, gradients: list[Tensor]) -> Any:
            dropout = self._draw(size)
            parts = [
                self._part(
                    inputs,
                    *windows[part],
                    totals,
                    batch,
                    first,
                    sums[part],
                    [kept[half] for kept in dropout],
                    state,
                    gradients,
                )
                for part, half in enumerate(halves)
            ]
            sums, gradients, states = map(list, zip(*parts, strict=True))
            return batch + 1, sums, states[0], gradients

        def a_round(*so_far: Any) -> Any:
            for _ in range(ROUND):
                so_far = body(*so_far)
            return so_far

        state = self._state()
        no_gradients = [tf.zeros_like(state.weights) for _ in halves]
        so_far: Any = (
            first,
            [tf.zeros((targets.shape[0], 2)) for _ in halves],
            state,
            no_gradients,
        )
        for count, step in ((ROUND, a_round), (1, body)):
            so_far = tf.while_loop(
                lambda batch, *_, count=count: batch + count <= last,
                step,
                so_far,
                parallel_iterations=1,
            )
        _, sums, state, gradients = so_far
        state = self._update(state, gradients)
        self._assign(state)
        return tf.add_n(sums), _finite(state.weights), state.weights

    def _go_on(
        self,
        inputs: Tensor,
        targets: Tensor,
        weights: Tensor,
        totals: Tensor,
        batch: Tensor,
        first: Tensor,
        sums: Tensor,
        dropout: Sequence[Tensor],
        state: State,
        gradients: list[Tensor],
    ) -> Any:
        """Update with the ``gradients`` of the batch before, and compute those of this one.

        At batch ``first`` there are none yet. Gives ``sums`` with this batch's in its place, what
        :meth:`_gradient` gives, and the state after the update.
        """
        begun = batch > first

        def as_it_is() -> State:
            # It adds 0: XLA hands what it only copies to a thread that both halves would wait for.
            kept: State = tf.nest.map_structure(
                lambda value: value + tf.cast(begun, value.dtype), state
            )
            return kept

        # A branch is computed as a program of its own, to the last bit; a selection would not be.
        state = tf.cond(begun, lambda: self._updated(state, gradients), as_it_is)
        # Gathered: a slice's place would be a constant to XLA, and each batch another program.
        targets, weights, total = (tf.gather(of, batch) for of in (targets, weights, totals))
        of_batch, gradient = self._gradient(inputs, targets, weights, total, state.weights, dropout)
        return _with(sums, batch, of_batch), gradient, state

    def _gradient(
        self,
        inputs: Tensor,
        targets: Tensor,
        weights: Tensor,
        total: Tensor,
        vector: Tensor,
        dropout: Sequence[Tensor],
    ) -> Any:
        """Give what :meth:`_gradients` does for weights in one ``vector``, and one gradient."""
        now = shaped(vector, [weight.shape for weight in self.model.trainable_variables])
        sums, gradients = self._gradients(inputs, targets, weights, total, now, dropout)
        return sums, flat(gradients)

    def _gradients(
        self,
        inputs: Tensor,
        targets: Tensor,
        weights: Tensor,
        total: Tensor,
        now: list[Tensor] | None = None,
        dropout: Sequence[Tensor] = (),
    ) -> Any:
        """Give sums of loss and error over the windows, and the gradient of the mean loss.

        ``total`` is the number of windows in the whole batch; ``now`` the network's weights, None
        to read the variables.
        """
        truth = tf.gather(inputs[:, 0], targets[:, None] + tf.range(self.steps)[None, :])
        if self._adds is not None:
            truth = tf.matmul(truth, self._adds)
        x = self._windows(inputs, targets)
        watched = self.model.trainable_variables if now is None else now
        with tf.GradientTape() as tape:
            if now is not None:
                tape.watch(now)
            if self._fast is not None:
                forecast, _ = self._fast.run(watched, x, dropout)
            else:
                forecast = self.model(x, training=True)
            losses = LOSSES[self.train_config.loss](truth, forecast)
            # A mean over the windows alone: padding weighs nothing.
            loss = tf.reduce_sum(weights * losses) / total
        points = forecast[:, MEDIAN :: len(QUANTILES)] if self.train_config.quantiles else forecast
        errors = tf.reduce_mean(tf.abs(truth - points), axis=1)
        sums = tf.stack([tf.reduce_sum(weights * losses), tf.reduce_sum(weights * errors)])
        return sums, tape.gradient(loss, watched)

    def _dropout(self, batch: int) -> list[Tensor]:
        return self._fast.dropout(batch, self.timesteps) if self._fast is not None else []

    def _forecast_windows(self, inputs: Tensor, targets: Tensor) -> Any:
        """Give the forecasts, and h over the first window: a list of its layers.

        The stock layers, which may be a GPU's own, keep h to themselves; the list is empty then.
        """
        x = self._windows(inputs, targets)
        if self._fast is None:
            return self.model(x, training=False), []
        forecast, hidden = self._fast.run(self._weights(), x)
        return forecast, [layer[:, 0] for layer in hidden]

    def _stock_hidden(self, inputs: Tensor, target: Tensor) -> list[Tensor]:
        return [layer[0] for layer in stock_hidden(self.model, self._windows(inputs, target))]


def _values(model: keras.Model) -> list[NDArray[Any]]:
    """Give all that a model holds: weights, and what its random numbers are drawn from."""
    return [variable.numpy() for variable in model.variables]


def _finite(weights: Tensor) -> Tensor:
    return tf.reduce_all(tf.math.is_finite(weights))


def _with(sums: Tensor, batch: Tensor, of_batch: Tensor) -> Tensor:
    return tf.tensor_scatter_nd_update(sums, [[batch]], of_batch[None])


def _cut(targets: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    return np.resize(targets, (-(-len(targets) // size), size))


def in_halves(model: ModelConfig, timesteps: int, batch: int) -> bool:
    """Tell whether a batch is better trained in two halves at once."""
    # Forward, and backward twice; what the first layer reads is not counted.
    square = 6 * timesteps * model.hidden_size**2
    if model.cell in GATES:
        operations = batch * square * GATES[model.cell] * (2 * model.layers - 1)
    else:
        operations = batch * square * TAPS * (model.layers - 1)
    return batch > 1 and operations >= HALVES_FROM
