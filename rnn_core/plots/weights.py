"""Weights: as matrices, as histograms over epochs, and by their eigenvalues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.cells import Scale, matrix_spec, unit_names, units_axis
from rnn_core.plots.curves import LINES
from rnn_core.plots.drawn import Spec, drawn, trace
from rnn_core.plots.frame import Array, Translate, across, axis, figure, numbers

BETWEEN: Mapping[str, str] = {
    "h": N_("from unit {row} to unit {column}"),
    "x": N_("from input {row} to unit {column}"),
    "below": N_("from unit {row} of the layer below to unit {column}"),
    "y": N_("from unit {row} to output {column}"),
}
"""What weights lie between: W_hh, W_xh of the first layer and of one above it, W_hy."""
SYMBOLS = ("circle", "diamond", "square", "cross")


@drawn
def weights_figure(
    matrix: Array,
    *,
    limit: float,
    label: str,
    row_label_text: str,
    column_label_text: str,
    row_names: Sequence[str] | None = None,
    translate: Translate = str,
) -> Spec:
    """Draw a matrix of weights ``(rows, columns)`` from ``-limit`` to ``limit``.

    A row is what a weight comes from, a column the unit it goes to; both are numbered from 1,
    rows by ``row_names`` where those are given.
    """
    rows, columns = matrix.shape
    hover = f"{row_label_text} %{{y}} → {column_label_text} %{{x}}<br>{translate(N_('weight'))} = "
    return matrix_spec(
        unit_names(np.arange(columns)),
        np.asarray(row_names) if row_names is not None else unit_names(np.arange(rows)),
        matrix,
        Scale(limit),
        hover=lambda value: hover + value,
        name="W",
        label=label,
        xaxis=across(column_label_text, type="category", nticks=8),
        yaxis=axis(row_label_text, **units_axis()),
    )


def weights_alt(matrix: Array, *, label: str, between: str = "h") -> Message:
    """Say how large a matrix of weights is, and where its largest stands.

    ``between``, a key of ``BETWEEN``, says what its rows and columns are.
    """
    if not matrix.size:
        return Message("weights_empty", N_("Weights {label}; there are none."), {"label": label})
    row, column = np.unravel_index(np.abs(matrix).argmax(), matrix.shape)
    return Message(
        "weights",
        N_(
            "Weights {label}, {rows} × {columns}: from {low} to {high}, deviation {deviation}; the "
            "largest by amount goes {way}."
        ),
        {
            "label": label,
            "rows": matrix.shape[0],
            "columns": matrix.shape[1],
            "low": f"{matrix.min():.3g}",
            "high": f"{matrix.max():.3g}",
            "deviation": f"{matrix.std():.3g}",
            "way": Message(
                "weights.way", BETWEEN[between], {"row": int(row) + 1, "column": int(column) + 1}
            ),
        },
    )


def weight_shares(weights: Sequence[Array], *, limit: float, bins: int = 61) -> tuple[Array, Array]:
    """Give the middles ``(bins,)`` of equal bins from ``-limit`` to ``limit``, and shares.

    Shares ``(epochs, bins)`` are those of the weights of each epoch; what is beyond the limit
    counts in the outermost bin.
    """
    ends = np.linspace(-limit, limit, bins + 1)
    counted = [np.histogram(np.clip(each, -limit, limit), ends)[0] / each.size for each in weights]
    return (ends[:-1] + ends[1:]) / 2, np.array(counted).reshape(len(weights), bins)


@drawn
def histograms_figure(
    epochs: Array,
    middles: Array,
    shares: Array,
    *,
    label: str,
    most: float | None = None,
    translate: Translate = str,
) -> Spec:
    """Draw how weights are spread, epoch by epoch, from :func:`weight_shares`.

    One column an epoch kept, so the axis is not to scale. ``most`` is the share at which the
    colours end, by default the largest there is.
    """
    hover = (
        f"{translate(N_('Epoch'))} %{{x}}<br>{translate(N_('weight'))} %{{y:.3~g}}<br>"
        f"{translate(N_('share'))} "
    )
    return matrix_spec(
        np.asarray(epochs).astype(np.uint16),
        numbers(middles),
        shares.T,
        Scale(float(shares.max(initial=0)) if most is None else most, signed=False),
        hover=lambda value: hover + value,
        name="",
        label=label,
        xaxis=across(translate(N_("Epoch")), type="category", nticks=8),
        yaxis=axis(translate(N_("Weight")), showgrid=False),
    )


def histograms_alt(epochs: Array, middles: Array, shares: Array, *, label: str) -> Message:
    """Say how the spread of the weights changes."""
    if not shares.size:
        return Message(
            "histograms_empty",
            N_("Spread of the weights {label}; there is nothing to show yet."),
            {"label": label},
        )
    means = shares @ middles
    deviations = np.sqrt(np.maximum(shares @ np.square(middles) - np.square(means), 0))
    return Message(
        "histograms",
        N_(
            "Spread of the weights {label}: deviation {start} after epoch {first}, {end} after "
            "epoch {last}."
        ),
        {
            "label": label,
            "first": int(epochs[0]),
            "last": int(epochs[-1]),
            "start": f"{deviations[0]:.3g}",
            "end": f"{deviations[-1]:.3g}",
        },
    )


@drawn
def eigenvalues_figure(
    eigenvalues: Mapping[str, Array], *, limit: float, translate: Translate = str
) -> Spec:
    """Draw complex eigenvalues ``(units,)`` by name against the unit circle.

    Both axes run from ``-limit`` to ``limit``, at least as far as the circle.
    """
    reach = max(1.1, limit)
    traces: list[Any] = [
        trace(
            "scatter",
            x=numbers(values.real),
            y=numbers(values.imag),
            name=name,
            mode="markers",
            marker={"size": 6, "color": colour, "symbol": symbol, "opacity": 0.8},
            hovertemplate="%{x:.3f} + %{y:.3f} i",
        )
        for (name, values), (colour, _), symbol in zip(
            eigenvalues.items(), LINES, SYMBOLS, strict=False
        )
    ]
    circle = {"type": "circle", "x0": -1, "x1": 1, "y0": -1, "y1": 1, "layer": "below"}
    return figure(
        traces,
        hovermode="closest",
        xaxis=axis(translate(N_("Real part")), range=[-reach, reach], nticks=5),
        yaxis=axis(
            translate(N_("Imaginary part")), range=[-reach, reach], scaleanchor="x", nticks=5
        ),
        shapes=[{**circle, "line": {"color": LIGHT.muted, "width": 1.5}}],
    )


def eigenvalues_alt(eigenvalues: Mapping[str, Array], finding: Message) -> Message:
    """Say where the eigenvalues lie; ``finding`` is what ``spectrum_said`` says of them."""
    count = sum(len(values) for values in eigenvalues.values())
    outside = sum(int((np.abs(values) > 1).sum()) for values in eigenvalues.values())
    return Message(
        "eigenvalues",
        N_("Eigenvalues of W_hh against the unit circle: {outside} of {count} outside. {finding}"),
        {"outside": outside, "count": count, "finding": finding},
    )
