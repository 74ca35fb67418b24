"""The lesson of the textbook: through 20 steps an LSTM's gradient lives, a plain RNN's does not."""

import numpy as np
import pytest

from rnn_core.config import Experiment
from rnn_core.engine.train import train
from rnn_core.inside.inspection import inspect
from rnn_core.inside.memory import gradient_flow, step_norms
from rnn_core.series import Series

LAG = 20
SEED = 0  # of series, weights and order of the windows


def delayed_echo(length, seed):
    """y_t = 0.95 y_{t-20} + noise of such size that the variance is about 1.

    Nothing but the value 20 steps back says anything of the next one.
    """
    values = np.random.default_rng(seed).normal(size=length)
    for t in range(LAG, length):
        values[t] = 0.95 * values[t - LAG] + 0.312 * values[t]
    return Series("delayed echo", values, np.arange(length))


@pytest.fixture(scope="module")
def trained():
    """Both cells after the same training, textbook gradient descent from small random weights."""
    series = delayed_echo(2000, SEED)
    results = {}
    for cell in ("rnn", "lstm"):
        experiment = Experiment.from_values({
            "cell": cell, "hidden": 32, "init": "normal", "timesteps": 24, "log": False,
            "difference": "none", "optimizer": "sgd", "learning-rate": 0.1, "batch-size": 16,
            "clip": 1.0, "epochs": 50, "seed": SEED, "validation": 0.1, "test": 0.1,
        })  # fmt: skip
        results[cell] = train(experiment, series=series)
    return results


def seen(result):
    windows = result.windows
    targets = windows.held_out
    return inspect(result, windows.inputs(targets), target=windows.outputs(targets))


def test_only_the_lstm_learns_the_echo(trained):
    least = {cell: min(result.history["val_loss"]) for cell, result in trained.items()}
    assert least["lstm"] < 0.5
    assert least["rnn"] > 1


def test_at_lag_20_the_rnns_gradient_is_under_a_hundredth_of_the_lstms(trained):
    at_lag = {cell: step_norms(seen(result).dloss_dh[0])[-LAG] for cell, result in trained.items()}
    assert at_lag["lstm"] > 0.1
    assert at_lag["rnn"] < at_lag["lstm"] / 100


def test_the_verdicts_say_so(trained):
    flows = {cell: gradient_flow(seen(result).doutput_dh)[0] for cell, result in trained.items()}
    assert flows["rnn"].said.kind == "inside.gradient.vanishes"
    assert flows["lstm"].said.kind == "inside.gradient.flows"
