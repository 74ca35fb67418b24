import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnn_core.config import DIFFERENCES, SCALINGS, WindowConfig
from rnn_core.messages import Message, SeriesError
from rnn_core.transform import Transform, fit_transform

SEASON = 4
COMBINATIONS = list(itertools.product([False, True], DIFFERENCES, SCALINGS))
VALUES = np.array([112, 118, 132, 129, 121, 135, 148, 136, 119, 104, 118, 115], float)


def config(log=False, difference="none", scaling="none"):
    return WindowConfig(log=log, difference=difference, scaling=scaling)


def by_hand(values, end, log, difference, scaling):
    """z as the textbook writes it, one value after another."""
    level = [np.log(value) if log else value for value in values]
    lag = {"none": 0, "first": 1, "seasonal": SEASON}[difference]
    changes = [level[t] - level[t - lag] if lag else level[t] for t in range(lag, len(level))]
    training = changes[: end - lag]
    if scaling == "standard":
        mean = sum(training) / len(training)
        deviation = (sum((x - mean) ** 2 for x in training) / len(training)) ** 0.5
        changes = [(x - mean) / deviation for x in changes]
    elif scaling == "minmax":
        least, most = min(training), max(training)
        changes = [(x - least) / (most - least) for x in changes]
    return [np.nan] * lag + changes


@pytest.mark.parametrize(("log", "difference", "scaling"), COMBINATIONS)
def test_the_transform_is_the_one_of_the_textbook(log, difference, scaling):
    fitted = fit_transform(config(log, difference, scaling), VALUES, SEASON, 9)
    expected = by_hand(VALUES, 9, log, difference, scaling)
    assert fitted.forward(VALUES) == pytest.approx(expected, rel=1e-12, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize(("log", "difference", "scaling"), COMBINATIONS)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_inverse_takes_forward_back(log, difference, scaling, data):
    positive = st.floats(1e-3, 1e6)
    # To a millionth: a spread of 1e-311 is nobody's series, and nothing can be divided by it.
    signed = st.floats(-1e6, 1e6).map(lambda value: round(value, 6))
    values = data.draw(arrays(float, st.integers(10, 40), elements=positive if log else signed))
    end = data.draw(st.integers(SEASON + 1, len(values)))
    fitted = fit_transform(config(log, difference, scaling), values, SEASON, end)
    targets = np.arange(fitted.lag, len(values))
    restored = fitted.inverse(fitted.forward(values)[targets], values, targets)
    assert restored == pytest.approx(values[targets], rel=1e-9, abs=1e-9 * np.abs(values).max())


@pytest.mark.parametrize(("log", "difference", "scaling"), COMBINATIONS)
def test_it_is_fitted_on_the_training_part_alone(log, difference, scaling):
    end = 8
    wild = VALUES.copy()
    wild[end:] = [1e-9, 1e9, 5, 1e6]
    one, other = (fit_transform(config(log, difference, scaling), values, SEASON, end)
                  for values in (VALUES, wild))  # fmt: skip
    assert one == other
    assert one.forward(wild)[:end].tobytes() == one.forward(VALUES)[:end].tobytes()


@pytest.mark.parametrize("lag", [0, 1, 3])
def test_the_way_back_reads_only_the_values_one_lag_before_the_targets(lag):
    targets = np.array([7, 10])
    unknown = np.full(12, np.nan)
    unknown[targets - lag] = VALUES[targets - lag]
    known = VALUES if lag else np.full(12, np.nan)
    transform = Transform(True, lag, 0.1, 0.5)
    z = np.array([0.3, -0.2], np.float32)
    expected = np.exp(z.astype(float) * 0.5 + 0.1) * (known[targets - lag] if lag else 1)
    assert transform.inverse(z, unknown, targets) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("log", "difference", "scaling"), COMBINATIONS)
@pytest.mark.parametrize("level", [1e-13, 0.1, 7.0, 1e9])
def test_a_constant_series_keeps_its_level(log, difference, scaling, level):
    values = np.full(12, level)
    fitted = fit_transform(config(log, difference, scaling), values, SEASON, 9)
    assert fitted.scale == 1
    z = fitted.forward(values)[fitted.lag :]
    if difference != "none" or scaling != "none":
        assert z == pytest.approx(np.zeros(len(z)), abs=1e-9)
    targets = np.arange(fitted.lag, 12)
    assert fitted.inverse(z, values, targets) == pytest.approx(values[targets], rel=1e-9)


def test_a_series_of_zeros_is_constant_too():
    fitted = fit_transform(config(scaling="standard"), np.zeros(12), 0, 9)
    assert (fitted.offset, fitted.scale) == (0, 1)


@pytest.mark.parametrize("scaling", ["standard", "minmax"])
def test_what_rounding_leaves_of_a_straight_line_is_not_blown_up(scaling):
    values = 1e6 + 0.1 * np.arange(200)
    changes = fit_transform(config(False, "first", scaling), values, 0, 150).forward(values)[1:]
    assert np.abs(changes).max() < 1e-6


@pytest.mark.parametrize("scaling", ["standard", "minmax"])
@pytest.mark.parametrize("difference", list(DIFFERENCES))
@pytest.mark.parametrize("unit", [2.0**-60, 2.0**60])
def test_scaled_values_do_not_depend_on_the_unit(difference, scaling, unit):
    chosen = config(False, difference, scaling)
    expected = fit_transform(chosen, VALUES, SEASON, 9).forward(VALUES)
    fitted = fit_transform(chosen, VALUES * unit, SEASON, 9)
    assert fitted.forward(VALUES * unit).tobytes() == expected.tobytes()


@pytest.mark.parametrize("bad", [0.0, -3.5])
def test_a_logarithm_names_the_first_value_it_cannot_take(bad):
    values = VALUES.copy()
    values[10] = values[11] = bad
    with pytest.raises(SeriesError) as caught:
        fit_transform(config(log=True), values, 0, 5)
    assert caught.value.message.kind == "prepare.log"
    assert f"value 11 of this series is {bad:g}." in str(caught.value)
    assert fit_transform(config(log=False), values, 0, 5)


def test_a_seasonal_difference_needs_a_season():
    with pytest.raises(SeriesError) as caught:
        fit_transform(config(difference="seasonal"), VALUES, 0, 9)
    assert caught.value.message.kind == "prepare.season"
    assert fit_transform(config(difference="seasonal"), VALUES, 1, 9).lag == 1


def test_a_training_part_shorter_than_the_lag_is_refused_with_its_numbers():
    with pytest.raises(SeriesError) as caught:
        fit_transform(config(difference="seasonal"), VALUES, 9, 9)
    message = caught.value.message
    assert message.kind == "prepare.lag"
    assert message.values == {"length": 9, "lag": 9}
    assert Message.from_json(message.to_json()) == message
    assert fit_transform(config(difference="seasonal"), VALUES, 8, 9).lag == 8


@pytest.mark.parametrize(("log", "difference", "scaling"), COMBINATIONS)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_many_steps_are_taken_back_from_what_lies_before_the_origin(log, difference, scaling, data):
    positive = st.floats(1e-3, 1e6)
    signed = st.floats(-1e6, 1e6).map(lambda value: round(value, 6))
    values = data.draw(arrays(float, st.integers(20, 60), elements=positive if log else signed))
    fitted = fit_transform(config(log, difference, scaling), values, SEASON, len(values) // 2)
    origins = np.array([fitted.lag, len(values) - 9])
    places = origins[:, None] + np.arange(9)
    restored = fitted.inverse_recursively(fitted.forward(values)[places], values, origins)
    assert restored == pytest.approx(values[places], rel=1e-9, abs=1e-9 * np.abs(values).max())


@pytest.mark.parametrize(("log", "difference", "scaling"), COMBINATIONS)
def test_the_first_of_many_steps_is_the_one_step(log, difference, scaling):
    fitted = fit_transform(config(log, difference, scaling), VALUES, SEASON, 9)
    targets = np.array([5, 9, 12])
    z = np.array([[0.3, 1.0], [-0.2, 2.0], [0.9, 3.0]])
    one = fitted.inverse(z[:, 0], np.append(VALUES, np.nan), targets)
    np.testing.assert_array_equal(fitted.inverse_recursively(z, VALUES, targets)[:, 0], one)
