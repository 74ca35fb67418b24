"""Windows with several targets, for networks that say several steps at once."""

import dataclasses

import numpy as np

from rnn_core.config import Experiment
from rnn_core.windows import prepare
from tests.preparations import AIRLINE, experiment

DIRECT = experiment(strategy="direct", horizon=12)


def test_every_target_of_a_training_window_lies_in_the_training_part():
    windows = prepare(DIRECT, AIRLINE)
    assert windows.training.tolist() == list(range(13, 86 - 11))
    outputs = windows.outputs(windows.training)
    assert outputs.shape == (62, 12)
    assert outputs[0].tolist() == windows.z[13:25].tolist()
    # One step ahead, all are judged on the same points.
    whole = prepare(Experiment(), AIRLINE)
    for part in ("validation", "test", "held_out"):
        assert getattr(windows, part).tolist() == getattr(whole, part).tolist()
    beyond = windows.outputs(np.array([140]))[0]
    assert np.isfinite(beyond).tolist() == [True] * 4 + [False] * 8
    assert experiment(horizon=12).window.steps == 1  # of a recursive one, one at a time


def test_every_value_of_the_validation_part_is_judged_once_at_every_step_ahead():
    windows = prepare(DIRECT, AIRLINE)
    targets, counted = windows.judged
    assert targets.tolist() == list(range(75, 96))
    places = targets[:, None] + np.arange(12)
    for step in range(12):
        assert places[counted[:, step], step].tolist() == list(range(86, 96))
    assert not set(targets) & set(windows.training)
    one, counted = prepare(Experiment(), AIRLINE).judged
    assert one.tolist() == list(range(86, 96))
    assert counted.all()


def test_windows_that_miss_any_of_their_targets_are_not_trained_on():
    values = AIRLINE.values.copy()
    values[60] = np.nan
    chosen = experiment(strategy="direct", horizon=4, timesteps=3, difference="none")
    windows = prepare(chosen, dataclasses.replace(AIRLINE, values=values, season=0))
    kept = [target for target in range(3, 83) if not target - 3 <= 60 < target + 4]
    assert windows.training.tolist() == kept
    assert np.isfinite(windows.outputs(windows.training)).all()
