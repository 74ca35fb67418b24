"""Stock Keras models and optimizers from an experiment's choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras

from rnn_core.cells import DILATION, TAPS
from rnn_core.config import ModelConfig, TrainConfig
from rnn_core.quantiles import QUANTILES

RECURRENT: Mapping[str, type[keras.layers.Layer]] = {
    "lstm": keras.layers.LSTM,
    "gru": keras.layers.GRU,
    "rnn": keras.layers.SimpleRNN,
}
# What each choice makes of the weights on a layer's input, and of those on its own last state.
INITIALIZERS: Mapping[str, tuple[Callable[[], Any] | None, Callable[[], Any] | None]] = {
    "keras": (None, None),
    "normal": (keras.initializers.RandomNormal, keras.initializers.RandomNormal),
    "orthogonal": (keras.initializers.Orthogonal, keras.initializers.Orthogonal),
    # Le, Jaitly & Hinton 2015, "A simple way to initialize recurrent networks of rectified
    # linear units": identity where h meets itself; here with the stock tanh.
    "identity": (None, keras.initializers.Identity),
}
OPTIMIZERS: Mapping[str, Callable[[TrainConfig], keras.optimizers.Optimizer]] = {
    "adam": lambda train: keras.optimizers.Adam(train.learning_rate),
    "sgd": lambda train: keras.optimizers.SGD(train.learning_rate, momentum=train.momentum),
    "rmsprop": lambda train: keras.optimizers.RMSprop(train.learning_rate),
}


def quantile_loss(truth: Any, said: Any) -> Any:
    """Give what :func:`rnn_core.quantiles.pinball` gives, the mean over the steps of each window.

    ``truth`` ``(batch, steps)``, ``said`` ``(batch, steps * 7)``.
    """
    q = keras.ops.convert_to_tensor(QUANTILES, dtype="float32")
    error = truth[:, :, None] - keras.ops.reshape(said, (-1, truth.shape[1], len(QUANTILES)))
    return keras.ops.mean(keras.ops.maximum(q * error, (q - 1) * error), axis=(1, 2))


LOSSES: Mapping[str, Callable[..., Any]] = {
    "mse": keras.losses.mean_squared_error,
    "mae": keras.losses.mean_absolute_error,
    "huber": keras.losses.huber,
    "quantile": quantile_loss,
}
"""Each gives ``(batch,)`` of truth ``(batch, steps)`` and outputs ``(batch, outputs)``."""


def build_model(
    config: ModelConfig, timesteps: int, seed: int, features: int = 1, outputs: int = 1
) -> keras.Model:
    """Build ``(batch, timesteps, features) -> (batch, outputs)``, weights drawn with ``seed``.

    Seeds Keras's global generators: two builds with the same arguments have equal weights.
    """
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((timesteps, features), name="window")
    values = inputs
    for index in range(config.layers):
        make = _recurrent if config.cell in RECURRENT else _convolution
        values = make(config, index)(values)
        if config.dropout:
            values = keras.layers.Dropout(config.dropout, name=f"dropout_{index + 1}")(values)
    if config.cell not in RECURRENT:
        values = keras.layers.Cropping1D((timesteps - 1, 0), name="newest")(values)
        values = keras.layers.Flatten(name="flat")(values)
    values = keras.layers.Dense(outputs, name="forecast")(values)
    return keras.Model(inputs, values, name="rnn_explorer")


def hidden_layers(model: keras.Model) -> list[Any]:
    """Give the model's recurrent or convolutional layers, first to last."""
    kinds = (*RECURRENT.values(), keras.layers.Conv1D)
    return [layer for layer in model.layers if isinstance(layer, kinds)]


def _recurrent(config: ModelConfig, index: int) -> keras.layers.Layer:
    return RECURRENT[config.cell](
        config.hidden_size,
        return_sequences=index < config.layers - 1,
        name=f"{config.cell}_{index + 1}",
        **_initializers(config, "kernel_initializer", "recurrent_initializer"),
    )


def _convolution(config: ModelConfig, index: int) -> keras.layers.Layer:
    return keras.layers.Conv1D(
        config.hidden_size,
        TAPS,
        padding="causal",
        dilation_rate=DILATION**index,
        activation="relu",
        name=f"{config.cell}_{index + 1}",
        **_initializers(config, "kernel_initializer"),
    )


def _initializers(config: ModelConfig, *names: str) -> dict[str, Any]:
    makes = INITIALIZERS[config.initialization]
    return {name: make() for name, make in zip(names, makes, strict=False) if make is not None}
