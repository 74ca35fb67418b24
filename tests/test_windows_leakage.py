"""No training sees what comes later, and a leak would be noticed."""

import dataclasses

import numpy as np
import pytest

from rnn_core import windows as module
from rnn_core.config import Experiment
from rnn_core.windows import prepare
from tests.preparations import AIRLINE, PREPARATIONS, experiment


def replaced_from(series, start):
    """The same series with wild values from ``start`` on; positive, so that a log can be taken."""
    values = series.values.copy()
    values[start:] = 10.0 ** np.random.default_rng(0).uniform(-8, 8, len(values) - start)
    return dataclasses.replace(series, values=values)


def what_is_learnt_from(windows, *parts):
    """Everything that the training on ``parts`` can see, as bytes."""
    found = {
        "training": (windows.training, np.ones((len(windows.training), windows.steps), bool)),
        "validation": windows.judged,
    }
    seen = []
    for targets, counted in (found[part] for part in parts):
        outputs = windows.outputs(targets).reshape(counted.shape)
        seen += [targets, windows.inputs(targets), counted, outputs[counted]]
    return windows.transform, *(array.tobytes() for array in seen)


def leaks_into_training(chosen):
    one = prepare(chosen, AIRLINE)
    other = prepare(chosen, replaced_from(AIRLINE, one.split.validation))
    return what_is_learnt_from(one, "training") != what_is_learnt_from(other, "training")


def leaks_into_validation(chosen):
    one = prepare(chosen, AIRLINE)
    other = prepare(chosen, replaced_from(AIRLINE, one.split.test))
    parts = ("training", "validation")
    return what_is_learnt_from(one, *parts) != what_is_learnt_from(other, *parts)


@pytest.mark.parametrize("preparation", PREPARATIONS)
def test_training_sees_nothing_from_the_start_of_validation_on(preparation):
    assert not leaks_into_training(experiment(**preparation))


@pytest.mark.parametrize("preparation", PREPARATIONS)
def test_training_and_validation_see_nothing_of_the_test_part(preparation):
    assert not leaks_into_validation(experiment(**preparation))


def test_validation_forecasts_in_units_need_nothing_of_the_test_part():
    one = prepare(Experiment(), AIRLINE)
    other = prepare(Experiment(), replaced_from(AIRLINE, one.split.test))
    z = one.outputs(one.validation)
    expected = one.in_units(z, one.validation)
    assert other.in_units(z, one.validation).tobytes() == expected.tobytes()


def test_a_transform_fitted_on_the_whole_series_would_be_noticed(monkeypatch):
    honest = module.fit_transform
    monkeypatch.setattr(
        module,
        "fit_transform",
        lambda config, values, season, _: honest(config, values, season, len(values)),
    )
    assert leaks_into_training(Experiment())
    assert leaks_into_validation(Experiment())


def test_a_window_that_looks_past_its_target_would_be_noticed(monkeypatch):
    honest = module.Windows.inputs
    monkeypatch.setattr(module.Windows, "inputs", lambda self, targets: honest(self, targets + 2))
    assert leaks_into_training(Experiment())
    assert leaks_into_validation(Experiment())


def test_a_training_target_in_the_validation_part_would_be_noticed(monkeypatch):
    honest = module.prepare

    def late(*arguments):
        windows = honest(*arguments)
        return dataclasses.replace(windows, training=windows.training + 1)

    monkeypatch.setitem(globals(), "prepare", late)
    assert leaks_into_training(Experiment())
