import dataclasses
import math

import numpy as np
import pytest

from rnn_core.config import BacktestConfig, Experiment
from rnn_core.forecast.backtest import (
    Backtest,
    baseline_fit_predict,
    plan_backtest,
    refitted_plan,
    run_backtest,
)
from rnn_core.forecast.baselines import BASELINES, baseline_forecasts
from rnn_core.messages import ConfigError, Message, SeriesError
from rnn_core.series import Series, load_series
from rnn_core.windows import prepare_before

AIRLINE = load_series(Experiment().series)


def counted(length):
    return Series("test", np.arange(float(length)), np.arange(length))


def test_origins_are_a_horizon_apart_and_end_with_the_series():
    plan = plan_backtest(AIRLINE, folds=4, horizon=12, least=50)
    assert plan.origins.tolist() == [96, 108, 120, 132]
    close = plan_backtest(AIRLINE, folds=4, horizon=12, least=50, stride=1)
    assert close.origins.tolist() == [129, 130, 131, 132]


@pytest.mark.parametrize(("window", "refit", "fits"), [
    ("expanding", True, [(0, 10), (0, 12), (0, 14)]),
    ("sliding", True, [(0, 10), (2, 12), (4, 14)]),
    ("expanding", False, [(0, 10)]),
])  # fmt: skip
def test_what_is_fitted_on(window, refit, fits):
    series = counted(16)
    plan = plan_backtest(series, folds=3, horizon=2, least=4, window=window, refit=refit)
    seen = []

    def fit_predict(fit):
        seen.append((fit.start, fit.end))
        assert all(origin >= fit.end for origin in fit.origins)
        return np.array([[origin, origin + 2.0] for origin in fit.origins])

    done = run_backtest(series, plan, fit_predict)
    assert seen == fits
    assert done.origins.tolist() == [10, 12, 14]
    assert done.complete
    assert [step.rmse for step in done.by_step()] == [0, 1]
    assert [origin.mae for origin in done.by_origin()] == [0.5] * 3
    assert [step.mase for step in done.by_step()] == [0, 1]


def test_progress_is_told_and_stop_is_heard():
    plan = plan_backtest(AIRLINE, folds=5, horizon=6, least=50)
    told = []
    done = run_backtest(
        AIRLINE,
        plan,
        baseline_fit_predict("persistence"),
        on_progress=lambda *progress: told.append(progress),
        should_stop=lambda: len(told) == 3,
    )
    assert told == [(1, 5), (2, 5), (3, 5)]
    assert not done.complete
    assert done.origins.tolist() == plan.origins[:3].tolist()
    stopped = run_backtest(AIRLINE, plan, baseline_fit_predict("mean"), should_stop=lambda: True)
    assert isinstance(stopped, Backtest)
    assert stopped.forecast.shape == (0, 6)
    assert stopped.by_origin() == []
    assert all(math.isnan(step.rmse) for step in stopped.by_step())


@pytest.mark.parametrize("name", BASELINES)
@pytest.mark.parametrize("refit", [True, False])
def test_a_baseline_forecasts_as_it_does_elsewhere(name, refit):
    plan = plan_backtest(AIRLINE, folds=3, horizon=12, least=50, refit=refit)
    done = run_backtest(AIRLINE, plan, baseline_fit_predict(name))
    for row, origin in zip(done.forecast, done.origins, strict=True):
        end = int(origin if refit else plan.origins[0])
        alone = baseline_forecasts(AIRLINE, np.array([origin]), 12, fit_end=end, names=[name])[
            name
        ].forecast[0]
        np.testing.assert_allclose(row, alone, rtol=1e-12)


def test_a_baseline_that_cannot_be_fitted_says_why():
    plan = plan_backtest(counted(30), folds=2, horizon=2, least=4)
    with pytest.raises(SeriesError) as caught:
        run_backtest(counted(30), plan, baseline_fit_predict("seasonal_naive"))
    assert caught.value.message.kind == "baseline.no_season"


@pytest.mark.parametrize(("folds", "kind", "sentence"), [
    (6, "backtest.folds",
     "Too little data for 6 origins with 5 steps each: that needs 50 values, and the series has "
     "40. There is room for 4."),
    (1, None, ""),
    (4, None, ""),
])  # fmt: skip
def test_too_many_origins_have_their_sentence(folds, kind, sentence):
    if kind is None:
        assert plan_backtest(counted(40), folds=folds, horizon=5, least=20).origins[0] >= 20
        return
    with pytest.raises(SeriesError) as caught:
        plan_backtest(counted(40), folds=folds, horizon=5, least=20)
    message = caught.value.message
    assert message.kind == kind
    assert str(message) == sentence
    assert Message.from_json(message.to_json()) == message


def test_a_series_too_short_for_any_backtest_has_its_sentence():
    with pytest.raises(SeriesError, match="Too little data for a backtest: 20 values"):
        plan_backtest(counted(24), folds=1, horizon=5, least=20)


def test_what_makes_no_sense_is_refused():
    for wrong in ({"folds": 0}, {"horizon": 0}, {"least": 0}, {"stride": -1}, {"window": "x"}):
        with pytest.raises(ValueError, match="Received"):
            plan_backtest(counted(40), **({"folds": 1, "horizon": 1, "least": 1} | wrong))
    plan = plan_backtest(counted(40), folds=2, horizon=3, least=5)
    with pytest.raises(ValueError, match=r"must give \(1, 3\) forecasts. Received: \(1, 2\)"):
        run_backtest(counted(40), plan, lambda fit: np.zeros((1, 2)))


@pytest.mark.parametrize("difference", ["none", "first", "seasonal"])
def test_before_the_first_origin_there_is_room_for_a_batch_of_windows(difference):
    experiment = Experiment.from_values({"difference": difference, "timesteps": 20})
    plan = refitted_plan(experiment, AIRLINE, BacktestConfig(folds=5, horizon=12))
    assert plan.origins.tolist() == [84, 96, 108, 120, 132]
    assert plan.refit
    most = BacktestConfig(folds=20, horizon=12)
    with pytest.raises(SeriesError, match="Too little data for 20 origins") as caught:
        refitted_plan(experiment, AIRLINE, most)
    room = int(str(caught.value).split("room for ")[1].rstrip("."))
    plan = refitted_plan(experiment, AIRLINE, dataclasses.replace(most, folds=room))
    windows = prepare_before(experiment, AIRLINE, int(plan.origins[0]))
    assert len(windows.training) >= experiment.train.batch_size


def test_three_seasons_are_asked_for_only_where_the_series_has_them():
    least = refitted_plan(Experiment(), AIRLINE, BacktestConfig(folds=9)).origins[0]
    assert least == 36
    long = dataclasses.replace(AIRLINE, season=60)
    assert refitted_plan(Experiment(), long, BacktestConfig(folds=6)).origins[0] == 72


def test_choices_out_of_bounds_are_refused_and_the_others_come_back_from_json():
    config = BacktestConfig("sliding", 3, 24)
    assert BacktestConfig.from_json(config.to_json()) == config
    for wrong in ({"folds": 21}, {"horizon": 513}, {"window": "once"}):
        with pytest.raises(ConfigError, match="Received"):
            BacktestConfig(**wrong)
