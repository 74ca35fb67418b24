import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_core import config
from rnn_core.cells import CELLS, parameter_count
from rnn_core.config import Experiment, ModelConfig, TrainConfig
from rnn_core.engine import build
from rnn_core.engine.build import LOSSES, OPTIMIZERS, build_model, hidden_layers
from rnn_core.presets import PRESETS

STOCK = {"lstm": "LSTM", "gru": "GRU", "rnn": "SimpleRNN"}  # the recurrent ones


def weights_of(model):
    return [weight.tobytes() for weight in model.get_weights()]


def test_every_choice_can_be_built():
    assert set(build.RECURRENT) == set(STOCK) == set(CELLS) - {"cnn"}
    assert set(build.INITIALIZERS) == set(config.INITIALIZATIONS)
    assert set(build.OPTIMIZERS) == set(config.OPTIMIZERS)
    assert set(build.LOSSES) == set(config.LOSSES)


@pytest.mark.parametrize("cell", list(STOCK))
def test_the_layers_are_keras_own(cell):
    model = build_model(ModelConfig(cell=cell, hidden_size=3, layers=2, dropout=0.25), 6, 0)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == ["InputLayer", STOCK[cell], "Dropout", STOCK[cell], "Dropout", "Dense"]
    assert all(type(layer).__module__.startswith("keras.src.layers") for layer in model.layers)
    assert [layer.name for layer in hidden_layers(model)] == [f"{cell}_1", f"{cell}_2"]
    assert [layer.rate for layer in model.layers if "dropout" in layer.name] == [0.25, 0.25]
    assert model.input_shape == (None, 6, 1)
    assert model.output_shape == (None, 1)


def test_without_dropout_there_is_no_such_layer():
    model = build_model(ModelConfig(hidden_size=3), 6, 0)
    assert [type(layer).__name__ for layer in model.layers] == ["InputLayer", "LSTM", "Dense"]


@given(st.sampled_from(list(CELLS)), st.integers(1, 9), st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_the_number_of_parameters_is_known_without_building(cell, hidden, layers):
    model = build_model(ModelConfig(cell=cell, hidden_size=hidden, layers=layers), 3, 0)
    assert model.count_params() == parameter_count(cell, hidden, layers)
    assert sum(np.size(weight) for weight in model.get_weights()) == model.count_params()


def test_the_classic_preset_has_its_number_of_parameters():
    experiment = Experiment.from_values(PRESETS["stacked"].values)
    assert build_model(experiment.model, 12, 0).count_params() == 50_851


def test_weights_come_from_the_seed():
    chosen = ModelConfig(hidden_size=3, dropout=0.5)
    one, same, other = (weights_of(build_model(chosen, 6, seed)) for seed in (5, 5, 6))
    assert one == same
    assert one != other


def is_orthogonal(matrix):
    small = min(matrix.shape)
    product = matrix @ matrix.T if matrix.shape[0] == small else matrix.T @ matrix
    return np.allclose(product, np.eye(small), atol=1e-5)


def kernels(cell, initialization):
    chosen = ModelConfig(cell=cell, hidden_size=30, layers=2, initialization=initialization)
    second = hidden_layers(build_model(chosen, 6, 1))[1]
    kernel, recurrent, bias = second.get_weights()
    return kernel, recurrent, bias


def test_identity_starts_with_h_passed_on_as_it_is():
    assert kernels("rnn", "identity")[1].tolist() == np.eye(30).tolist()


@pytest.mark.parametrize("cell", list(STOCK))
def test_orthogonal_weights_are_orthogonal(cell):
    kernel, recurrent, _ = kernels(cell, "orthogonal")
    assert is_orthogonal(kernel)
    assert is_orthogonal(recurrent)


def test_a_convolution_is_causal_dilated_and_read_at_the_newest_step():
    model = build_model(ModelConfig(cell="cnn", hidden_size=3, layers=3), 20, 0)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == ["InputLayer", "Conv1D", "Conv1D", "Conv1D", "Cropping1D", "Flatten", "Dense"]
    assert [layer.dilation_rate for layer in hidden_layers(model)] == [(1,), (4,), (16,)]
    assert {layer.padding for layer in hidden_layers(model)} == {"causal"}
    assert model.output_shape == (None, 1)


@pytest.mark.parametrize("initialization", ["orthogonal", "normal"])
def test_a_convolution_starts_as_chosen(initialization):
    chosen = ModelConfig(cell="cnn", hidden_size=40, layers=2, initialization=initialization)
    kernel = hidden_layers(build_model(chosen, 6, 1))[1].get_weights()[0].reshape(160, 40)
    assert is_orthogonal(kernel) == (initialization == "orthogonal")
    if initialization == "normal":
        assert kernel.std() == pytest.approx(0.05, rel=0.1)


@pytest.mark.parametrize("cell", list(STOCK))
def test_normal_weights_have_the_deviation_of_keras(cell):
    for weights in kernels(cell, "normal")[:2]:
        assert not is_orthogonal(weights)
        assert weights.std() == pytest.approx(0.05, rel=0.1)
        assert weights.mean() == pytest.approx(0, abs=0.01)


def test_keras_default_is_left_alone():
    keras.utils.set_random_seed(1)
    inputs = keras.Input((6, 1))
    hidden = keras.layers.LSTM(4, return_sequences=True)(inputs)
    hidden = keras.layers.LSTM(4)(hidden)
    expected = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    ours = build_model(ModelConfig(hidden_size=4, layers=2, initialization="keras"), 6, 1)
    assert weights_of(ours) == weights_of(expected)
    # The forget gate's bias, the second of four, starts at 1.
    assert ours.layers[1].get_weights()[2].tolist() == [0] * 4 + [1] * 4 + [0] * 8


@pytest.mark.parametrize(("name", "kind"), [
    ("adam", keras.optimizers.Adam),
    ("sgd", keras.optimizers.SGD),
    ("rmsprop", keras.optimizers.RMSprop),
])  # fmt: skip
def test_optimizers_are_keras_own_with_the_chosen_numbers(name, kind):
    optimizer = OPTIMIZERS[name](TrainConfig(optimizer=name, learning_rate=0.25, momentum=0.75))
    assert type(optimizer) is kind
    expected = kind(0.25, momentum=0.75) if name == "sgd" else kind(0.25)
    ours, theirs = optimizer.get_config(), expected.get_config()
    ours.pop("name"), theirs.pop("name")
    assert ours == theirs


@pytest.mark.parametrize(("name", "expected"), [
    ("mse", [0.25, 9.0, 0.0]),
    ("mae", [0.5, 3.0, 0.0]),
    # Half the square up to an error of 1, then the straight line that continues it.
    ("huber", [0.125, 2.5, 0.0]),
])  # fmt: skip
def test_losses_are_those_of_the_definition(name, expected):
    truth, forecast = np.array([[1.0], [2.0], [3.0]]), np.array([[1.5], [-1.0], [3.0]])
    assert np.array(LOSSES[name](truth, forecast)) == pytest.approx(expected)
