import dataclasses

import numpy as np
import pytest

from rnn_core.series import Series


def test_dates_are_a_calendar_and_step_numbers_are_not():
    values = [1, 2]
    dated = Series("x", values, np.array(["1949-01", "1949-02"], dtype="datetime64[M]"))
    numbered = Series("x", values, np.arange(2, dtype=np.int32))

    assert dated.has_calendar
    assert dated.times.dtype == "datetime64[s]"
    assert not numbered.has_calendar
    assert numbered.times.dtype == np.int64
    assert numbered.values.dtype == np.float64
    assert len(dated) == len(numbered) == 2


def test_arrays_are_copies_that_cannot_be_written():
    values, times = np.zeros(2), np.arange(2)
    series = Series("x", values, times)

    values[0] = times[0] = 7
    assert series.values[0] == series.times[0] == 0
    with pytest.raises(ValueError, match="read-only"):
        series.values[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        series.times[0] = 1


@pytest.mark.parametrize(
    ("values", "times"),
    [([1, 2], [0]), ([[1, 2]], [[0, 1]]), ([1], [0.5]), ([1], ["1949-01"])],
)
def test_arrays_that_do_not_fit_are_refused(values, times):
    with pytest.raises(ValueError, match="Received"):
        Series("x", values, np.array(times))


def test_covariates_are_none_unless_given():
    series = Series("x", [1, 2, 3], np.arange(3))
    assert series.covariates.shape == (3, 0)
    assert series.covariate_names == ()
    shorter = dataclasses.replace(series, values=[1, 2], times=np.arange(2))
    assert shorter.covariates.shape == (2, 0)


def test_covariates_are_a_copy_with_a_row_for_each_value():
    given = np.arange(6).reshape(3, 2)
    series = Series("x", [1, 2, 3], np.arange(3), covariates=given, covariate_names=["a", "b"])
    given[0, 0] = 7
    assert series.covariates.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert series.covariates.dtype == np.float64
    assert series.covariate_names == ("a", "b")
    with pytest.raises(ValueError, match="read-only"):
        series.covariates[0, 0] = 1
    again = dataclasses.replace(series, season=2)
    assert again.covariates.tolist() == series.covariates.tolist()


@pytest.mark.parametrize(
    ("covariates", "names"),
    [
        (np.zeros((3, 2)), ("a",)),
        (np.zeros((3, 1)), ()),
        (np.zeros((2, 1)), ("a",)),
        (np.zeros(3), ("a",)),
        (np.zeros((0, 0)), ("a",)),
        (np.zeros((3, 2)), ("a", "a")),
    ],
)
def test_covariates_that_do_not_fit_are_refused(covariates, names):
    with pytest.raises(ValueError, match="Received"):
        Series("x", [1, 2, 3], np.arange(3), covariates=covariates, covariate_names=names)
