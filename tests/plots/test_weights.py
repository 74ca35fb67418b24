import numpy as np
import pytest

from rnn_core.plots import eigenvalues_figure, weight_shares
from tests.plots.inside_figures import eigenvalues_of, random, weights_of
from tests.plots.lab_figures import trace


def test_weights_carry_the_matrix() -> None:
    (cells,) = weights_of(1, 7, row_names=["input"]).data
    np.testing.assert_array_equal(cells.z, random(1, 7).astype(np.float32))
    assert cells.y.tolist() == ["input"]
    np.testing.assert_array_equal(cells.x, np.arange(1, 8))
    assert (cells.zmin, cells.zmax) == (-1.5, 1.5)


def test_shares_of_weights_are_numpys_and_none_is_lost() -> None:
    weights = [random(10, 20), 5 + random(7)]
    middles, shares = weight_shares(weights, limit=1.0, bins=8)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert middles == pytest.approx(np.arange(-0.875, 1, 0.25))
    assert shares[1].tolist() == [0] * 7 + [1]
    inner = np.histogram(weights[0], np.linspace(-0.75, 0.75, 7))[0] / 200
    np.testing.assert_allclose(shares[0, 1:-1], inner)


def test_eigenvalues_lie_against_the_unit_circle() -> None:
    fig = eigenvalues_of()
    (circle,) = fig.layout.shapes
    assert (circle.type, circle.x0, circle.y1) == ("circle", -1, 1)
    assert fig.layout.yaxis.scaleanchor == "x"
    assert fig.layout.xaxis.range == fig.layout.yaxis.range == (-2.5, 2.5)
    np.testing.assert_array_equal(trace(fig, "i").x, random(6).astype(np.float32))
    np.testing.assert_array_equal(trace(fig, "i").y, random(6, seed=4).astype(np.float32))
    symbols = {each.marker.symbol for each in fig.data}
    assert len(symbols) == 2
    assert eigenvalues_figure({}, limit=0.2).layout.xaxis.range == (-1.1, 1.1)
