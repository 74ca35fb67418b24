import numpy as np
import pytest

from rnn_core.records import KeptEpochs, Snapshot, Weights, kept_epochs


def test_a_snapshot_comes_back_from_bytes():
    random = np.random.default_rng(1)
    # More than ten layers would sort as text; four is the most there can be, twelve is safe.
    hidden = tuple(random.uniform(-1, 1, (5, units)).astype(np.float32) for units in range(1, 13))
    forecast = random.normal(size=7) * 1e6
    again = Snapshot.from_bytes(9, Snapshot(9, hidden, forecast).to_bytes())
    assert again.epoch == 9
    assert again.forecast.dtype == np.float64
    assert again.forecast.tobytes() == forecast.tobytes()
    assert len(again.hidden) == 12
    for kept, given in zip(again.hidden, hidden, strict=True):
        assert kept.dtype == np.float32
        assert kept.shape == given.shape
        # float16 has 11 bits: half a unit in the last place of 1 is 2^-12.
        assert np.abs(kept - given).max() <= 2**-12


def test_a_snapshot_is_packed_small():
    hidden = (np.zeros((60, 256), np.float32),)
    packed = Snapshot(1, hidden, np.zeros(10)).to_bytes()
    assert len(packed) < 2 * 60 * 256 + 1_000


def test_weights_come_back_from_bytes_exactly():
    random = np.random.default_rng(2)
    shapes = [(1, 12), (3, 12), (2, 12), (12,), (3, 1), (1,), ()]
    arrays = tuple(np.asarray(random.normal(size=shape), np.float32) for shape in shapes)
    arrays[1][0, :3] = np.nan, np.inf, -0.0
    packed = Weights(4, arrays).to_bytes()
    assert len(packed) < 4 * sum(array.size for array in arrays) + 100
    again = Weights.from_bytes(4, packed)
    assert again.epoch == 4
    assert [array.shape for array in again.arrays] == shapes
    for kept, given in zip(again.arrays, arrays, strict=True):
        assert kept.dtype == np.float32
        assert kept.tobytes() == given.tobytes()


@pytest.mark.parametrize("epochs", [1, 2, 3, 63, 64, 65, 150, 999, 10_000])
@pytest.mark.parametrize("most", [2, 3, 64])
def test_as_many_epochs_are_kept_as_asked_the_first_and_the_last_among_them(epochs, most):
    kept = kept_epochs(epochs, most)
    assert {1, epochs} <= kept
    assert len(kept) <= min(most, epochs)
    # One point of the logarithm more may add two epochs at once: then one is missing.
    assert len(kept) >= min(most, epochs) - 1
    assert all(type(epoch) is int and 1 <= epoch <= epochs for epoch in kept)


def test_kept_epochs_are_dense_at_first_and_even_in_log_epoch():
    kept = sorted(kept_epochs(10_000))
    assert kept[:8] == [1, 2, 3, 4, 5, 6, 7, 8]
    late = np.diff(np.log([epoch for epoch in kept if epoch > 100]))
    # Rounding to whole epochs matters little beyond epoch 100.
    assert late == pytest.approx(np.full(len(late), late.mean()), abs=0.01)


@pytest.mark.parametrize(
    ("epochs", "most"), [(10_000, 64), (300, 64), (65, 64), (2000, 9), (9, 64)]
)
def test_whenever_a_run_ends_its_kept_epochs_are_as_many_and_about_even(epochs, most):
    planned = kept_epochs(epochs, most)
    grid, held = KeptEpochs(planned), set()
    for epoch in range(1, epochs + 1):
        if grid.stays(epoch):
            dropped = grid.take(epoch)
            held = (held | {epoch}) - set(dropped)
            assert not planned & set(dropped)
        assert held == set(grid.held)
        assert len(held) == min(epoch, len(planned))
        if epoch >= 2 * most:
            apart = np.diff(np.log([*sorted(held), epoch]))
            assert apart.max() <= max(np.log(2), 3 * np.log(epoch) / len(planned))
    assert held == planned
