"""The hidden state over one window, under the window's input."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import DIVERGING, LIGHT
from rnn_core.plots.cells import MOST_STEPS, thin_steps
from rnn_core.plots.drawn import Spec, Trace, drawn, trace
from rnn_core.plots.frame import (
    SMALL_SIZE,
    Array,
    Translate,
    axis,
    edges,
    figure,
    numbers,
    positions,
    row_label,
    time_axis,
)
from rnn_core.plots.loss import thin_curve

EXACT_CELLS = 4096
"""Heatmaps up to this size travel as float32 (22 kB at most), larger ones as hundredths."""


@drawn
def hidden_figure(
    times: Array,
    inputs: Array,
    hidden: Array,
    *,
    unit_order: Array | None = None,
    layer_label: str,
    input_label: str,
    translate: Translate = str,
) -> Spec:
    """Draw a window's input over the hidden state it leads to, on one time axis.

    ``times`` and ``inputs`` have the shape ``(timesteps,)``, ``hidden`` has ``(timesteps, units)``
    and values from -1 to 1. Times are datetime64 or step numbers. ``unit_order`` lists the units,
    counted from 0, from top to bottom; the axis names them from 1. More than 1,024 steps are
    thinned: of the inputs each peak stays, of a unit the values farthest from 0.
    """
    line_x, line_y = thin_curve(positions(times), inputs, points=MOST_STEPS // 2)
    x, hidden, _width = thin_steps(times, hidden)
    units = hidden.shape[1]
    order = np.arange(units) if unit_order is None else np.asarray(unit_order)
    # An int8 takes a quarter of a float32, but no hover text can divide by 100; so only large
    # heatmaps pay with a hover that reads "h = 37 / 100". There is no NaN among integers.
    exact = hidden.size <= EXACT_CELLS or not np.isfinite(hidden).all()
    scale = 1 if exact else 100
    z = numbers(hidden) if exact else np.rint(np.clip(hidden, -1, 1) * scale).astype(np.int8)
    value = "%{z:.2f}" if exact else "%{z} / 100"
    step = translate(N_("Time step"))
    small = {"size": SMALL_SIZE, "color": LIGHT.muted}
    traces: list[Any] = [
        input_line(line_x, line_y, f"{step} %{{x}}<br>%{{y:.4~g}}"),
        trace(
            "heatmap",
            x=x,
            y=(order + 1).astype(np.uint16),
            z=z.T[order],
            yaxis="y2",
            zmin=-scale,
            zmax=scale,
            colorscale=DIVERGING,
            hovertemplate=(
                f"{step} %{{x}}<br>{translate(N_('Unit'))} %{{y}}<br>h = {value}<extra></extra>"
            ),
            colorbar={
                "title": {"text": "h", "side": "top", "font": small},
                "thickness": 8,
                "len": 0.68,
                "y": 0,
                "yanchor": "bottom",
                "x": 1,
                "xpad": 6,
                "ypad": 0,
                "outlinewidth": 0,
                "tickvals": [-scale, 0, scale],
                "ticktext": ["−1", "0", "1"],
                "tickfont": small,
            },
        ),
    ]
    return figure(
        traces,
        hovermode="closest",
        margin={"l": 52, "r": 48, "t": 20, "b": 40},
        # One axis for both rows: a zoom of one is a zoom of the other.
        xaxis=time_axis(
            times,
            step,
            anchor="y2",
            range=edges(x),
            showspikes=True,
            spikemode="across",
            spikesnap="hovered data",
        ),
        yaxis=axis(domain=[0.78, 1], nticks=4),
        yaxis2=axis(
            domain=[0, 0.68],
            type="category",
            autorange="reversed",
            showgrid=False,
            nticks=8,
        ),
        annotations=[row_label(input_label, "y"), row_label(layer_label, "y2")],
    )


def input_line(x: Array, inputs: Array, hover: str) -> Trace:
    """Give the line of a window's inputs ``(timesteps,)`` at the places ``x``."""
    return trace(
        "scatter",
        x=x,
        y=numbers(inputs),
        mode="lines+markers",
        line={"color": LIGHT.truth, "width": 1.5},
        marker={"size": 4 if len(x) <= 60 else 2},
        hovertemplate=f"{hover}<extra></extra>",
        showlegend=False,
    )


def hidden_alt(hidden: Array, *, layer_label: str) -> Message:
    """Say how strongly the units of shape ``(timesteps, units)`` answer."""
    if not hidden.size:
        return Message(
            "hidden_empty",
            N_("Hidden state of {layer}; there is nothing to show yet."),
            {"layer": layer_label},
        )
    return Message(
        "hidden",
        N_(
            "Hidden state of {layer}: {units} units over {steps} time steps, values from {low} to "
            "{high}; unit {unit} changes most."
        ),
        {
            "layer": layer_label,
            "units": hidden.shape[1],
            "steps": hidden.shape[0],
            "low": f"{hidden.min():.2f}",
            "high": f"{hidden.max():.2f}",
            "unit": int(np.ptp(hidden, axis=0).argmax()) + 1,
        },
    )
