import dataclasses

import numpy as np
import pytest

from rnn_core.config import Experiment
from rnn_core.forecast.accuracy import mase_scale
from rnn_core.forecast.baselines import BASELINES, baseline_forecasts
from rnn_core.forecast.evaluate import MOST_ORIGINS, NETWORK, evaluate
from rnn_core.forecast.evidence import gather
from rnn_core.forecast.free_run import future_message
from rnn_core.forecast.lagged import lagged_copy_message
from rnn_core.forecast.metrics import score
from rnn_core.forecast.outcome import free_run_diverges
from rnn_core.messages import SeriesError
from rnn_core.series import Series, load_series
from rnn_core.windows import prepare

HORIZON = 12
AIRLINE = prepare(Experiment(), load_series(Experiment().series))


def year_before(batch):
    """The change of one year ago: what a network of 12 timesteps on changes can say."""
    return batch[:, 0, 0]


@pytest.fixture(scope="module")
def evaluation():
    return evaluate(AIRLINE, year_before, HORIZON)


def test_one_step_ahead_every_test_point_is_judged(evaluation):
    judged = evaluation.one_step
    np.testing.assert_array_equal(judged.origins, AIRLINE.test)
    values = AIRLINE.series.values
    np.testing.assert_array_equal(judged.truth[:, 0], values[AIRLINE.test])
    expected = values[AIRLINE.test - 1] * values[AIRLINE.test - 12] / values[AIRLINE.test - 13]
    np.testing.assert_allclose(judged.forecast[:, 0], expected, rtol=1e-5)
    scores = score(AIRLINE.series, AIRLINE.test, judged.forecast[:, 0])
    assert judged.accuracy[NETWORK][0].rmse == pytest.approx(scores.rmse)
    assert judged.accuracy["persistence"][0].rmse == pytest.approx(scores.persistence_rmse)
    name, skill = judged.skill()
    assert name == "seasonal_naive"
    assert skill == pytest.approx(scores.skill)
    assert list(judged.accuracy) == [NETWORK, *BASELINES]


def test_many_steps_ahead_only_points_of_the_test_part_count(evaluation):
    judged = evaluation.ahead
    split = AIRLINE.split
    places = judged.origins[:, None] + np.arange(HORIZON)
    counted = np.isfinite(judged.truth)
    np.testing.assert_array_equal(counted, (places >= split.test) & (places < split.length))
    np.testing.assert_array_equal(judged.truth[counted], AIRLINE.series.values[places[counted]])
    assert judged.origins.min() >= split.validation
    assert judged.horizon == HORIZON
    # The first step is judged on all points of the part, later ones on nearly as many.
    assert [step.count for step in judged.accuracy[NETWORK]] == [48] * 11 + [47]
    one = evaluation.one_step.accuracy
    for name, steps in judged.accuracy.items():
        assert steps[0].rmse == pytest.approx(one[name][0].rmse)
        assert steps[0].mase == pytest.approx(one[name][0].mase)
    assert judged.scale == mase_scale(AIRLINE.series.values[:86], 12)


def test_intervals_come_from_the_validation_part(evaluation):
    assert evaluation.intervals.counts.tolist() == [10] * HORIZON
    assert evaluation.intervals.log
    assert np.isfinite(evaluation.intervals.radii[:2]).all()
    assert evaluation.intervals_message.kind == "intervals.short"
    assert evaluation.coverage.counts.tolist() == [48] * 11 + [47]
    residual = np.abs(
        np.log(AIRLINE.series.values[AIRLINE.validation])
        - np.log(
            AIRLINE.series.values[AIRLINE.validation - 1]
            * AIRLINE.series.values[AIRLINE.validation - 12]
            / AIRLINE.series.values[AIRLINE.validation - 13]
        )
    )
    assert evaluation.intervals.radii[1, 0] == pytest.approx(np.sort(residual)[8], rel=1e-4)


def test_the_future_goes_on_from_the_last_value(evaluation):
    values = AIRLINE.series.values
    # Last year's changes once more.
    np.testing.assert_allclose(
        evaluation.future, values[-1] * values[-12:] / values[-13], rtol=1e-5
    )
    expected = baseline_forecasts(AIRLINE.series, np.array([144]), HORIZON, fit_end=144)
    for name, baseline in evaluation.future_baselines.items():
        np.testing.assert_array_equal(baseline.forecast, expected[name].forecast)


def test_the_network_is_compared_with_each_baseline(evaluation):
    judged = evaluation.one_step
    comparison = judged.compare("mean")
    assert comparison.better
    assert not comparison.by_chance
    assert comparison.count == 48
    assert evaluation.ahead.compare("mean", 11).count == 47


def test_long_series_are_judged_from_origins_spread_over_the_part():
    t = np.arange(3000)
    series = Series("test", np.sin(t / 3), t)
    experiment = Experiment.from_values({"log": False, "difference": "none"})
    windows = prepare(experiment, series)
    found = evaluate(windows, lambda batch: batch[:, -1, 0], 24)
    assert len(found.ahead.origins) == MOST_ORIGINS
    assert found.ahead.origins[[0, -1]].tolist() == [windows.split.test - 23, 2999]
    assert len(found.one_step.origins) == len(windows.test)
    assert found.one_step.baselines["seasonal_naive"].forecast is None
    assert found.one_step.compare("seasonal_naive") is None
    assert found.one_step.mape_warning.kind == "mape.near_zero"
    assert len(evaluate(windows, lambda batch: batch[:, -1, 0], 200).ahead.origins) == 100


def test_a_horizon_longer_than_the_parts_leaves_the_late_steps_open():
    found = evaluate(AIRLINE, year_before, 100)
    counts = [step.count for step in found.ahead.accuracy[NETWORK]]
    assert counts[0] == 48
    assert counts[57] == 1
    assert counts[58:] == [0] * 42
    assert np.isfinite(found.future).all()
    assert np.isnan(found.coverage.shares[1, 58:]).all()


def test_the_evidence_says_what_the_evaluation_found(evaluation):
    loss = np.geomspace(1, 0.1, 30)
    evidence = gather(Experiment(), AIRLINE, loss, loss, evaluation)
    expected = score(AIRLINE.series, AIRLINE.test, evaluation.one_step.forecast[:, 0])
    assert evidence.scores.to_dict() == pytest.approx(expected.to_dict())
    assert NETWORK not in evidence.errors
    assert set(evidence.errors) == set(BASELINES)
    assert evidence.parameters == Experiment().parameters
    assert evidence.test_points == 48
    assert len(evidence.training) == len(AIRLINE.training)
    assert evidence.comparison == evaluation.one_step.compare("seasonal_naive")


def with_gaps(*places):
    values = AIRLINE.series.values.copy()
    values[list(places)] = np.nan
    series = dataclasses.replace(AIRLINE.series, values=values)
    return dataclasses.replace(
        AIRLINE, series=series, z=AIRLINE.transform.forward(values).astype(np.float32)
    )


def test_origins_with_a_gap_in_their_window_are_left_out():
    windows = with_gaps(110)
    found = evaluate(windows, year_before, HORIZON)
    # 13 values enter a window of 12 changes; the 14th one here misses its own truth.
    gone = [target for target in AIRLINE.test if target not in found.one_step.origins]
    assert gone == list(range(111, 124))
    assert found.one_step.accuracy[NETWORK][0].count == len(AIRLINE.test) - 14
    for name, steps in found.ahead.accuracy.items():
        assert np.isfinite([step.rmse for step in steps]).all(), name
    assert np.isfinite(found.future).all()
    assert np.isnan(evaluate(with_gaps(143), year_before, 3).future).all()


@pytest.mark.parametrize(
    ("difference", "gap", "missing", "kind"),
    [
        ("none", 139, range(30), "free_run.no_future"),
        ("seasonal", 134, (2, 14, 26), "free_run.future_gaps"),
        ("seasonal", 126, (), None),
    ],
)
def test_a_future_that_a_gap_leaves_open_says_so_and_is_no_runaway(difference, gap, missing, kind):
    values = AIRLINE.series.values.copy()
    values[gap] = np.nan
    series = dataclasses.replace(AIRLINE.series, values=values)
    experiment = Experiment.from_values(
        {"log": False, "difference": difference, "timesteps": 5, "batch-size": 0}
    )
    windows = prepare(experiment, series)
    found = evaluate(windows, lambda batch: batch[:, -1, 0], 30)
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(found.future)), missing)
    message = future_message(windows, 30)
    assert (message and message.kind) == kind
    evidence = gather(experiment, windows, *2 * [np.geomspace(1, 0.1, 30)], found)
    assert free_run_diverges(evidence) is None
    away = np.where(np.arange(30) == 4, 1e9, found.future)
    if difference == "seasonal":
        away = free_run_diverges(dataclasses.replace(evidence, future=away))
        assert "at step 5 after the end" in str(away)


def test_a_network_that_ran_to_no_number_is_told_whatever_is_missing_elsewhere():
    values = AIRLINE.series.values.copy()
    values[3] = np.nan
    series = dataclasses.replace(AIRLINE.series, values=values)
    experiment = Experiment.from_values({"log": False, "difference": "none", "timesteps": 5})
    windows = prepare(experiment, series)
    found = evaluate(windows, lambda batch: batch[:, -1, 0], 30)
    evidence = gather(experiment, windows, *2 * [np.geomspace(1, 0.1, 30)], found)
    assert free_run_diverges(evidence) is None
    away = np.where(np.arange(30) < 4, found.future, np.nan)
    assert "at step 5 after the end" in str(
        free_run_diverges(dataclasses.replace(evidence, future=away))
    )
    assert future_message(windows, 30) is None


def test_a_test_part_of_gaps_has_its_sentence():
    with pytest.raises(SeriesError, match="No window of 12 timesteps in the test part"):
        evaluate(with_gaps(*range(95, 144, 10)), year_before, HORIZON)


@pytest.mark.parametrize("horizon", [1, 12])
def test_a_copy_is_found_where_values_are_missing(horizon):
    values = np.cumsum(np.random.default_rng(5).normal(size=600))
    values[[410, 437, 500, 571]] = np.nan
    plain = {"log": False, "difference": "none", "scaling": "none", "timesteps": 4}
    windows = prepare(Experiment.from_values(plain), Series("walk", values, np.arange(600)))
    found = evaluate(windows, lambda batch: batch[:, -1, 0], horizon)
    slid = found.slid[-1]
    assert slid.profile.best == horizon
    assert slid.profile.lagged_copy
    np.testing.assert_array_equal(np.diff(slid.places), 1)
    np.testing.assert_array_equal(slid.truth, values[slid.places])
    drawn = np.isfinite(slid.forecast)
    np.testing.assert_allclose(slid.forecast[drawn], values[slid.places[drawn] - horizon], 1e-6)
    gaps = [p for p in slid.places if np.isnan(values[p - horizon - 3 : p - horizon + 1]).any()]
    # One step ahead a missing truth is left out, too.
    gaps += [p for p in slid.places if horizon == 1 and np.isnan(values[p])]
    assert set(slid.places[~drawn]) == set(gaps)


def test_a_copy_at_the_last_step_alone_is_found_there():
    random = np.random.default_rng(3)
    values = np.cumsum(random.normal(size=400))
    walk = Series("walk", values, np.arange(400))
    plain = {"log": False, "difference": "none", "scaling": "none", "timesteps": 4}
    direct = Experiment.from_values({**plain, "strategy": "direct", "horizon": 12})
    windows = prepare(direct, walk)

    def step(batch):
        """Half-way to what comes next at the first step, the last value again at the others."""
        said = np.repeat(batch[:, -1, :1], 12, axis=1)
        at = [int(np.abs(windows.z - last).argmin()) for last in batch[:, -1, 0]]
        said[:, 0] = (said[:, 0] + windows.z[np.minimum(np.array(at) + 1, 399)]) / 2
        return said

    found = evaluate(windows, step, 12)
    first, last = found.slid
    assert (first.step, last.step) == (1, 12)
    assert not first.profile.lagged_copy
    assert last.profile.best == 12
    assert found.copied is last
    np.testing.assert_array_equal(last.truth, values[last.places])
    np.testing.assert_allclose(last.forecast, values[last.places - 12], rtol=1e-6)
    assert last.places.max() == 399
    said = str(lagged_copy_message(gather(direct, windows, *2 * [np.ones(30)], found).lag))
    assert said.startswith("At step 12 ahead the forecast is a copy of the past: it fits the truth")
    # Of a long test part the newest origins, all of them.
    long = Series("long", np.cumsum(random.normal(size=3000)), np.arange(3000))
    one = prepare(Experiment.from_values(plain), long)
    spread = evaluate(one, lambda batch: batch[:, -1, 0], 24).slid[1]
    assert spread.places.tolist() == list(range(2700, 3000))
    assert spread.profile.lagged_copy
    assert len(evaluate(AIRLINE, year_before, 1).slid) == 1
    assert evaluate(AIRLINE, year_before, 100).slid[1].profile is None
