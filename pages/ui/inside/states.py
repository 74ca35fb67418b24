"""Hidden state, cell state and gates: units over time steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import streamlit as st

from pages.ui.i18n import _, plain, say
from pages.ui.inside.followed import phase_of, signals_of
from pages.ui.inside.picture import show
from pages.ui.inside.reading import Reading
from pages.ui.inside.scene import STEP, UNIT, VIEW, Scene, columns, tell
from rnn_core.inside.activations import Floats
from rnn_core.inside.units import unit_table
from rnn_core.palette import LIGHT
from rnn_core.plots import (
    gates_alt,
    gates_figure,
    hidden_alt,
    hidden_figure,
    states_alt,
    states_figure,
    step_in_column,
    thin_steps,
)
from rnn_core.plots.drawn import Spec
from rnn_core.plots.frame import cursor, positions


def hidden(scenes: Sequence[Scene]) -> None:
    """Draw h under the input that it comes from."""
    for place, scene in zip(columns(scenes), scenes, strict=True):
        with place:
            table = unit_table(
                scene.inspection.h[scene.layer],
                signals_of(scene.reading),
                phase_of(scene.reading),
            )
            seen = _("{found} Orange is above 0, blue below; the page's own colour is 0.").format(
                found=plain(say(table.said))
            )
            if not scene.side:
                seen += " " + _("Click a cell to see how it was computed.")
            tell(scene, seen)
            hidden_plot(scene, height=400)


def hidden_plot(scene: Scene, *, height: int, unit: int | None = None) -> None:
    """Draw h of the scene's layer, a frame around the cell of ``unit``, from 0.

    A click on a cell shows its step.
    """
    width = thin_steps(scene.reading.times, scene.inspection.h[scene.layer])[2]
    if width > 1:
        st.caption(
            _("Each column stands for {width} time steps: the one farthest from 0.").format(
                width=width
            )
        )
    # The first trace is the input above it.
    clicked = _clicked(scene, {1: scene.inspection.h[scene.layer]})
    show(scene, "hidden", _hidden_picture, unit, height=height, on_cell=clicked)


def _hidden_picture(scene: Scene, unit: int | None) -> tuple[Spec, str]:
    reading, h = scene.reading, scene.inspection.h[scene.layer]
    width = thin_steps(reading.times, h)[2]
    order = scene.order()
    label = _("h of layer {number}, unit by unit").format(number=scene.layer + 1)
    figure = hidden_figure.spec(
        reading.times,
        reading.inputs[:, 0],
        h,
        unit_order=order,
        layer_label=label,
        input_label=input_label(reading, _("Input (scaled)")),
        translate=_,
    )
    shapes = [cursor(positions(reading.times)[scene.step])]
    if unit is not None:
        row = int(np.flatnonzero(order == unit)[0])
        left, right = cell_edges(positions(reading.times)[::width], scene.step // width)
        around = {"color": LIGHT.forecast, "width": 2}
        shapes.append(
            {"type": "rect", "x0": left, "x1": right, "yref": "y2", "line": around}
            | {"y0": row - 0.5, "y1": row + 0.5}
        )
    figure["layout"]["shapes"] = shapes
    # After "Hidden state of" the label over the heatmap would say the same once more.
    return figure, say(hidden_alt(h, layer_label=scene.layer_label))


def input_label(reading: Reading, label: str) -> str:
    """Add to the name of the line of a reading's input which one it is, where there are several."""
    count = reading.inputs.shape[1]
    if count == 1:
        return label
    return _("{label}: the series itself, 1 of {count} channels").format(label=label, count=count)


def gates(scenes: Sequence[Scene]) -> None:
    """Draw an LSTM's cell state, and the gates."""
    for place, scene in zip(columns(scenes), scenes, strict=True):
        with place:
            _gates(scene)


def _gates(scene: Scene) -> None:
    inspection, found = scene.inspection, _gates_of(scene)
    if not found:
        st.info(
            _(
                "A plain RNN has neither a cell state nor gates: its hidden state is all it "
                "keeps. Compare it with an LSTM or a GRU."
            )
        )
        return
    open_by = {name: f"{100 * float(values.mean()):.0f}" for name, values in found.items()}
    if inspection.c:
        said = _(
            "On average over units and time steps, f keeps {f} % of c from one step to the next, i "
            "lets {i} % of what is new in, and o shows {o} % of c."
        )
    else:
        said = _(
            "On average over units and time steps, z keeps {z} % of h from one step to the next, "
            "and r lets the candidate see {r} % of it."
        )
    tell(scene, said.format(**open_by))
    if inspection.c:
        clicked = _clicked(scene, {0: inspection.c[scene.layer]})
        show(scene, "cell", _cell_picture, height=200, on_cell=clicked)
    meanings = {
        "i": _("i: what is let in"),
        "f": _("f: what of c is kept"),
        "g": _("g: what could be let in"),
        "o": _("o: what of c is shown"),
        "z": _("z: what of h is kept"),
        "r": _("r: what of h the candidate sees"),
        "candidate": _("candidate: what could be let in"),
    }
    st.caption(" · ".join(meanings[name] for name in found))
    height = 50 + 115 * len(found)
    clicked = _clicked(scene, dict(enumerate(found.values())))
    show(scene, "gates", _gates_picture, height=height, on_cell=clicked)


def _gates_of(scene: Scene) -> dict[str, Floats]:
    return {name: arrays[scene.layer] for name, arrays in scene.inspection.gates.items()}


def _cell_picture(scene: Scene) -> tuple[Spec, str]:
    c = scene.inspection.c[scene.layer]
    figure = states_figure.spec(
        scene.reading.times,
        c,
        symbol="c",
        limit=scene.ranges.cell,
        label=_("Cell state c of layer {number}").format(number=scene.layer + 1),
        unit_order=scene.order(),
        step=scene.step,
        translate=_,
    )
    return figure, say(states_alt(c, symbol="c", label=scene.layer_label))


def _gates_picture(scene: Scene) -> tuple[Spec, str]:
    found = _gates_of(scene)
    figure = gates_figure.spec(
        scene.reading.times,
        found,
        label="",
        unit_order=scene.order(),
        step=scene.step,
        translate=_,
    )
    return figure, say(gates_alt(found, label=scene.layer_label))


def cell_edges(places: Floats, column: int) -> tuple[float, float]:
    """Give where a column of a heatmap begins and ends."""
    half = float(places[1] - places[0]) / 2 if len(places) > 1 else 0.5
    return float(places[column]) - half, float(places[column]) + half


def _clicked(scene: Scene, drawn: Mapping[int, Floats]) -> Callable[[int, int, int], None] | None:
    """Give what a click on a cell does: show the step that computed it, in numbers.

    ``drawn`` are the values ``(timesteps, units)`` of which the figure's traces are heatmaps.
    """
    if scene.side:
        return None  # the slider counts the steps of the first run
    order = scene.order()

    def show(row: int, column: int, trace: int) -> None:
        unit, values = int(order[row]), drawn[trace]
        st.session_state[UNIT] = unit + 1
        st.session_state[STEP] = step_in_column(values[:, unit], column) + 1
        st.session_state[VIEW] = "step"

    return show
