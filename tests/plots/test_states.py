from itertools import pairwise

import numpy as np

from rnn_core.plots import states_figure, thin_steps
from tests.plots.inside_figures import gates_of, random, states_of


def test_states_carry_the_values_in_their_order_and_range() -> None:
    order = np.array([2, 0, 1])
    fig = states_of(5, 3, unit_order=order, step=1)
    (cells,) = fig.data
    np.testing.assert_array_equal(cells.z, np.tanh(random(5, 3)).T[order].astype(np.float32))
    np.testing.assert_array_equal(cells.y, [3, 1, 2])
    np.testing.assert_array_equal(cells.x, np.arange(-5, 0))
    assert (cells.zmin, cells.zmax) == (-2, 2)
    assert cells.colorbar.title.text == "c"
    (line,) = fig.layout.shapes
    assert (line.x0, line.x1) == (-4, -4)


def test_large_states_are_sent_in_hundredths_of_the_limit() -> None:
    (cells,) = states_of(200, 64).data
    assert cells.z.dtype == np.int8
    values = np.tanh(random(200, 64)).T
    np.testing.assert_allclose(cells.z / 100 * 2, values, atol=0.01 + 1e-9)
    assert (cells.zmin, cells.zmax) == (-100, 100)
    assert tuple(cells.colorbar.ticktext) == ("−2", "0", "2")
    assert "%{z} / 100 × 2" in cells.hovertemplate


def test_states_beyond_the_range_take_its_end_and_gaps_stay() -> None:
    values = np.full((200, 64), 7.0)
    labels = {"symbol": "c", "limit": 2.0, "label": ""}
    assert (states_figure(np.arange(200), values, **labels).data[0].z == 100).all()
    values[3, 3] = np.nan
    assert np.isnan(states_figure(np.arange(200), values, **labels).data[0].z).sum() == 1


def test_gates_have_a_row_each_on_one_time_axis() -> None:
    fig = gates_of(6, 4, step=2)
    assert [cells.yaxis for cells in fig.data] == ["y", "y2", "y3", "y4"]
    assert {cells.xaxis for cells in fig.data} <= {None, "x"}
    assert [(cells.zmin, cells.zmax) for cells in fig.data] == [(0, 1)] * 3 + [(-1, 1)]
    names = [note.text for note in fig.layout.annotations]
    assert names == ["Layer 1 · i", "Layer 1 · f", "Layer 1 · o", "Layer 1 · g"]
    domains = [fig.layout[f"yaxis{n}"].domain for n in ("", 2, 3, 4)]
    assert all(lower[1] < upper[0] for upper, lower in pairwise(domains))
    assert min(low for low, _ in domains) >= 0


def test_many_steps_are_thinned_to_their_strongest_and_the_figure_says_so() -> None:
    values = np.zeros((5000, 3))
    values[[7, 8, 4999], [0, 0, 2]] = 0.5, -0.9, 0.25
    x, thinned, width = thin_steps(np.arange(5000), values)
    assert width == 5
    assert len(x) == len(thinned) == 1000
    np.testing.assert_array_equal(x, np.arange(0, 5000, 5))
    assert thinned[1].tolist() == [-0.9, 0, 0]
    assert thinned[-1].tolist() == [0, 0, 0.25]
    assert np.count_nonzero(thinned) == 2
    fig = states_figure(np.arange(5000), values, symbol="h", limit=1, label="Layer 1")
    assert fig.layout.annotations[0].text == "Layer 1 · h · each column: the strongest of 5 steps"
    short = thin_steps(np.arange(1024), random(1024, 2))
    assert short[2] == 1
    np.testing.assert_array_equal(short[1], random(1024, 2))
