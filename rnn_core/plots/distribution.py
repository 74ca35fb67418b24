"""How values are distributed before and after the transforms."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Spec, Trace, drawn, trace
from rnn_core.plots.frame import Array, Translate, across, axis, figure, numbers, row_label

LEAST_BINS, MOST_BINS = 8, 50


@drawn
def distribution_figure(
    before: Array, after: Array, *, unit: str, translate: Translate = str
) -> Spec:
    """Draw the histogram of values in ``unit``, and beside it that of the transformed ones.

    ``before`` ``(n,)`` and ``after`` ``(m,)`` leave out what is missing (NaN); the heights are
    shares in per cent.
    """
    traces = [
        _histogram(before, "x", "y", LIGHT.truth),
        _histogram(after, "x2", "y2", LIGHT.training_loss),
    ]
    share = translate(N_("Share of values (%)"))
    labels = [
        row_label(translate(N_("Before the transforms")), "y", "x"),
        row_label(translate(N_("As the network sees them")), "y2", "x2"),
    ]
    return figure(
        traces,
        bargap=0.02,
        hovermode="closest",
        xaxis=across(unit, domain=[0, 0.45], nticks=6),
        yaxis=axis(share, rangemode="tozero", nticks=5),
        xaxis2=across(translate(N_("Scaled units")), domain=[0.55, 1], nticks=6, anchor="y2"),
        yaxis2=axis(rangemode="tozero", anchor="x2", nticks=5),
        annotations=labels,
        showlegend=False,
    )


def distribution_alt(before: Array, after: Array, *, unit: str) -> Message:
    """Say mean, deviation and skewness before and after."""
    one, other = _moments(before), _moments(after)
    if one is None or other is None:
        return Message("distribution_empty", N_("There are no values to distribute."))
    names = ("mean", "deviation", "skewness")
    said: dict[str, object] = {"unit": unit}
    said |= {f"{name}_before": f"{value:.4g}" for name, value in zip(names, one, strict=True)}
    said |= {f"{name}_after": f"{value:.3g}" for name, value in zip(names, other, strict=True)}
    return Message(
        "distribution",
        N_(
            "Distribution before the transforms: mean {mean_before} {unit}, deviation "
            "{deviation_before}, skewness {skewness_before}; after them: mean {mean_after}, "
            "deviation {deviation_after}, skewness {skewness_after}."
        ),
        said,
    )


def _histogram(values: Array, column: str, row: str, colour: str) -> Trace:
    known = values[np.isfinite(values)].astype(np.float64)
    heights, middles, widths = np.zeros(0), np.zeros(0), np.zeros(0)
    if len(known):
        # Divided first, for the range of the largest floats has no number.
        scale = float(np.abs(known).max()) or 1.0
        wanted = int(np.clip(2 * np.cbrt(len(known)), LEAST_BINS, MOST_BINS))  # Rice's rule
        low, high = float((known / scale).min()), float((known / scale).max())
        if high - low < 1e-6:
            low, high, wanted = low - 0.5, high + 0.5, 1
        counts, edges = np.histogram(known / scale, bins=wanted, range=(low, high))
        heights = 100 * counts / len(known)
        middles, widths = (edges[:-1] + edges[1:]) / 2 * scale, np.diff(edges) * scale
    options: dict[str, Any] = {"marker": {"color": colour, "line": {"width": 0}}}
    return trace(
        "bar",
        x=numbers(middles),
        y=numbers(heights),
        width=numbers(widths),
        xaxis=column,
        yaxis=row,
        hovertemplate="%{x:.4~g}: %{y:.3~g} %<extra></extra>",
        **options,
    )


def _moments(values: Array) -> tuple[float, float, float] | None:
    known = values[np.isfinite(values)].astype(np.float64)
    if not len(known):
        return None
    scale = float(np.abs(known).max()) or 1.0
    level = known / scale
    mean, deviation = float(level.mean()), float(level.std())
    skewness = 0.0
    if deviation > 1e-12:
        skewness = float((((level - mean) / deviation) ** 3).mean())
    return mean * scale, deviation * scale, skewness
