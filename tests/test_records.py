import numpy as np
import pytest

from rnn_core.records import Snapshot, kept_epochs


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


@pytest.mark.parametrize("epochs", [1, 2, 3, 63, 64, 65, 150, 999, 10_000])
@pytest.mark.parametrize("most", [2, 3, 64])
def test_the_first_and_the_last_epoch_are_kept_and_never_more_than_asked(epochs, most):
    kept = kept_epochs(epochs, most)
    assert {1, epochs} <= kept
    assert len(kept) <= most
    assert all(type(epoch) is int and 1 <= epoch <= epochs for epoch in kept)


def test_kept_epochs_are_dense_at_first_and_even_in_log_epoch():
    kept = sorted(kept_epochs(10_000))
    assert kept[:5] == [1, 2, 3, 4, 5]
    # 63 equal steps of the logarithm; rounding to whole epochs matters little beyond epoch 100.
    step = np.log(10_000) / 63
    late = np.diff(np.log([epoch for epoch in kept if epoch > 100]))
    assert late == pytest.approx(np.full(len(late), step), abs=0.01)
