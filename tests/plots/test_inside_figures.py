"""What holds for every figure of a network's inside: its look, its size, its words."""

import base64
import json
import re
from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go
import pytest

from rnn_core.messages import Message
from rnn_core.palette import DARK, LIGHT, swap
from rnn_core.plots import (
    dependence_alt,
    dependence_figure,
    eigenvalues_alt,
    epochs_alt,
    epochs_figure,
    gates_alt,
    gates_figure,
    gradient_alt,
    gradient_figure,
    histograms_alt,
    states_alt,
    states_figure,
    trajectory_alt,
    unit_map_alt,
    unit_signals_alt,
    unit_signals_figure,
    weights_alt,
)
from tests.plots.inside_figures import (
    EPOCHS,
    FINDING,
    correlations_of,
    dependence_of,
    eigenvalues_of,
    epochs_of,
    gates_of,
    gradient_of,
    histograms_of,
    map_of,
    solid_of,
    states_of,
    trajectory_of,
    weights_of,
)
from tests.plots.lab_figures import sent_arrays

EVERY: list[Callable[..., go.Figure]] = [
    lambda **o: states_of(12, 32, **o),
    lambda **o: states_of(200, 64, **o),
    lambda **o: gates_of(12, 8, **o),
    lambda **o: gradient_of(24, 8, **o),
    dependence_of,
    weights_of,
    histograms_of,
    eigenvalues_of,
    correlations_of,
    lambda **o: epochs_of(log=True, reference=1.0, epoch=20, **o),
    lambda **o: epochs_of(**o),
    lambda **o: trajectory_of(step=3, **o),
    lambda **o: trajectory_of(season=True, **o),
    solid_of,
    map_of,
]


@pytest.mark.parametrize("build", EVERY)
def test_common_look(build: Callable[..., go.Figure]) -> None:
    fig = build()
    text = fig.to_json()
    assert set(re.findall(r"#[0-9a-fA-F]+", text)) <= set(LIGHT.colours())
    assert set(re.findall(r"#[0-9a-fA-F]+", text)) <= set(swap(LIGHT, DARK))
    assert fig.layout.uirevision == build().layout.uirevision
    assert fig.layout.autosize
    assert fig.layout.height is None
    assert fig.layout.title.text is None
    assert {fig.layout.paper_bgcolor, fig.layout.plot_bgcolor} == {"rgba(0,0,0,0)"}
    for name, sent in sent_arrays(fig):
        if isinstance(sent, list):
            assert all(isinstance(value, str) for value in sent), name  # names of rows
        else:
            assert sent["dtype"] in {"f4", "i1", "u1", "u2", "u4"}


@pytest.mark.parametrize("build", EVERY)
def test_texts_are_translated(build: Callable[..., go.Figure]) -> None:
    fig = build(translate=lambda text: f"«{text}»")
    plain = json.loads(fig.to_json())
    texts = [trace.get("hovertemplate", "") for trace in plain["data"]]
    texts += [axis["title"]["text"] for name, axis in plain["layout"].items() if "axis" in name]
    words = re.sub(r"«[^»]*»|%\{[^}]*\}|<[^>]*>", "", " ".join(texts))
    # What is left was given by the caller, or is a formula.
    for given in ("From unit", "To unit", "Spectral radius", "∂loss/∂h", "∂y/∂x"):
        words = words.replace(given, "")
    assert not re.search(r"[A-Za-z]{2}", words), words


@pytest.mark.parametrize(
    ("build", "limit"),
    [
        (lambda: states_of(512, 256), 220_000),
        (lambda: states_of(20_000, 64), 110_000),
        (lambda: gates_of(512, 64), 220_000),
        (lambda: gradient_of(512, 256), 230_000),
        (lambda: weights_of(256, 256), 110_000),
        (histograms_of, 8_000),
    ],
)
def test_size(build: Callable[[], go.Figure], limit: int) -> None:
    assert len(build().to_json().encode()) < limit


def test_heatmaps_hold_their_bytes() -> None:
    fig = gates_of(12, 8)
    sent = [value for name, value in sent_arrays(fig) if name == "z"]
    for cells, value in zip(fig.data, sent, strict=True):
        values = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
        np.testing.assert_array_equal(values, cells.z.ravel())


NONE = np.zeros((0, 0))
NOTHING = np.zeros(0)


@pytest.mark.parametrize(
    "fig",
    [
        states_figure(NOTHING, NONE, symbol="c", limit=1, label="Layer 1"),
        gates_figure(NOTHING, {"z": NONE, "r": NONE}, label="Layer 1"),
        gradient_figure(NOTHING, NONE, {}, power_range=(-3, 0), label="Layer 1"),
        dependence_figure(NOTHING, NOTHING, NOTHING, limit=0, memory=0, input_label="Input"),
        epochs_figure(NOTHING, {}, quantity="Spectral radius", log=True),
        unit_signals_figure({}, label="Layer 1"),
    ],
)
def test_empty_frame(fig: go.Figure) -> None:
    assert fig.layout.xaxis.title.text
    assert fig.layout.xaxis.showticklabels is False
    assert len(fig.to_json()) < 5000


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            states_alt(np.array([[0, 2], [0.1, -5]]), symbol="c", label="layer 1"),
            "c of layer 1: 2 units over 2 time steps, values from -5 to 2; unit 2 changes most",
        ),
        (states_alt(NONE, symbol="c", label="layer 1"), "nothing to show"),
        (
            gates_alt(
                {"i": np.array([[0.01, 0.5]]), "f": np.array([[0.95, 0.99]]), "g": NONE},
                label="layer 1",
            ),
            "f is open (above 0.9) most often, 100 % of the time; i is closed (below 0.1) most "
            "often, 50 % of the time",
        ),
        (
            gates_alt({"z": np.full((3, 2), 0.5), "r": np.full((3, 2), 0.6)}, label="layer 1"),
            "none is ever open (above 0.9); none is ever closed (below 0.1).",
        ),
        (
            gates_alt({"z": np.r_[0.95, np.full(999, 0.5)][:, None]}, label="layer 1"),
            "z is open (above 0.9) most often, 0.1 % of the time; none is ever closed",
        ),
        (gates_alt({}, label="layer 1"), "there are none"),
        (
            unit_map_alt(np.array([[0.9, 0.1], [0.2, -0.8], [0, 0]]), {1}),
            "Map of 3 units: 1 of them go mostly with component 1, 1 with component 2, 1 with "
            "neither; switched off: 1.",
        ),
        (unit_map_alt(np.zeros((0, 2))), "there are none"),
        (gradient_alt({"RNN": np.ones(9)}, FINDING), "over 9 time steps: RNN. It is so."),
        (gradient_alt({}, FINDING), "none yet"),
        (dependence_alt(np.ones(9), FINDING), "over 9 time steps. It is so."),
        (dependence_alt(np.ones(0), FINDING), "none yet"),
        (
            weights_alt(np.array([[0.5, 0], [0, -2]]), label="W_hh"),
            "W_hh, 2 × 2: from -2 to 0.5, deviation 0.96; the largest by amount goes from "
            "unit 2 to unit 2",
        ),
        (
            weights_alt(np.array([[0.5], [-2]]), label="W_hy", between="y"),
            "goes from unit 2 to output 1.",
        ),
        (weights_alt(NONE, label="W_hh"), "there are none"),
        (
            histograms_alt(
                np.array([1, 9]), np.array([-1, 0, 1]), np.array([[0, 1, 0], [0.5, 0, 0.5]]),
                label="W_hh",
            ),
            "deviation 0 after epoch 1, 1 after epoch 9",
        ),
        (histograms_alt(NONE, NONE, NONE, label="W_hh"), "nothing to show"),
        (
            eigenvalues_alt({"h": np.array([0.5, 2j, 1])}, FINDING),
            "1 of 3 outside. It is so.",
        ),
        (
            epochs_alt(
                EPOCHS, {"a": np.ones(5), "b": np.arange(5.0)}, quantity="Spectral radius"
            ),
            "Spectral radius over epochs 1 to 150: b changes most, from 0 to 4",
        ),
        (epochs_alt(np.zeros(0), {}, quantity="Spectral radius"), "nothing to show"),
        (
            unit_signals_alt({"Input": np.ones(6)}, FINDING),
            "Correlation of the units with signals (units: 6, signals: 1). It is so.",
        ),
        (unit_signals_alt({}, FINDING), "there are no signals"),
        (trajectory_alt(np.ones((9, 2)), FINDING), "over 9 time steps. It is so."),
        (trajectory_alt(np.ones((0, 2)), FINDING), "none yet"),
    ],
)  # fmt: skip
def test_alt_texts(message: Message, said: str) -> None:
    assert said in message.render()
    assert Message.from_json(message.to_json()) == message
