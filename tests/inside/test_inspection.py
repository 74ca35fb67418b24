from types import SimpleNamespace

import numpy as np
import pytest

import rnn_core
from rnn_core.config import Experiment
from rnn_core.inside.inspection import Inspection, inspect, look_inside
from rnn_core.inside.network import BLOCKS
from rnn_core.messages import ConfigError
from rnn_core.records import Weights
from rnn_core.runs.records import Records
from rnn_core.runs.store import Store
from tests.inside.networks import KINDS, network, windows


@pytest.fixture
def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/runs.sqlite")
    yield store
    store.close()


@pytest.mark.parametrize(("cell", "reset_after"), KINDS)
@pytest.mark.parametrize("outputs", [1, 2])
def test_shapes_are_as_stated(cell, reset_after, outputs):
    net = network(cell, units=4, layers=2, features=3, outputs=outputs, reset_after=reset_after)
    given = windows(5, 6, 3)
    several = look_inside(net, given, target=np.ones((5, outputs)))
    single = look_inside(net, given[2], target=np.ones(outputs))
    assert several.output.shape == (5, outputs)
    assert single.output.shape == (outputs,)
    assert several.loss.shape == (5,)
    assert single.loss.shape == ()
    assert several.doutput_dx.shape == (5, 6, 3)
    assert single.doutput_dx.shape == (6, 3)
    gates = () if cell == "rnn" else BLOCKS[cell]
    assert tuple(several.gates) == tuple(single.gates) == gates
    lists = ["h", "dloss_dh", "doutput_dh"]
    assert len(several.c) == len(several.dloss_dc) == (2 if cell == "lstm" else 0)
    lists += ["c", "dloss_dc"] if cell == "lstm" else []
    for name in lists:
        for one, all_of_them in zip(getattr(single, name), getattr(several, name), strict=True):
            assert one.shape == (6, 4)
            assert all_of_them.shape == (5, 6, 4)
            np.testing.assert_allclose(one, all_of_them[2], atol=1e-12)
    for name in gates:
        for one, all_of_them in zip(single.gates[name], several.gates[name], strict=True):
            np.testing.assert_allclose(one, all_of_them[2], atol=1e-12)


def test_without_a_target_the_output_stands_for_the_loss():
    net = network("gru", outputs=2)
    seen = look_inside(net, windows(1, 5)[0], output=1)
    assert seen.loss is None
    assert (seen.dloss_dh[0] == seen.doutput_dh[0]).all()
    np.testing.assert_allclose(seen.doutput_dh[0][-1], net.head_kernel[:, 1])
    other = look_inside(net, windows(1, 5)[0], output=0)
    assert not np.allclose(seen.doutput_dx, other.doutput_dx)


def test_a_target_that_is_met_has_no_gradient_but_the_output_has_one():
    net = network("lstm")
    window = windows(1, 5)[0]
    met = look_inside(net, window, target=look_inside(net, window).output)
    assert met.loss == 0
    assert (met.dloss_dh[0] == 0).all()
    assert (met.doutput_dh[0] != 0).all()


def test_the_loss_of_two_outputs_is_their_mean_as_in_keras():
    net = network("rnn", outputs=2)
    window = windows(1, 5)[0]
    seen = look_inside(net, window, target=[0.5, -3.0], loss="mae")
    assert seen.loss == pytest.approx(np.abs(seen.output - [0.5, -3.0]).mean())


def test_a_whole_series_is_one_long_window():
    net = network("lstm", dtype=np.float32)
    long = windows(1, 400)[0]
    seen = look_inside(net, long)
    assert seen.h[0].shape == (400, 3)
    np.testing.assert_allclose(seen.h[0][:50], look_inside(net, long[:50]).h[0], atol=1e-6)


@pytest.mark.parametrize("target", [[1.0, 2.0], [[1.0, 2.0]], [np.nan], np.ones((2, 1))], ids=str)
def test_targets_of_another_shape_are_refused(target):
    with pytest.raises(ConfigError, match=r"shape \(1, 1\)\. Received: "):
        look_inside(network("rnn"), windows(1, 5)[0], target=target)


def test_what_is_not_there_is_refused():
    net, window = network("rnn"), windows(1, 5)[0]
    with pytest.raises(ConfigError, match="Received: 'cosine'"):
        look_inside(net, window, loss="cosine")
    with pytest.raises(ConfigError, match="no output 1"):
        look_inside(net, window, output=1)
    with pytest.raises(ConfigError, match=r"leave epoch out.*Received: 3"):
        inspect(net, window, epoch=3)
    with pytest.raises(ConfigError, match="Received: dict"):
        inspect({}, window)
    with pytest.raises(ValueError, match=r"Received: \(5, 2\)"):
        inspect(net, np.zeros((5, 2)))


def test_numbers_are_float32_unless_asked_otherwise():
    seen = inspect(network("gru"), windows(1, 5)[0])
    assert {seen.h[0].dtype, seen.doutput_dx.dtype, seen.window.dtype} == {np.dtype(np.float32)}
    exact = inspect(network("gru"), windows(1, 5)[0], dtype=np.float64)
    assert exact.h[0].dtype == np.float64
    np.testing.assert_allclose(seen.doutput_dx, exact.doutput_dx, atol=1e-5)


EXPERIMENT = Experiment.from_values({"cell": "gru", "hidden": 3, "layers": 2, "loss": "mae"})


def kept(epoch):
    net = network("gru", layers=2, seed=epoch, dtype=np.float32)
    return Weights(epoch, net.arrays)


def test_a_run_is_opened_at_any_epoch_that_is_kept(store):
    run_id = store.create(EXPERIMENT, "me")
    window = windows(1, 12)[0]
    with pytest.raises(ConfigError, match=r"epoch - are kept.*with weights: -"):
        inspect(run_id, window, store=store)
    Records(store).append(run_id, [], weights=[kept(2), kept(9)])
    for epoch, expected in ((2, 2), (9, 9), (None, 9)):
        seen = inspect(run_id, window, epoch=epoch, store=store, target=1.0)
        by_hand = inspect(network("gru", layers=2, seed=expected), window, target=1.0, loss="mae")
        np.testing.assert_allclose(seen.dloss_dh[0], by_hand.dloss_dh[0], atol=1e-5)
        assert seen.loss == pytest.approx(abs(seen.output[0] - 1))
    with pytest.raises(ConfigError, match=r"No weights of epoch 5 .* 2, 9"):
        inspect(run_id, window, epoch=5, store=store)
    with pytest.raises(ConfigError, match="no run 'nobody'"):
        inspect("nobody", window, store=store)


def test_the_newest_weights_of_a_live_run_are_looked_into(store):
    run_id = store.create(EXPERIMENT, "me")
    Records(store).append(run_id, [], weights=[kept(2)], newest_weights=kept(7))
    window = windows(1, 12)[0]
    seen = inspect(run_id, window, store=store)
    by_hand = inspect(network("gru", layers=2, seed=7), window)
    np.testing.assert_allclose(seen.output, by_hand.output, atol=1e-6)


def test_the_store_of_this_computer_is_taken_where_none_is_given(tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_STORE_URL", f"sqlite:///{tmp_path}/own.sqlite")
    store = Store()
    run_id = store.create(EXPERIMENT, "me")
    Records(store).append(run_id, [], weights=[kept(1)])
    assert inspect(run_id, windows(1, 12)[0]).h[1].shape == (12, 3)
    store.close()


def test_what_train_gave_is_looked_into_by_its_choices():
    net = network("gru", layers=2, seed=4, dtype=np.float32)
    result = SimpleNamespace(
        experiment=EXPERIMENT, model=SimpleNamespace(get_weights=lambda: list(net.arrays))
    )
    window = windows(1, 12)[0]
    seen = inspect(result, window, target=0.5)
    expected = look_inside(net, window, target=0.5, loss="mae")
    assert (seen.dloss_dh[1] == expected.dloss_dh[1]).all()


def test_it_is_a_name_of_the_library():
    assert rnn_core.inspect is inspect
    assert rnn_core.Inspection is Inspection


def test_of_several_targets_those_that_are_unknown_do_not_count():
    net = network("lstm", outputs=3)
    window = windows(1, 5)[0]
    seen = look_inside(net, window, target=[0.5, np.nan, -1.0])
    errors = seen.output[[0, 2]] - [0.5, -1.0]
    assert seen.loss == pytest.approx(np.mean(errors**2))
    zero = look_inside(net, window, target=[0.5, float(seen.output[1]), -1.0])
    for ours, of_all in zip(seen.dloss_dh, zero.dloss_dh, strict=True):
        np.testing.assert_allclose(ours, of_all * 3 / 2)  # a mean over two, not three
    with pytest.raises(ConfigError, match=r"shape \(1, 3\)"):
        look_inside(net, window, target=[np.nan] * 3)


@pytest.mark.parametrize(
    "given",
    [
        [["a"], ["b"]], np.array([["1"], ["2"]]), [[1], [1, 2]], np.ones((2, 1)) * 1j,
        np.zeros((2, 1), "datetime64[D]"), [[{}], [{}]], np.array([["1"], ["2"]], object),
    ],
    ids=["text", "digits", "ragged", "complex", "dates", "objects", "digits as objects"],
)  # fmt: skip
def test_what_is_no_real_number_is_refused_by_its_field(given):
    net = network("rnn")
    with pytest.raises(ConfigError, match=r"^window must be an array of real .* Received: \w+ "):
        inspect(net, given)
    with pytest.raises(ConfigError, match=r"^target must be an array of real .* Received: \w+ "):
        inspect(net, windows(2, 4), target=given)


def test_a_value_that_is_masked_or_beyond_the_type_is_not_known():
    net, window = network("rnn"), windows(1, 4)[0]
    with pytest.raises(ConfigError, match=r"nan.* at time step 2 of window 0"):
        inspect(net, np.ma.masked_array(window, mask=[[0], [0], [1], [0]]))
    with pytest.raises(ConfigError, match="time step 0 of window 0"):
        inspect(net, window * 1e300)
    of_a_table = inspect(net, window.astype(object))
    assert (of_a_table.output == inspect(net, window).output).all()


def test_choices_of_another_kind_are_refused_by_name():
    net, window = network("rnn"), windows(1, 5)[0]
    for output in (0.0, "0", None):
        with pytest.raises(ConfigError, match=f"no output {output}: "):
            inspect(net, window, output=output)
    with pytest.raises(ConfigError, match="Received: '\\['mse'\\]'"):
        inspect(net, window, loss=["mse"])
    for dtype in (int, complex, "float33"):
        with pytest.raises(ConfigError, match=f"dtype must be a floating-point.*{dtype}"):
            inspect(net, window, dtype=dtype)
    with pytest.raises(ConfigError, match=r"no unit 1\.5"):
        net.switched_off({0: [1.5]})
