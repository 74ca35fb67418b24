"""The written-out layers against stock Keras: outputs, and gradients by Keras's autodiff."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_core.cells import DILATION, TAPS
from rnn_core.engine.build import RECURRENT as STOCK
from rnn_core.engine.layers import RECURRENT, cnn


def both(ours, layer, x, pull):
    """Outputs and gradients, of ours and of the stock layer, for the loss ``sum(output pull)``."""
    with tf.GradientTape() as tape:
        variables = [variable.value for variable in layer.trainable_variables]
        sequence = tf.transpose(x, [1, 0, 2])
        tape.watch(sequence)
        output = tf.transpose(ours(sequence, *variables), [1, 0, 2])
        loss = tf.reduce_sum(output * pull)
    gradients = tape.gradient(loss, [sequence, *variables])
    gradients[0] = tf.transpose(gradients[0], [1, 0, 2])
    with tf.GradientTape() as tape:
        tape.watch(x)
        expected = layer(x)
        loss = tf.reduce_sum(expected * pull)
    theirs = tape.gradient(loss, [x, *layer.trainable_variables])
    return [output, *gradients], [expected, *theirs]


def agree(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        one, other = one.numpy(), other.numpy()
        assert one.shape == other.shape
        assert np.linalg.norm(one - other) <= 1e-5 * np.linalg.norm(other) + 1e-7


def drawn(seed, layer, batch, timesteps, features):
    random = np.random.default_rng(seed)
    layer.build((batch, timesteps, features))
    layer.set_weights([random.normal(0, 0.6, weight.shape) for weight in layer.get_weights()])
    x = random.normal(size=(batch, timesteps, features)).astype(np.float32)
    pull = random.normal(size=(batch, timesteps, layer.units if hasattr(layer, "units") else 1))
    return tf.constant(x), pull.astype(np.float32)


@pytest.mark.parametrize("cell", list(RECURRENT))
@given(
    units=st.integers(1, 7),
    features=st.integers(1, 4),
    batch=st.integers(1, 5),
    timesteps=st.integers(1, 9),
    seed=st.integers(0, 99),
)
@settings(max_examples=8, deadline=None)
def test_a_layer_is_the_stock_one_forward_and_backward(
    cell, units, features, batch, timesteps, seed
):
    layer = STOCK[cell](units, return_sequences=True)
    x, pull = drawn(seed, layer, batch, timesteps, features)
    agree(*both(RECURRENT[cell], layer, x, pull))


@pytest.mark.parametrize(
    ("units", "features", "batch", "timesteps"),
    [(1, 1, 1, 1), (5, 5, 3, 1), (17, 17, 2, 6), (20, 3, 1, 9), (50, 1, 4, 7)],
)
@pytest.mark.parametrize("cell", list(RECURRENT))
def test_so_it_is_compiled(cell, units, features, batch, timesteps):
    layer = STOCK[cell](units, return_sequences=True)
    x, pull = drawn(3, layer, batch, timesteps, features)
    variables = [variable.value for variable in layer.trainable_variables]

    def ours(x, *variables):
        with tf.GradientTape() as tape:
            tape.watch([x, *variables])
            output = tf.transpose(
                RECURRENT[cell](tf.transpose(x, [1, 0, 2]), *variables), [1, 0, 2]
            )
            loss = tf.reduce_sum(output * pull)
        return [output, *tape.gradient(loss, [x, *variables])]

    compiled = tf.function(ours, jit_compile=True, autograph=False)
    _, expected = both(RECURRENT[cell], layer, x, pull)
    agree(compiled(x, *variables), expected)


@pytest.mark.parametrize("cell", list(RECURRENT))
def test_a_window_that_holds_no_number_leaves_the_others_alone(cell):
    layer = STOCK[cell](3, return_sequences=True)
    x, _ = drawn(0, layer, 2, 4, 3)  # as wide as a layer below gives
    weights = [variable.value for variable in layer.trainable_variables]
    run = tf.function(RECURRENT[cell], jit_compile=True, autograph=False)
    sequence = tf.transpose(x, [1, 0, 2]).numpy()
    whole = run(sequence, *weights).numpy()
    sequence[0, 0, 0] = np.nan
    broken = run(sequence, *weights).numpy()
    assert np.isnan(broken[:, 0]).all()
    np.testing.assert_array_equal(broken[:, 1], whole[:, 1])


@given(
    filters=st.integers(1, 6),
    features=st.integers(1, 4),
    timesteps=st.integers(1, 40),
    depth=st.integers(0, 2),
    seed=st.integers(0, 99),
)
@settings(max_examples=15, deadline=None)
def test_the_convolution_is_the_stock_one(filters, features, timesteps, depth, seed):
    dilation = DILATION**depth
    layer = keras.layers.Conv1D(
        filters, TAPS, padding="causal", dilation_rate=dilation, activation="relu"
    )
    x, _ = drawn(seed, layer, 3, timesteps, features)
    pull = np.random.default_rng(seed).normal(size=(3, timesteps, filters)).astype(np.float32)
    agree(*both(lambda x, kernel, b: cnn(x, kernel, b, dilation), layer, x, pull))


def test_the_newest_output_of_the_convolution_sees_no_further_than_its_taps():
    kernel = np.ones((TAPS, 1, 1), np.float32)
    x = np.zeros((20, 1, 1), np.float32)
    x[[19, 15, 11, 7]] = 1  # a tap each
    x[[18, 3]] = 100  # between two taps, and before all
    newest = cnn(tf.constant(x), kernel, np.zeros(1, np.float32), 4)[-1]
    assert newest.numpy().item() == 4
