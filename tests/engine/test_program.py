"""What the compiled program says and shows, against plain Keras and NumPy by hand."""

import numpy as np
import pytest

from rnn_core.config import ModelConfig, TrainConfig
from rnn_core.engine import program as module
from rnn_core.engine.build import hidden_layers
from rnn_core.engine.program import Program
from tests.engine.short_series import TARGETS, TIMESTEPS, forecast, look, windows_of


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_by_hand(weights, x):
    """Hochreiter & Schmidhuber 1997 with forget gates; Keras's gates are i, f, g, o."""
    W, U, b = (weight.astype(float) for weight in weights)
    h = c = np.zeros(len(U))
    path = []
    for x_t in x:
        i, f, g, o = np.split(x_t @ W + h @ U + b, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        path.append(h)
    return np.array(path)


def gru_by_hand(weights, x):
    """Cho et al. 2014, v1 (``reset_after``): r acts on the product U h; the gates are z, r, h."""
    W, U, (b, recurrent_b) = (weight.astype(float) for weight in weights)
    h = np.zeros(len(U))
    path = []
    for x_t in x:
        x_z, x_r, x_h = np.split(x_t @ W + b, 3)
        h_z, h_r, h_h = np.split(h @ U + recurrent_b, 3)
        z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
        h = z * h + (1 - z) * np.tanh(x_h + r * h_h)
        path.append(h)
    return np.array(path)


def rnn_by_hand(weights, x):
    """Elman 1990."""
    W, U, b = (weight.astype(float) for weight in weights)
    h = np.zeros(len(U))
    path = []
    for x_t in x:
        h = np.tanh(x_t @ W + h @ U + b)
        path.append(h)
    return np.array(path)


BY_HAND = {"lstm": lstm_by_hand, "gru": gru_by_hand, "rnn": rnn_by_hand}


@pytest.fixture(scope="module", params=list(BY_HAND))
def stacked(request):
    """A program of two layers with random weights, biases too, and dropout between them."""
    model = ModelConfig(cell=request.param, hidden_size=4, layers=2, dropout=0.3)
    program = Program(model, TrainConfig(), TIMESTEPS, forecasts=8, batch=8)
    random = np.random.default_rng(3)
    program.model.set_weights(
        [random.normal(0, 0.7, weight.shape) for weight in program.model.get_weights()]
    )
    return program


@pytest.mark.parametrize("target", [TIMESTEPS, 39])
def test_hidden_states_are_those_of_the_equations_and_of_keras(stacked, target):
    hidden, _ = look(stacked, [target])
    assert [layer.shape for layer in hidden] == [(TIMESTEPS, 4), (TIMESTEPS, 4)]
    by_hand = of_keras = windows_of([target])[0][0].astype(float)
    for ours, layer in zip(hidden, hidden_layers(stacked.model), strict=True):
        by_hand = BY_HAND[stacked.config.cell](layer.get_weights(), by_hand)
        assert ours == pytest.approx(by_hand, abs=1e-5)
        whole = type(layer).from_config({**layer.get_config(), "return_sequences": True})
        whole.build((1, *of_keras.shape))
        whole.set_weights(layer.get_weights())
        of_keras = whole(of_keras[None].astype(np.float32)).numpy()[0]
        assert ours == pytest.approx(of_keras, abs=1e-5)
        assert np.abs(ours).max() > 0.1


def test_a_forecast_is_the_dense_layer_on_the_last_hidden_state(stacked):
    target = 20
    hidden, _ = look(stacked, [target])
    kernel, bias = stacked.model.layers[-1].get_weights()
    expected = hidden[-1][-1].astype(float) @ kernel + bias
    assert forecast(stacked, np.array([target])) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("count", [1, 255, 256, 257, 600])
def test_a_look_has_the_forecasts_of_all_windows_in_their_order(stacked, count):
    targets = np.resize(TARGETS[::-1], count)
    hidden, said = look(stacked, targets)
    assert hidden[0] == pytest.approx(look(stacked, [39])[0][0], abs=1e-6)
    expected = np.resize(forecast(stacked, TARGETS[::-1]), count)
    assert said == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("count", [1, 7, 8, 9, 35])
def test_forecasts_are_those_of_the_model_however_many_fit_into_a_batch(stacked, count):
    targets = TARGETS[::-1][:count]
    ours = forecast(stacked, targets)
    assert ours.shape == (count,)
    expected = stacked.model(windows_of(targets)[0], training=False).numpy()[:, 0]
    assert ours == pytest.approx(expected, abs=1e-5)


def test_a_large_forecast_goes_batch_by_batch():
    program = Program(
        ModelConfig(hidden_size=2), TrainConfig(), TIMESTEPS, forecasts=10_000, batch=8
    )
    assert program._forecast_batch == module.FORECAST_BATCH


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn", "cnn"])
def test_a_forecast_now_is_the_compiled_one(cell):
    program = Program(
        ModelConfig(cell=cell, hidden_size=3, layers=2), TrainConfig(), TIMESTEPS, 8, batch=8
    )
    now = program.forecast_now(windows_of(TARGETS)[0])[:, 0]
    assert now == pytest.approx(forecast(program, TARGETS), abs=1e-5)
