"""What holds for every figure of the Lab: its look, its size, its words."""

import base64
import re
from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go
import pytest

from rnn_core.messages import Message
from rnn_core.palette import LIGHT
from rnn_core.plots import forecast_alt, hidden_alt, hidden_figure, loss_alt, loss_figure
from tests.plots.lab_figures import NONE, curves, forecast_of, hidden_of, sent_arrays, trace

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
        "«Epochs to come»",
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
