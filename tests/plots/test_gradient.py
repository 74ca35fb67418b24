import numpy as np
import pytest

from rnn_core.plots import decades, gradient_figure
from rnn_core.plots.curves import LINES
from tests.plots.inside_figures import dependence_of, gradient_of
from tests.plots.lab_figures import trace


def test_gradients_are_drawn_in_powers_of_ten() -> None:
    derivative = np.array([[1e-20, 0.0], [1e-4, -1e-2], [1.0, 50.0]])
    norms = {"Layer 1": np.array([1e-20, 1e-2, 50])}
    fig = gradient_of(3, 2)
    fig = gradient_figure(
        np.arange(3), derivative, norms, power_range=(-6.0, 1.0), label="Layer 1", step=0
    )
    cells = fig.data[-1]
    # Tenths of a power of ten below the highest one.
    np.testing.assert_array_equal(cells.z.T, [[-70, -70], [-50, -30], [-10, 0]])
    assert (cells.zmin, cells.zmax) == (-70, 0)
    assert tuple(cells.colorbar.ticktext) == ("10<sup>−6</sup>", "10<sup>1</sup>")
    np.testing.assert_array_equal(trace(fig, "Layer 1").y, norms["Layer 1"].astype(np.float32))
    assert fig.layout.yaxis.type == "log"
    assert fig.layout.yaxis.range == (-6, 2)
    assert len(fig.layout.shapes) == 1


def test_runs_side_by_side_have_lines_of_their_own() -> None:
    lines = [t.line for t in gradient_of(9, 2).data[:-1]]
    assert len({line.color for line in lines}) == len({line.dash for line in lines}) == 2
    assert len(set(LINES)) == 16


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.02, 3.0], (-2, 1)),
        ([1e-30, 1.0], (-12, 0)),
        ([0.0, 0.0], (-31, -30)),
        ([np.inf, np.nan, 0.5], (-1, 0)),
    ],
)
def test_a_range_of_powers_holds_every_epoch(
    values: list[float], expected: tuple[float, float]
) -> None:
    assert decades(np.array(values[:1]), np.array(values[1:])) == expected


def test_dependence_tells_what_matters() -> None:
    fig = dependence_of(12)
    assert len(trace(fig, "Matters").x) == 4
    assert len(trace(fig, "Does not matter").x) == 8
    np.testing.assert_array_equal(trace(fig, "Matters").x, [-4, -3, -2, -1])
    assert fig.layout.yaxis2.type == "log"
    assert fig.layout.yaxis2.range == (np.log10(2) - 4, np.log10(2))
    assert len(trace(dependence_of(12, memory=12), "Does not matter").x) == 0
