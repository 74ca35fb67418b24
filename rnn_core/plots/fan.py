"""Forecasts of many steps with their intervals, and the forecasts of several seeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Spec, Trace, drawn, trace
from rnn_core.plots.forecast import test_part
from rnn_core.plots.frame import (
    Array,
    Translate,
    axis,
    cursor,
    figure,
    numbers,
    positions,
    time_axis,
)
from rnn_core.plots.methods import NETWORK, method_line

FILLS = (LIGHT.interval_95, LIGHT.interval_80, LIGHT.interval_50)


@drawn
def fan_figure(
    times: Array,
    forecast: Array,
    *,
    levels: tuple[float, ...] = (),
    lower: Array | None = None,
    upper: Array | None = None,
    truth: Array | None = None,
    history_times: Array,
    history: Array,
    baselines: Mapping[str, Array] | None = None,
    shown: tuple[str, ...] = (),
    boundary: int | None = None,
    restarts: Array | None = None,
    unit: str,
    time_label: str,
    translate: Translate = str,
) -> Spec:
    """Draw a forecast ``(horizon,)`` at ``times`` and the intervals around it, in ``unit``.

    ``lower`` and ``upper`` ``(levels, horizon)`` belong to ``levels``, NaN where there is no
    interval. ``history`` at ``history_times`` leads up to the forecast, ``truth`` ``(horizon,)``
    is what became of it, NaN where that is not known. ``baselines`` are ``(horizon,)`` by name;
    those not in ``shown`` wait in the legend. The test part begins at ``times[boundary]``; dotted
    lines at ``times[restarts]`` say where a run began from the truth anew.
    """
    x = positions(times)
    traces: list[Any] = []
    if lower is not None and upper is not None:
        widest_first = sorted(range(len(levels)), key=lambda place: -levels[place])
        for fill, place in zip(FILLS[-len(levels) :], widest_first, strict=True):
            name = translate(N_("{percent} % interval")).format(percent=f"{100 * levels[place]:g}")
            traces += filled(x, lower[place], upper[place], name=name, fill=fill)
    for name, values in (baselines or {}).items():
        traces.append(method_line(name, x, values, translate=translate, shown=name in shown))
    known = positions(history_times)
    actual = np.full(len(times), np.nan) if truth is None else truth
    traces.append(
        trace(
            "scatter",
            x=np.concatenate([known, x]),
            y=numbers(np.concatenate([history, actual])),
            name=translate(N_("Truth")),
            mode="lines",
            line={"color": LIGHT.truth, "width": 1.5},
            hovertemplate="%{y:.4~g}",
        )
    )
    traces.append(method_line(NETWORK, x, forecast, translate=translate))
    parts = [part for part in (history_times, times) if len(part)]
    marks = test_part(x, boundary, translate(N_("Test part")))
    if restarts is not None and len(restarts):
        marks["shapes"] = [*marks.get("shapes", []), *(cursor(x[place]) for place in restarts)]
    return figure(
        traces,
        xaxis=time_axis(np.concatenate(parts) if parts else times, time_label),
        yaxis=axis(unit),
        **marks,
    )


def fan_alt(
    forecast: Array,
    *,
    levels: tuple[float, ...] = (),
    lower: Array | None = None,
    upper: Array | None = None,
    truth: Array | None = None,
    unit: str,
) -> Message:
    """Say where a forecast of many steps goes, and how sure it is at the end."""
    if not len(forecast):
        return Message("fan_empty", N_("Forecast of many steps; there is none yet."))
    values: dict[str, object] = {
        "horizon": len(forecast),
        "first": f"{forecast[0]:.4g}",
        "last": f"{forecast[-1]:.4g}",
        "unit": unit,
    }
    known = np.array([], int) if truth is None else np.flatnonzero(np.isfinite(truth))
    if truth is not None and len(known):
        values["error"] = f"{np.abs(truth[known] - forecast[known]).mean():.3g}"
        return Message(
            "fan_truth",
            N_(
                "Forecast of {horizon} steps, from {first} to {last} {unit}, off by {error} on "
                "average where the truth is known."
            ),
            values,
        )
    sure = (
        []
        if lower is None or upper is None
        else [place for place in range(len(levels)) if np.isfinite(upper[place][-1])]
    )
    if lower is None or upper is None or not sure:
        return Message(
            "fan", N_("Forecast of {horizon} steps, from {first} to {last} {unit}."), values
        )
    place = max(sure, key=lambda place: levels[place])
    return Message(
        "fan_interval",
        N_(
            "Forecast of {horizon} steps, from {first} to {last} {unit}; at the end the interval "
            "of {percent} % reaches from {low} to {high}."
        ),
        values
        | {
            "percent": f"{100 * levels[place]:g}",
            "low": f"{lower[place][-1]:.4g}",
            "high": f"{upper[place][-1]:.4g}",
        },
    )


@drawn
def seeds_forecast_figure(
    times: Array,
    median: Array,
    low: Array,
    high: Array,
    *,
    truth: Array,
    unit: str,
    time_label: str,
    translate: Translate = str,
) -> Spec:
    """Draw the median ``(k,)`` of several seeds' forecasts, and the extremes around it."""
    x = positions(times)
    traces = [
        *filled(x, low, high, name=translate(N_("All seeds")), fill=LIGHT.interval_80),
        trace(
            "scatter",
            x=x,
            y=numbers(truth),
            name=translate(N_("Truth")),
            mode="lines",
            line={"color": LIGHT.truth, "width": 1.5},
            hovertemplate="%{y:.4~g}",
        ),
        method_line(NETWORK, x, median, translate=translate),
    ]
    return figure(traces, xaxis=time_axis(times, time_label), yaxis=axis(unit))


def seeds_forecast_alt(low: Array, high: Array, truth: Array, *, count: int, unit: str) -> Message:
    """Say how far the forecasts of ``count`` seeds lie apart."""
    known = np.isfinite(low) & np.isfinite(high) & np.isfinite(truth)
    if not known.any():
        return Message("seeds_forecast_empty", N_("Forecasts of several seeds; there are none."))
    inside = (low <= truth) & (truth <= high) & known
    return Message(
        "seeds_forecast",
        N_(
            "Forecasts of {count} seeds: they lie {apart} {unit} apart on average, and the truth "
            "is among them at {inside} of {points} times."
        ),
        {
            "count": count,
            "apart": f"{(high - low)[known].mean():.3g}",
            "unit": unit,
            "inside": int(inside.sum()),
            "points": int(known.sum()),
        },
    )


def filled(
    x: Array, lower: Array, upper: Array, *, name: str, fill: str, edge: str = ""
) -> list[Trace]:
    """Fill between two curves ``(k,)`` where both are numbers; none where there is nothing."""
    known = np.isfinite(lower) & np.isfinite(upper)
    if not known.any():
        return []
    line = {"width": 0.5 if edge else 0, "color": edge or fill}
    return [
        trace(
            "scatter",
            x=x[known],
            y=numbers(lower[known]),
            mode="lines",
            line=line,
            hoverinfo="skip",
            showlegend=False,
            legendgroup=name,
        ),
        trace(
            "scatter",
            x=x[known],
            y=numbers(upper[known]),
            customdata=numbers(lower[known]),
            name=name,
            mode="lines",
            line=line,
            fill="tonexty",
            fillcolor=fill,
            hovertemplate="%{customdata:.4~g} – %{y:.4~g}",
            legendgroup=name,
        ),
    ]
