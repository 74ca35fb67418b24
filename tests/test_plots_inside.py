"""The figures of a network's inside; what holds for every figure is that of test_plots."""

import base64
import json
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from rnn_core.messages import Message
from rnn_core.palette import DARK, LIGHT, swap
from rnn_core.plots import (
    decades,
    dependence_alt,
    dependence_figure,
    eigenvalues_alt,
    eigenvalues_figure,
    epochs_alt,
    epochs_figure,
    gates_alt,
    gates_figure,
    gradient_alt,
    gradient_figure,
    histograms_alt,
    histograms_figure,
    path_ranges,
    states_alt,
    states_figure,
    thin_steps,
    trajectory_alt,
    trajectory_figure,
    unit_map_alt,
    unit_map_figure,
    unit_signals_alt,
    unit_signals_figure,
    weight_shares,
    weights_alt,
    weights_figure,
)
from rnn_core.plots.curves import LINES
from tests.test_plots import sent_arrays, trace

FINDING = Message("finding", "It is so.")
EPOCHS = np.array([1, 2, 5, 20, 150])


def random(*shape: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def states_of(steps: int, units: int, **options: Any) -> go.Figure:
    values = np.tanh(random(steps, units))
    labels = {"symbol": "c", "label": "Layer 1", "limit": 2.0}
    return states_figure(np.arange(-steps, 0), values, **(labels | options))


def gates_of(steps: int, units: int, **options: Any) -> go.Figure:
    gates = {name: 1 / (1 + np.exp(-random(steps, units, seed=s))) for s, name in enumerate("ifo")}
    gates["g"] = np.tanh(random(steps, units))
    return gates_figure(np.arange(-steps, 0), gates, label="Layer 1", **options)


def gradient_of(steps: int, units: int, **options: Any) -> go.Figure:
    powers = 10.0 ** np.linspace(-9, 0, steps)
    labels = {"power_range": (-8.0, 0.0), "label": "Layer 1"}
    norms = {"RNN": powers, "LSTM": np.sqrt(powers)}
    derivative = powers[:, None] * random(steps, units)
    return gradient_figure(np.arange(-steps, 0), derivative, norms, **(labels | options))


def dependence_of(steps: int = 12, **options: Any) -> go.Figure:
    times, values = np.arange(-steps, 0), np.linspace(0, 1, steps)
    labels = {"limit": 2.0, "memory": 4, "input_label": "Input"}
    return dependence_figure(times, -values, values, **(labels | options))


def weights_of(rows: int = 5, columns: int = 7, **options: Any) -> go.Figure:
    labels = {"label": "W_hh", "row_label_text": "From unit", "column_label_text": "To unit"}
    return weights_figure(random(rows, columns), limit=1.5, **labels, **options)


def histograms_of(**options: Any) -> go.Figure:
    middles, shares = weight_shares([random(50, seed=e) for e in range(5)], limit=2.0)
    return histograms_figure(EPOCHS, middles, shares, label="W_hh", **options)


def eigenvalues_of(**options: Any) -> go.Figure:
    values = {"i": random(6) + 1j * random(6, seed=4), "f": random(6) + 0j}
    return eigenvalues_figure(values, limit=2.5, **options)


def epochs_of(**options: Any) -> go.Figure:
    curves = {"Layer 1": np.array([1.0, 2, 3, 4, 5]), "Layer 2": np.array([5.0, 5, 5, 5, 4])}
    return epochs_figure(EPOCHS, curves, quantity="Spectral radius", **options)


def trajectory_of(**options: Any) -> go.Figure:
    path = random(40, 2)
    labels = {"ranges": ((-3, 3), (-4, 4)), "explained": (0.6, 0.25), "colour_label": "Step"}
    return trajectory_figure(path, np.arange(40), **(labels | options))


def solid_of(**options: Any) -> go.Figure:
    labels = {"ranges": ((-3, 3),) * 3, "explained": (0.6, 0.25, 0.1), "colour_label": "Step"}
    labels["components"] = (1, 2, 3)
    return trajectory_figure(random(40, 3), np.arange(40), step=3, **(labels | options))


def correlations_of(**options: Any) -> go.Figure:
    signals = {"Input": np.tanh(random(6)), "Level": np.tanh(random(6, seed=4))}
    return unit_signals_figure(signals, label="Layer 1", **options)


def map_of(**options: Any) -> go.Figure:
    places = np.tanh(random(6, 2))
    return unit_map_figure(places, np.linspace(0, 1, 6), strength_label="%", off=[2], **options)


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


def test_states_carry_the_values_in_their_order_and_range() -> None:
    order = np.array([2, 0, 1])
    fig = states_of(5, 3, unit_order=order, step=1)
    (cells,) = fig.data
    np.testing.assert_array_equal(cells.z, np.tanh(random(5, 3)).T[order].astype(np.float32))
    np.testing.assert_array_equal(cells.y, [3, 1, 2])
    np.testing.assert_array_equal(cells.x, np.arange(-5, 0))
    assert (cells.zmin, cells.zmax) == (-2, 2)
    assert cells.colorbar.title.text == "c"
    (line,) = fig.layout.shapes
    assert (line.x0, line.x1) == (-4, -4)


def test_large_states_are_sent_in_hundredths_of_the_limit() -> None:
    (cells,) = states_of(200, 64).data
    assert cells.z.dtype == np.int8
    values = np.tanh(random(200, 64)).T
    np.testing.assert_allclose(cells.z / 100 * 2, values, atol=0.01 + 1e-9)
    assert (cells.zmin, cells.zmax) == (-100, 100)
    assert tuple(cells.colorbar.ticktext) == ("−2", "0", "2")
    assert "%{z} / 100 × 2" in cells.hovertemplate


def test_states_beyond_the_range_take_its_end_and_gaps_stay() -> None:
    values = np.full((200, 64), 7.0)
    labels = {"symbol": "c", "limit": 2.0, "label": ""}
    assert (states_figure(np.arange(200), values, **labels).data[0].z == 100).all()
    values[3, 3] = np.nan
    assert np.isnan(states_figure(np.arange(200), values, **labels).data[0].z).sum() == 1


def test_gates_have_a_row_each_on_one_time_axis() -> None:
    fig = gates_of(6, 4, step=2)
    assert [cells.yaxis for cells in fig.data] == ["y", "y2", "y3", "y4"]
    assert {cells.xaxis for cells in fig.data} <= {None, "x"}
    assert [(cells.zmin, cells.zmax) for cells in fig.data] == [(0, 1)] * 3 + [(-1, 1)]
    names = [note.text for note in fig.layout.annotations]
    assert names == ["Layer 1 · i", "Layer 1 · f", "Layer 1 · o", "Layer 1 · g"]
    domains = [fig.layout[f"yaxis{n}"].domain for n in ("", 2, 3, 4)]
    assert all(lower[1] < upper[0] for upper, lower in pairwise(domains))
    assert min(low for low, _ in domains) >= 0


def test_many_steps_are_thinned_to_their_strongest_and_the_figure_says_so() -> None:
    values = np.zeros((5000, 3))
    values[[7, 8, 4999], [0, 0, 2]] = 0.5, -0.9, 0.25
    x, thinned, width = thin_steps(np.arange(5000), values)
    assert width == 5
    assert len(x) == len(thinned) == 1000
    np.testing.assert_array_equal(x, np.arange(0, 5000, 5))
    assert thinned[1].tolist() == [-0.9, 0, 0]
    assert thinned[-1].tolist() == [0, 0, 0.25]
    assert np.count_nonzero(thinned) == 2
    fig = states_figure(np.arange(5000), values, symbol="h", limit=1, label="Layer 1")
    assert fig.layout.annotations[0].text == "Layer 1 · h · each column: the strongest of 5 steps"
    short = thin_steps(np.arange(1024), random(1024, 2))
    assert short[2] == 1
    np.testing.assert_array_equal(short[1], random(1024, 2))


def test_gradients_are_drawn_in_powers_of_ten() -> None:
    derivative = np.array([[1e-20, 0.0], [1e-4, -1e-2], [1.0, 50.0]])
    norms = {"Layer 1": np.array([1e-20, 1e-2, 50])}
    fig = gradient_of(3, 2)
    fig = gradient_figure(
        np.arange(3), derivative, norms, power_range=(-6.0, 1.0), label="Layer 1", step=0
    )
    cells = fig.data[-1]
    # Tenths of a power of ten below the highest one.
    np.testing.assert_array_equal(cells.z.T, [[-70, -70], [-50, -30], [-10, 0]])
    assert (cells.zmin, cells.zmax) == (-70, 0)
    assert tuple(cells.colorbar.ticktext) == ("10<sup>−6</sup>", "10<sup>1</sup>")
    np.testing.assert_array_equal(trace(fig, "Layer 1").y, norms["Layer 1"].astype(np.float32))
    assert fig.layout.yaxis.type == "log"
    assert fig.layout.yaxis.range == (-6, 2)
    assert len(fig.layout.shapes) == 1


def test_runs_side_by_side_have_lines_of_their_own() -> None:
    lines = [t.line for t in gradient_of(9, 2).data[:-1]]
    assert len({line.color for line in lines}) == len({line.dash for line in lines}) == 2
    assert len(set(LINES)) == 16


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.02, 3.0], (-2, 1)),
        ([1e-30, 1.0], (-12, 0)),
        ([0.0, 0.0], (-31, -30)),
        ([np.inf, np.nan, 0.5], (-1, 0)),
    ],
)
def test_a_range_of_powers_holds_every_epoch(
    values: list[float], expected: tuple[float, float]
) -> None:
    assert decades(np.array(values[:1]), np.array(values[1:])) == expected


def test_dependence_tells_what_matters() -> None:
    fig = dependence_of(12)
    assert len(trace(fig, "Matters").x) == 4
    assert len(trace(fig, "Does not matter").x) == 8
    np.testing.assert_array_equal(trace(fig, "Matters").x, [-4, -3, -2, -1])
    assert fig.layout.yaxis2.type == "log"
    assert fig.layout.yaxis2.range == (np.log10(2) - 4, np.log10(2))
    assert len(trace(dependence_of(12, memory=12), "Does not matter").x) == 0


def test_weights_carry_the_matrix() -> None:
    (cells,) = weights_of(1, 7, row_names=["input"]).data
    np.testing.assert_array_equal(cells.z, random(1, 7).astype(np.float32))
    assert cells.y.tolist() == ["input"]
    np.testing.assert_array_equal(cells.x, np.arange(1, 8))
    assert (cells.zmin, cells.zmax) == (-1.5, 1.5)


def test_correlations_have_a_row_a_signal() -> None:
    (cells,) = correlations_of(unit_order=np.array([5, 0, 1, 2, 3, 4])).data
    assert cells.y.tolist() == ["Input", "Level"]
    np.testing.assert_array_equal(cells.x, [6, 1, 2, 3, 4, 5])
    assert cells.z[1, 0] == np.float32(np.tanh(random(6, seed=4))[5])
    assert (cells.zmin, cells.zmax) == (-1, 1)


def test_shares_of_weights_are_numpys_and_none_is_lost() -> None:
    weights = [random(10, 20), 5 + random(7)]
    middles, shares = weight_shares(weights, limit=1.0, bins=8)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert middles == pytest.approx(np.arange(-0.875, 1, 0.25))
    assert shares[1].tolist() == [0] * 7 + [1]
    inner = np.histogram(weights[0], np.linspace(-0.75, 0.75, 7))[0] / 200
    np.testing.assert_allclose(shares[0, 1:-1], inner)


def test_eigenvalues_lie_against_the_unit_circle() -> None:
    fig = eigenvalues_of()
    (circle,) = fig.layout.shapes
    assert (circle.type, circle.x0, circle.y1) == ("circle", -1, 1)
    assert fig.layout.yaxis.scaleanchor == "x"
    assert fig.layout.xaxis.range == fig.layout.yaxis.range == (-2.5, 2.5)
    np.testing.assert_array_equal(trace(fig, "i").x, random(6).astype(np.float32))
    np.testing.assert_array_equal(trace(fig, "i").y, random(6, seed=4).astype(np.float32))
    symbols = {each.marker.symbol for each in fig.data}
    assert len(symbols) == 2
    assert eigenvalues_figure({}, limit=0.2).layout.xaxis.range == (-1.1, 1.1)


def test_curves_over_epochs_have_a_reference_and_a_mark() -> None:
    fig = epochs_of(reference=1.0, epoch=20)
    reference, mark = fig.layout.shapes
    assert (reference.y0, reference.y1) == (1, 1)
    assert (mark.x0, mark.x1) == (20, 20)
    np.testing.assert_array_equal(trace(fig, "Layer 2").x, EPOCHS)
    assert fig.layout.xaxis.type == "log"


def test_a_trajectory_keeps_its_axes_and_marks_a_step() -> None:
    fig = trajectory_of(step=3)
    path, mark = fig.data
    np.testing.assert_array_equal(path.x, random(40, 2)[:, 0].astype(np.float32))
    assert (mark.x[0], mark.y[0]) == (path.x[3], path.y[3])
    assert fig.layout.xaxis.range == (-3, 3)
    assert fig.layout.xaxis.title.text == "Component 1 (60 % of the variance)"
    season = trajectory_of(season=True).data[0].marker
    assert (season.cmin, season.cmax) == (0, 1)
    assert season.colorscale[0][1] == season.colorscale[-1][1]
    assert len(trajectory_of().data[1].x) == 0


def test_three_components_stand_in_a_cube() -> None:
    fig = solid_of()
    path, mark = fig.data
    np.testing.assert_array_equal(path.z, random(40, 3)[:, 2].astype(np.float32))
    assert mark.z.tolist() == [path.z[3]]
    assert fig.layout.scene.zaxis.range == (-3, 3)
    assert fig.layout.scene.zaxis.title.text == "Component 3 (10 %)"


def test_units_have_their_places_and_those_that_are_off_are_crosses() -> None:
    (dots,) = map_of(drag="select").data
    np.testing.assert_array_equal(dots.x, np.tanh(random(6, 2))[:, 0].astype(np.float32))
    assert dots.text == ("1", "2", "3", "4", "5", "6")
    assert [symbol == "x" for symbol in dots.marker.symbol] == [unit == 2 for unit in range(6)]
    assert map_of().layout.dragmode == "lasso"
    many = unit_map_figure(np.zeros((200, 2)), np.zeros(200), strength_label="")
    assert many.data[0].text is None


def test_ranges_of_paths_hold_all_of_them() -> None:
    paths = [random(9, 3), 5 * random(9, 3, seed=5)]
    ranges = path_ranges(*paths, components=(1, 3))
    for (low, high), component in zip(ranges, (0, 2), strict=True):
        values = np.concatenate(paths)[:, component]
        assert low < values.min() < values.max() < high
    assert path_ranges(np.ones((4, 2))) == ((0.5, 1.5), (0.5, 1.5))


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
            "W_hh, 2 × 2: from -2 to 0.5, deviation 0.96; the largest by amount goes from 2 to "
            "unit 2",
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
