"""Gradients through time, and what the forecast depends on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT, SEQUENTIAL
from rnn_core.plots.cells import (
    over_time,
    thin_steps,
    thinned_label,
    unit_names,
    units_axis,
)
from rnn_core.plots.curves import LINES
from rnn_core.plots.drawn import Spec, drawn, trace
from rnn_core.plots.frame import (
    SMALL_SIZE,
    Array,
    Translate,
    axis,
    cursor,
    edges,
    figure,
    numbers,
    positions,
    row_label,
    time_axis,
)
from rnn_core.plots.hidden import input_line

DEPENDENCE_DECADES = 4
DECADES = 12  # a range of colours covers at most so many powers of ten


def decades(*derivatives: Array) -> tuple[float, float]:
    """Give a range of powers of ten that holds the derivatives of all epochs to be compared."""
    largest = [float(np.abs(each[np.isfinite(each)]).max(initial=0)) for each in derivatives]
    smallest = [_smallest(each) for each in derivatives]
    high = float(np.ceil(np.log10(max([*largest, 1e-30]))))
    low = float(np.floor(np.log10(min([each for each in smallest if each > 0] or [1e-30]))))
    return max(low, high - DECADES) if low < high else high - 1, high


def _smallest(derivative: Array) -> float:
    found = np.abs(derivative[np.isfinite(derivative) & (derivative != 0)])
    return float(found.min()) if found.size else 0.0


@drawn
def gradient_figure(
    times: Array,
    derivative: Array,
    norms: Mapping[str, Array],
    *,
    power_range: tuple[float, float],
    label: str,
    quantity: str = "∂loss/∂h",
    unit_order: Array | None = None,
    step: int | None = None,
    translate: Translate = str,
) -> Spec:
    """Draw |∂loss/∂h_t| of layers as curves over that of one layer's units as a heatmap.

    ``norms`` are ``(timesteps,)`` by name, of layers or of runs side by side; ``derivative`` is
    ``(timesteps, units)``. Both are on a logarithmic scale, fixed to ``power_range``, powers of
    ten; what is smaller has the colour of the lowest.
    """
    low, high = power_range
    whole = positions(times)
    units = derivative.shape[1]
    order = np.arange(units) if unit_order is None else np.asarray(unit_order)
    shown, thinned, width = thin_steps(times, derivative)
    with np.errstate(divide="ignore"):
        powers = np.clip(np.log10(np.abs(thinned.astype(np.float64))), low, high)
    small = {"size": SMALL_SIZE, "color": LIGHT.muted}
    # Tenths of a power of ten: the eye tells no finer, and they travel as bytes.
    tenths = np.rint(10 * np.nan_to_num(powers, nan=low)).astype(np.int16)
    top = round(10 * high)
    z = np.clip(tenths - top, -127, 0).astype(np.int8)
    ticks = [round(10 * low) - top, 0]
    traces: list[Any] = [
        trace(
            "scatter",
            x=whole,
            y=numbers(norm),
            name=name,
            mode="lines",
            line={"color": colour, "width": 2, "dash": dash},
            hovertemplate="%{y:.2~e}",
        )
        for (name, norm), (colour, dash) in zip(norms.items(), LINES, strict=False)
    ]
    hover = over_time(translate, f"|{quantity}|")(f"10^(%{{z}} / 10 + {high:g})")
    traces.append(
        trace(
            "heatmap",
            x=shown,
            y=unit_names(order),
            z=z.T[order],
            yaxis="y2",
            zmin=max(-127, ticks[0]),
            zmax=0,
            colorscale=SEQUENTIAL,
            hovertemplate=f"{hover}<extra></extra>",
            colorbar={
                "thickness": 8,
                "len": 0.5,
                "y": 0,
                "yanchor": "bottom",
                "x": 1,
                "xpad": 6,
                "ypad": 0,
                "outlinewidth": 0,
                "tickvals": [max(-127, ticks[0]), 0],
                "ticktext": [_power(low), _power(high)],
                "tickfont": small,
            },
        )
    )
    return figure(
        traces,
        hovermode="closest",
        margin={"l": 58, "r": 52, "t": 38, "b": 40},
        xaxis=time_axis(times, translate(N_("Time step")), anchor="y2", range=edges(shown)),
        yaxis=axis(
            f"|{quantity}|",
            domain=[0.6, 1],
            type="log",
            exponentformat="power",
            range=[low, high + 1],
            nticks=5,
        ),
        yaxis2=axis(domain=[0, 0.5], **units_axis()),
        annotations=[row_label(thinned_label(label, width, translate), "y2")],
        shapes=[cursor(whole[step])] if step is not None and step < len(whole) else [],
    )


def gradient_alt(norms: Mapping[str, Array], finding: Message) -> Message:
    """Say what the gradients do; ``finding`` is what ``rnn_core.inside.memory`` says of them."""
    steps = max((len(norm) for norm in norms.values()), default=0)
    if not steps:
        return Message("gradient_empty", N_("Gradient through time; there is none yet."))
    return Message(
        "gradient",
        N_("Gradient through time over {steps} time steps: {curves}. {finding}"),
        {"steps": steps, "curves": ", ".join(norms), "finding": finding},
    )


@drawn
def dependence_figure(
    times: Array,
    inputs: Array,
    dependence: Array,
    *,
    limit: float,
    memory: int,
    input_label: str,
    step: int | None = None,
    translate: Translate = str,
) -> Spec:
    """Draw |∂output/∂x_t| under the input it is the derivative by.

    ``times``, ``inputs`` and ``dependence`` are ``(timesteps,)``; the newest ``memory`` steps,
    those that matter, are coloured. The scale is fixed: up to ``limit``, and four powers of ten
    down from it, so that what counts little is still seen where one epoch had a high peak.
    """
    x = positions(times)
    old = max(0, len(x) - memory)
    parts = (
        (x[:old], dependence[:old], translate(N_("Does not matter")), LIGHT.grid),
        (x[old:], dependence[old:], translate(N_("Matters")), LIGHT.forecast),
    )
    traces: list[Any] = [input_line(x, inputs, "%{y:.4~g}")]
    traces += [
        trace(
            "bar",
            x=places,
            y=numbers(values),
            name=name,
            yaxis="y2",
            marker={"color": colour, "line": {"color": LIGHT.muted, "width": 0.5}},
            hovertemplate="%{y:.3~g}<extra></extra>",
            showlegend=len(places) > 0,
        )
        for places, values, name, colour in parts
    ]
    top = float(np.log10(limit)) if limit > 0 else 0.0
    spec = figure(
        traces,
        barmode="overlay",
        bargap=0.15,
        xaxis=time_axis(times, translate(N_("Time step")), anchor="y2", range=edges(x)),
        yaxis=axis(domain=[0.66, 1], nticks=4),
        yaxis2=axis(
            "|∂y/∂x|",
            domain=[0, 0.56],
            type="log",
            exponentformat="power",
            range=[top - DEPENDENCE_DECADES, top],
            nticks=5,
        ),
        annotations=[row_label(input_label, "y")],
        shapes=[cursor(x[step])] if step is not None and step < len(x) else [],
    )
    # The name of the upper row is on the left.
    spec["layout"]["legend"] |= {"x": 1, "xanchor": "right"}
    return spec


def dependence_alt(dependence: Array, finding: Message) -> Message:
    """Say what the forecast depends on; ``finding`` is ``Memory.said``."""
    if not len(dependence):
        return Message("dependence_empty", N_("What the forecast depends on; there is none yet."))
    return Message(
        "dependence",
        N_("What the forecast depends on, over {steps} time steps. {finding}"),
        {"steps": len(dependence), "finding": finding},
    )


def _power(exponent: float) -> str:
    return f"10<sup>{round(exponent)}</sup>".replace("-", "−")
