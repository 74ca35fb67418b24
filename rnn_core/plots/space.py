"""The trajectory of the hidden state in its principal components."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.frame import SMALL_SIZE, Array, Translate, axis, figure, numbers

_BLUES, _TURN = LIGHT.sequential, LIGHT.diverging
# From the start, still well visible, to the end.
IN_TIME = [(i / 3, stop) for i, stop in enumerate(_BLUES[1:])]
# The end of a season has the colour of its start.
IN_SEASON = [
    (i / 4, stop) for i, stop in enumerate((_TURN[0], _TURN[1], _TURN[5], _TURN[6], _TURN[0]))
]


def trajectory_figure(
    path: Array,
    colour: Array,
    *,
    ranges: tuple[tuple[float, float], tuple[float, float]],
    explained: tuple[float, float],
    colour_label: str,
    components: tuple[int, int] = (1, 2),
    season: bool = False,
    step: int | None = None,
    translate: Translate = str,
) -> go.Figure:
    """Draw the path ``(timesteps, 2)`` of the hidden state, a dot a time step.

    ``colour`` ``(timesteps,)`` is the time, or with ``season`` the phase from 0 to 1. ``ranges``
    fix both axes, so that epochs can be compared; ``explained`` are the shares of the variance
    that the two ``components``, counted from 1, have. ``step`` is marked.
    """
    x, y = numbers(path[:, 0]), numbers(path[:, 1])
    small = {"size": SMALL_SIZE, "color": LIGHT.muted}
    scale: dict[str, Any] = {"cmin": 0, "cmax": 1} if season else {}
    traces: list[Any] = [
        go.Scatter(
            x=x,
            y=y,
            mode="lines+markers",
            line={"color": LIGHT.muted, "width": 0.5},
            marker={
                "size": 5,
                "color": numbers(colour),
                "colorscale": IN_SEASON if season else IN_TIME,
                "colorbar": {
                    "title": {"text": colour_label, "side": "top", "font": small},
                    "thickness": 8,
                    "xpad": 6,
                    "ypad": 0,
                    "outlinewidth": 0,
                    "nticks": 4,
                    "tickfont": small,
                },
                **scale,
            },
            customdata=np.arange(len(x), dtype=np.uint32) + 1,
            hovertemplate=(
                f"{translate(N_('Time step'))} %{{customdata}}<br>"
                "%{x:.3~g}, %{y:.3~g}<extra></extra>"
            ),
            showlegend=False,
        )
    ]
    marked = [step] if step is not None and 0 <= step < len(x) else []
    traces.append(
        go.Scatter(
            x=x[marked],
            y=y[marked],
            mode="markers",
            marker={
                "size": 13,
                "color": LIGHT.background,
                "opacity": 0.9,
                "line": {"color": LIGHT.forecast, "width": 3},
            },
            hoverinfo="skip",
            showlegend=False,
        )
    )
    component = translate(N_("Component {number} ({share} % of the variance)"))
    titles = [
        component.format(number=number, share=f"{100 * share:.0f}")
        for number, share in zip(components, explained, strict=True)
    ]
    return figure(
        traces,
        hovermode="closest",
        margin={"l": 52, "r": 60, "t": 20, "b": 40},
        xaxis=axis(titles[0], range=list(ranges[0]), nticks=6),
        yaxis=axis(titles[1], range=list(ranges[1]), nticks=6),
    )


def path_ranges(
    *paths: Array, components: tuple[int, int] = (1, 2)
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Give ranges of two components that hold the paths ``(timesteps, components)`` of all epochs.

    The components count from 1.
    """
    found = []
    for component in components:
        values = np.concatenate([path[:, component - 1] for path in paths])
        low, high = float(values.min()), float(values.max())
        margin = 0.05 * (high - low) or 0.5
        found.append((low - margin, high + margin))
    return found[0], found[1]


def trajectory_alt(path: Array, finding: Message) -> Message:
    """Say where the path goes; ``finding`` is what ``trajectory_said`` says of it."""
    if not len(path):
        return Message("trajectory_empty", N_("Path of the hidden state; there is none yet."))
    return Message(
        "trajectory",
        N_("Path of the hidden state over {steps} time steps. {finding}"),
        {"steps": len(path), "finding": finding},
    )
