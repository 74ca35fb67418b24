"""The coverage of intervals: promised and measured."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Spec, drawn, trace
from rnn_core.plots.frame import Array, Translate, across, axis, figure, numbers

COLOURS = (LIGHT.training_loss, LIGHT.forecast, LIGHT.seasonal_naive)
"""Of the levels, the lowest first; a promise has the colour of what became of it."""


@drawn
def coverage_figure(
    levels: tuple[float, ...], shares: Array, *, translate: Translate = str
) -> Spec:
    """Draw the shares ``(levels, horizon)`` of test points that were inside, in percent, by step.

    The promise of each level is a dotted line; NaN is a gap.
    """
    steps = np.arange(1, shares.shape[1] + 1, dtype=np.uint16)
    mode = "lines+markers" if len(steps) <= 24 else "lines"
    traces: list[Any] = []
    for level, share, colour in zip(levels, shares, COLOURS, strict=False):
        percent = f"{100 * level:g}"
        traces.append(
            trace(
                "scatter",
                x=steps,
                y=numbers(np.full(len(steps), 100 * level)),
                name=translate(N_("{percent} % promised")).format(percent=percent),
                mode="lines",
                line={"color": colour, "width": 1, "dash": "dot"},
                hoverinfo="skip",
                showlegend=False,
            )
        )
        traces.append(
            trace(
                "scatter",
                x=steps,
                y=numbers(100 * share),
                name=translate(N_("{percent} % interval")).format(percent=percent),
                mode=mode,
                line={"color": colour, "width": 2},
                hovertemplate="%{y:.0f} %",
            )
        )
    return figure(
        traces,
        xaxis=across(translate(N_("Steps ahead"))),
        yaxis=axis(translate(N_("Test points inside (%)")), range=[0, 102]),
    )


def coverage_alt(levels: tuple[float, ...], shares: Array) -> Message:
    """Say how far the level that misses its promise most misses it."""
    missed = shares - np.array(levels)[:, None]
    if not np.isfinite(missed).any():
        return Message("coverage_empty", N_("Coverage by steps ahead; there are no intervals."))
    level, step = np.unravel_index(np.nanargmax(np.abs(missed)), missed.shape)
    return Message(
        "coverage",
        N_(
            "Coverage by steps ahead: farthest from their promise are the intervals of {promised} "
            "%, which hold {measured} % of the test points at step {step}."
        ),
        {
            "promised": f"{100 * levels[level]:g}",
            "measured": f"{100 * shares[level, step]:.0f}",
            "step": int(step) + 1,
        },
    )
