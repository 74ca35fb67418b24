"""One step of one unit, with its numbers put in."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import streamlit as st

from pages.ui.i18n import _
from pages.ui.inside.reading import moment
from pages.ui.inside.scene import UNIT, Scene, columns, settle
from pages.ui.inside.states import hidden_plot
from rnn_core.inside.equations import Equation, step_equations

TERMS = "inside-terms"
FEW = 4  # products of each sum, written out at first


def one_step(scenes: Sequence[Scene]) -> None:
    """Write down how h of the chosen unit came to be at the chosen time step."""
    layers = [scene.network.layers[scene.layer] for scene in scenes]
    most = max(layer.units for layer in layers)
    longest = max(layer.features + layer.units for layer in layers)
    settle(UNIT, range(1, most + 1), 1)
    settle(TERMS, range(1, longest + 1), min(FEW, longest))
    with st.container(horizontal=True):
        unit = _number(_("Unit"), most, UNIT, _("Or click a cell of the hidden state"))
        terms = _number(
            _("Products written out"),
            longest,
            TERMS,
            _("Of each sum. The largest come first; at the upper end it is all of them."),
        )
    for place, scene in zip(columns(scenes), scenes, strict=True):
        with place:
            _one_step(
                scene,
                min(unit, scene.network.layers[scene.layer].units) - 1,
                terms,
                beside=len(scenes) > 1,
            )


def _number(label: str, most: int, key: str, tip: str) -> int:
    return int(
        st.number_input(label, 1, most, key=key, persist_state="session", width=180, help=tip)
    )


def _one_step(scene: Scene, unit: int, terms: int, *, beside: bool) -> None:
    shown = scene.windows.point_output
    found = step_equations(
        scene.inspection, scene.layer, unit, scene.step, output=shown, most=terms
    )
    value = float(scene.inspection.h[scene.layer][scene.step, unit])
    before = float(scene.inspection.h[scene.layer][scene.step - 1, unit]) if scene.step else 0.0
    place = int(scene.reading.steps[scene.step])
    st.markdown(
        _(
            "Unit {unit} of layer {layer} at time step {step} ({moment}): h goes from {before} to "
            "{value}."
        ).format(
            unit=unit + 1,
            layer=scene.layer + 1,
            step=scene.step + 1,
            moment=moment(scene.windows)(place),
            before=f"{before:.4g}",
            value=f"{value:.4g}",
        )
    )
    hidden_plot(scene, height=260, unit=unit)
    below = (
        _("x is what is read at this time step, prepared")
        if scene.layer == 0
        else _("x is h of the layer below at this time step")
    )
    st.caption(
        _(
            "{below}; a number in brackets above a letter counts units or inputs from 1. Of a sum "
            "the largest products are written out, the others are added up under a brace."
        ).format(below=below)
    )
    across = 1 if beside else 2
    for first in range(0, len(found.unit), across):
        equations = found.unit[first : first + across]
        for place, equation in zip(st.columns(across), equations, strict=False):
            with place:
                _equation(equation)
    st.markdown(_("After the last time step the output is read from the last layer:"))
    _equation(found.output)
    reading = scene.reading
    units = scene.windows.series.unit
    said = _("The network says {said}, prepared; the truth is {truth}.").format(
        said=f"{found.output.value:.4g}", truth=f"{float(reading.truth.ravel()[0]):.4g}"
    )
    target = np.array([reading.target])
    forecast = scene.windows.in_units(scene.inspection.output[shown : shown + 1], target)
    truth = scene.windows.series.values[reading.target]
    said += " " + _("In {unit}: {forecast}, truth {truth}.").format(
        unit=_(units) or _("units of the series"),
        forecast=f"{float(forecast[0]):.4g}",
        truth=f"{float(truth):.4g}",
    )
    st.markdown(said)


def _equation(equation: Equation) -> None:
    with st.container(border=True, gap=None):
        st.latex(equation.formula)
        st.latex(in_lines(equation.numbers))


def in_lines(numbers: str) -> str:
    """Break a long equation in TeX, so that it needs no more width than a telephone has."""
    name, *sides = numbers.split(" = ")
    lines = []
    for side in sides:
        terms = re.split(r" (?=[+-] )", side)
        pairs = [" ".join(terms[i : i + 2]) for i in range(0, len(terms), 2)]
        lines.append("= " + r" \\ &\quad ".join(pairs))
    return rf"\begin{{aligned}}{name} &" + r" \\ &".join(lines) + r"\end{aligned}"
