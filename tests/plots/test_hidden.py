import numpy as np
import pytest

from rnn_core.plots import hidden_figure, step_in_column, thin_steps
from tests.plots.lab_figures import hidden_of, states


def test_hidden_carries_the_states() -> None:
    fig = hidden_of(12, 32)
    inputs, heatmap = fig.data
    np.testing.assert_array_equal(inputs.y, np.linspace(-1, 1, 12).astype(np.float32))
    np.testing.assert_array_equal(heatmap.z, states(12, 32).T.astype(np.float32))
    np.testing.assert_array_equal(heatmap.x, inputs.x)
    np.testing.assert_array_equal(heatmap.y, np.arange(1, 33))
    assert (heatmap.zmin, heatmap.zmax) == (-1, 1)
    assert heatmap.colorbar.title.text == "h"
    assert heatmap.xaxis in (None, "x")  # the one axis of both rows
    assert fig.layout.xaxis.range == (-12.5, -0.5)


def test_large_hidden_is_sent_in_hundredths() -> None:
    heatmap = hidden_of(200, 64).data[1]
    assert heatmap.z.dtype == np.int8
    np.testing.assert_allclose(heatmap.z / 100, states(200, 64).T, atol=0.005 + 1e-9)
    assert (heatmap.zmin, heatmap.zmax) == (-100, 100)
    assert tuple(heatmap.colorbar.tickvals) == (-100, 0, 100)
    assert "%{z} / 100" in heatmap.hovertemplate


@pytest.mark.parametrize(("value", "sent"), [(7.0, 100.0), (np.nan, np.nan)])
def test_large_hidden_out_of_range(value: float, sent: float) -> None:
    hidden = np.full((200, 64), value)
    fig = hidden_figure(np.arange(200), hidden[:, 0], hidden, layer_label="", input_label="")
    np.testing.assert_array_equal(fig.data[1].z, sent)


def test_hidden_in_another_order() -> None:
    order = np.array([2, 0, 1])
    heatmap = hidden_of(5, 3, unit_order=order).data[1]
    np.testing.assert_array_equal(heatmap.y, [3, 1, 2])
    np.testing.assert_array_equal(heatmap.z, states(5, 3).T[order].astype(np.float32))


def test_over_many_steps_no_peak_of_the_input_is_lost() -> None:
    steps, random = 3001, np.random.default_rng(2)
    inputs, hidden = random.normal(size=steps), random.uniform(-1, 1, (steps, 2))
    inputs[1234] = 40  # between the columns' first steps
    fig = hidden_figure(np.arange(steps), inputs, hidden, layer_label="", input_label="")
    line, heatmap = fig.data
    assert line.y.max() == 40
    assert line.x[line.y.argmax()] == 1234
    assert len(line.x) <= 1026
    assert heatmap.z.shape == (2, 1001)


@pytest.mark.parametrize("steps", [12, 1024, 1025, 3001])
def test_the_step_of_a_column_is_the_one_drawn(steps: int) -> None:
    values = np.random.default_rng(3).normal(size=(steps, 2))
    drawn = thin_steps(np.arange(steps), values)[1]
    for unit in range(2):
        found = [step_in_column(values[:, unit], column) for column in range(len(drawn))]
        np.testing.assert_array_equal(values[found, unit], drawn[:, unit])
        assert (np.diff(found) > 0).all()
