import numpy as np

from rnn_core.plots import unit_map_figure
from tests.plots.inside_figures import correlations_of, map_of, random


def test_correlations_have_a_row_a_signal() -> None:
    (cells,) = correlations_of(unit_order=np.array([5, 0, 1, 2, 3, 4])).data
    assert cells.y.tolist() == ["Input", "Level"]
    np.testing.assert_array_equal(cells.x, [6, 1, 2, 3, 4, 5])
    assert cells.z[1, 0] == np.float32(np.tanh(random(6, seed=4))[5])
    assert (cells.zmin, cells.zmax) == (-1, 1)


def test_units_have_their_places_and_those_that_are_off_are_crosses() -> None:
    (dots,) = map_of(drag="select").data
    np.testing.assert_array_equal(dots.x, np.tanh(random(6, 2))[:, 0].astype(np.float32))
    assert dots.text == ("1", "2", "3", "4", "5", "6")
    assert [symbol == "x" for symbol in dots.marker.symbol] == [unit == 2 for unit in range(6)]
    assert map_of().layout.dragmode == "lasso"
    many = unit_map_figure(np.zeros((200, 2)), np.zeros(200), strength_label="")
    assert many.data[0].text is None
