import numpy as np
import pytest

from rnn_core.inside.inspection import look_inside
from rnn_core.inside.memory import EXPLODED, MATTERS, VANISHED, gradient_flow, memory, step_norms
from rnn_core.inside.network import Layer, Network
from tests.inside.networks import windows


def linear(a, units=2):
    layer = Layer("rnn", np.ones((1, units)), a * np.eye(units), np.zeros(units), "linear")
    return Network((layer,), np.ones((units, 1)), np.zeros(1))


def test_norms_are_over_units_and_root_mean_square_over_windows():
    assert step_norms(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [5, 0]
    two = np.array([[[3.0, 4.0]], [[0.0, 1.0]]])
    assert step_norms(two) == pytest.approx([np.sqrt(13)])
    # The square of this is nothing in float32.
    assert step_norms(np.full((1, 1), 1e-30, np.float32)) == pytest.approx([1e-30])


@pytest.mark.parametrize("a", [0.3, 0.5, 0.8])
def test_memory_is_as_long_as_a_power_stays_above_its_bound(a):
    seen = look_inside(linear(a), windows(1, 60)[0])
    found = memory(seen.doutput_dx)
    expected = int(np.floor(np.log(MATTERS) / np.log(a))) + 1  # a^(length - 1) >= 1 %
    assert found.length == expected
    assert f"older than {expected} steps" in str(found.said)
    np.testing.assert_allclose(found.influence[::-1], 2 * a ** np.arange(60.0))


@pytest.mark.parametrize(
    ("influence", "length", "kind"),
    [
        ([0, 0, 0], 0, "inside.memory.none"),
        ([0, 0, 1], 1, "inside.memory.last"),
        ([0.009, 0.5, 1], 2, "inside.memory"),
        ([0.01, 0, 1], 3, "inside.memory.all"),
        ([np.inf, 1, 1], 3, "inside.memory.exploded"),
    ],
)
def test_memory_in_words(influence, length, kind):
    found = memory(np.array(influence, float)[:, None])
    assert (found.length, found.said.kind) == (length, kind)
    assert "{" not in str(found.said)


def test_a_gradient_that_vanishes_is_called_so_with_its_share():
    seen = look_inside(linear(0.5), windows(1, 40)[0])
    (flow,) = gradient_flow(seen.dloss_dh)
    # 0.5^k < 1/1000 for k >= 10: 30 of 40 steps.
    assert flow.vanished == 30 / 40
    assert flow.exploded == 0
    assert flow.said.kind == "inside.gradient.vanishes"
    assert f"75 % of the 40 time steps it is less than {VANISHED:g}" in str(flow.said)


def test_a_gradient_that_explodes_is_called_so_with_its_share():
    seen = look_inside(linear(2.0), windows(1, 40)[0])
    (flow,) = gradient_flow(seen.dloss_dh)
    assert flow.exploded == 30 / 40
    assert flow.said.kind == "inside.gradient.explodes"
    assert f"more than {EXPLODED:,g} times" in str(flow.said)


def test_a_gradient_beyond_numbers_explodes():
    (flow,) = gradient_flow([np.array([[np.inf], [1.0]])])
    assert (flow.exploded, flow.said.kind) == (0.5, "inside.gradient.explodes")


@pytest.mark.parametrize(
    ("norms", "kind"), [([0.5, 1], "inside.gradient.flows"), ([1, 0], "inside.gradient.none")]
)
def test_other_gradients_in_words(norms, kind):
    (flow,) = gradient_flow([np.array(norms, float)[:, None]])
    assert flow.said.kind == kind
    assert "{" not in str(flow.said)


@pytest.mark.parametrize(("vanished", "percent"), [(2, "0.391 %"), (511, "99.8 %"), (128, "25 %")])
def test_a_few_of_many_steps_are_not_called_none(vanished, percent):
    norms = np.where(np.arange(512) < vanished, VANISHED / 2, 1.0)
    assert f"vanishes; at {percent} of the 512" in str(gradient_flow([norms[:, None]])[0].said)
