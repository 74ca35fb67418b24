import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_core.inside.network import Layer, Network
from rnn_core.inside.passes import (
    LOSSES,
    backward,
    forward,
    loss_of,
    predict,
    weight_gradients,
)
from rnn_core.messages import ConfigError
from tests.inside.networks import KINDS, network, windows
from tests.inside.reference import run

SHAPES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(KINDS),
        "units": st.integers(1, 4),
        "layers": st.integers(1, 4),
        "features": st.integers(1, 3),
        "outputs": st.integers(1, 2),
        "steps": st.integers(1, 7),
        "count": st.integers(1, 3),
        "seed": st.integers(0, 1000),
    }
)


def drawn(shape, **options):
    cell, reset_after = shape["kind"]
    sizes = {name: shape[name] for name in ("units", "layers", "features", "outputs", "seed")}
    net = network(cell, reset_after=reset_after, **sizes, **options)
    return net, windows(shape["count"], shape["steps"], shape["features"], shape["seed"] + 1)


@settings(max_examples=40, deadline=None)
@given(SHAPES)
def test_forward_is_the_textbooks(shape):
    net, given_windows = drawn(shape)
    passed = forward(net, given_windows)
    for index, window in enumerate(given_windows):
        output, computed = run(net, window)
        np.testing.assert_allclose(passed.output[index], output, atol=1e-12)
        for trace, by_hand in zip(passed.traces, computed, strict=True):
            found = {"h": trace.h, "c": trace.c, **trace.gates}
            assert set(found) == {"h", "c", *trace.gates}
            if trace.c is None:
                del found["c"], by_hand["c"]
            assert set(found) == set(by_hand)
            for name, array in found.items():
                np.testing.assert_allclose(array[:, index], by_hand[name], atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(SHAPES, st.sampled_from(sorted(LOSSES)))
def test_the_way_back_is_what_finite_differences_find(shape, loss):
    net, given_windows = drawn(shape)
    random = np.random.default_rng(shape["seed"])
    # Far from the bends of mae and huber.
    targets = predict(net, given_windows) + random.choice([-3.0, -0.4, 0.3, 2.0], shape["outputs"])
    passed = forward(net, given_windows)
    ways = backward(net, passed, loss_of(loss, passed.output, targets)[1])

    def loss_at(window, nudge=None, moved=None):
        output, _ = run(net, given_windows[window] if moved is None else moved, nudge)
        return float(LOSSES[loss].value(output - targets[window]).mean())

    window = int(random.integers(shape["count"]))
    step = int(random.integers(shape["steps"]))
    size = 1e-5
    for index, way in enumerate(ways):
        unit = int(random.integers(shape["units"]))
        for what, found in (("h", way.dh), ("c", way.dc)):
            if found is None:
                continue
            up, down = (loss_at(window, (what, index, step, unit, s * size)) for s in (1, -1))
            assert found[step, window, unit] == pytest.approx((up - down) / (2 * size), abs=1e-4)
    feature = int(random.integers(shape["features"]))
    ends = []
    for sign in (1, -1):
        moved = given_windows[window].copy()
        moved[step, feature] += sign * size
        ends.append(loss_at(window, moved=moved))
    slope = (ends[0] - ends[1]) / (2 * size)
    assert ways[0].dx[step, window, feature] == pytest.approx(slope, abs=1e-4)


@settings(max_examples=16, deadline=None)
@given(SHAPES, st.sampled_from(sorted(LOSSES)))
def test_gradients_of_the_weights_are_what_finite_differences_find(shape, loss):
    net, given_windows = drawn(shape)
    random = np.random.default_rng(shape["seed"])
    targets = predict(net, given_windows) + random.choice(
        [-3.0, -0.4, 0.3, 2.0], (shape["count"], shape["outputs"])
    )

    def loss_of_all(arrays):
        moved = net._with(arrays)
        outputs = np.array([run(moved, window)[0] for window in given_windows])
        return float(LOSSES[loss].value(outputs - targets).mean())

    size = 1e-5
    found = weight_gradients(net, given_windows, targets, loss)
    assert [array.shape for array in found] == [array.shape for array in net.arrays]
    for index, gradient in enumerate(found):
        place = tuple(int(random.integers(extent)) for extent in gradient.shape)
        ends = []
        for sign in (1, -1):
            arrays = [array.copy() for array in net.arrays]
            arrays[index][place] += sign * size
            ends.append(loss_of_all(arrays))
        assert gradient[place] == pytest.approx((ends[0] - ends[1]) / (2 * size), abs=1e-4)


@pytest.mark.parametrize("a", [0.5, 0.9, 1.0, 1.1])
def test_a_linear_rnn_forgets_by_a_power(a):
    units, steps = 3, 30
    layer = Layer("rnn", np.ones((1, units)), a * np.eye(units), np.zeros(units), "linear")
    net = Network((layer,), np.array([[1.0], [-2.0], [0.5]]), np.zeros(1))
    (way,) = backward(net, forward(net, windows(2, steps)), np.ones((2, 1)))
    powers = a ** np.arange(steps - 1, -1, -1.0)
    expected = powers[:, None, None] * net.head_kernel[:, 0]
    np.testing.assert_allclose(way.dh, np.broadcast_to(expected, way.dh.shape), rtol=1e-13)


def test_an_lstm_that_forgets_nothing_and_takes_nothing_in_keeps_c():
    net = network("lstm", units=4, seed=3)
    layer = net.layers[0]
    layer.bias[layer.block("i")] = -1000
    layer.bias[layer.block("f")] = 1000
    given_windows = windows(2, 20)
    trace = forward(net, given_windows).traces[0]
    assert (trace.gates["f"] == 1).all()
    assert (trace.gates["i"] == 0).all()
    assert (trace.c == 0).all()
    # With something taken in at the first step alone it is kept exactly, and so is its gradient.
    layer.kernel[:, layer.block("i")] = 2000
    given_windows[:, 0], given_windows[:, 1:] = 1, 0
    passed = forward(net, given_windows)
    c = passed.traces[0].c
    assert (np.abs(c[0]) > 0.01).all()
    assert (c == c[0]).all()
    layer.recurrent_kernel[:] = 0  # the gates hear nothing of h, so c's is the only way back
    passed = forward(net, given_windows)
    (way,) = backward(net, passed, np.ones((2, 1)))
    assert (np.abs(way.dc[-1]) > 1e-4).all()
    assert (way.dc == way.dc[-1]).all()


@settings(max_examples=20, deadline=None)
@given(SHAPES, st.integers(0, 3), st.integers(0, 4))
def test_a_unit_switched_off_is_a_unit_removed(shape, layer, unit):
    shape = shape | {"units": shape["units"] + 1}
    net, given_windows = drawn(shape)
    layer, unit = layer % shape["layers"], unit % shape["units"]
    units = shape["units"]
    off = forward(net.switched_off({layer: [unit]}), given_windows)
    arrays = list(net.arrays)
    blocks = arrays[3 * layer].shape[1] // units
    into = [unit + block * units for block in range(blocks)]
    for place in range(3 * layer, 3 * layer + 3):
        arrays[place] = np.delete(arrays[place], into, axis=-1)
    for place in (3 * layer + 1, 3 * layer + 3):
        arrays[place] = np.delete(arrays[place], unit, axis=0)
    smaller = net._with(arrays)
    assert smaller.layers[layer].units == units - 1
    removed = forward(smaller, given_windows)
    np.testing.assert_allclose(off.output, removed.output, atol=1e-12)
    assert (off.traces[layer].h[:, :, unit] == 0).all()
    for here, there in zip(off.traces, removed.traces, strict=True):
        kept = np.delete(here.h, unit, axis=2) if there.h.shape != here.h.shape else here.h
        np.testing.assert_allclose(kept, there.h, atol=1e-12)
    if shape["outputs"] == 1:
        assert not np.allclose(off.output, predict(net, given_windows), atol=1e-9)


@pytest.mark.parametrize(("cell", "reset_after"), KINDS)
def test_float32_is_the_default_networks_type_and_stays_so(cell, reset_after):
    net = network(cell, layers=2, dtype=np.float32, reset_after=reset_after)
    passed = forward(net, windows(2, 5))
    ways = backward(net, passed, np.ones((2, 1)))
    for trace, way in zip(passed.traces, ways, strict=True):
        arrays = [trace.h, *trace.gates.values(), way.dh, way.dx, way.da]
        assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
    found = weight_gradients(net, windows(2, 5), np.ones((2, 1)))
    assert {array.dtype for array in found} == {np.dtype(np.float32)}


def test_what_explodes_is_infinite_and_no_error():
    layer = Layer("rnn", np.zeros((1, 1)), 1e3 * np.eye(1), np.zeros(1), "linear")
    net = Network((layer,), np.ones((1, 1)), np.zeros(1))
    (way,) = backward(net, forward(net, np.zeros((1, 200, 1))), np.ones((1, 1)))
    assert np.isinf(way.dh[0]).all()


@pytest.mark.parametrize(("cell", "reset_after"), KINDS)
def test_what_has_all_but_vanished_is_no_slow_number_and_the_rest_is_right(cell, reset_after):
    single, double = (
        network(cell, units=8, layers=2, dtype=dtype, reset_after=reset_after)
        for dtype in (np.float32, np.float64)
    )
    for net in (single, double):
        for layer in net.layers:  # the state is forgotten within a few steps
            layer.bias[..., layer.block({"lstm": "f", "gru": "z"}.get(cell, "h"))] -= 2
    ways, exact = (
        backward(net, forward(net, windows(1, 400, dtype=net.dtype)), np.ones((1, 1), net.dtype))
        for net in (single, double)
    )
    for way, wanted in zip(ways, exact, strict=True):
        for found in (way.da, way.da_recurrent):
            assert (found == 0).any()
            assert (np.abs(found[found != 0]) >= np.finfo(np.float32).tiny).all()
        largest = np.abs(wanted.dh).max(axis=(1, 2), keepdims=True)
        known = np.broadcast_to(largest > 1e-28, wanted.dh.shape)
        assert known.mean() < 0.9
        near = np.abs(way.dh - wanted.dh) <= 1e-3 * largest
        assert near[known].all()


@pytest.mark.parametrize("shape", [(3, 5), (2, 5, 2), (2, 0, 1), (0, 5, 1), (5,), (1, 2, 5, 1)])
def test_windows_of_another_shape_are_refused(shape):
    with pytest.raises(ConfigError, match="Received: ") as caught:
        forward(network("gru"), np.zeros(shape))
    assert str(shape) in str(caught.value)


def test_a_window_with_a_gap_is_refused():
    given_windows = windows(3, 4)
    given_windows[1, 2] = np.nan
    with pytest.raises(ConfigError, match=r"nan.* at time step 2 of window 1"):
        forward(network("rnn"), given_windows)
