"""Units: what each one goes with, and which of them move alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT, SEQUENTIAL
from rnn_core.plots.cells import Scale, matrix_spec, unit_names, units_axis
from rnn_core.plots.drawn import Spec, drawn, trace
from rnn_core.plots.frame import (
    SMALL_SIZE,
    Array,
    Translate,
    across,
    axis,
    figure,
    numbers,
)

STRONG = 0.5  # a correlation of at least this amount counts
NUMBERED = 64  # of so many units each has its number beside it
ON, OFF = "circle", "x"


@drawn
def unit_signals_figure(
    correlations: Mapping[str, Array],
    *,
    unit_order: Array | None = None,
    label: str,
    translate: Translate = str,
) -> Spec:
    """Draw how units go with signals: correlations ``(units,)`` by the signal's name, -1 to 1."""
    rows = np.stack(list(correlations.values())) if correlations else np.zeros((0, 0))
    order = np.arange(rows.shape[1]) if unit_order is None else np.asarray(unit_order)
    unit = translate(N_("Unit"))
    return matrix_spec(
        unit_names(order),
        np.array([translate(name) for name in correlations]),
        rows[:, order],
        Scale(1),
        hover=lambda value: f"{unit} %{{x}}<br>%{{y}}<br>r = {value}",
        name="r",
        label=label,
        left=90,
        top=0.9,
        xaxis=across(unit, type="category", nticks=12),
        yaxis=axis(**units_axis()),
    )


def unit_signals_alt(correlations: Mapping[str, Array], finding: Message) -> Message:
    """Say which signals units were compared with; ``finding`` is ``UnitTable.said``."""
    if not correlations:
        return Message("correlations_empty", N_("Units against signals; there are no signals."))
    return Message(
        "correlations",
        N_("Correlation of the units with signals (units: {units}, signals: {count}). {finding}"),
        {
            "units": len(next(iter(correlations.values()))),
            "count": len(correlations),
            "finding": finding,
        },
    )


@drawn
def unit_map_figure(
    places: Array,
    strength: Array,
    *,
    off: Collection[int] = (),
    strength_label: str,
    drag: str = "lasso",
    translate: Translate = str,
) -> Spec:
    """Draw units as dots at ``places`` ``(units, 2)``, correlations with two components.

    ``strength`` ``(units,)``, from 0 to 1, colours them. The units in ``off``, counted from 0, are
    crosses. Dragging is ``drag`` as Plotly calls it: ``lasso``, ``select`` for a box, or ``pan``.
    Point n of the one trace is unit n.
    """
    count = len(places)
    out = np.isin(np.arange(count), list(off))
    unit = translate(N_("Unit"))
    small = {"size": SMALL_SIZE, "color": LIGHT.muted}
    # A dimmed dot would look switched off while someone is still drawing around others.
    same = {"marker": {"opacity": 1}}
    dots = trace(
        "scatter",
        x=numbers(places[:, 0]),
        y=numbers(places[:, 1]),
        mode="markers+text" if count <= NUMBERED else "markers",
        text=[str(number + 1) for number in range(count)] if count <= NUMBERED else None,
        textposition="top center",
        textfont=small,
        customdata=unit_names(np.arange(count)),
        marker={
            "size": 10,
            "symbol": [OFF if crossed else ON for crossed in out],
            "color": numbers(strength),
            "cmin": 0,
            "cmax": 1,
            "colorscale": SEQUENTIAL,
            "line": {
                "color": [LIGHT.forecast if crossed else LIGHT.muted for crossed in out],
                "width": [2 if crossed else 1 for crossed in out],
            },
            "colorbar": {
                "title": {"text": strength_label, "side": "top", "font": small},
                "thickness": 8,
                "xpad": 6,
                "ypad": 0,
                "outlinewidth": 0,
                "tickvals": [0, 0.5, 1],
                "tickfont": small,
            },
        },
        selected=same,
        unselected=same,
        hovertemplate=(
            f"{unit} %{{customdata}}<br>%{{x:.2f}}, %{{y:.2f}}<br>"
            f"{strength_label} %{{marker.color:.2f}}<extra></extra>"
        ),
        showlegend=False,
    )
    component = translate(N_("Correlation with component {number}"))
    titles = [component.format(number=number) for number in (1, 2)]
    middle: dict[str, Any] = {"range": [-1.12, 1.12], "nticks": 5, "fixedrange": True}
    middle |= {"zeroline": True, "zerolinecolor": LIGHT.muted, "zerolinewidth": 1}
    return figure(
        [dots],
        hovermode="closest",
        dragmode=drag,
        margin={"l": 52, "r": 60, "t": 20, "b": 40},
        newselection={"line": {"color": LIGHT.forecast, "width": 2, "dash": "solid"}},
        xaxis=axis(titles[0], **middle),
        yaxis=axis(titles[1], **middle),
    )


def unit_map_alt(places: Array, off: Collection[int] = ()) -> Message:
    """Say how many of the units at ``places`` move along with a component, and how many are off."""
    if not len(places):
        return Message("unit_map_empty", N_("Map of the units; there are none."))
    return Message(
        "unit_map",
        N_(
            "Map of {units} units: {first} of them go mostly with component 1, {second} with "
            "component 2, {middle} with neither; switched off: {off}."
        ),
        {"units": len(places), "off": len(set(off)), **_sides(places)},
    )


def _sides(places: Array) -> dict[str, object]:
    amounts = np.abs(places)
    neither = amounts.max(axis=1) < STRONG
    first = ~neither & (amounts[:, 0] >= amounts[:, 1])
    return {
        "first": int(first.sum()),
        "second": int((~neither & ~first).sum()),
        "middle": int(neither.sum()),
    }
