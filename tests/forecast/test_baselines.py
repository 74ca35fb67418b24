import numpy as np
import pytest

from rnn_core.forecast.baselines import persistence, seasonal_naive
from rnn_core.series import Series

VALUES = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0]


def series(season):
    return Series("test", VALUES, np.arange(8), season=season)


def test_persistence_repeats_the_value_before():
    assert persistence(series(0), np.array([1, 4, 7])).tolist() == [3.0, 1.0, 2.0]


def test_seasonal_naive_repeats_the_value_one_season_before():
    assert seasonal_naive(series(3), np.array([3, 4, 7])).tolist() == [3.0, 1.0, 5.0]


def test_with_a_season_of_one_both_are_the_same():
    targets = np.arange(1, 8)
    expected = persistence(series(1), targets).tolist()
    assert seasonal_naive(series(1), targets).tolist() == expected


@pytest.mark.parametrize(("season", "first"), [(0, 4), (5, 4), (8, 7)])
def test_without_a_season_in_reach_there_is_no_seasonal_naive(season, first):
    assert seasonal_naive(series(season), np.arange(first, 8)) is None


def test_a_season_may_reach_back_to_the_first_value():
    assert seasonal_naive(series(4), np.arange(4, 8)).tolist() == VALUES[:4]
