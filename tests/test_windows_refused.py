"""Series and choices that no windows can be made of, refused in a sentence with the numbers."""

import dataclasses

import numpy as np
import pytest

from rnn_core.config import Experiment
from rnn_core.messages import ConfigError, Message, RnnError, SeriesError
from rnn_core.windows import prepare
from tests.preparations import AIRLINE, experiment, series_of


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
