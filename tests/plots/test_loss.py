import numpy as np
import pytest

from rnn_core.plots import loss_figure, thin_curve
from rnn_core.records import BatchLosses
from tests.plots.lab_figures import NONE, curves, trace


def test_loss_carries_the_curves() -> None:
    epochs, loss, val_loss = curves(300)
    val_loss[10] = np.nan
    fig = loss_figure(epochs, loss, val_loss, log=False, best_epoch=200)
    training, validation = trace(fig, "Training"), trace(fig, "Validation")
    np.testing.assert_array_equal(training.x, epochs)
    np.testing.assert_array_equal(training.y, loss.astype(np.float32))
    np.testing.assert_array_equal(validation.y, val_loss.astype(np.float32))
    assert not validation.connectgaps
    best = trace(fig, "Best epoch")
    assert (best.x[0], best.y[0]) == (200, np.float32(val_loss[199]))


@pytest.mark.parametrize(
    ("epoch", "ends", "room"),
    [
        (0, 300, 10),
        (9, 300, 10),
        (10, 300, 15),
        (99, 300, 100),
        (100, 300, 150),
        (299, 300, 300),
        (300, 300, 300),
        (1, 5, 5),
        (7000, 10_000, 10_000),
    ],
)
def test_the_axis_of_a_run_that_goes_on_has_room(epoch: int, ends: int, room: int) -> None:
    drawn = loss_figure(*curves(epoch), log=False, ends=ends)
    # No range, which would undo a zoom as it grows: an unseen point, as high as another.
    assert drawn.layout.xaxis.range is None
    unseen = drawn.data[-1]
    assert unseen.x.tolist() == ([room] if epoch else [])
    assert unseen.y.tolist() == drawn.data[0].y[:1].tolist()


def test_the_axis_of_a_run_that_has_ended_fits_it() -> None:
    drawn = loss_figure(*curves(300), log=False)
    assert drawn.layout.xaxis.autorange
    assert max(max(each.x, default=0) for each in drawn.data) == 300


def test_batches_lie_between_two_epochs() -> None:
    seen = BatchLosses(10, 8, np.array([0.5, 0.4, 0.3], np.float32))
    batches = trace(loss_figure(*curves(9), log=False, batches=seen), "Batches of this epoch")
    assert batches.x.tolist() == [9.125, 9.25, 9.375]
    assert batches.y.tolist() == seen.losses.tolist()
    none = trace(loss_figure(*curves(9), log=False), "Batches of this epoch")
    assert len(none.x) == 0
    # The legend, and with it the height of the curves, stays as it is.
    assert (batches.showlegend, none.showlegend) == (False, False)


def test_many_batches_are_thinned() -> None:
    losses = np.random.default_rng(0).random(5000).astype(np.float32)
    seen = BatchLosses(1, 5000, losses)
    batches = trace(loss_figure(NONE, NONE, NONE, log=True, batches=seen), "Batches of this epoch")
    assert len(batches.x) <= 202
    assert batches.y.max() == losses.max()
    assert (batches.x[0], batches.x[-1]) == (np.float32(1 / 5000), 1)


@pytest.mark.parametrize("best_epoch", [None, 301])
def test_loss_without_best_epoch(best_epoch: int | None) -> None:
    best = trace(loss_figure(*curves(300), log=False, best_epoch=best_epoch), "Best epoch")
    assert len(best.x) == 0
    assert not best.showlegend


def test_loss_scale() -> None:
    linear, log = (loss_figure(*curves(9), log=log).layout.yaxis for log in (False, True))
    assert (linear.type, log.type) == ("linear", "log")
    assert linear.uirevision != log.uirevision


def test_loss_that_ran_away() -> None:
    loss = np.array([1.0, 1e300, np.inf, np.nan])
    fig = loss_figure(np.arange(1, 5), loss, loss, log=True)
    assert list(np.isfinite(trace(fig, "Training").y)) == [True, False, False, False]


def test_thin_curve_leaves_short_curves_alone() -> None:
    given = curves(1000)
    for before, after in zip(given, thin_curve(*given), strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("count", [1001, 2000, 2001, 4097, 10_000])
def test_thin_curve_keeps_extremes(count: int) -> None:
    epochs, loss, val_loss = curves(count)
    loss[[700, 900]] = 9, -9
    kept, thin_loss, thin_val = thin_curve(epochs, loss, val_loss)
    assert len(kept) <= 1002
    assert (np.diff(kept) > 0).all()
    assert (kept[0], kept[-1]) == (1, count)
    assert {701, 901} <= set(kept)
    np.testing.assert_array_equal(thin_loss, loss[kept - 1])
    np.testing.assert_array_equal(thin_val, val_loss[kept - 1])


def test_thin_curve_is_stable() -> None:
    epochs, loss, _ = curves(9000)
    before: set[int] = set()
    for count in range(1001, 9000, 37):
        kept = set(thin_curve(epochs[:count], loss[:count])[0].tolist())
        came = kept - before
        # What is new lies after the old curve, or in its last bucket, 16 wide at most.
        assert not before or min(came) > count - 37 - 16
        before = kept


def test_thin_curve_with_gaps() -> None:
    epochs, loss, _ = curves(3000)
    loss[::3] = np.nan
    loss[1200:1300] = np.nan
    kept, thin = thin_curve(epochs, loss)
    np.testing.assert_array_equal(thin, loss[kept - 1])
    assert np.nanmax(thin) == np.nanmax(loss)
    assert np.isnan(thin).any()
