"""One step ahead, several steps ahead and into the future, in one picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Spec, drawn, trace
from rnn_core.plots.fan import FILLS, filled
from rnn_core.plots.forecast import test_part
from rnn_core.plots.frame import (
    SMALL_SIZE,
    Array,
    Translate,
    axis,
    cursor,
    figure,
    numbers,
    positions,
    time_axis,
)


@drawn
def together_figure(
    times: Array,
    truth: Array,
    one_step: Array,
    free_run: Array,
    *,
    levels: tuple[float, ...] = (),
    lower: Array | None = None,
    upper: Array | None = None,
    history_times: Array,
    history: Array,
    boundary: int | None = None,
    future: int,
    restarts: Array | None = None,
    unit: str,
    time_label: str,
    translate: Translate = str,
) -> Spec:
    """Draw ``(k,)`` forecasts at ``times`` beside the truth, NaN where there is none, in ``unit``.

    ``one_step`` is made from the true values before each point, ``free_run`` without any of them
    since ``times[restarts]``; from ``times[future]`` on there is no truth. ``lower`` and ``upper``
    ``(levels, k)`` belong to ``levels``. ``history`` at ``history_times`` leads up to them, and the
    test part begins at ``times[boundary]``.
    """
    x = positions(times)
    traces: list[Any] = []
    if lower is not None and upper is not None:
        widest_first = sorted(range(len(levels)), key=lambda place: -levels[place])
        for fill, place in zip(FILLS[-len(levels) :], widest_first, strict=True):
            name = translate(N_("{percent} % interval")).format(percent=f"{100 * levels[place]:g}")
            traces += filled(x, lower[place], upper[place], name=name, fill=fill)
    before = positions(history_times)
    for name, places, values, line in (
        (N_("Truth"), np.concatenate([before, x]), np.concatenate([history, truth]),
         {"color": LIGHT.truth, "width": 1.5}),
        (N_("Network, one step ahead"), x, one_step, {"color": LIGHT.forecast, "width": 2}),
        (N_("Network, several steps ahead"), x, free_run,
         {"color": LIGHT.forecast, "width": 1.75, "dash": "4px,3px"}),
    ):  # fmt: skip
        traces.append(
            trace(
                "scatter",
                x=places,
                y=numbers(values),
                name=translate(name),
                mode="lines",
                line=line,
                hovertemplate="%{y:.4~g}",
            )
        )
    marks = test_part(x[:future], boundary, translate(N_("Test part")))
    shapes = [*marks.get("shapes", [])]
    notes = [*marks.get("annotations", [])]
    shapes += [cursor(x[place]) for place in (restarts if restarts is not None else ())]
    if 0 < future < len(x):
        today = float((x[future - 1] + x[future]) / 2)
        shapes.append(cursor(today) | {"line": {"color": LIGHT.text, "width": 1}})
        notes.append(
            {
                "text": translate(N_("Future")),
                "x": today,
                "xanchor": "left",
                "yref": "y domain",
                "y": 1,
                "yanchor": "top",
                "showarrow": False,
                "font": {"size": SMALL_SIZE, "color": LIGHT.muted},
            }
        )
    parts = [part for part in (history_times, times) if len(part)]
    return figure(
        traces,
        xaxis=time_axis(np.concatenate(parts) if parts else times, time_label),
        yaxis=axis(unit),
        shapes=shapes,
        annotations=notes,
    )


def together_alt(truth: Array, one_step: Array, free_run: Array, *, unit: str) -> Message:
    """Say how far off either forecast ``(k,)`` is where the truth is known, and where it ends."""
    off = []
    for forecast in (one_step, free_run):
        known = np.isfinite(truth) & np.isfinite(forecast)
        off.append(f"{np.abs(truth[known] - forecast[known]).mean():.3g}" if known.any() else "–")
    if not len(free_run):
        return Message("together_empty", N_("Forecasts beside the truth; there are none yet."))
    return Message(
        "together",
        N_(
            "Where the truth is known, the forecast one step ahead is off by {one_step} {unit} on "
            "average and that of several steps by {free_run}; it ends in the future at {last}."
        ),
        {
            "one_step": off[0],
            "free_run": off[1],
            "unit": unit,
            "last": f"{free_run[-1]:.4g}",
        },
    )
