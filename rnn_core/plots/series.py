"""The series itself: at any zoom, with its parts in time and what is missing."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Spec, drawn, trace
from rnn_core.plots.frame import (
    SMALL_SIZE,
    Array,
    Translate,
    axis,
    figure,
    numbers,
    positions,
    time_axis,
)
from rnn_core.plots.thin import POINTS, missing_stretches, thin_series
from rnn_core.windows import Split


@drawn
def series_figure(
    times: Array,
    values: Array,
    *,
    split: Split | None = None,
    shown: tuple[int, int] | None = None,
    points: int = POINTS,
    unit: str,
    time_label: str,
    translate: Translate = str,
) -> Spec:
    """Draw ``values`` ``(n,)`` in ``unit`` at ``times`` ``(n,)``, by at most ``points`` points.

    Times are datetime64 or step numbers. ``shown`` is the range of indices, from ... to before,
    that someone has zoomed to (see :func:`rnn_core.plots.index_range`): it gets the detail.
    ``split`` colours training, validation and test part. A NaN is a gap, over a grey band.
    """
    start, stop = shown or (0, len(values))
    kept = thin_series(values, points=points, start=start, stop=stop)
    line = trace(
        "scatter",
        x=positions(times[kept]),
        y=numbers(np.where(np.isfinite(values[kept]), values[kept], np.nan)),
        mode="lines+markers" if len(kept) <= 60 else "lines",
        line={"color": LIGHT.truth, "width": 1.5},
        marker={"size": 4},
        hovertemplate="%{y:.4~g}<extra></extra>",
        showlegend=False,
    )
    parts = parts_in_time(times, split, translate) if split else {"shapes": [], "annotations": []}
    missing = _missing(times, values, start, stop, translate)
    return figure(
        [line],
        xaxis=time_axis(times, time_label),
        yaxis=axis(unit),
        shapes=parts["shapes"] + missing["shapes"],
        annotations=parts["annotations"] + missing["annotations"],
    )


def series_alt(values: Array, *, unit: str) -> Message:
    """Say how long the series is, how far it goes, and where it ends up."""
    known = values[np.isfinite(values)].astype(np.float64)
    if not len(known):
        return Message("series_empty", N_("The series has no values to draw."))
    tenth = max(1, len(known) // 10)
    said: dict[str, object] = {
        "count": f"{len(values):,}",
        "low": f"{known.min():.4g}",
        "high": f"{known.max():.4g}",
        "first": f"{np.mean(known[:tenth]):.4g}",
        "last": f"{np.mean(known[-tenth:]):.4g}",
        "unit": unit,
    }
    if len(known) == len(values):
        return Message(
            "series",
            N_(
                "The series: {count} values from {low} to {high} {unit}; the first tenth has a "
                "mean of {first}, the last of {last}."
            ),
            said,
        )
    return Message(
        "series_missing",
        N_(
            "The series: {count} values from {low} to {high} {unit}, {missing} of them missing; "
            "the first tenth has a mean of {first}, the last of {last}."
        ),
        said | {"missing": f"{len(values) - len(known):,}"},
    )


def parts_in_time(
    times: Array, split: Split, translate: Translate, column: str = "x", row: str = "y"
) -> dict[str, list[dict[str, Any]]]:
    """Give the shapes and labels of training, validation and test part behind one panel."""
    if not len(times):
        return {"shapes": [], "annotations": []}
    parts = (
        (0, split.validation, translate(N_("Training")), LIGHT.training_part),
        (split.validation, split.test, translate(N_("Validation")), LIGHT.validation_part),
        (split.test, split.length, translate(N_("Test")), LIGHT.test_part),
    )
    present = [part for part in parts if part[0] < part[1]]
    shapes = [
        _band(_edge(times, first), _edge(times, after), colour, column, row)
        for first, after, _, colour in present
    ]
    # The middle part is often too narrow for its name, so that ends where the test part begins.
    annotations = [
        _label(_edge(times, split.test), name, column, row) | {"xanchor": "right"}
        if first == split.validation
        else _label(_edge(times, first), name, column, row)
        for first, _, name, _ in present
    ]
    return {"shapes": shapes, "annotations": annotations}


def _missing(
    times: Array, values: Array, start: int, stop: int, translate: Translate
) -> dict[str, list[dict[str, Any]]]:
    """Give bands for the widest missing stretches in view, and a label for the widest."""
    stretches = missing_stretches(values[start:stop])
    shapes = [
        _band(_edge(times, start + first), _edge(times, start + last + 1), LIGHT.grid, "x", "y")
        for first, last in stretches
    ]
    if not stretches:
        return {"shapes": [], "annotations": []}
    label = _label(shapes[0]["x0"], translate(N_("Missing")), "x", "y")
    # At the bottom, for at the top are the names of the parts.
    return {"shapes": shapes, "annotations": [label | {"y": 0, "yanchor": "bottom"}]}


def _edge(times: Array, index: int) -> float:
    """Give the place halfway between the step at ``index`` and the one before it."""
    near = positions(times[max(0, index - 1) : index + 1])
    return float(near.astype(np.float64).mean())


def _band(x0: float, x1: float, colour: str, column: str, row: str) -> dict[str, Any]:
    return {
        "type": "rect",
        "layer": "below",
        "xref": column,
        "x0": x0,
        "x1": x1,
        "yref": f"{row} domain",
        "y0": 0,
        "y1": 1,
        "fillcolor": colour,
        "line": {"width": 0},
    }


def _label(x: float, text: str, column: str, row: str) -> dict[str, Any]:
    return {
        "text": text,
        "xref": column,
        "x": x,
        "xanchor": "left",
        "yref": f"{row} domain",
        "y": 1,
        "yanchor": "top",
        "showarrow": False,
        "font": {"size": SMALL_SIZE, "color": LIGHT.muted},
    }
