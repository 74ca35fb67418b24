"""A short series, its windows, and what a program makes of them."""

import numpy as np
import tensorflow as tf

TIMESTEPS = 5
Z = np.sin(np.arange(40) * 0.7).astype(np.float32) + np.linspace(0, 1, 40, dtype=np.float32)
TARGETS = np.arange(TIMESTEPS, 40)
INPUTS = tf.constant(Z[:, None])


def windows_of(targets):
    """Windows ``(k, timesteps, 1)`` and what they should say ``(k, 1)``, without the program."""
    inputs = np.stack([Z[target - TIMESTEPS : target] for target in targets])[:, :, None]
    return inputs, Z[targets][:, None]


def forecast(program, targets):
    batches = program.forecast_batches(targets)
    return program.forecast(INPUTS, batches)[: len(targets), 0]


def look(program, targets):
    """Give h over the first window of ``targets``, and the forecasts of them all."""
    hidden, said = program.look(INPUTS, program.forecast_batches(targets))
    return hidden, said[: len(targets), 0]
