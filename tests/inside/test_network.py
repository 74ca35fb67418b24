import numpy as np
import pytest

from rnn_core.config import Experiment, ModelConfig
from rnn_core.inside.network import BLOCKS, Layer, Network, network_of
from rnn_core.messages import ConfigError
from tests.inside.networks import KINDS, network


@pytest.mark.parametrize(("cell", "reset_after"), KINDS)
def test_blocks_divide_the_columns(cell, reset_after):
    layer = network(cell, units=4, reset_after=reset_after).layers[0]
    columns = [column for name in BLOCKS[cell] for column in range(100)[layer.block(name)]]
    assert columns == list(range(layer.kernel.shape[1]))


@pytest.mark.parametrize("cell", list(BLOCKS))
def test_a_network_is_made_of_an_experiments_choices_and_its_weights(cell):
    config = ModelConfig(cell=cell, hidden_size=5, layers=3)
    given = network(cell, units=5, layers=3, dtype=np.float32)
    net = network_of(config, given.arrays)
    assert (net.cell, net.features, net.outputs, net.dtype) == (cell, 1, 1, np.float32)
    assert all(one is other for one, other in zip(net.arrays, given.arrays, strict=True))
    assert sum(array.size for array in net.arrays) == Experiment(model=config).parameters
    assert net.astype(np.float64).dtype == np.float64


def test_a_network_of_other_weights_is_refused():
    config = ModelConfig(cell="lstm", hidden_size=5, layers=2)
    with pytest.raises(ConfigError, match=r"2 recurrent layers has 8 arrays.*Received: 5"):
        network_of(config, network("lstm", units=5).arrays)
    with pytest.raises(ConfigError, match=r"lstm kernel must have the shape .*Received: \(1, 15\)"):
        network_of(config, network("gru", units=5, layers=2, reset_after=False).arrays)
    with pytest.raises(ConfigError, match="Received: 'cnn'"):
        Layer("cnn", np.zeros((1, 2)), np.zeros((2, 2)), np.zeros(2))


def test_parts_that_do_not_fit_are_refused():
    net = network("rnn", units=3)
    layer = net.layers[0]
    with pytest.raises(ConfigError, match=r"layer 2 kernel .*\(3, 3\).*Received: \(1, 3\)"):
        Network((layer, layer), net.head_kernel, net.head_bias)
    with pytest.raises(ConfigError, match="head kernel"):
        Network((layer,), np.zeros((4, 1)), np.zeros(1))
    with pytest.raises(ConfigError, match="Received: -"):
        Network((), net.head_kernel, net.head_bias)
    with pytest.raises(ConfigError, match="'swish'"):
        Layer("rnn", layer.kernel, layer.recurrent_kernel, layer.bias, "swish")


@pytest.mark.parametrize("off", [{1: [0]}, {-1: [0]}, {0: [3]}, {0: [0, -1]}])
def test_only_units_that_are_there_are_switched_off(off):
    with pytest.raises(ConfigError, match="counted from 0"):
        network("gru", units=3).switched_off(off)


def test_switching_off_leaves_the_network_as_it_was():
    net = network("lstm", units=3, layers=2)
    before = [array.copy() for array in net.arrays]
    net.switched_off({0: [1], 1: [0, 2]})
    assert all((one == other).all() for one, other in zip(net.arrays, before, strict=True))
    same = net.switched_off({})
    assert all((one == other).all() for one, other in zip(same.arrays, before, strict=True))
