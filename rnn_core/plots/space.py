"""The trajectory of the hidden state in its principal components."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Spec, drawn, trace
from rnn_core.plots.frame import SMALL_SIZE, Array, Translate, axis, figure, numbers

_BLUES, _TURN = LIGHT.sequential, LIGHT.diverging
# From the start, still well visible, to the end.
IN_TIME = [(i / 3, stop) for i, stop in enumerate(_BLUES[1:])]
# The end of a season has the colour of its start.
IN_SEASON = [
    (i / 4, stop) for i, stop in enumerate((_TURN[0], _TURN[1], _TURN[5], _TURN[6], _TURN[0]))
]


@drawn
def trajectory_figure(
    path: Array,
    colour: Array,
    *,
    ranges: Sequence[tuple[float, float]],
    explained: Sequence[float],
    colour_label: str,
    components: Sequence[int] = (1, 2),
    season: bool = False,
    step: int | None = None,
    translate: Translate = str,
) -> Spec:
    """Draw the path ``(timesteps, 2)`` or ``(timesteps, 3)`` of the hidden state, a dot a step.

    ``colour`` ``(timesteps,)`` is the time, or with ``season`` the phase from 0 to 1. ``ranges``
    fix the axes, so that epochs can be compared; ``explained`` are the shares of the variance
    that the ``components``, counted from 1, have: one for each column of the path. ``step`` is
    marked. With three components the figure can be turned.
    """
    solid = path.shape[1] == 3
    kind = "scatter3d" if solid else "scatter"
    places = {name: numbers(path[:, index]) for index, name in enumerate("xyz"[: path.shape[1]])}
    small = {"size": SMALL_SIZE, "color": LIGHT.muted}
    scale: dict[str, Any] = {"cmin": 0, "cmax": 1} if season else {}
    traces: list[Any] = [
        trace(
            kind,
            **places,
            mode="lines+markers",
            line={"color": LIGHT.muted, "width": 1 if solid else 0.5},
            marker={
                "size": 3 if solid else 5,
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
            customdata=np.arange(len(path), dtype=np.uint32) + 1,
            hovertemplate=(
                f"{translate(N_('Time step'))} %{{customdata}}<br>"
                + ", ".join(f"%{{{name}:.3~g}}" for name in places)
                + "<extra></extra>"
            ),
            showlegend=False,
        )
    ]
    marked = [step] if step is not None and 0 <= step < len(path) else []
    traces.append(
        trace(
            kind,
            **{name: values[marked] for name, values in places.items()},
            mode="markers",
            marker={
                "size": 9 if solid else 13,
                "color": LIGHT.forecast if solid else LIGHT.background,
                "opacity": 0.9,
                "line": {"color": LIGHT.forecast, "width": 3},
            },
            hoverinfo="skip",
            showlegend=False,
        )
    )
    component = translate(
        N_("Component {number} ({share} %)")
        if solid
        else N_("Component {number} ({share} % of the variance)")
    )
    titles = [
        component.format(number=number, share=f"{100 * share:.0f}")
        for number, share in zip(components, explained, strict=True)
    ]
    axes = [
        axis(title, range=list(ends), nticks=6) for title, ends in zip(titles, ranges, strict=True)
    ]
    if solid:
        return figure(traces, margin={"l": 0, "r": 60, "t": 0, "b": 0}, scene=_scene(axes))
    return figure(
        traces,
        hovermode="closest",
        margin={"l": 52, "r": 60, "t": 20, "b": 40},
        xaxis=axes[0],
        yaxis=axes[1],
    )


def _scene(axes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Give what three axes stand in: a cube that is turned by dragging, also by a finger."""
    sides = {"showbackground": False, "showspikes": False, "linecolor": LIGHT.muted}
    sides |= {"showline": True}
    for each in axes:
        del each["title"]["standoff"]  # there is none in three dimensions
    named = zip(("xaxis", "yaxis", "zaxis"), axes, strict=True)
    return {
        **{name: {**each, **sides} for name, each in named},
        "aspectmode": "cube",
        "dragmode": "turntable",
        "bgcolor": "rgba(0,0,0,0)",
        "camera": {"eye": {"x": 1.6, "y": -1.7, "z": 0.9}, "center": {"x": 0, "y": 0, "z": -0.2}},
        "uirevision": "kept",
    }


def path_ranges(
    *paths: Array, components: Sequence[int] = (1, 2)
) -> tuple[tuple[float, float], ...]:
    """Give ranges of components that hold the paths ``(timesteps, components)`` of all epochs.

    The components count from 1.
    """
    found = []
    for component in components:
        values = np.concatenate([path[:, component - 1] for path in paths])
        low, high = float(values.min()), float(values.max())
        margin = 0.05 * (high - low) or 0.5
        found.append((low - margin, high + margin))
    return tuple(found)


def trajectory_alt(path: Array, finding: Message) -> Message:
    """Say where the path goes; ``finding`` is what ``trajectory_said`` says of it."""
    if not len(path):
        return Message("trajectory_empty", N_("Path of the hidden state; there is none yet."))
    return Message(
        "trajectory",
        N_("Path of the hidden state over {steps} time steps. {finding}"),
        {"steps": len(path), "finding": finding},
    )
