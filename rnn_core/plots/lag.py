"""A forecast, slid back over the truth: what gives a lagged copy away."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Spec, drawn, trace
from rnn_core.plots.frame import (
    Array,
    Translate,
    across,
    axis,
    figure,
    numbers,
    positions,
    time_axis,
)


@drawn
def lag_figure(
    times: Array,
    truth: Array,
    forecast: Array,
    correlations: Array,
    *,
    slide: int,
    unit: str,
    time_label: str,
    translate: Translate = str,
) -> Spec:
    """Draw truth and forecast ``(k,)``, that ``slide`` steps too early, and how well it fits.

    Below, ``correlations`` ``(lags,)`` of the forecast with the truth when it is slid back by 0,
    1, … steps; the bar of ``slide`` is the coloured one.
    """
    x = positions(times)
    kept = max(0, len(x) - slide)
    lags = np.arange(len(correlations), dtype=np.uint16)
    colours = [LIGHT.forecast if lag == slide else LIGHT.muted for lag in lags]
    traces: list[Any] = [
        trace(
            "scatter",
            x=x,
            y=numbers(truth),
            name=translate(N_("Truth")),
            mode="lines",
            line={"color": LIGHT.truth, "width": 1.5},
            hovertemplate="%{y:.4~g}",
        ),
        trace(
            "scatter",
            x=x[:kept],
            y=numbers(forecast[slide:]),
            name=translate(N_("Forecast, slid back by {steps}")).format(steps=slide),
            mode="lines",
            line={"color": LIGHT.forecast, "width": 2},
            hovertemplate="%{y:.4~g}",
        ),
        trace(
            "bar",
            x=lags,
            y=numbers(correlations),
            xaxis="x2",
            yaxis="y2",
            marker={"color": colours},
            hovertemplate="%{y:.3f}<extra></extra>",
            showlegend=False,
        ),
    ]
    low = min(0.0, float(np.min(correlations, initial=0)))
    return figure(
        traces,
        margin={"l": 52, "r": 8, "t": 38, "b": 40},
        xaxis=time_axis(times, time_label, anchor="y"),
        yaxis=axis(unit, domain=[0.48, 1]),
        xaxis2=across(translate(N_("Slid back by (steps)")), anchor="y2"),
        yaxis2=axis(translate(N_("Correlation")), domain=[0, 0.26], range=[low, 1], nticks=4),
    )


def lag_alt(correlations: Array) -> Message:
    """Say where the forecast fits the truth best."""
    if not len(correlations):
        return Message("lag_empty", N_("The forecast, slid back over the truth; there is none."))
    best = int(np.argmax(correlations))
    values: dict[str, object] = {
        "best": best,
        "there": f"{correlations[best]:.3f}",
        "here": f"{correlations[0]:.3f}",
    }
    if best == 0:
        return Message(
            "lag_none",
            N_("The forecast fits the truth best where it stands (correlation {here})."),
            values,
        )
    return Message(
        "lag",
        N_(
            "The forecast fits the truth best when slid back by {best} (correlation {there}; "
            "{here} where it stands)."
        ),
        values,
    )
