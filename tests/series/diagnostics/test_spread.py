import numpy as np
import pytest

from rnn_core.config import SeriesConfig
from rnn_core.series import load_series
from rnn_core.series.diagnostics import spread

AIRLINE = load_series(SeriesConfig()).values


def growing(power, length=400, seed=0):
    """Noise whose deviation goes with a power of a level that rises tenfold."""
    level = np.geomspace(10, 100, length)
    return level + 0.05 * level**power * np.random.default_rng(seed).normal(size=length)


def test_airline_swings_grow():
    for values in (AIRLINE, AIRLINE[:86]):
        found = spread(values, 12)
        assert found.grows
        assert found.block == 12
        assert len(found.level) == len(values) // 12
    # The published λ of Guerrero's method is -0.29, of Box-Cox's likelihood 0.15.
    assert -0.5 < spread(AIRLINE, 12).box_cox < 0.2
    assert not spread(np.log(AIRLINE), 12).grows


def test_the_slope_is_that_of_numpy():
    found = spread(AIRLINE, 12)
    blocks = AIRLINE.reshape(12, 12)
    steps = np.arange(12)
    left = [block - np.polyval(np.polyfit(steps, block, 1), steps) for block in blocks]
    np.testing.assert_allclose(found.level, blocks.mean(axis=1))
    np.testing.assert_allclose(found.deviation, np.std(left, axis=1))
    slope = np.polyfit(np.log(found.level), np.log(found.deviation), 1)[0]
    assert found.slope == pytest.approx(slope)
    assert str(found.message).endswith(f"they are {2**slope:.1f} times as wide.")


@pytest.mark.parametrize(("power", "grows"), [(0, False), (1, True), (1.3, True)])
def test_the_power_is_found(power, grows):
    found = spread(growing(power))
    assert found.slope == pytest.approx(power, abs=0.25)
    assert found.grows is grows


def test_even_swings_are_seldom_said_to_grow():
    false = [spread(growing(0, seed=seed)).grows for seed in range(200)]
    walks = [
        spread(100 + np.random.default_rng(seed).normal(size=300).cumsum()).grows
        for seed in range(200)
    ]
    assert np.mean(false) <= 0.02
    assert np.mean(walks) <= 0.04


@pytest.mark.parametrize(("values", "kind"), [
    (np.r_[AIRLINE, 0], "spread.negative"),
    (-AIRLINE, "spread.negative"),
    (AIRLINE[:30], "spread.short"),
    (np.full(200, 4.0), "spread.short"),
    (100 + growing(1) / 50, "spread.even"),
])  # fmt: skip
def test_where_no_logarithm_is_taken(values, kind):
    found = spread(values)
    assert not found.grows
    assert found.message.kind == kind


def test_swings_that_shrink_as_the_level_rises_do_not_grow():
    # Two levels alone correlate perfectly, which rounding can push beyond -1.
    for length in range(40, 200, 8):
        levels = np.repeat(1 + np.random.default_rng(length).integers(1, 3, length // 8), 8)
        found = spread(levels + (np.arange(length) % 2 - 0.5) / levels)
        assert found.slope < 0
        assert not found.grows
