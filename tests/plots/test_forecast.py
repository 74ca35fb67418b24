import json

import numpy as np
import pytest

from rnn_core.palette import LIGHT
from tests.plots.lab_figures import NONE, forecast_of, trace


def test_forecast_carries_the_values() -> None:
    truth = np.array([1.0, 2.0, np.nan, 4.0])
    fig = forecast_of(
        4, times=np.arange(4), truth=truth, history_times=np.arange(-2, 0), history=np.zeros(2)
    )
    np.testing.assert_array_equal(trace(fig, "Truth").x, np.arange(-2, 4))
    np.testing.assert_array_equal(trace(fig, "Truth").y, [0, 0, *truth])
    np.testing.assert_array_equal(trace(fig, "Forecast").x, np.arange(4))
    assert fig.layout.hovermode == "x unified"
    assert fig.layout.yaxis.title.text == "thousand passengers"
    assert fig.layout.xaxis.title.text == "Month"


def test_forecast_of_moments() -> None:
    fig = forecast_of(60)
    sent = json.loads(fig.to_json())["layout"]["xaxis"]
    assert (sent["type"], sent["hoverformat"]) == ("date", "%Y-%m")
    milliseconds = trace(fig, "Forecast").x
    assert np.datetime64(int(milliseconds[0]), "ms") == np.datetime64("1957-01")


@pytest.mark.parametrize(
    ("step", "written"),
    [
        ("D", "%Y-%m-%d"),
        ("h", "%Y-%m-%d %H:%M"),
        ("s", "%Y-%m-%d %H:%M:%S"),
        ("ms", "%Y-%m-%d %H:%M:%S.%L"),
    ],
)
def test_moments_are_written_as_finely_as_they_lie(step: str, written: str) -> None:
    moments = np.datetime64("2020-01-01", "ns") + np.arange(30) * np.timedelta64(1, step)
    fig = forecast_of(6, times=moments[24:], history_times=moments[:24])
    assert fig.layout.xaxis.hoverformat == written


def test_baselines_wait_in_the_legend() -> None:
    assert trace(forecast_of(6), "Persistence").visible == "legendonly"
    assert trace(forecast_of(6), "Seasonal naive").visible == "legendonly"
    without = forecast_of(6, persistence=None, seasonal_naive=None)
    assert [line.name for line in without.data] == ["Truth", "Forecast"]


def test_test_part_begins_between_two_steps() -> None:
    fig = forecast_of(6, times=np.arange(6), history_times=np.arange(-24, 0), boundary=4)
    (part,) = fig.layout.shapes
    assert (part.x0, part.x1, part.fillcolor) == (3.5, 5, LIGHT.test_part)
    assert fig.layout.annotations[0].text == "Test part"


@pytest.mark.parametrize("boundary", [None, 6])
def test_no_test_part(boundary: int | None) -> None:
    assert not forecast_of(6, boundary=boundary).layout.shapes


def test_history_alone() -> None:
    months = np.datetime64("1955-01") + np.arange(24)
    fig = forecast_of(
        0, times=NONE, truth=NONE, forecast=NONE, history_times=months, history=np.ones(24)
    )
    assert fig.layout.xaxis.type == "date"
    assert fig.layout.xaxis.showticklabels is None
    assert len(trace(fig, "Truth").x) == 24
