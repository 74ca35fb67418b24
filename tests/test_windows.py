import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_core import windows as module
from rnn_core.config import Experiment, SeriesConfig
from rnn_core.messages import ConfigError, Message, RnnError, SeriesError
from rnn_core.series import SOURCES, TABLE, Series, load_series
from rnn_core.windows import prepare, split_in_time

AIRLINE = load_series(Experiment().series)


def experiment(**values):
    return Experiment.from_values({name.replace("_", "-"): value for name, value in values.items()})


def series_of(values, season=0):
    return Series("test", values, np.arange(len(values)), season=season)


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


PREPARATIONS = [
    {"log": log, "difference": difference, "scaling": scaling, "timesteps": timesteps}
    for log in (False, True)
    for difference in ("none", "first", "seasonal")
    for scaling in ("none", "standard", "minmax")
    for timesteps in (2, 12)
]


PREPARATIONS += [
    {"difference": difference, "strategy": "direct", "horizon": 5}
    for difference in ("none", "first", "seasonal")
]


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


def refused(kind, chosen, series=AIRLINE):
    with pytest.raises(RnnError) as caught:
        prepare(chosen, series)
    error = caught.value
    assert type(error) is kind
    assert Message.from_json(error.message.to_json()) == error.message
    return error.message


def test_too_many_timesteps_are_refused_with_the_numbers():
    # 86 values to train on, one lost to the difference: 84 timesteps leave a single window.
    fitting = experiment(timesteps=84, batch_size=0)
    assert prepare(fitting, AIRLINE).training.tolist() == [85]
    message = refused(SeriesError, experiment(timesteps=85, batch_size=0))
    assert message.kind == "prepare.short"
    assert str(message).startswith(
        "The series has 144 values, 58 of them held out for validation and test; 85 timesteps "
        "need a training part of at least 87 values, and it has 86."
    )


def test_a_seasonal_difference_takes_its_season_from_the_training_part():
    fitting = experiment(timesteps=73, difference="seasonal", batch_size=0)
    assert prepare(fitting, AIRLINE).training.tolist() == [85]
    message = refused(SeriesError, experiment(timesteps=74, difference="seasonal", batch_size=0))
    assert "at least 87 values, and it has 86" in str(message)
    unknown = dataclasses.replace(AIRLINE, season=0)
    message = refused(SeriesError, experiment(difference="seasonal"), unknown)
    assert message.kind == "prepare.season"


def test_a_season_longer_than_the_training_part_has_its_sentence():
    long = dataclasses.replace(AIRLINE, season=100)
    message = refused(SeriesError, experiment(difference="seasonal"), long)
    assert message.kind == "prepare.lag"
    assert "86 values, too few for a difference over 100 steps" in str(message)


@pytest.mark.parametrize("length", range(4))
def test_a_series_of_next_to_nothing_is_too_short(length):
    message = refused(SeriesError, experiment(log=False), series_of(np.ones(length)))
    assert message.kind == "prepare.short"
    assert "training part" in str(message)


def test_a_batch_larger_than_the_training_part_is_refused_with_the_numbers():
    assert prepare(experiment(batch_size=73), AIRLINE)
    message = refused(ConfigError, experiment(batch_size=74))
    assert message.kind == "prepare.batch"
    assert str(message) == (
        "Batch size (batch-size) must be from 1 to the 73 windows of the training part, or 0 for "
        "all of them. Received: 74."
    )
    with pytest.raises(ConfigError) as caught:
        prepare(experiment(batch_size=100_000), AIRLINE)
    assert caught.value.option == "batch-size"


def test_a_logarithm_of_zero_or_less_is_refused_wherever_it_is():
    values = AIRLINE.values.copy()
    values[140] = -2.5
    negative = dataclasses.replace(AIRLINE, values=values)
    message = refused(SeriesError, Experiment(), negative)
    assert message.kind == "prepare.log"
    assert "value 141 of this series is -2.5" in str(message)
    assert prepare(experiment(log=False), negative)


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


def test_a_part_without_a_whole_window_is_refused():
    values = AIRLINE.values.copy()
    values[96:144:2] = np.nan
    with pytest.raises(SeriesError) as caught:
        prepare(experiment(), dataclasses.replace(AIRLINE, values=values))
    error = caught.value
    assert error.message.kind == "prepare.missing"
    assert "in all: 24 of 144), the first of them value 97" in str(error)
    assert "in the test part" in str(error)
    assert Message.from_json(error.message.to_json()) == error.message


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


def test_a_horizon_that_the_training_part_has_no_room_for_is_refused_with_the_numbers():
    fitting = experiment(strategy="direct", horizon=73, batch_size=0)
    assert prepare(fitting, AIRLINE).training.tolist() == [13]
    message = refused(SeriesError, experiment(strategy="direct", horizon=74, batch_size=0))
    assert message.kind == "prepare.short_direct"
    assert "12 timesteps and 74 steps ahead at once need" in str(message)
    assert "at least 87 values, and it has 86" in str(message)


WITH_COVARIATE = dataclasses.replace(
    AIRLINE, covariates=AIRLINE.values[:, None] / 100, covariate_names=("fuel",)
)


def told(series, **values):
    return str(refused(SeriesError, Experiment.from_values(values), series))


def test_a_covariate_with_the_gaps_is_named():
    gaps = np.where(np.arange(144) % 5, WITH_COVARIATE.covariates[:, 0], np.nan)
    said = told(dataclasses.replace(WITH_COVARIATE, covariates=gaps[:, None]))
    assert said.startswith("Covariate 'fuel' has missing values (in all: 29 of 144), the first of")


@pytest.mark.filterwarnings("error")
def test_values_that_a_network_has_no_number_for_have_a_sentence():
    huge = dataclasses.replace(
        AIRLINE, values=AIRLINE.values * np.where(np.arange(144) == 126, 1e37, 1)
    )
    said = told(huge, log=False, difference="none", scaling="none")
    assert said.startswith("Value 127 of this series is 5.48e+39 after the preparation, more than")
    assert "(3.4e+38)" in said
    assert len(prepare(Experiment.from_values({"log": False}), huge).test) == 48


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("log", [True, False])
def test_values_whose_squares_are_beyond_all_numbers_are_refused(log):
    values = AIRLINE.values.copy()
    values[6:] *= 1e200
    said = told(dataclasses.replace(AIRLINE, values=values), log=log)
    assert said.startswith("Value 7 of this series is 1.48e+202, and the square of a number")
    covariates = np.where(np.arange(144) == 3, 1e200, WITH_COVARIATE.covariates[:, 0])[:, None]
    said = told(dataclasses.replace(WITH_COVARIATE, covariates=covariates), log=log)
    assert said.startswith("Value 4 of covariate 'fuel' is 1e+200,")
