import numpy as np
import pytest

from rnn_core.plots import hidden_figure
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
