"""What all figures have in common: fonts, margins, axes, legend, and how arrays travel."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Spec, Trace

Array = npt.NDArray[Any]
Translate = Callable[[str], str]

AXIS = re.compile("[xy]axis[0-9]*")
FONT_SIZE = 12
SMALL_SIZE = 11


def figure(traces: list[Trace], **layout: Any) -> Spec:
    """Give a figure in the common look; ``layout`` has the last word.

    Zoom and hidden traces outlive an update, because ``uirevision`` never changes. The margins are
    fixed, so that the drawing area stays where it is when a number on an axis gets longer. Without
    data there is nothing for the axes to count.
    """
    common: dict[str, Any] = {
        "autosize": True,
        "uirevision": "kept",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": FONT_SIZE, "color": LIGHT.text},
        "margin": {"l": 52, "r": 8, "t": 38, "b": 40},
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yanchor": "bottom",
            "font": {"size": SMALL_SIZE},
        },
        "hovermode": "x unified",
        "hoverlabel": {
            "bgcolor": LIGHT.background,
            "bordercolor": LIGHT.grid,
            "font": {"size": FONT_SIZE, "color": LIGHT.text},
        },
    }
    spec: Spec = {"data": traces, "layout": common | _ranged(layout)}
    if not any(len(trace["x"]) for trace in traces):
        frame: dict[str, Any] = {"showticklabels": False, "showgrid": False}
        frame |= {"showline": True, "mirror": "all", "linecolor": LIGHT.grid}
        for name in filter(AXIS.fullmatch, layout):
            spec["layout"][name] = spec["layout"][name] | frame
    return spec


def _ranged(layout: dict[str, Any]) -> dict[str, Any]:
    """Say of each axis whether it takes its range from the data.

    Plotly keeps what an update does not say, as if someone had zoomed: an axis that has had a range
    and then has none would neither keep it nor find one.
    """
    return {
        name: {"autorange": "range" not in value} | value if AXIS.fullmatch(name) else value
        for name, value in layout.items()
    }


def axis(title: str = "", **options: Any) -> dict[str, Any]:
    """Give a quiet axis: a fine grid, small numbers, no line and no zero line."""
    return {
        "title": {"text": title, "standoff": 6, "font": {"size": SMALL_SIZE}},
        "color": LIGHT.muted,
        "tickfont": {"size": SMALL_SIZE},
        "ticks": "",
        "gridcolor": LIGHT.grid,
        "zeroline": False,
        **options,
    }


def across(title: str = "", **options: Any) -> dict[str, Any]:
    """Give a horizontal axis: no grid, but a fine line where the pointer is."""
    spike = {"spikecolor": LIGHT.muted, "spikethickness": 1, "spikedash": "solid"}
    return axis(title, **({"showgrid": False} | spike | options))


def time_axis(times: Array, title: str = "", **options: Any) -> dict[str, Any]:
    """Give the horizontal axis for ``times``; a zoom lasts as long as these are the same.

    Moments are written as finely as they lie apart.
    """
    if len(times):
        options["uirevision"] = f"{times[0]} {times[-1]}"
    if _are_moments(times):
        options |= {"type": "date", "hoverformat": _written(times)}
    return across(title, **options)


def row_label(text: str, row: str, column: str | None = None) -> dict[str, Any]:
    """Put a row's name over its left end, where it costs no width.

    ``row`` is its vertical axis, ``column`` its horizontal one where there are several.
    """
    return {
        "text": text,
        "xref": f"{column} domain" if column else "paper",
        "x": 0,
        "xanchor": "left",
        "yref": f"{row} domain",
        "y": 1,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": SMALL_SIZE, "color": LIGHT.muted},
    }


def numbers(values: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """Give a curve's values as they travel; what is too large for float32 becomes a gap."""
    with np.errstate(over="ignore"):
        return np.asarray(values).astype(np.float32)


def positions(times: Array) -> Array:
    """Give the places on a time axis as they travel, shape as given.

    Moments become milliseconds since 1970, which float32 cannot tell apart; anything else is a
    step number.
    """
    if _are_moments(times):
        return times.astype("datetime64[ms]").astype(np.float64)
    return numbers(times)


def edges(x: Array) -> list[float] | None:
    """Give the outer edges of the heatmap's cells, as Plotly draws them."""
    if len(x) < 2:
        return None
    return [float(1.5 * x[0] - 0.5 * x[1]), float(1.5 * x[-1] - 0.5 * x[-2])]


def cursor(x: float) -> dict[str, Any]:
    """Give the line that marks one time step through all rows."""
    return {
        "type": "line",
        "x0": float(x),
        "x1": float(x),
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": LIGHT.muted, "width": 1, "dash": "dot"},
    }


def _are_moments(times: Array) -> bool:
    return np.issubdtype(times.dtype, np.datetime64)


def _written(times: Array) -> str:
    steps = np.diff(times.astype("datetime64[us]"))
    steps = steps[steps > np.timedelta64(0, "us")]  # a time may stand twice
    if not len(steps):
        return "%Y-%m-%d %H:%M"
    apart = steps.min()
    if apart >= np.timedelta64(28, "D"):
        return "%Y-%m"
    if apart >= np.timedelta64(1, "D"):
        return "%Y-%m-%d"
    if apart >= np.timedelta64(1, "s"):
        return "%Y-%m-%d %H:%M" if apart >= np.timedelta64(1, "m") else "%Y-%m-%d %H:%M:%S"
    return "%Y-%m-%d %H:%M:%S.%L"
