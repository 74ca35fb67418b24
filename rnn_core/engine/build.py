"""Stock Keras models and optimizers from an experiment's choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras

from rnn_core.config import ModelConfig, TrainConfig

LAYERS: Mapping[str, type[keras.layers.Layer]] = {
    "lstm": keras.layers.LSTM,
    "gru": keras.layers.GRU,
    "rnn": keras.layers.SimpleRNN,
}
INITIALIZERS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "keras": dict,
    "normal": lambda: {
        "kernel_initializer": keras.initializers.RandomNormal(),
        "recurrent_initializer": keras.initializers.RandomNormal(),
    },
    "orthogonal": lambda: {
        "kernel_initializer": keras.initializers.Orthogonal(),
        "recurrent_initializer": keras.initializers.Orthogonal(),
    },
    # Le, Jaitly & Hinton 2015, "A simple way to initialize recurrent networks of rectified
    # linear units": identity where h meets itself; here with the stock tanh.
    "identity": lambda: {"recurrent_initializer": keras.initializers.Identity()},
}
OPTIMIZERS: Mapping[str, Callable[[TrainConfig], keras.optimizers.Optimizer]] = {
    "adam": lambda train: keras.optimizers.Adam(train.learning_rate),
    "sgd": lambda train: keras.optimizers.SGD(train.learning_rate, momentum=train.momentum),
    "rmsprop": lambda train: keras.optimizers.RMSprop(train.learning_rate),
}
LOSSES: Mapping[str, Callable[..., Any]] = {
    "mse": keras.losses.mean_squared_error,
    "mae": keras.losses.mean_absolute_error,
    "huber": keras.losses.huber,
}


def build_model(config: ModelConfig, timesteps: int, seed: int) -> keras.Model:
    """Build ``(batch, timesteps, 1) -> (batch, 1)``, its weights drawn with ``seed``.

    Seeds Keras's global generators: two builds with the same arguments have equal weights.
    """
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((timesteps, 1), name="window")
    outputs = inputs
    for index in range(config.layers):
        layer = LAYERS[config.cell](
            config.hidden_size,
            return_sequences=index < config.layers - 1,
            name=f"{config.cell}_{index + 1}",
            **INITIALIZERS[config.initialization](),
        )
        outputs = layer(outputs)
        if config.dropout:
            outputs = keras.layers.Dropout(config.dropout, name=f"dropout_{index + 1}")(outputs)
    outputs = keras.layers.Dense(1, name="forecast")(outputs)
    return keras.Model(inputs, outputs, name="rnn_explorer")


def recurrent_layers(model: keras.Model) -> list[Any]:
    """Give the model's recurrent layers, first to last."""
    return [layer for layer in model.layers if isinstance(layer, tuple(LAYERS.values()))]
