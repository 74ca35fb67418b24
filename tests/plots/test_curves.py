import numpy as np

from tests.plots.inside_figures import EPOCHS, epochs_of
from tests.plots.lab_figures import trace


def test_curves_over_epochs_have_a_reference_and_a_mark() -> None:
    fig = epochs_of(reference=1.0, epoch=20)
    reference, mark = fig.layout.shapes
    assert (reference.y0, reference.y1) == (1, 1)
    assert (mark.x0, mark.x1) == (20, 20)
    np.testing.assert_array_equal(trace(fig, "Layer 2").x, EPOCHS)
    assert fig.layout.xaxis.type == "log"
