"""The parts of a series, one under the other."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Spec, drawn, trace
from rnn_core.plots.frame import (
    Array,
    Translate,
    axis,
    figure,
    numbers,
    positions,
    row_label,
    time_axis,
)
from rnn_core.plots.thin import thin_series
from rnn_core.series.diagnostics import Decomposition

ROW_POINTS = 1_000
GAP = 0.07  # between two rows, as a share of the height


@drawn
def decomposition_figure(
    times: Array, found: Decomposition, *, unit: str, time_label: str, translate: Translate = str
) -> Spec:
    """Draw the series over its trend, season and remainder, in ``unit``, on one time axis.

    ``times`` ``(n,)`` are those of the whole series, datetime64 or step numbers.
    """
    shown = times[found.start : found.start + len(found.values)]
    rows = (
        (found.values, f"{translate(N_('Series'))} ({unit})" if unit else translate(N_("Series"))),
        (found.trend, translate(N_("Trend"))),
        (found.season, translate(N_("Season"))),
        (found.remainder, translate(N_("Remainder"))),
    )
    traces, layout, labels = [], {}, []
    height = (1 - GAP * (len(rows) - 1)) / len(rows)
    for row, (values, name) in enumerate(rows):
        kept = thin_series(values, points=ROW_POINTS)
        suffix = "" if row == 0 else str(row + 1)
        traces.append(
            trace(
                "scatter",
                x=positions(shown[kept]),
                y=numbers(values[kept]),
                yaxis=f"y{suffix}",
                name=name,
                mode="lines",
                line={"color": LIGHT.truth, "width": 1.2},
                hovertemplate="%{y:.4~g}<extra></extra>",
                showlegend=False,
            )
        )
        top = 1 - row * (height + GAP)
        layout[f"yaxis{suffix}"] = axis(domain=[max(0.0, top - height), top], nticks=4)
        labels.append(row_label(name, f"y{suffix}"))
    spike: dict[str, Any] = {"showspikes": True, "spikemode": "across"}
    return figure(
        traces,
        hovermode="x",
        margin={"l": 52, "r": 8, "t": 20, "b": 40},
        xaxis=time_axis(shown, time_label, anchor="y4", **spike),
        annotations=labels,
        **layout,
    )


def decomposition_alt(found: Decomposition, *, unit: str) -> Message:
    """Say how strong trend and season are, and how far the remainder goes."""
    return Message(
        "decomposition",
        N_(
            "The series taken apart with a season of {period} steps: strength of the trend "
            "{trend}, of the season {season}, from 0 to 1; the remainder has a deviation of "
            "{remainder} {unit}."
        ),
        {
            "period": found.period,
            "trend": f"{found.trend_strength:.2f}",
            "season": f"{found.season_strength:.2f}",
            "remainder": f"{np.std(found.remainder):.3g}",
            "unit": unit,
        },
    )
