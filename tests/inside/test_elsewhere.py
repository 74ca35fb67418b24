import numpy as np
import pytest

from rnn_core.config import Experiment
from rnn_core.inside.elsewhere import read_elsewhere
from rnn_core.messages import SeriesError
from rnn_core.series import Series, load_series
from rnn_core.windows import prepare


def own(**values):
    experiment = Experiment.from_values(values)
    return prepare(experiment, load_series(experiment.series))


def series(values, covariates=None):
    values = np.asarray(values, float)
    extra = {}
    if covariates is not None:
        names = tuple(f"x{number}" for number in range(covariates.shape[1]))
        extra = {"covariates": covariates, "covariate_names": names}
    return Series("other", values, np.arange(len(values)), **extra)


PREPARATIONS = [
    {"log": True, "difference": "first"},
    {"log": False, "difference": "seasonal", "scaling": "minmax"},
    {"log": False, "difference": "none", "scaling": "none"},
]


@pytest.mark.parametrize("chosen", PREPARATIONS)
def test_its_own_series_read_elsewhere_is_prepared_as_it_was(chosen):
    windows = own(series="airline", timesteps=12, **chosen)
    found = read_elsewhere(windows, windows.series)
    np.testing.assert_array_equal(found.windows.z, windows.z)
    both = np.concatenate([windows.training, windows.held_out])
    np.testing.assert_array_equal(found.windows.held_out, both)
    np.testing.assert_array_equal(found.windows.inputs(both), windows.inputs(both))
    assert not len(found.windows.training)
    # Without any scaling its newest values lie far above its training part.
    assert found.far is (chosen.get("scaling") == "none")


def test_nothing_is_fitted_on_the_other_series():
    windows = own(series="airline", timesteps=12, log=False, difference="none")
    training = windows.series.values[: windows.split.validation]
    other = np.random.default_rng(3).uniform(5000, 6000, 50)
    found = read_elsewhere(windows, series(other))
    expected = (other - training.mean()) / training.std()
    np.testing.assert_allclose(found.windows.z, expected, rtol=1e-6)
    assert (found.low, found.high) == pytest.approx((expected.min(), expected.max()), rel=1e-6)
    assert found.far
    forecast = np.zeros(1, np.float32)
    assert found.windows.in_units(forecast, np.array([20]))[0] == pytest.approx(training.mean())
    said = found.said.render()
    assert f"less {training.mean():.4g}, divided by {training.std():.4g}" in said
    assert "Nothing of this series was trained on" in said


def test_channels_are_scaled_by_the_training_part_of_the_run():
    windows = own(series="narma", timesteps=8, log=False, difference="none")
    training = windows.series.covariates[: windows.split.validation]
    other = np.random.default_rng(4).normal(7, 3, (30, 1))
    found = read_elsewhere(windows, series(np.arange(30), other))
    expected = (other - training.mean(axis=0)) / training.std(axis=0)
    np.testing.assert_allclose(found.windows.covariates, expected, rtol=1e-5)
    assert found.windows.inputs(np.array([9])).shape == (1, 8, 2)


def test_a_gap_costs_the_windows_that_reach_over_it():
    windows = own(series="airline", timesteps=3, log=False, difference="first")
    values = np.arange(20.0)
    values[10] = np.nan
    # The differences at 10 and 11 are missing: targets 10 to 14 have one in sight.
    found = read_elsewhere(windows, series(values))
    assert found.windows.held_out.tolist() == [4, 5, 6, 7, 8, 9, 15, 16, 17, 18, 19]


@pytest.mark.parametrize(
    ("chosen", "other", "sentence"),
    [
        ({}, series(np.arange(30.0)), "value 1 of this series is 0: there is no logarithm"),
        ({}, series(np.arange(1.0, 9)), "8 values and no whole window"),
        ({}, series(np.full(40, np.nan)), "no whole window"),
        (
            {},
            series(np.arange(1.0, 40), np.ones((39, 2))),
            "reads 1 values at each time step, and this series has 3",
        ),
        ({"series": "narma", "log": False}, series(np.arange(9.0)), "reads 2 values"),
    ],
)
def test_what_cannot_be_read_is_said(chosen, other, sentence):
    windows = own(timesteps=12, **chosen)
    with pytest.raises(SeriesError, match=sentence):
        read_elsewhere(windows, other)
