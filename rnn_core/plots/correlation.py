"""ACF over PACF, with the bounds that chance stays within."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Spec, drawn, trace
from rnn_core.plots.frame import Array, Translate, across, axis, figure, numbers, row_label
from rnn_core.series.diagnostics import Autocorrelation


@drawn
def correlation_figure(
    found: Autocorrelation, *, season: int = 0, time_unit: str, translate: Translate = str
) -> Spec:
    """Draw ACF and PACF against the lag in ``time_unit``, with their 95 % bounds.

    What goes beyond its bound is in colour. A ``season`` among the lags is marked.
    """
    pacf_bound = np.full(len(found.lags), found.pacf_bound)
    traces = [
        *_row(found.lags, found.acf, found.acf_bound, "y", translate),
        *_row(found.lags, found.pacf, pacf_bound, "y2", translate),
    ]
    shapes = []
    if 0 < season <= len(found.lags):
        line = {"color": LIGHT.muted, "width": 1, "dash": "dot"}
        shapes = [{"type": "line", "x0": season, "x1": season, "yref": "paper", "y0": 0, "y1": 1}]
        shapes[0] |= {"line": line, "layer": "below"}
    high = max([1.0, *np.abs(found.acf), *np.abs(found.pacf)])
    scale: dict[str, Any] = {"range": [-1.05 * high, 1.05 * high], "nticks": 5, "zeroline": True}
    scale |= {"zerolinecolor": LIGHT.grid}
    return figure(
        traces,
        barmode="overlay",
        bargap=0.4,
        margin={"l": 52, "r": 8, "t": 20, "b": 40},
        xaxis=across(f"{translate(N_('Lag'))} ({time_unit})", anchor="y2", range=_ends(found.lags)),
        yaxis=axis(domain=[0.56, 1], **scale),
        yaxis2=axis(domain=[0, 0.44], **scale),
        shapes=shapes,
        annotations=[
            row_label(translate(N_("Autocorrelation (ACF)")), "y"),
            row_label(translate(N_("Partial autocorrelation (PACF)")), "y2"),
        ],
        showlegend=False,
    )


def correlation_alt(found: Autocorrelation) -> Message:
    """Say how many correlations go beyond chance, and where the strongest is."""
    beyond = int((np.abs(found.acf) > found.acf_bound).sum())
    partial = np.flatnonzero(np.abs(found.pacf) > found.pacf_bound)
    strongest = int(np.abs(found.acf).argmax())
    return Message(
        "correlation",
        N_(
            "Autocorrelation up to lag {lags}: {beyond} lags go beyond the 95 % bounds, the "
            "strongest is {value} at lag {lag}; of the partial ones {partial} do, the last at lag "
            "{last}."
        ),
        {
            "lags": len(found.lags),
            "beyond": beyond,
            "value": f"{found.acf[strongest]:.2f}",
            "lag": int(found.lags[strongest]),
            "partial": len(partial),
            "last": int(found.lags[partial[-1]]) if len(partial) else "–",
        },
    )


def _row(lags: Array, values: Array, bound: Array, row: str, translate: Translate) -> list[Any]:
    places = lags.astype(np.uint16)
    beyond = np.abs(values) > bound
    hover = f"{translate(N_('Lag'))} %{{x}}: %{{y:.2f}}<extra></extra>"
    bars = [
        trace(
            "bar",
            x=places[chosen],
            y=numbers(values[chosen]),
            yaxis=row,
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate=hover,
        )
        for chosen, colour in ((beyond, LIGHT.training_loss), (~beyond, LIGHT.muted))
    ]
    bounds = [
        trace(
            "scatter",
            x=places,
            y=numbers(sign * bound),
            yaxis=row,
            mode="lines",
            line={"color": LIGHT.muted, "width": 1, "dash": "dash"},
            hoverinfo="skip",
        )
        for sign in (1, -1)
    ]
    return [*bars, *bounds]


def _ends(lags: Array) -> list[float]:
    return [0.4, len(lags) + 0.6]
