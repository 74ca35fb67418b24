"""The same networks in Keras: its layers, its cells stepped one by one, its automatic gradients."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_core.config import ModelConfig
from rnn_core.engine.build import build_model
from rnn_core.inside.inspection import inspect
from rnn_core.inside.model import network_of_model
from rnn_core.inside.network import network_of
from rnn_core.messages import ConfigError
from tests.inside.networks import KINDS, network, windows

KERAS = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
LOSSES = {
    "mse": keras.losses.mean_squared_error,
    "mae": keras.losses.mean_absolute_error,
    "huber": keras.losses.huber,
}


def keras_model(net, reset_after=True, **options):
    extra = {"reset_after": reset_after} if net.cell == "gru" else {}
    stack = [keras.Input((None, net.features))]
    for index, layer in enumerate(net.layers):
        last = index == len(net.layers) - 1
        stack.append(KERAS[net.cell](layer.units, return_sequences=not last, **extra, **options))
    model = keras.Sequential([*stack, keras.layers.Dense(net.outputs)])
    model.set_weights(net.arrays)
    return model


def stepped(model, given_windows, target, loss):
    """Step Keras's own cells, and let TensorFlow find the gradients by every h and x."""
    inputs = [tf.constant(given_windows[:, t]) for t in range(given_windows.shape[1])]
    with tf.GradientTape(persistent=True) as tape:
        for x in inputs:
            tape.watch(x)
        following, states = inputs, []
        for layer in model.layers[:-1]:
            state = layer.cell.get_initial_state(len(given_windows))
            state = state if isinstance(state, list) else [state]
            history = []
            for x in following:
                # h through an identity of its own, so that a gradient by it is one by all it does.
                _, state = layer.cell(x, state)
                state = state if isinstance(state, list | tuple) else [state]
                state = [tf.identity(state[0]), *state[1:]]
                history.append(state)
            following = [state[0] for state in history]
            states.append(history)
        output = model.layers[-1](following[-1])
        losses = LOSSES[loss](target, output)
    found = [tape.gradient(losses, [state[0] for state in history]) for history in states]
    by_input = tape.gradient(output, inputs)
    return output, losses, states, found, by_input


def time_second(tensors):
    return np.stack([tensor.numpy() for tensor in tensors], axis=1)


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("layers", [1, 2, 3, 4])
@pytest.mark.parametrize(("cell", "reset_after"), KINDS)
def test_states_outputs_and_gradients_are_those_of_keras(cell, reset_after, layers):
    loss = ("mse", "mae", "huber", "mse")[layers - 1]
    net = network(
        cell, units=2 + layers, layers=layers, features=1 + layers % 2, seed=layers,
        dtype=np.float32, reset_after=reset_after,
    )  # fmt: skip
    given_windows = windows(2, 6, net.features, dtype=np.float32)
    target = np.array([[0.7], [-2.5]], np.float32)
    model = keras_model(net, reset_after)
    output, losses, states, by_h, by_x = stepped(model, given_windows, target, loss)
    seen = inspect(model, given_windows, target=target, loss=loss)
    close(seen.output, model(given_windows))
    close(seen.output, output)
    close(seen.loss, losses)
    close(seen.doutput_dx, time_second(by_x))
    whole = tf.constant(given_windows)
    for index, layer in enumerate(model.layers[:-1]):
        close(seen.h[index], time_second([state[0] for state in states[index]]))
        layer.return_sequences = True
        whole = layer(whole)
        close(seen.h[index], whole)
        close(seen.dloss_dh[index], time_second(by_h[index]))
        if cell == "lstm":
            close(seen.c[index], time_second([state[1] for state in states[index]]))


def gate_layers():
    """Gates as Keras computes them: dense layers of its own with a gate's columns."""
    sigmoid, tanh = keras.activations.sigmoid, keras.activations.tanh
    return {
        "lstm": {"i": sigmoid, "f": sigmoid, "g": tanh, "o": sigmoid},
        "gru": {"z": sigmoid, "r": sigmoid},
    }


SHAPES = st.fixed_dictionaries(
    {
        "units": st.integers(1, 7),
        "layers": st.integers(1, 3),
        "features": st.integers(1, 4),
        "seed": st.integers(0, 2**31),
    }
)
of_few = settings(max_examples=6, deadline=None, derandomize=True)


def keras_candidate(layer, x, before):
    """Let Keras's own cell take all of the candidate: with z at 0, h is nothing else."""
    cell = keras.layers.GRUCell(layer.units, reset_after=layer.reset_after)
    cell.build((None, x.shape[-1]))
    kernel, recurrent, bias = (
        array.copy() for array in (layer.kernel, layer.recurrent_kernel, layer.bias)
    )
    z = layer.block("z")
    kernel[:, z] = recurrent[:, z] = bias[..., z] = 0
    (bias[0] if bias.ndim == 2 else bias)[z] = -100
    cell.set_weights([kernel, recurrent, bias])
    steps = [cell(x[:, t], [before[:, t]])[0] for t in range(x.shape[1])]
    return time_second(steps)


@pytest.mark.parametrize(("cell", "reset_after"), KINDS[1:])
@of_few
@given(shape=SHAPES, steps=st.integers(1, 6), count=st.integers(1, 3))
def test_gates_are_what_keras_activations_make_of_the_states(
    cell, reset_after, shape, steps, count
):
    net = network(cell, dtype=np.float32, reset_after=reset_after, **shape)
    given_windows = windows(count, steps, net.features, dtype=np.float32)
    model = keras_model(net, reset_after)
    seen = inspect(model, given_windows)
    x = given_windows
    for index, (layer, by_keras) in enumerate(zip(net.layers, model.layers, strict=False)):
        by_keras.return_sequences = True
        close(seen.h[index], by_keras(x))
        before = np.zeros_like(seen.h[index])
        before[:, 1:] = seen.h[index][:, :-1]
        bias = layer.bias.sum(axis=0) if layer.bias.ndim == 2 else layer.bias
        inside = x @ layer.kernel + before @ layer.recurrent_kernel + bias
        for name, activation in gate_layers()[cell].items():
            close(seen.gates[name][index], activation(inside[..., layer.block(name)]))
        if cell == "lstm":  # c_t = f c_{t-1} + i g, and h_t = o tanh(c_t)
            c = seen.c[index]
            gates = {name: seen.gates[name][index] for name in "ifgo"}
            close(c[:, 1:], (gates["f"] * np.roll(c, 1, 1) + gates["i"] * gates["g"])[:, 1:])
            close(seen.h[index], gates["o"] * np.tanh(c))
        else:  # h_t = z h_{t-1} + (1 - z) candidate
            z, candidate = seen.gates["z"][index], seen.gates["candidate"][index]
            close(candidate, keras_candidate(layer, x, before))
            close(seen.h[index], z * before + (1 - z) * candidate)
        x = seen.h[index]


@pytest.mark.parametrize(("cell", "reset_after"), KINDS)
@of_few
@given(shape=SHAPES, steps=st.integers(1, 6), outputs=st.integers(1, 3))
def test_of_any_shape_the_output_and_the_gradient_by_the_input_are_those_of_keras(
    cell, reset_after, shape, steps, outputs
):
    net = network(cell, outputs=outputs, dtype=np.float32, reset_after=reset_after, **shape)
    given_windows = windows(2, steps, net.features, dtype=np.float32)
    model = keras_model(net, reset_after)
    seen = inspect(model, given_windows, output=outputs - 1)
    with tf.GradientTape() as tape:
        inputs = tf.constant(given_windows)
        tape.watch(inputs)
        output = model(inputs)
        chosen = output[:, outputs - 1]
    close(seen.output, output)
    close(seen.doutput_dx, tape.gradient(chosen, inputs))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_engines_model_is_read_by_its_choices_and_by_its_layers(cell):
    config = ModelConfig(cell=cell, hidden_size=4, layers=2, dropout=0.3)
    model = build_model(config, 6, seed=5)
    given_windows = windows(3, 6, dtype=np.float32)
    expected = model(given_windows).numpy()
    for net in (network_of(config, model.get_weights()), network_of_model(model)):
        close(inspect(net, given_windows).output, expected)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_layers_without_bias_and_of_another_activation(cell):
    options = {"use_bias": False, "activation": "relu"}
    model = keras.Sequential(
        [
            keras.Input((5, 2)),
            KERAS[cell](3, return_sequences=True, **options),
            keras.layers.Dropout(0.5),
            KERAS[cell](4, **options),
            keras.layers.Dense(2, use_bias=False),
        ]
    )
    given_windows = windows(3, 5, 2, dtype=np.float32)
    close(inspect(model, given_windows).output, model(given_windows))


def sequential(*layers):
    return keras.Sequential([keras.Input((5, 1)), *layers])


@pytest.mark.parametrize(
    ("layers", "named"),
    [
        ([keras.layers.Conv1D(3, 2), keras.layers.Flatten(), keras.layers.Dense(1)], "Conv1D"),
        ([keras.layers.LSTM(3, go_backwards=True), keras.layers.Dense(1)], "go_backwards"),
        ([keras.layers.LSTM(3), keras.layers.Dense(1, activation="relu")], "relu"),
        ([keras.layers.LSTM(3), keras.layers.Dense(2), keras.layers.Dense(1)], "Dense"),
        ([keras.layers.LSTM(3, return_sequences=True), keras.layers.Dense(1)], "LSTM, Dense"),
        ([keras.layers.LSTM(3)], "LSTM"),
        ([keras.layers.LSTM(3, activation="softsign"), keras.layers.Dense(1)], "softsign"),
        (
            [
                keras.layers.LSTM(3, return_sequences=True),
                keras.layers.GRU(3),
                keras.layers.Dense(1),
            ],
            "lstm, gru",
        ),
    ],
)
def test_models_of_other_parts_are_refused_by_name(layers, named):
    with pytest.raises(ConfigError, match=r"Received: .*" + named):
        inspect(sequential(*layers), np.zeros((5, 1)))


def encoder_and_decoder():
    """Layers whose sizes would fit as a stack, but the second begins with the first one's state."""
    read, said = keras.Input((5, 2)), keras.Input((5, 3))
    _, *state = keras.layers.LSTM(3, return_state=True)(read)
    last = keras.layers.LSTM(3)(said, initial_state=state)
    return keras.Model([read, said], keras.layers.Dense(1)(last))


def twice_through_a_layer():
    read = keras.Input((5, 2))
    layer = keras.layers.LSTM(2, return_sequences=True)
    last = keras.layers.LSTM(2)(layer(layer(read)))
    return keras.Model(read, keras.layers.Dense(1)(last))


def of_the_cell_state():
    read = keras.Input((5, 2))
    _, _, c = keras.layers.LSTM(3, return_state=True)(read)
    return keras.Model(read, keras.layers.Dense(1)(c))


@pytest.mark.parametrize("model", [encoder_and_decoder, twice_through_a_layer, of_the_cell_state])
def test_layers_that_do_not_follow_each_other_are_refused(model):
    with pytest.raises(ConfigError, match=r"Received: \w+ '\w+', which reads not only the layer"):
        inspect(model(), np.zeros((5, 2)))


def test_a_functional_model_is_read_as_a_sequential_one_is():
    read = keras.Input((None, 2))
    below = keras.layers.GRU(3, return_sequences=True)(read)
    last = keras.layers.GRU(4)(keras.layers.Dropout(0.3)(below))
    model = keras.Model(read, keras.layers.Dense(2)(last))
    given_windows = windows(3, 5, 2, dtype=np.float32)
    close(inspect(model, given_windows).output, model(given_windows))


class InOrder(keras.Model):
    """Layers in the order of their names, made as somebody's own class makes them."""

    def __init__(self, layers, options):
        super().__init__()
        self.below = keras.layers.GRU(options["units"], return_sequences=True)
        self.above = keras.layers.GRU(layers)
        self.head = keras.layers.Dense(1)

    def call(self, x):
        return self.head(self.above(self.below(x)))


class Grown(keras.Model):
    """A functional model whose class has arguments of its own."""

    def __init__(self, options):
        read = keras.Input((None, 2))
        last = keras.layers.LSTM(options["units"])(read)
        super().__init__(read, keras.layers.Dense(1)(last))
        self.options = options

    def get_config(self):
        return {"layers": [self.options, self.options]}


@pytest.mark.parametrize("made", [lambda: InOrder(2, {"units": 3}), lambda: Grown({"units": 3})])
def test_models_of_own_classes_are_read_in_the_order_of_their_layers(made):
    model, given_windows = made(), windows(3, 5, 2, dtype=np.float32)
    said = model(given_windows)
    close(inspect(model, given_windows).output, said)


def test_what_has_no_weights_yet_is_refused():
    model = keras.Sequential([keras.layers.LSTM(3), keras.layers.Dense(1)])
    with pytest.raises(ConfigError, match=r"LSTM 'lstm.*', not built yet"):
        inspect(model, np.zeros((5, 1)))
    with pytest.raises(ConfigError, match="nothing to look inside of"):
        inspect(keras.Sequential, np.zeros((5, 1)))
