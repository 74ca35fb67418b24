import numpy as np
import pytest

from rnn_core.config import Experiment
from rnn_core.inside import passes
from rnn_core.inside.ablation import ablation, held_out_forecast
from rnn_core.inside.passes import predict
from rnn_core.messages import ConfigError
from rnn_core.series import load_series
from rnn_core.windows import prepare
from tests.inside.networks import network, windows

EXPERIMENT = Experiment()
WINDOWS = prepare(EXPERIMENT, load_series(EXPERIMENT.series))
NET = network("lstm", units=4, layers=2, dtype=np.float32, seed=2)


def test_the_forecast_is_that_of_every_held_out_window_in_its_units():
    found = held_out_forecast(NET, WINDOWS)
    assert found.shape == (len(WINDOWS.held_out),)
    for place in (0, 17, -1):
        target = WINDOWS.held_out[place : place + 1] if place >= 0 else WINDOWS.held_out[-1:]
        one = predict(NET, WINDOWS.inputs(target))[:, 0]
        assert found[place] == pytest.approx(WINDOWS.in_units(one, target)[0], rel=1e-6)


def test_many_windows_are_gone_through_some_at_a_time(monkeypatch):
    given = windows(23, 6, dtype=np.float32)
    at_once = predict(NET, given)
    monkeypatch.setattr(passes, "PREDICT_CELLS", 6 * 4 * 5)
    np.testing.assert_allclose(predict(NET, given), at_once, atol=1e-6)


def test_errors_with_and_without_units():
    found = ablation(NET, WINDOWS, {0: [1], 1: [0, 3]})
    truth = WINDOWS.series.values[WINDOWS.held_out]
    before, after = held_out_forecast(NET, WINDOWS), found.forecast
    assert (found.before == before).all()
    assert not np.allclose(after, before)
    assert found.rmse_before == pytest.approx(np.sqrt(np.mean((before - truth) ** 2)))
    assert found.rmse == pytest.approx(np.sqrt(np.mean((after - truth) ** 2)))
    assert found.change == pytest.approx(found.rmse / found.rmse_before - 1)
    assert "Units switched off: 3." in str(found.said)
    again = ablation(NET, WINDOWS, {0: [1], 1: [0, 3]}, before)
    assert (again.forecast == after).all()


def test_with_every_unit_off_the_head_says_its_bias():
    found = ablation(NET, WINDOWS, {1: [0, 1, 2, 3]})
    bias = np.full(len(WINDOWS.held_out), NET.head_bias[0])
    np.testing.assert_allclose(found.forecast, WINDOWS.in_units(bias, WINDOWS.held_out), rtol=1e-6)


def test_with_no_unit_off_nothing_changes():
    found = ablation(NET, WINDOWS, {})
    assert (found.forecast == found.before).all()
    assert (found.change, found.said.kind) == (0, "inside.off.none")


@pytest.mark.parametrize("off", [{2: [0]}, {0: [4]}])
def test_units_that_are_not_there(off):
    with pytest.raises(ConfigError, match="counted from 0"):
        ablation(NET, WINDOWS, off)
