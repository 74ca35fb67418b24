"""Windows, and the parts of a series that they belong to, against the values themselves."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_core import windows as module
from rnn_core.config import Experiment, SeriesConfig
from rnn_core.messages import RnnError
from rnn_core.series import SOURCES, TABLE, load_series
from rnn_core.windows import prepare, split_in_time
from tests.preparations import AIRLINE, PREPARATIONS, experiment, series_of


def test_the_default_keeps_48_airline_values_for_the_test():
    windows = prepare(Experiment(), AIRLINE)
    # 144 values: 33 % is 47.5, 7 % is 10.1.
    assert windows.split == module.Split(validation=86, test=96, length=144)
    assert windows.test.tolist() == list(range(96, 144))
    assert windows.validation.tolist() == list(range(86, 96))
    # The first difference has no value at 0, and the first window needs 12 of them.
    assert windows.training.tolist() == list(range(13, 86))
    assert windows.held_out.tolist() == list(range(86, 144))


@pytest.mark.parametrize(("length", "validation", "test", "expected"), [
    (100, 0.1, 0.2, (70, 80)),
    (50, 0.01, 0.01, (48, 49)),  # half a value of each is rounded up to one
    (10, 0.4, 0.5, (1, 5)),
    (1_000, 0.01, 0.5, (490, 500)),
])  # fmt: skip
def test_the_newest_values_are_the_test_and_those_before_them_the_validation(
    length, validation, test, expected
):
    config = experiment(validation=validation, test=test).window
    split = split_in_time(length, config)
    assert (split.validation, split.test, split.length) == (*expected, length)


@pytest.mark.parametrize("preparation", PREPARATIONS)
def test_a_window_is_the_transformed_values_right_before_its_target(preparation):
    windows = prepare(experiment(**preparation), AIRLINE)
    z = windows.transform.forward(AIRLINE.values).astype(np.float32)
    steps = windows.timesteps
    for targets in (windows.training, windows.validation, windows.test):
        inputs = windows.inputs(targets)
        outputs = windows.outputs(targets).reshape(len(targets), -1)[:, 0]
        assert inputs.shape == (len(targets), steps, 1)
        assert inputs.dtype == outputs.dtype == np.float32
        assert np.isfinite(inputs).all()
        for window, output, target in zip(inputs, outputs, targets, strict=True):
            assert window[:, 0].tolist() == [z[target - back] for back in range(steps, 0, -1)]
            assert output == z[target]


def test_the_inputs_are_those_of_the_textbook():
    windows = prepare(Experiment(), AIRLINE)
    changes = np.diff(np.log(AIRLINE.values))
    training = changes[: 86 - 1]
    z = (changes - training.mean()) / training.std()
    # The change into value t is changes[t - 1].
    assert windows.inputs(np.array([13]))[0, :, 0] == pytest.approx(z[0:12], abs=1e-6)
    assert windows.outputs(np.array([13])) == pytest.approx([z[12]], abs=1e-6)


@pytest.mark.parametrize("preparation", PREPARATIONS)
def test_a_perfect_forecast_is_the_truth_in_units(preparation):
    windows = prepare(experiment(**preparation), AIRLINE)
    targets = windows.held_out[: len(windows.held_out) - windows.steps + 1]
    restored = windows.in_units(windows.outputs(targets), targets)
    places = targets if windows.steps == 1 else targets[:, None] + np.arange(windows.steps)
    # z is kept in float32: seven digits.
    assert restored == pytest.approx(AIRLINE.values[places], rel=3e-6)


@given(
    length=st.integers(0, 300),
    season=st.integers(0, 40),
    seed=st.integers(0, 99),
    positive=st.booleans(),
    timesteps=st.integers(2, 60),
    log=st.booleans(),
    difference=st.sampled_from(["none", "first", "seasonal"]),
    scaling=st.sampled_from(["none", "standard", "minmax"]),
    validation=st.floats(0.01, 0.4),
    test=st.floats(0.01, 0.5),
    batch_size=st.integers(0, 64),
)
@settings(deadline=None, max_examples=300)
def test_of_any_series_and_choices_come_valid_windows_or_a_sentence(
    length, season, seed, positive, **chosen
):
    values = np.random.default_rng(seed).normal(size=length)
    series = series_of(np.exp(values) if positive else values, season)
    try:
        windows = prepare(experiment(**chosen), series)
    except RnnError as error:
        str(error)
        return
    lag = {"none": 0, "first": 1, "seasonal": season}[chosen["difference"]]
    parts = [windows.training, windows.validation, windows.test]
    assert all(len(part) for part in parts)
    every = np.concatenate(parts)
    # In time order, no gap, nothing twice, to the end.
    assert every.tolist() == list(range(lag + chosen["timesteps"], length))
    assert windows.test[0] == length - max(1, round(length * chosen["test"]))
    assert len(windows.validation) == max(1, round(length * chosen["validation"]))
    assert np.isfinite(windows.inputs(every)).all()
    assert np.isfinite(windows.outputs(every)).all()
    assert chosen["batch_size"] <= len(windows.training)


@pytest.mark.parametrize("difference", ["none", "first", "seasonal"])
def test_windows_that_touch_a_missing_value_are_left_out(difference):
    values = AIRLINE.values.copy()
    values[[50, 120]] = np.nan
    chosen = experiment(difference=difference, timesteps=3)
    whole = prepare(chosen, AIRLINE)
    windows = prepare(chosen, dataclasses.replace(AIRLINE, values=values))
    lag = windows.transform.lag

    def needs(target):
        """Everything that is read for one target: also what the naive forecasts repeat."""
        steps = set(range(target - 3, target + 1))
        return steps | {step - lag for step in steps} | {target - AIRLINE.season}

    for part in ("training", "validation", "test"):
        kept = [target for target in getattr(whole, part) if not needs(target) & {50, 120}]
        assert getattr(windows, part).tolist() == kept
        assert np.isfinite(windows.inputs(getattr(windows, part))).all()
    assert len(windows.training) < len(whole.training)


def test_covariates_are_channels_standardised_on_the_training_part():
    other = np.column_stack([np.arange(144.0), np.full(144, 7.0)])
    series = dataclasses.replace(AIRLINE, covariates=other, covariate_names=("step", "seven"))
    windows = prepare(experiment(), series)
    target = windows.test[5]
    (seen,) = windows.inputs(np.array([target]))
    assert seen.shape == (windows.timesteps, 3)
    assert seen[:, 0].tolist() == windows.z[target - windows.timesteps : target].tolist()
    training = np.arange(windows.split.validation)
    # The newest one known is that of the step before the target.
    assert seen[-1, 1] == pytest.approx((target - 1 - training.mean()) / training.std())
    assert not seen[:, 2].any()
    changed = other.copy()
    changed[windows.split.validation :] = 1e6
    again = prepare(experiment(), dataclasses.replace(series, covariates=changed))
    kept = slice(0, windows.split.validation)
    assert again.covariates[kept].tolist() == windows.covariates[kept].tolist()


@pytest.mark.parametrize("source", [name for name in SOURCES if name != TABLE])
def test_every_series_on_offer_can_be_prepared_for_training(source):
    series = load_series(SeriesConfig(source=source))
    log = bool((series.values > 0).all())
    windows = prepare(experiment(series=source, log=log, batch_size=0), series)
    assert len(windows.training) > 0
    assert np.isfinite(windows.inputs(windows.training)).all()
