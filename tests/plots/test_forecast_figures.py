import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from rnn_core.forecast.baselines import BASELINES
from rnn_core.messages import Message
from rnn_core.palette import LIGHT
from rnn_core.plots import (
    backtest_alt,
    backtest_figure,
    coverage_alt,
    coverage_figure,
    fan_alt,
    fan_figure,
    horizon_error_alt,
    horizon_error_figure,
    lag_alt,
    lag_figure,
    seeds_forecast_alt,
    seeds_forecast_figure,
    seeds_loss_alt,
    seeds_loss_figure,
    together_alt,
    together_figure,
)
from rnn_core.plots.methods import METHODS, NETWORK

NONE = np.array([])
LEVELS = (0.5, 0.8, 0.95)
MONTHS = np.datetime64("1955-01") + np.arange(48)
FORECAST = 300 + 50 * np.sin(np.arange(24) / 2)
RADII = np.arange(1, 4)[:, None] * np.linspace(5, 40, 24)
ERRORS = {
    NETWORK: np.linspace(20, 60, 12),
    "persistence": np.linspace(48, 90, 12),
    "theta": np.linspace(19, 30, 12),
}
UNITS = {"unit": "°C", "time_label": "Month"}
WORDS = {"measure": "RMSE", "unit": "°C"}
EDGES = {"lower": FORECAST - RADII, "upper": FORECAST + RADII}


def fan_of(**changes: Any) -> go.Figure:
    arguments = {
        "levels": LEVELS,
        **EDGES,
        "truth": np.where(np.arange(24) < 10, FORECAST + 3, np.nan),
        "history_times": MONTHS[:24],
        "history": FORECAST,
        "baselines": {name: FORECAST + place for place, name in enumerate(BASELINES)},
        "shown": ("theta",),
        **UNITS,
    }
    return fan_figure(MONTHS[24:], FORECAST, **(arguments | changes))


def losses() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    curve = np.exp(-np.arange(900) / 90)
    return curve, 0.8 * curve, 1.3 * curve


def together_of(**changes: Any) -> go.Figure:
    """Twelve known months, of which the last eight are the test part, and twelve to come."""
    known = np.arange(24) < 12
    return together_figure(
        MONTHS[:24],
        np.where(known, FORECAST + 2, np.nan),
        np.where(known, FORECAST + 1, np.nan),
        FORECAST,
        history_times=MONTHS[:2],
        history=FORECAST[:2],
        **{"boundary": 4, "future": 12, "restarts": np.array([0, 6]), **UNITS, **changes},
    )


BUILDS = {
    "together": together_of,
    "fan": fan_of,
    "fan of steps": lambda: fan_figure(
        np.arange(24, 48), FORECAST, history_times=np.arange(24), history=FORECAST, **UNITS
    ),
    "horizon": lambda: horizon_error_figure(ERRORS, **WORDS),
    "backtest": lambda: backtest_figure(MONTHS[:12], ERRORS, time_label="Month", **WORDS),
    "lag": lambda: lag_figure(
        MONTHS[:24], FORECAST, FORECAST + 1, np.linspace(0.9, -0.2, 13), slide=1, **UNITS
    ),
    "coverage": lambda: coverage_figure(LEVELS, np.full((3, 12), 0.7)),
    "seeds loss": lambda: seeds_loss_figure(losses(), losses(), log=True),
    "seeds forecast": lambda: seeds_forecast_figure(
        MONTHS[:24], FORECAST, FORECAST - 5, FORECAST + 5, truth=FORECAST, **UNITS
    ),
}
EVERY = pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)


def trace(fig: go.Figure, name: str) -> Any:
    return next(trace for trace in fig.data if trace.name == name)


@EVERY
def test_arrays_travel_as_small_numbers(build: Callable[[], go.Figure]) -> None:
    fig = build()
    sent = [
        (name, drawn[name])
        for drawn in json.loads(fig.to_json())["data"]
        for name in ("x", "y", "customdata")
        if name in drawn
    ]
    assert len(sent) >= 4
    for name, values in sent:
        assert isinstance(values, dict), name
        assert values["dtype"] in {"f4", "u1", "u2", "f8"}
        if values["dtype"] == "f8":
            assert (fig.layout.xaxis.type, name) == ("date", "x")
    assert len(fig.to_json()) < 25_000


@EVERY
def test_common_look(build: Callable[[], go.Figure]) -> None:
    fig = build()
    assert set(re.findall(r"#[0-9a-fA-F]+", fig.to_json())) <= set(LIGHT.colours())
    assert fig.layout.uirevision == "kept"
    assert fig.layout.height is None
    assert fig.layout.title.text is None
    assert fig.layout.xaxis.title.text
    assert fig.layout.yaxis.title.text


def test_every_baseline_has_a_look_of_its_own() -> None:
    assert set(METHODS) == {NETWORK, *BASELINES}
    assert len({look.colour for look in METHODS.values()}) == len(METHODS)
    assert len({look.dash for look in METHODS.values()}) == len(METHODS)
    for name, baseline in BASELINES.items():
        assert METHODS[name].label == baseline.label


def test_the_fan_is_drawn_widest_first_and_the_forecast_on_top() -> None:
    fig = fan_of()
    names = [line.name for line in fig.data if line.name]
    assert names[:3] == ["95 % interval", "80 % interval", "50 % interval"]
    assert names[-2:] == ["Truth", "Network"]
    widest = trace(fig, "95 % interval")
    np.testing.assert_array_equal(widest.y, (FORECAST + RADII[2]).astype(np.float32))
    np.testing.assert_array_equal(widest.customdata, (FORECAST - RADII[2]).astype(np.float32))
    assert (widest.fill, widest.fillcolor) == ("tonexty", LIGHT.interval_95)
    below = fig.data[0]
    np.testing.assert_array_equal(below.y, widest.customdata)
    assert trace(fig, "50 % interval").fillcolor == LIGHT.interval_50
    assert trace(fig, "Theta").visible is True
    assert trace(fig, "ETS").visible == "legendonly"
    np.testing.assert_array_equal(trace(fig, "Network").y, FORECAST.astype(np.float32))
    assert len(trace(fig, "Truth").x) == 48


def test_an_interval_that_is_not_known_is_not_drawn() -> None:
    upper = FORECAST + RADII
    upper[2] = np.nan
    upper[1, 12:] = np.nan
    fig = fan_of(upper=upper)
    names = [line.name for line in fig.data]
    assert "95 % interval" not in names
    assert len(trace(fig, "80 % interval").x) == 12


def test_errors_are_drawn_with_the_network_on_top() -> None:
    fig = horizon_error_figure(ERRORS, **WORDS)
    assert [line.name for line in fig.data] == ["Persistence", "Theta", "Network"]
    np.testing.assert_array_equal(fig.data[0].x, np.arange(1, 13))
    np.testing.assert_array_equal(fig.data[2].y, ERRORS[NETWORK].astype(np.float32))
    assert fig.layout.yaxis.title.text == "RMSE (°C)"
    again = backtest_figure(np.arange(12), ERRORS, time_label="Step", **WORDS)
    np.testing.assert_array_equal(again.data[2].y, ERRORS[NETWORK].astype(np.float32))


def test_a_forecast_is_slid_back() -> None:
    truth = np.arange(10.0)
    fig = lag_figure(
        np.arange(10), truth, truth - 3, np.array([0.5, 0.6, 0.7, 1.0]), slide=3, **UNITS
    )
    slid = trace(fig, "Forecast, slid back by 3")
    np.testing.assert_array_equal(slid.x, np.arange(7))
    np.testing.assert_array_equal(slid.y, truth[:7])
    bars = fig.data[-1]
    np.testing.assert_allclose(bars.y, [0.5, 0.6, 0.7, 1.0], rtol=1e-6)
    assert list(bars.marker.color) == [LIGHT.muted] * 3 + [LIGHT.forecast]


def test_coverage_stands_next_to_its_promise() -> None:
    shares = np.array([[0.4, 0.5], [0.7, np.nan], [np.nan, np.nan]])
    fig = coverage_figure(LEVELS, shares)
    np.testing.assert_allclose(trace(fig, "80 % interval").y, [70, np.nan], rtol=1e-6)
    promised = trace(fig, "80 % promised")
    assert promised.y.tolist() == [80, 80]
    assert promised.line.color == trace(fig, "80 % interval").line.color


def test_seeds_are_a_band_around_their_median() -> None:
    short = tuple(curve[:50] for curve in losses())
    fig = seeds_loss_figure(short, short, log=False)
    assert [line.name for line in fig.data if line.showlegend is None] == [
        "Training",
        "Validation",
    ]
    low, high, *_others, median, _validation = fig.data
    for drawn, curve in ((median, short[0]), (low, short[1]), (high, short[2])):
        np.testing.assert_array_equal(drawn.y, curve.astype(np.float32))
    assert high.fill == "tonexty"


@pytest.mark.parametrize(
    "fig",
    [
        fan_figure(NONE, NONE, history_times=NONE, history=NONE, **UNITS),
        horizon_error_figure({}, **WORDS),
        backtest_figure(NONE, {}, time_label="Month", **WORDS),
        lag_figure(NONE, NONE, NONE, NONE, slide=0, **UNITS),
        coverage_figure(LEVELS, np.empty((3, 0))),
        seeds_loss_figure((NONE,) * 3, (NONE,) * 3, log=True),
        seeds_forecast_figure(NONE, NONE, NONE, NONE, truth=NONE, **UNITS),
        together_figure(
            NONE, NONE, NONE, NONE, history_times=NONE, history=NONE, future=0, **UNITS
        ),
    ],
)
def test_empty_frame(fig: go.Figure) -> None:
    assert fig.layout.xaxis.showticklabels is False


def test_texts_are_translated() -> None:
    def translate(text: str) -> str:
        return f"«{text}»"

    fig = fan_of(translate=translate)
    assert all(line.name.startswith("«") for line in fig.data if line.name)
    coverage = coverage_figure(LEVELS, np.full((3, 2), 0.7), translate=translate)
    assert {line.name for line in coverage.data} >= {"«50 % interval»", "«50 % promised»"}
    assert coverage.layout.yaxis.title.text.startswith("«")


def test_all_in_one_picture_ends_the_test_part_where_the_future_begins() -> None:
    fig = together_of(levels=LEVELS, **EDGES)
    names = [line.name for line in fig.data if line.name]
    assert names[-3:] == ["Truth", "Network, one step ahead", "Network, several steps ahead"]
    assert fig.data[-1].line.color == fig.data[-2].line.color != fig.data[-3].line.color
    assert fig.data[-1].line.dash
    assert not fig.data[-2].line.dash
    box, *lines = fig.layout.shapes
    x = np.asarray(trace(fig, "Network, several steps ahead").x, np.float64)
    assert box.x1 == pytest.approx(x[11])
    assert [line.x0 for line in lines] == pytest.approx([x[0], x[6], (x[11] + x[12]) / 2])
    assert [note.text for note in fig.layout.annotations] == ["Test part", "Future"]


ALTS = [
    (together_alt(NONE, NONE, NONE, unit="°C"), "none yet"),
    (
        together_alt(FORECAST + 2, FORECAST + 1, FORECAST, unit="°C"),
        "one step ahead is off by 1 °C on average and that of several steps by 2",
    ),
    (fan_alt(NONE, unit="°C"), "there is none yet"),
    (fan_alt(FORECAST, unit="°C"), "Forecast of 24 steps, from 300 to 256.2 °C."),
    (
        fan_alt(FORECAST, levels=LEVELS, **EDGES, unit="°C"),
        "at the end the interval of 95 % reaches from 136.2 to 376.2",
    ),
    (fan_alt(FORECAST, truth=FORECAST + 2, unit="°C"), "off by 2 on average"),
    (horizon_error_alt({}, **WORDS), "no forecast yet"),
    (
        horizon_error_alt(ERRORS, **WORDS),
        "goes from 20 at step 1 to 60 °C at step 12, where Theta is best with 30.",
    ),
    (backtest_alt({}, **WORDS), "no origin is done"),
    (
        backtest_alt(ERRORS, **WORDS),
        "from 12 origins: RMSE of the network from 20 to 60 °C, the lowest of all methods at 0",
    ),
    (backtest_alt({NETWORK: ERRORS[NETWORK]}, **WORDS), "at 12 of them"),
    (lag_alt(NONE), "there is none"),
    (lag_alt(np.array([0.9, 0.8])), "best where it stands (correlation 0.900)"),
    (lag_alt(np.array([0.7, 0.99])), "slid back by 1 (correlation 0.990; 0.700 where it stands)"),
    (coverage_alt(LEVELS, np.full((3, 2), np.nan)), "there are no intervals"),
    (
        coverage_alt(LEVELS, np.array([[0.5, 0.5], [0.8, 0.6], [np.nan, 0.95]])),
        "the intervals of 80 %, which hold 60 % of the test points at step 2",
    ),
    (seeds_loss_alt((NONE,) * 3, count=0), "none has been trained"),
    (
        seeds_loss_alt(tuple(curve[:10] for curve in losses()), count=5),
        "Loss of 5 seeds: at epoch 10 the validation loss lies between 0.724 and 1.18",
    ),
    (seeds_forecast_alt(NONE, NONE, NONE, count=5, unit="°C"), "there are none"),
    (
        seeds_forecast_alt(FORECAST, FORECAST + 2, FORECAST + 1, count=5, unit="°C"),
        "they lie 2 °C apart on average, and the truth is among them at 24 of 24 times",
    ),
]


@pytest.mark.parametrize(("message", "said"), ALTS)
def test_alt_texts(message: Message, said: str) -> None:
    assert said in message.render()
    assert Message.from_json(message.to_json()) == message


def test_a_fan_marks_the_test_part_and_where_it_starts_anew() -> None:
    assert fan_of().layout.shapes == ()
    marked = fan_of(boundary=6, restarts=np.array([0, 12])).layout
    part, *lines = marked.shapes
    moments = MONTHS[24:].astype("datetime64[ms]").astype(float)
    assert part.type == "rect"
    assert (part.x0, part.x1) == ((moments[5] + moments[6]) / 2, moments[-1])
    assert [(line.x0, line.x1) for line in lines] == [(moments[at], moments[at]) for at in (0, 12)]
    assert [text.text for text in marked.annotations] == ["Test part"]
