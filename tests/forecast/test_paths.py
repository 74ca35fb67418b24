"""Forecasts as lines through time, against forecasts made one by one."""

import numpy as np
import pytest

from rnn_core.config import Experiment
from rnn_core.forecast.baselines import persistence
from rnn_core.forecast.evaluate import evaluate
from rnn_core.forecast.free_run import free_run
from rnn_core.forecast.paths import MODES
from rnn_core.quantiles import QUANTILES
from rnn_core.series import load_series
from rnn_core.windows import prepare

HORIZON = 7
EXPERIMENT = Experiment.from_values({"validation": 0.2, "test": 0.3})
WINDOWS = prepare(EXPERIMENT, load_series(EXPERIMENT.series))


def step(batch):
    return 0.3 + 0.5 * batch[:, -1, 0] - 0.2 * batch[:, 0, 0]


@pytest.fixture(scope="module")
def evaluation():
    return evaluate(WINDOWS, step, HORIZON)


def test_one_step_goes_through_validation_and_test_from_the_truth(evaluation):
    path = MODES["one_step"].path(WINDOWS, step, evaluation)
    np.testing.assert_array_equal(path.places, WINDOWS.held_out)
    z = step(WINDOWS.inputs(WINDOWS.held_out))
    np.testing.assert_allclose(path.forecast, WINDOWS.in_units(z, WINDOWS.held_out))
    np.testing.assert_array_equal(path.truth, WINDOWS.series.values[WINDOWS.held_out])
    np.testing.assert_array_equal(path.times, WINDOWS.series.times[WINDOWS.held_out])
    np.testing.assert_array_equal(
        path.baselines["persistence"], persistence(WINDOWS.series, WINDOWS.held_out)
    )
    np.testing.assert_array_equal(
        path.forecast[-len(WINDOWS.test) :], evaluation.one_step.forecast[:, 0]
    )


def test_a_free_run_begins_anew_after_each_horizon_and_ends_with_the_series(evaluation):
    path = MODES["free_run"].path(WINDOWS, step, evaluation)
    np.testing.assert_array_equal(path.places, WINDOWS.held_out)
    np.testing.assert_array_equal(path.restarts, np.arange(0, len(path.places), HORIZON))
    for restart in path.restarts:
        origin = path.places[restart]
        alone = free_run(WINDOWS, step, np.array([origin]), HORIZON)[0]
        drawn = path.forecast[restart : restart + HORIZON]
        np.testing.assert_array_equal(drawn, alone[: len(drawn)])
        repeated = path.baselines["persistence"][restart : restart + HORIZON]
        assert set(repeated) == {WINDOWS.series.values[origin - 1]}


def test_the_future_goes_on_where_the_series_ends(evaluation):
    path = MODES["future"].path(WINDOWS, step, evaluation)
    np.testing.assert_array_equal(path.forecast, evaluation.future)
    assert path.times[0].astype("datetime64[M]") == np.datetime64("1961-01")
    assert len(path.times) == HORIZON
    assert np.isnan(path.truth).all()
    lower, upper = evaluation.intervals.around(evaluation.future)
    np.testing.assert_array_equal(path.lower, lower)
    np.testing.assert_array_equal(path.upper, upper)
    assert set(path.baselines) == set(evaluation.future_baselines)


@pytest.mark.parametrize("mode", ["one_step", "free_run"])
def test_intervals_are_drawn_on_the_test_part_alone_and_widen_with_the_step(evaluation, mode):
    path = MODES[mode].path(WINDOWS, step, evaluation)
    tested = path.places >= WINDOWS.split.test
    assert 0 < tested.sum() < len(tested)
    assert np.isnan(path.upper[:, ~tested]).all()
    ahead = np.zeros(len(path.places), int)
    if mode == "free_run":
        ahead = (path.places - WINDOWS.split.validation) % HORIZON
    factor = np.exp(evaluation.intervals.radii[:, ahead])  # the series is trained on its logarithm
    np.testing.assert_allclose(path.upper[:, tested], (path.forecast * factor)[:, tested])
    np.testing.assert_allclose(path.lower[:, tested], (path.forecast / factor)[:, tested])


def test_the_quantiles_that_a_network_says_lie_at_the_steps_that_it_says(evaluation):
    for mode in MODES.values():
        assert not mode.path(WINDOWS, step, evaluation).quantiles
    direct = Experiment.from_values(
        {"validation": 0.2, "test": 0.3, "strategy": "direct", "horizon": 3, "loss": "quantile",
         "log": False, "difference": "none", "scaling": "none"}
    )  # fmt: skip
    windows = prepare(direct, load_series(direct.series))

    def says(batch):
        """The last value, and of its quantiles q that is 100 (q - 0.5) more, of each step."""
        spread = 100 * (np.array(QUANTILES) - 0.5)
        return np.tile(batch[:, -1, :1] + spread, (1, 3)).astype(np.float32)

    found = evaluate(windows, says, HORIZON)
    values = windows.series.values
    for name, mode in MODES.items():
        path = mode.path(windows, says, found)
        assert tuple(path.quantiles) == QUANTILES
        origins = path.places[path.restarts]
        behind = path.places - origins[np.searchsorted(origins, path.places, "right") - 1]
        own = behind < 3
        assert own.all() == (name == "one_step")
        for share, said in path.quantiles.items():
            expected = values[(path.places - behind)[own] - 1] + 100 * (share - 0.5)
            np.testing.assert_allclose(said[own], expected, rtol=1e-6)
            assert np.isnan(said[~own]).all()
        tested = own & (path.places >= windows.split.test)
        np.testing.assert_array_equal(path.quantiles[0.1][tested], path.lower[1][tested])
        np.testing.assert_array_equal(path.quantiles[0.975][tested], path.upper[2][tested])
