import dataclasses

import numpy as np
import pytest

from rnn_core.config import Experiment
from rnn_core.engine.backtest import network_fit_predict
from rnn_core.engine.trainer import Programs, Trainer
from rnn_core.forecast.backtest import plan_backtest, run_backtest
from rnn_core.messages import SeriesError
from rnn_core.series import load_series

SMALL = Experiment.from_values({"hidden": 4, "timesteps": 6, "epochs": 4, "cell": "rnn"})
AIRLINE = load_series(SMALL.series)
SLIDING = plan_backtest(AIRLINE, folds=3, horizon=8, least=60, window="sliding")


@pytest.fixture(scope="module")
def programs():
    return Programs()


@pytest.fixture(scope="module")
def backtest(programs):
    return run_backtest(AIRLINE, SLIDING, network_fit_predict(SMALL, programs=programs))


def test_each_origin_gets_a_network_of_its_own(backtest):
    assert backtest.complete
    assert backtest.forecast.shape == (3, 8)
    assert np.isfinite(backtest.forecast).all()
    np.testing.assert_allclose(backtest.forecast, backtest.truth, rtol=0.8)


def test_no_forecast_knows_what_comes_after_its_origin(backtest, programs):
    for place, origin in enumerate(SLIDING.origins):
        values = AIRLINE.values.copy()
        values[origin:] = values[origin:][::-1] * 3
        changed = dataclasses.replace(AIRLINE, values=values)
        alone = dataclasses.replace(SLIDING, origins=SLIDING.origins[: place + 1])
        found = run_backtest(changed, alone, network_fit_predict(SMALL, programs=programs))
        np.testing.assert_array_equal(found.forecast[place], backtest.forecast[place])


def test_values_before_a_sliding_window_do_not_matter(backtest, programs):
    values = AIRLINE.values.copy()
    start = int(SLIDING.origins[2] - SLIDING.origins[0])
    values[:start] = 1e4
    changed = dataclasses.replace(AIRLINE, values=values)
    found = run_backtest(changed, SLIDING, network_fit_predict(SMALL, programs=programs))
    np.testing.assert_array_equal(found.forecast[2], backtest.forecast[2])


def test_not_refitted_one_network_forecasts_from_all_origins(backtest, programs):
    plan = dataclasses.replace(SLIDING, refit=False)
    found = run_backtest(AIRLINE, plan, network_fit_predict(SMALL, programs=programs))
    np.testing.assert_allclose(found.forecast[0], backtest.forecast[0], rtol=1e-5)
    assert found.forecast.shape == (3, 8)


def test_stop_is_heard_while_a_network_trains(programs):
    told = []
    stopping = network_fit_predict(SMALL, programs=programs, should_stop=lambda: bool(told))
    found = run_backtest(
        AIRLINE, SLIDING, stopping, on_progress=lambda done, planned: told.append(done)
    )
    assert told == [1]
    assert len(found.origins) == 1


def test_a_backtest_looks_into_no_network(monkeypatch, programs):
    looks = []
    monkeypatch.setattr(Trainer, "snapshot", lambda _, epoch: looks.append(epoch))
    found = run_backtest(AIRLINE, SLIDING, network_fit_predict(SMALL, programs=programs))
    assert len(found.origins) > 1
    assert looks == []


def test_too_little_to_train_on_has_its_sentence():
    plan = plan_backtest(AIRLINE, folds=1, horizon=137, least=1)
    with pytest.raises(SeriesError, match="The series has 7 values, 1 of them held out"):
        run_backtest(AIRLINE, plan, network_fit_predict(SMALL))
