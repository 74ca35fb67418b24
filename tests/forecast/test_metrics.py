import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_core.config import Experiment
from rnn_core.forecast.metrics import Scores, mae, rmse, score
from rnn_core.series import Series, load_series
from rnn_core.windows import prepare

AIRLINE_CSV = Path(__file__).resolve().parents[2] / "sample_data" / "airline.csv"

pairs = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=30)


@given(pairs)
def test_errors_are_those_of_the_definition(points):
    truth, forecast = np.array(points).T
    squares = math.fsum((b - a) ** 2 for a, b in points) / len(points)
    assert rmse(truth, forecast) == pytest.approx(math.sqrt(squares), rel=1e-12)
    absolute = math.fsum(abs(b - a) for a, b in points) / len(points)
    assert mae(truth, forecast) == pytest.approx(absolute, rel=1e-12)


def test_errors_by_hand():
    truth, forecast = np.array([1.0, 2.0, 3.0]), np.array([1.0, 5.0, -1.0])
    assert rmse(truth, forecast) == pytest.approx(math.sqrt(25 / 3))
    assert mae(truth, forecast) == pytest.approx(7 / 3)
    assert rmse(truth, truth) == mae(truth, truth) == 0


@pytest.mark.parametrize("measure", [rmse, mae])
@pytest.mark.parametrize("forecast", [[math.inf, 1.0], [1.7e308, 1.7e308], [-1.7e308, 1.7e308]])
def test_an_error_beyond_all_numbers_is_infinite_without_a_warning(measure, forecast):
    assert measure(np.array([1.0, 1.0]), np.array(forecast)) == math.inf


@pytest.mark.parametrize("measure", [rmse, mae])
def test_an_error_of_no_number_is_none(measure):
    assert math.isnan(measure(np.array([1.0, 1.0]), np.array([math.nan, 1.0])))


def test_the_baselines_of_the_last_48_airline_values_are_those_published():
    with AIRLINE_CSV.open() as file:
        values = np.array([float(row["Passengers"]) for row in csv.DictReader(file)])
    last = np.arange(96, 144)
    before = math.sqrt(np.mean((values[last] - values[last - 1]) ** 2))
    year_before = math.sqrt(np.mean((values[last] - values[last - 12]) ** 2))
    assert before == pytest.approx(48.04, abs=0.005)
    assert year_before == pytest.approx(41.85, abs=0.005)

    series = load_series(Experiment().series)
    targets = prepare(Experiment(), series).test
    forecast = values[last] + np.tile([2.0, -6.0], 24)
    scores = score(series, targets, forecast)
    assert scores.persistence_rmse == pytest.approx(before, rel=1e-12)
    assert scores.seasonal_naive_rmse == pytest.approx(year_before, rel=1e-12)
    assert scores.rmse == pytest.approx(math.sqrt(20))
    assert scores.mae == pytest.approx(4)


def test_a_series_without_a_season_has_one_baseline():
    series = Series("test", [1.0, 2.0, 4.0, 7.0], np.arange(4))
    scores = score(series, np.array([2, 3]), np.array([4.0, 7.0]))
    assert scores.seasonal_naive_rmse is None
    assert scores.to_dict() == {
        "rmse": 0.0,
        "mae": 0.0,
        "persistence_rmse": pytest.approx(math.sqrt(6.5)),
        "seasonal_naive_rmse": None,
    }


@pytest.mark.parametrize(("persistence", "seasonal", "best"), [
    (48.0, 42.0, 42.0), (42.0, 48.0, 42.0), (42.0, None, 42.0), (5.0, 0.0, 0.0),
])  # fmt: skip
def test_the_best_baseline_is_the_one_with_the_smaller_error(persistence, seasonal, best):
    scores = Scores(21.0, 10.0, persistence, seasonal)
    assert scores.best_baseline_rmse == best
    assert scores.skill == (pytest.approx(0.5) if best else None)


def test_skill_is_negative_where_a_baseline_is_better():
    assert Scores(63.0, 10.0, 42.0, None).skill == pytest.approx(-0.5)
