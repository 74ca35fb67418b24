"""The one-step forecast against the truth."""

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


@drawn
def forecast_figure(
    times: Array,
    truth: Array,
    forecast: Array,
    *,
    history_times: Array,
    history: Array,
    boundary: int | None,
    persistence: Array | None = None,
    seasonal_naive: Array | None = None,
    unit: str,
    time_label: str,
    translate: Translate = str,
) -> Spec:
    """Draw the forecasts for the held-out part, and what was measured there.

    ``times``, ``truth``, ``forecast`` and the baselines have the shape ``(held_out,)``, values
    are in ``unit``. ``history`` at ``history_times`` leads up to them. Times are datetime64 or
    step numbers. The test part begins at ``times[boundary]``; None leaves it unmarked. A NaN is a
    gap. The baselines wait in the legend to be switched on.
    """
    baselines = (
        (persistence, translate(N_("Persistence")), LIGHT.persistence, "dot"),
        (seasonal_naive, translate(N_("Seasonal naive")), LIGHT.seasonal_naive, "dash"),
    )
    x = positions(times)
    truth_times = np.concatenate([positions(history_times), x])
    traces: list[Any] = [
        trace(
            "scatter",
            x=x,
            y=numbers(values),
            name=name,
            mode="lines",
            line={"color": colour, "width": 1, "dash": dash},
            visible="legendonly",
            hovertemplate="%{y:.4~g}",
            legendrank=1001 + rank,
        )
        for rank, (values, name, colour, dash) in enumerate(baselines)
        if values is not None
    ]
    traces += [
        trace(
            "scatter",
            x=moments,
            y=numbers(values),
            name=name,
            mode="lines",
            line={"color": colour, "width": width},
            hovertemplate="%{y:.4~g}",
        )
        for moments, values, name, colour, width in (
            (
                truth_times,
                np.concatenate([history, truth]),
                translate(N_("Truth")),
                LIGHT.truth,
                1.5,
            ),
            (x, forecast, translate(N_("Forecast")), LIGHT.forecast, 2),
        )
    ]
    known = [part for part in (history_times, times) if len(part)]
    return figure(
        traces,
        xaxis=time_axis(np.concatenate(known) if known else times, time_label),
        yaxis=axis(unit),
        **test_part(x, boundary, translate(N_("Test part"))),
    )


def forecast_alt(truth: Array, forecast: Array, *, unit: str) -> Message:
    """Say how far the forecast is from the truth."""
    both = np.isfinite(truth) & np.isfinite(forecast)
    if not both.any():
        return Message("forecast_empty", N_("Forecast against truth; there is no forecast yet."))
    error = np.abs(truth[both].astype(np.float64) - forecast[both]).mean()
    return Message(
        "forecast",
        N_(
            "Forecast against truth at {count} times: the truth lies between {low} and {high} "
            "{unit}, the forecast is off by {error} on average."
        ),
        {
            "count": int(both.sum()),
            "low": f"{truth[both].min():.4g}",
            "high": f"{truth[both].max():.4g}",
            "error": f"{error:.3g}",
            "unit": unit,
        },
    )


def test_part(x: Array, boundary: int | None, label: str) -> dict[str, Any]:
    """Shade what lies after the boundary, from halfway to the step before it."""
    if boundary is None or not 0 <= boundary < len(x):
        return {}
    start = x[boundary] if boundary == 0 else (x[boundary - 1] + x[boundary]) / 2
    return {
        "shapes": [
            {
                "type": "rect",
                "layer": "below",
                "x0": float(start),
                "x1": float(x[-1]),
                "yref": "y domain",
                "y0": 0,
                "y1": 1,
                "fillcolor": LIGHT.test_part,
                "line": {"width": 0},
            }
        ],
        "annotations": [
            {
                "text": label,
                "x": float(start),
                "xanchor": "left",
                "yref": "y domain",
                "y": 1,
                "yanchor": "top",
                "showarrow": False,
                "font": {"size": SMALL_SIZE, "color": LIGHT.muted},
            }
        ],
    }
