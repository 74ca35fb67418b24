"""Heatmap cells: how values travel, and what is left out where there are more than fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_core.messages import N_
from rnn_core.palette import DIVERGING, LIGHT, SEQUENTIAL
from rnn_core.plots.drawn import Spec, Trace, trace
from rnn_core.plots.frame import SMALL_SIZE, Array, Translate, figure, numbers, positions, row_label

EXACT_CELLS = 4096
"""Heatmaps up to this size travel as float32 (22 kB at most), larger ones as hundredths."""
MOST_STEPS = 1024
"""A heatmap shows at most so many columns: more than a screen has pixels for."""


@dataclass(frozen=True, eq=False)
class Scale:
    """A fixed range of values and the colours for it.

    ``signed`` runs from ``-limit`` over the page's background at 0 to ``limit``, else from 0.
    """

    limit: float
    signed: bool = True

    @property
    def colours(self) -> Any:
        """Plotly's colour scale."""
        return DIVERGING if self.signed else SEQUENTIAL


def heatmap(
    x: Array,
    y: Array,
    values: Array,
    scale: Scale,
    *,
    hover: Callable[[str], str],
    name: str,
    row: str = "y",
    domain: tuple[float, float] = (0.0, 1.0),
) -> Trace:
    """Give a heatmap of ``values`` ``(len(y), len(x))`` in a fixed range.

    ``hover`` puts the value's place holder into the hover text, ``name`` stands over the colour
    bar, ``row`` and ``domain`` say in which row of the figure. Large heatmaps travel as hundredths
    of the limit and say so when hovered.
    """
    limit = scale.limit if scale.limit > 0 else 1.0
    exact = values.size <= EXACT_CELLS or not np.isfinite(values).all()
    if exact:
        z, top, value = numbers(values), limit, "%{z:.3~g}"
    else:
        low = -100 if scale.signed else 0
        z = np.clip(np.rint(values * (100 / limit)), low, 100).astype(np.int8)
        top, value = 100, "%{z} / 100" if limit == 1 else f"%{{z}} / 100 × {limit:.3g}"
    bottom = -top if scale.signed else 0
    small = {"size": SMALL_SIZE, "color": LIGHT.muted}
    low_text = f"−{limit:.3g}" if scale.signed else "0"
    ticks = [bottom, 0, top] if scale.signed else [bottom, top]
    texts = [low_text, "0", f"{limit:.3g}"] if scale.signed else [low_text, f"{limit:.3g}"]
    return trace(
        "heatmap",
        x=x,
        y=y,
        z=z,
        yaxis=row,
        zmin=bottom,
        zmax=top,
        colorscale=scale.colours,
        hovertemplate=hover(value) + "<extra></extra>",
        colorbar={
            "title": {"text": name, "side": "top", "font": small},
            "thickness": 8,
            "len": domain[1] - domain[0],
            "y": domain[0],
            "yanchor": "bottom",
            "x": 1,
            "xpad": 6,
            "ypad": 0,
            "outlinewidth": 0,
            "tickvals": ticks,
            "ticktext": texts,
            "tickfont": small,
        },
    )


def matrix_spec(
    x: Array,
    y: Array,
    values: Array,
    scale: Scale,
    *,
    hover: Callable[[str], str],
    name: str,
    label: str,
    xaxis: dict[str, Any],
    yaxis: dict[str, Any],
    left: int = 58,
    top: float = 0.93,
) -> Spec:
    """Give a figure of one heatmap, see :func:`heatmap`, with its ``label`` above it.

    The cells reach from the bottom to ``top`` of the drawing area, ``left`` pixels are for the
    names of the rows.
    """
    cells = heatmap(x, y, values, scale, hover=hover, name=name, domain=(0.0, top))
    return figure(
        [cells],
        hovermode="closest",
        margin={"l": left, "r": 48, "t": 20, "b": 40},
        xaxis=xaxis,
        yaxis=yaxis | {"domain": [0, top]},
        annotations=[row_label(label, "y")],
    )


def over_time(translate: Translate, what: str) -> Callable[[str], str]:
    """Give the hover text of a heatmap of units over time steps."""
    step, unit = translate(N_("Time step")), translate(N_("Unit"))
    return lambda value: f"{step} %{{x}}<br>{unit} %{{y}}<br>{what} = {value}"


def units_axis(**options: Any) -> dict[str, Any]:
    """Give what an axis of units adds: names from the top, no grid."""
    return {
        "type": "category",
        "autorange": "reversed",
        "showgrid": False,
        "nticks": 8,
        **options,
    }


def unit_names(order: Array) -> Array:
    """Give units, counted from 0, as they travel and are read: counted from 1."""
    return (np.asarray(order) + 1).astype(np.uint16)


def thin_steps(times: Array, values: Array, most: int = MOST_STEPS) -> tuple[Array, Array, int]:
    """Give places, ``values`` ``(timesteps, ...)``, and how many steps each column stands for.

    Of each bucket of so many steps the value farthest from 0 is shown, at the bucket's first
    time; say so with :func:`thinned_label`.
    """
    x = positions(times)
    width = _width(len(values), most)
    if width <= 1:
        return x, values, 1
    full = -(-len(values) // width) * width
    # Repeating the last step changes no bucket's extreme.
    padded = np.concatenate([values, np.repeat(values[-1:], full - len(values), axis=0)])
    buckets = padded.reshape(full // width, width, *values.shape[1:])
    farthest = np.abs(buckets).argmax(axis=1, keepdims=True)
    thinned = np.take_along_axis(buckets, farthest, axis=1)[:, 0]
    return x[::width], thinned, width


def step_in_column(values: Array, column: int, most: int = MOST_STEPS) -> int:
    """Give the step whose value of ``(timesteps,)`` a column of :func:`thin_steps` shows."""
    width = _width(len(values), most)
    bucket = values[column * width : (column + 1) * width]
    return column * width + int(np.abs(bucket).argmax())


def _width(steps: int, most: int) -> int:
    return -(-steps // most)


def thinned_label(label: str, width: int, translate: Translate) -> str:
    """Add to a row's name what a column stands for, where it is more than one step."""
    if width <= 1:
        return label
    said = translate(N_("each column: the strongest of {width} steps")).format(width=width)
    return f"{label} · {said}" if label else said
