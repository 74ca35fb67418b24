"""A network's forecast and hidden states as a function of its weights, by either engine.

``fast`` goes through the layers of :mod:`rnn_core.engine.layers`, ``keras`` through the stock Keras
layers themselves; the weights are the stock layers' in both, and so is the random pattern of
dropout.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from rnn_core.cells import DILATION
from rnn_core.config import ModelConfig
from rnn_core.engine.build import hidden_layers
from rnn_core.engine.layers import RECURRENT, cnn

Tensor = Any


class FastNetwork:
    """The written-out layers of a stock Keras model."""

    def __init__(self, model: keras.Model, config: ModelConfig) -> None:
        self._config = config
        self._counts = [len(layer.trainable_variables) for layer in hidden_layers(model)]
        self._dropouts = [
            layer for layer in model.layers if isinstance(layer, keras.layers.Dropout)
        ]

    def dropout(self, batch: int, timesteps: int) -> list[Tensor]:
        """Draw what each layer's outputs are multiplied by in training; empty without dropout.

        Drawn by the model's own dropout layers, so that the pattern is theirs:
        ``(batch, timesteps, units)`` each, the last recurrent layer's ``(batch, units)``.
        """
        units = self._config.hidden_size
        last = len(self._dropouts) - 1
        shapes = [
            (batch, units)
            if index == last and self._config.cell in RECURRENT
            else (batch, timesteps, units)
            for index in range(len(self._dropouts))
        ]
        return [
            layer(tf.ones(shape), training=True)
            for layer, shape in zip(self._dropouts, shapes, strict=True)
        ]

    def run(
        self, weights: Sequence[Tensor], x: Tensor, dropout: Sequence[Tensor] = ()
    ) -> tuple[Tensor, list[Tensor]]:
        """Forecast ``(batch, outputs)`` from windows ``(batch, timesteps, features)``.

        ``weights`` are those of the model in its order. Gives each layer's outputs too,
        ``(timesteps, batch, units)``, before dropout.
        """
        sequence = tf.transpose(x, [1, 0, 2])
        hidden = []
        first = 0
        for index, count in enumerate(self._counts):
            layer = weights[first : first + count]
            first += count
            if self._config.cell in RECURRENT:
                sequence = RECURRENT[self._config.cell](sequence, *layer)
            else:
                sequence = cnn(sequence, layer[0], layer[1], DILATION**index)
            hidden.append(sequence)
            if dropout:
                kept = dropout[index]
                if len(kept.shape) == 2:  # of the last time step, the only one used
                    sequence = sequence[-1:] * kept[None]
                else:
                    sequence = sequence * tf.transpose(kept, [1, 0, 2])
        kernel, bias = weights[first:]
        return tf.matmul(sequence[-1], kernel) + bias, hidden


def stock_hidden(model: keras.Model, x: Tensor) -> list[Tensor]:
    """Give each hidden layer's outputs ``(batch, timesteps, units)`` by the stock layers."""
    hidden = []
    for layer in hidden_layers(model):
        x = _run_cell(layer.cell, x) if hasattr(layer, "cell") else layer(x)
        hidden.append(x)
    return hidden


def _run_cell(cell: Any, inputs: Tensor) -> Tensor:
    """Step a stock Keras cell through ``inputs`` ``(batch, timesteps, features)``.

    Gives h at every time step, ``(batch, timesteps, units)``: what a layer gives with
    ``return_sequences``, also for a layer that was built without.
    """
    batch, timesteps = inputs.shape[0], inputs.shape[1]
    states = cell.get_initial_state(batch)
    states = states if isinstance(states, list) else [states]

    def step(time: Tensor, history: tf.TensorArray, *states: Tensor) -> Any:
        output, following = cell(inputs[:, time], list(states), training=False)
        following = following if isinstance(following, list | tuple) else [following]
        return time + 1, history.write(time, output), *following

    history = tf.TensorArray(tf.float32, timesteps, element_shape=(batch, cell.units))
    _, history, *_ = tf.while_loop(
        lambda time, *_: time < timesteps, step, (tf.constant(0), history, *states)
    )
    return tf.transpose(history.stack(), [1, 0, 2])
