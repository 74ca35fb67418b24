"""Quantiles against scikit-learn's pinball loss, and sums against NumPy's."""

import numpy as np
import pytest
from sklearn.metrics import mean_pinball_loss

from rnn_core.config import Experiment
from rnn_core.forecast.evaluate import evaluate
from rnn_core.forecast.intervals import LEVELS
from rnn_core.quantiles import ENDS, MEDIAN, QUANTILES, added_up, by_step, pinball, taken_apart
from rnn_core.series import Series, load_series
from rnn_core.windows import prepare

RANDOM = np.random.default_rng(0)
AIRLINE = load_series(Experiment().series)


def test_the_pinball_loss_is_scikit_learn_s():
    truth, said = RANDOM.normal(size=(50, 3)), RANDOM.normal(size=(50, 21))
    quantiles = by_step(said)
    assert quantiles[4, 2].tolist() == said[4, 14:21].tolist()
    expected = [
        mean_pinball_loss(truth[:, step], quantiles[:, step, place], alpha=q)
        for step in range(3)
        for place, q in enumerate(QUANTILES)
    ]
    assert pinball(truth, quantiles).shape == (50, 3)
    assert pinball(truth, quantiles).mean() == pytest.approx(np.mean(expected))


def test_the_ends_of_each_level_hold_what_it_promises():
    assert QUANTILES[MEDIAN] == 0.5
    assert tuple(ENDS) == LEVELS
    for level, (low, high) in ENDS.items():
        assert QUANTILES[high] - QUANTILES[low] == pytest.approx(level)


@pytest.mark.parametrize("lag", [0, 1, 3, 12])
def test_changes_are_added_up_since_the_origin_and_taken_apart_again(lag):
    changes = RANDOM.normal(size=(4, 7))
    sums = added_up(changes, lag)
    for step in range(7):
        parts = range(step, -1, -lag) if lag else [step]
        assert sums[:, step] == pytest.approx(changes[:, list(parts)].sum(axis=1))
    np.testing.assert_allclose(taken_apart(sums, lag), changes)


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("difference", ["none", "first", "seasonal"])
def test_quantiles_of_a_value_come_back_in_its_units(difference, log):
    """From a value's own transform; crossed, they are put in order."""
    chosen = {"loss": "quantile", "strategy": "direct", "horizon": 15}
    windows = prepare(
        Experiment.from_values({**chosen, "difference": difference, "log": log}), AIRLINE
    )
    targets = np.array([60, 100])
    truth = windows.outputs(targets)
    values = AIRLINE.values[targets[:, None] + np.arange(15)]
    shift = np.array([-3, -2, -1, 0, 1, 2, 3]) / windows.transform.scale / 100
    said = (truth[:, :, None] + shift[::-1]).reshape(2, -1).astype(np.float32)
    found = windows.quantile_values(said, targets)
    for place in range(7):
        percent = (place - 3) / 100
        expected = values * np.exp(percent) if log else values + percent
        np.testing.assert_allclose(found[:, :, place], expected, rtol=2e-4)
    points = windows.points(said)
    assert windows.in_units(points, targets) == pytest.approx(values, rel=2e-4)
    assert windows.point_output == MEDIAN


def test_a_network_s_own_intervals_cover_what_they_promise_where_its_quantiles_are_right():
    """A random walk, whose value k steps ahead is normal around the last with deviation √k."""
    values = np.cumsum(np.random.default_rng(1).normal(size=3000))
    series = Series("test", values, np.arange(len(values)))
    experiment = Experiment.from_values({
        "log": False, "difference": "first", "scaling": "none",
        "loss": "quantile", "strategy": "direct", "horizon": 4,
    })  # fmt: skip
    windows = prepare(experiment, series)
    normal = np.array([-1.95996, -1.28155, -0.67449, 0, 0.67449, 1.28155, 1.95996])
    said = (np.sqrt(np.arange(1, 5))[:, None] * normal).ravel()

    def step(batch):
        return np.tile(said, (len(batch), 1))

    found = evaluate(windows, step, 6)
    assert found.intervals.own == 4
    assert found.coverage.calibration.tolist() == [0] * 4 + [len(windows.validation)] * 2
    # 300 origins: three deviations are 9 % of an interval of 50 %.
    for level, shares in zip(LEVELS, found.coverage.shares, strict=True):
        assert np.abs(shares - level).max() < 0.1
    # Fed its median, a walk stays where it is.
    np.testing.assert_allclose(found.future, values[-1], rtol=1e-6)
    assert "From step 5 on" in str(found.own_message)
    assert "are the network's own:" in str(evaluate(windows, step, 4).own_message)
    assert evaluate(windows, step, 4).intervals_message is None
