import base64
import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from rnn_core.messages import Message
from rnn_core.palette import LIGHT
from rnn_core.plots import (
    forecast_alt,
    forecast_figure,
    hidden_alt,
    hidden_figure,
    loss_alt,
    loss_figure,
    thin_curve,
)
from rnn_core.records import BatchLosses

NONE = np.array([])


def curves(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    noise = np.random.default_rng(3).random((2, count))
    epochs = np.arange(1, count + 1)
    return epochs, np.exp(-epochs / 60) + noise[0] / 50, np.exp(-epochs / 70) + noise[1] / 20


def forecast_of(count: int, **changes: Any) -> go.Figure:
    months = np.datetime64("1955-01") + np.arange(count + 24)
    values = 300 + 100 * np.sin(np.arange(count + 24) * np.pi / 6)
    arguments = {
        "times": months[24:],
        "truth": values[24:],
        "forecast": values[24:] + 5,
        "history_times": months[:24],
        "history": values[:24],
        "boundary": count // 2,
        "persistence": values[23:-1],
        "seasonal_naive": values[12:-12],
        "unit": "thousand passengers",
        "time_label": "Month",
    }
    return forecast_figure(**(arguments | changes))


def hidden_of(steps: int, units: int, **options: Any) -> go.Figure:
    times, inputs, hidden = np.arange(-steps, 0), np.linspace(-1, 1, steps), states(steps, units)
    labels = {"layer_label": "Layer 1", "input_label": "Input"}
    return hidden_figure(times, inputs, hidden, **labels, **options)


def states(steps: int, units: int) -> np.ndarray:
    return np.tanh(np.random.default_rng(5).normal(size=(steps, units)))


def trace(fig: go.Figure, name: str) -> Any:
    return next(trace for trace in fig.data if trace.name == name)


def sent_arrays(fig: go.Figure) -> list[tuple[str, Any]]:
    """Name and value of every x, y and z as it is in the JSON text."""
    plain = json.loads(fig.to_json())
    return [
        (axis, trace[axis]) for trace in plain["data"] for axis in ("x", "y", "z") if axis in trace
    ]


EVERY = pytest.mark.parametrize(
    "build",
    [
        lambda: loss_figure(*curves(300), log=True, best_epoch=200),
        lambda: loss_figure(*curves(300), log=False),
        lambda: forecast_of(60),
        lambda: forecast_of(60, times=np.arange(60), history_times=np.arange(-24, 0)),
        lambda: hidden_of(12, 32),
        lambda: hidden_of(200, 64),
    ],
    ids=["log loss", "loss", "moments", "steps", "hidden", "large hidden"],
)


@EVERY
def test_arrays_travel_as_small_numbers(build: Callable[[], go.Figure]) -> None:
    fig = build()
    for name, sent in sent_arrays(fig):
        if sent == []:
            continue
        assert isinstance(sent, dict), name
        assert sent["dtype"] in {"f4", "i1", "u1", "u2", "f8"}
        if sent["dtype"] == "f8":
            assert (fig.layout.xaxis.type, name) == ("date", "x")


@EVERY
def test_common_look(build: Callable[[], go.Figure]) -> None:
    fig = build()
    text = fig.to_json()
    assert set(re.findall(r"#[0-9a-fA-F]+", text)) <= set(LIGHT.colours())
    assert fig.layout.uirevision == build().layout.uirevision
    assert fig.layout.autosize
    assert fig.layout.height is None
    assert fig.layout.title.text is None
    assert {fig.layout.paper_bgcolor, fig.layout.plot_bgcolor} == {"rgba(0,0,0,0)"}


@pytest.mark.parametrize(
    ("build", "limit"),
    [
        (lambda: loss_figure(*curves(300), log=True, best_epoch=200), 8_000),
        (lambda: loss_figure(*curves(10_000), log=True, best_epoch=200), 20_000),
        (lambda: forecast_of(60), 8_000),
        (lambda: hidden_of(12, 32), 6_000),
        (lambda: hidden_of(200, 64), 30_000),
        (lambda: hidden_of(512, 256), 220_000),
    ],
    ids=["loss 300", "loss 10,000", "forecast 60", "12 × 32", "200 × 64", "512 × 256"],
)
def test_size(build: Callable[[], go.Figure], limit: int) -> None:
    assert len(build().to_json().encode()) < limit


def test_loss_carries_the_curves() -> None:
    epochs, loss, val_loss = curves(300)
    val_loss[10] = np.nan
    fig = loss_figure(epochs, loss, val_loss, log=False, best_epoch=200)
    training, validation = trace(fig, "Training"), trace(fig, "Validation")
    np.testing.assert_array_equal(training.x, epochs)
    np.testing.assert_array_equal(training.y, loss.astype(np.float32))
    np.testing.assert_array_equal(validation.y, val_loss.astype(np.float32))
    assert not validation.connectgaps
    best = trace(fig, "Best epoch")
    assert (best.x[0], best.y[0]) == (200, np.float32(val_loss[199]))


@pytest.mark.parametrize(
    ("epoch", "ends", "room"),
    [
        (0, 300, 10),
        (9, 300, 10),
        (10, 300, 15),
        (99, 300, 100),
        (100, 300, 150),
        (299, 300, 300),
        (300, 300, 300),
        (1, 5, 5),
        (7000, 10_000, 10_000),
    ],
)
def test_the_axis_of_a_run_that_goes_on_has_room(epoch: int, ends: int, room: int) -> None:
    axis = loss_figure(*curves(epoch), log=False, ends=ends).layout.xaxis
    assert list(axis.range) == [0, room]


def test_the_axis_of_a_run_that_has_ended_fits_it() -> None:
    assert loss_figure(*curves(300), log=False).layout.xaxis.range is None


def test_batches_lie_between_two_epochs() -> None:
    seen = BatchLosses(10, 8, np.array([0.5, 0.4, 0.3], np.float32))
    batches = trace(loss_figure(*curves(9), log=False, batches=seen), "Batches of this epoch")
    assert batches.x.tolist() == [9.125, 9.25, 9.375]
    assert batches.y.tolist() == seen.losses.tolist()
    none = trace(loss_figure(*curves(9), log=False), "Batches of this epoch")
    assert len(none.x) == 0
    # The legend, and with it the height of the curves, stays as it is.
    assert (batches.showlegend, none.showlegend) == (False, False)


def test_many_batches_are_thinned() -> None:
    losses = np.random.default_rng(0).random(5000).astype(np.float32)
    seen = BatchLosses(1, 5000, losses)
    batches = trace(loss_figure(NONE, NONE, NONE, log=True, batches=seen), "Batches of this epoch")
    assert len(batches.x) <= 202
    assert batches.y.max() == losses.max()
    assert (batches.x[0], batches.x[-1]) == (np.float32(1 / 5000), 1)


@pytest.mark.parametrize("best_epoch", [None, 301])
def test_loss_without_best_epoch(best_epoch: int | None) -> None:
    best = trace(loss_figure(*curves(300), log=False, best_epoch=best_epoch), "Best epoch")
    assert len(best.x) == 0
    assert not best.showlegend


def test_loss_scale() -> None:
    linear, log = (loss_figure(*curves(9), log=log).layout.yaxis for log in (False, True))
    assert (linear.type, log.type) == ("linear", "log")
    assert linear.uirevision != log.uirevision


def test_loss_that_ran_away() -> None:
    loss = np.array([1.0, 1e300, np.inf, np.nan])
    fig = loss_figure(np.arange(1, 5), loss, loss, log=True)
    assert list(np.isfinite(trace(fig, "Training").y)) == [True, False, False, False]


def test_thin_curve_leaves_short_curves_alone() -> None:
    given = curves(1000)
    for before, after in zip(given, thin_curve(*given), strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("count", [1001, 2000, 2001, 4097, 10_000])
def test_thin_curve_keeps_extremes(count: int) -> None:
    epochs, loss, val_loss = curves(count)
    loss[[700, 900]] = 9, -9
    kept, thin_loss, thin_val = thin_curve(epochs, loss, val_loss)
    assert len(kept) <= 1002
    assert (np.diff(kept) > 0).all()
    assert (kept[0], kept[-1]) == (1, count)
    assert {701, 901} <= set(kept)
    np.testing.assert_array_equal(thin_loss, loss[kept - 1])
    np.testing.assert_array_equal(thin_val, val_loss[kept - 1])


def test_thin_curve_is_stable() -> None:
    epochs, loss, _ = curves(9000)
    before: set[int] = set()
    for count in range(1001, 9000, 37):
        kept = set(thin_curve(epochs[:count], loss[:count])[0].tolist())
        came = kept - before
        # What is new lies after the old curve, or in its last bucket, 16 wide at most.
        assert not before or min(came) > count - 37 - 16
        before = kept


def test_thin_curve_with_gaps() -> None:
    epochs, loss, _ = curves(3000)
    loss[::3] = np.nan
    loss[1200:1300] = np.nan
    kept, thin = thin_curve(epochs, loss)
    np.testing.assert_array_equal(thin, loss[kept - 1])
    assert np.nanmax(thin) == np.nanmax(loss)
    assert np.isnan(thin).any()


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
    [("D", "%Y-%m-%d"), ("h", "%Y-%m-%d %H:%M"), ("s", "%Y-%m-%d %H:%M:%S")],
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


def test_hidden_carries_the_states() -> None:
    fig = hidden_of(12, 32)
    inputs, heatmap = fig.data
    np.testing.assert_array_equal(inputs.y, np.linspace(-1, 1, 12).astype(np.float32))
    np.testing.assert_array_equal(heatmap.z, states(12, 32).T.astype(np.float32))
    np.testing.assert_array_equal(heatmap.x, inputs.x)
    np.testing.assert_array_equal(heatmap.y, np.arange(1, 33))
    assert (heatmap.zmin, heatmap.zmax) == (-1, 1)
    assert heatmap.colorbar.title.text == "h"
    assert heatmap.xaxis in (None, "x")  # the one axis of both rows
    assert fig.layout.xaxis.range == (-12.5, -0.5)


def test_large_hidden_is_sent_in_hundredths() -> None:
    heatmap = hidden_of(200, 64).data[1]
    assert heatmap.z.dtype == np.int8
    np.testing.assert_allclose(heatmap.z / 100, states(200, 64).T, atol=0.005 + 1e-9)
    assert (heatmap.zmin, heatmap.zmax) == (-100, 100)
    assert tuple(heatmap.colorbar.tickvals) == (-100, 0, 100)
    assert "%{z} / 100" in heatmap.hovertemplate


@pytest.mark.parametrize(("value", "sent"), [(7.0, 100.0), (np.nan, np.nan)])
def test_large_hidden_out_of_range(value: float, sent: float) -> None:
    hidden = np.full((200, 64), value)
    fig = hidden_figure(np.arange(200), hidden[:, 0], hidden, layer_label="", input_label="")
    np.testing.assert_array_equal(fig.data[1].z, sent)


def test_hidden_in_another_order() -> None:
    order = np.array([2, 0, 1])
    heatmap = hidden_of(5, 3, unit_order=order).data[1]
    np.testing.assert_array_equal(heatmap.y, [3, 1, 2])
    np.testing.assert_array_equal(heatmap.z, states(5, 3).T[order].astype(np.float32))


@pytest.mark.parametrize(
    "fig",
    [
        loss_figure(NONE, NONE, NONE, log=True, best_epoch=3),
        loss_figure(NONE, NONE, NONE, log=False),
        forecast_of(
            0,
            times=NONE,
            truth=NONE,
            forecast=NONE,
            persistence=NONE,
            history_times=NONE,
            history=NONE,
        ),
        hidden_figure(NONE, NONE, np.zeros((0, 0)), layer_label="Layer 1", input_label="Input"),
    ],
    ids=["log loss", "loss", "forecast", "hidden"],
)
def test_empty_frame(fig: go.Figure) -> None:
    assert fig.layout.xaxis.title.text
    assert fig.layout.xaxis.showticklabels is False
    assert len(fig.to_json()) < 5000


def test_history_alone() -> None:
    months = np.datetime64("1955-01") + np.arange(24)
    fig = forecast_of(
        0, times=NONE, truth=NONE, forecast=NONE, history_times=months, history=np.ones(24)
    )
    assert fig.layout.xaxis.type == "date"
    assert fig.layout.xaxis.showticklabels is None
    assert len(trace(fig, "Truth").x) == 24


def test_one_step() -> None:
    assert len(hidden_of(1, 1).data[1].z) == 1
    assert len(trace(forecast_of(1), "Forecast").x) == 1


@EVERY
def test_typed_arrays_hold_their_bytes(build: Callable[[], go.Figure]) -> None:
    fig = build()
    z = [sent for name, sent in sent_arrays(fig) if name == "z"]
    for sent in z:
        values = np.frombuffer(base64.b64decode(sent["bdata"]), sent["dtype"])
        assert tuple(map(int, sent["shape"].split(","))) == fig.data[1].z.shape
        np.testing.assert_array_equal(values, fig.data[1].z.ravel())


def test_texts_are_translated() -> None:
    def translate(text: str) -> str:
        return f"«{text}»"

    loss = loss_figure(*curves(9), log=True, best_epoch=3, translate=translate)
    names = [line.name for line in loss.data]
    names += [loss.layout.xaxis.title.text, loss.layout.yaxis.title.text]
    assert names == [
        "«Training»",
        "«Validation»",
        "«Best epoch»",
        "«Batches of this epoch»",
        "«Epoch»",
        "«Loss (scaled units)»",
    ]
    forecast = forecast_of(6, translate=translate)
    assert {line.name for line in forecast.data} == {
        "«Truth»",
        "«Forecast»",
        "«Persistence»",
        "«Seasonal naive»",
    }
    assert forecast.layout.annotations[0].text == "«Test part»"
    heatmap = hidden_of(3, 3, translate=translate).data[1]
    assert "«Unit»" in heatmap.hovertemplate
    assert "«Time step»" in heatmap.hovertemplate


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (loss_alt(NONE, NONE, NONE), "no epoch has been trained"),
        (
            loss_alt(np.array([1, 2]), np.array([1, 0.5]), np.array([np.nan, np.nan])),
            "training went from 1 to 0.5 by epoch 2.",
        ),
        (
            loss_alt(np.array([1, 2]), np.array([1, 0.5]), np.array([0.7, np.nan])),
            "by epoch 2, validation is at 0.7.",
        ),
        (
            loss_alt(np.array([1, 2]), np.array([1, 0.5]), np.array([0.7, 0.8]), best_epoch=1),
            "validation is at 0.8 and was lowest at epoch 1.",
        ),
        (forecast_alt(NONE, NONE, unit="°C"), "there is no forecast yet"),
        (
            forecast_alt(np.array([1, 3, np.nan]), np.array([2, 5, 1]), unit="°C"),
            "at 2 times: the truth lies between 1 and 3 °C, the forecast is off by 1.5 on average",
        ),
        (hidden_alt(np.zeros((0, 0)), layer_label="layer 1"), "layer 1; there is nothing"),
        (
            hidden_alt(np.array([[0, 0.5], [0.1, -0.5]]), layer_label="layer 1"),
            "2 units over 2 time steps, values from -0.50 to 0.50; unit 2 changes most",
        ),
    ],
)
def test_alt_texts(message: Message, said: str) -> None:
    assert said in message.render()
    assert Message.from_json(message.to_json()) == message
