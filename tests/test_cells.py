import pytest

from rnn_core.cells import CELLS, parameter_count
from rnn_core.config import Experiment, ModelConfig


def by_hand(gates, biases, hidden, features):
    """Each gate has W (features x hidden), U (hidden x hidden) and its biases."""
    return gates * (features * hidden + hidden * hidden + biases * hidden)


# LSTM: gates i, f, g, o. GRU as Keras has it (reset_after): z, r, h, each with two biases.
GATES = {"lstm": (4, 1), "gru": (3, 2), "rnn": (1, 1)}


def test_every_cell_is_checked_here():
    assert list(CELLS) == [*GATES, "cnn"]


def test_a_convolution_has_four_taps():
    # Of 5 filters on 2 features, on 5 filters, and the dense layer.
    assert parameter_count("cnn", 5, 2, features=2) == (4 * 2 * 5 + 5) + (4 * 5 * 5 + 5) + 6


@pytest.mark.parametrize("cell", list(GATES))
@pytest.mark.parametrize("hidden", [1, 2, 32, 50, 256])
@pytest.mark.parametrize("features", [1, 3])
@pytest.mark.parametrize("outputs", [1, 2])
def test_parameters_add_up_layer_by_layer(cell, hidden, features, outputs):
    dense = hidden * outputs + outputs
    first = by_hand(*GATES[cell], hidden, features)
    further = by_hand(*GATES[cell], hidden, hidden)
    for layers in (1, 2, 4):
        count = parameter_count(cell, hidden, layers, features, outputs)
        assert count == first + (layers - 1) * further + dense


def test_the_well_known_stacked_lstm_has_its_well_known_number():
    assert parameter_count("lstm", 50, 3) == 50_851


def test_a_configuration_knows_its_number():
    assert Experiment(model=ModelConfig(cell="gru", hidden_size=5, layers=2)).parameters == (
        by_hand(3, 2, 5, 1) + by_hand(3, 2, 5, 5) + 6
    )
