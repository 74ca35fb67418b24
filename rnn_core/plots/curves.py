"""Curves over the epochs kept: spectral radius, gradient norms, and whatever has a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Spec, drawn, trace
from rnn_core.plots.frame import Array, Translate, across, axis, figure, numbers

_COLOURS = (LIGHT.training_loss, LIGHT.forecast, LIGHT.seasonal_naive, LIGHT.persistence)
_DASHES = ("solid", "dash", "dot", "dashdot")
# Colour and dash of the first 16 curves; neighbours differ in both, for eyes without colours.
LINES = tuple((_COLOURS[i % 4], _DASHES[(i + i // 4) % 4]) for i in range(16))


@drawn
def epochs_figure(
    epochs: Array,
    curves: Mapping[str, Array],
    *,
    quantity: str,
    log: bool = False,
    ends: tuple[float, float] | None = None,
    reference: float | None = None,
    epoch: int | None = None,
    translate: Translate = str,
) -> Spec:
    """Draw curves ``(epochs,)`` by name against the epoch, which is on a log scale.

    The values' axis goes between ``ends``, by default as far as the curves do. ``reference`` is a
    value worth a line of its own, 1 for a spectral radius. ``epoch`` is marked.
    """
    x = np.asarray(epochs).astype(np.uint16 if np.max(epochs, initial=0) < 2**16 else np.uint32)
    traces: list[Any] = [
        trace(
            "scatter",
            x=x,
            y=numbers(values),
            name=name,
            mode="lines+markers",
            marker={"size": 4},
            line={"color": colour, "width": 1.5, "dash": dash},
            hovertemplate="%{y:.3~g}",
        )
        for (name, values), (colour, dash) in zip(curves.items(), LINES, strict=False)
    ]
    shapes: list[dict[str, Any]] = []
    if reference is not None:
        across_all = {"xref": "paper", "x0": 0, "x1": 1, "y0": reference, "y1": reference}
        shapes.append({"type": "line", **across_all, "line": {"color": LIGHT.muted, "width": 1}})
    if epoch is not None:
        upright = {"yref": "paper", "x0": epoch, "x1": epoch, "y0": 0, "y1": 1}
        line = {"color": LIGHT.muted, "width": 1, "dash": "dot"}
        shapes.append({"type": "line", **upright, "line": line})
    scale: dict[str, Any] = {"type": "linear", "rangemode": "tozero"}
    if log:
        scale = {"type": "log", "exponentformat": "power", "nticks": 6}
    if ends is not None:
        low, high = np.log10(ends) if log else ends
        scale["range"] = [float(low), float(high)]
    return figure(
        traces,
        xaxis=across(translate(N_("Epoch")), type="log", tickformat="~g", dtick="D2"),
        yaxis=axis(quantity, **scale),
        shapes=shapes,
    )


def epochs_alt(epochs: Array, curves: Mapping[str, Array], *, quantity: str) -> Message:
    """Say where the curves go."""
    if not len(epochs) or not curves:
        return Message(
            "epochs_empty",
            N_("{quantity} over epochs; there is nothing to show yet."),
            {"quantity": quantity},
        )
    moved = {name: abs(float(values[-1]) - float(values[0])) for name, values in curves.items()}
    name = max(moved, key=lambda each: moved[each])
    return Message(
        "epochs",
        N_(
            "{quantity} over epochs {first} to {last}: {curve} changes most, from {start} to {end}."
        ),
        {
            "quantity": quantity,
            "first": int(epochs[0]),
            "last": int(epochs[-1]),
            "curve": name,
            "start": f"{float(curves[name][0]):.3g}",
            "end": f"{float(curves[name][-1]):.3g}",
        },
    )
