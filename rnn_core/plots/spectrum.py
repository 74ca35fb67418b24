"""The spectrum: at which frequencies, and so at which periods, a series moves."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Spec, drawn, trace
from rnn_core.plots.frame import Translate, across, axis, figure, numbers
from rnn_core.series.diagnostics import Spectrum

DECADES = 6  # of power from the highest peak down; what lies below is rounding or nothing
TICKS = (2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)


@drawn
def spectrum_figure(found: Spectrum, *, season: int = 0, translate: Translate = str) -> Spec:
    """Draw the share of the variance against the frequency in cycles per step, both in logarithms.

    The frequencies are marked as fractions: 1/12 is a period of 12 steps. A ``season`` is marked.
    """
    power = np.where(found.power > 0, found.power, np.nan)
    per_step = translate(N_("cycles per step"))
    traces: list[Any] = [
        trace(
            "scatter",
            x=numbers(found.frequency),
            y=numbers(100 * power),
            customdata=numbers(found.period),
            mode="lines",
            line={"color": LIGHT.truth, "width": 1.2},
            hovertemplate=(
                f"%{{x:.3~g}} {per_step}<br>{translate(N_('Period'))} %{{customdata:.4~g}}<br>"
                "%{y:.3~g} %<extra></extra>"
            ),
            showlegend=False,
        )
    ]
    longest = 1 / found.frequency[0]
    ticks = [period for period in TICKS if period <= longest]
    shapes = []
    if 2 <= season <= longest:
        ticks = [period for period in ticks if abs(np.log(period / season)) > 0.2] + [season]
        line = {"color": LIGHT.muted, "width": 1, "dash": "dot"}
        marked = {"type": "line", "x0": 1 / season, "x1": 1 / season, "yref": "paper"}
        shapes = [marked | {"y0": 0, "y1": 1, "line": line, "layer": "below"}]
    scale: dict[str, Any] = {"type": "log", "tickformat": "~g", "dtick": 1}
    if found.power.any():
        top = float(np.log10(100 * found.power.max()))
        bottom = max(top - DECADES, float(np.log10(100 * np.nanmin(power))))
        scale["range"] = [bottom - 0.2, top + 0.3]
    return figure(
        traces,
        hovermode="closest",
        xaxis=across(
            translate(N_("Frequency (cycles per step)")),
            type="log",
            tickangle=0,
            tickvals=[1 / period for period in ticks],
            ticktext=[f"1/{period}" for period in ticks],
        ),
        yaxis=axis(translate(N_("Share of variance (%)")), **scale),
        shapes=shapes,
    )


def spectrum_alt(found: Spectrum) -> Message:
    """Say at which period most of the variance is."""
    if not found.power.any():
        return Message("spectrum_empty", N_("The spectrum is empty: nothing changes but a line."))
    highest = int(found.power.argmax())
    # A cycle seldom falls on one frequency alone.
    near = slice(max(0, highest - 2), highest + 3)
    return Message(
        "spectrum",
        N_(
            "Spectrum: highest at a period of {period} steps ({frequency} cycles per step), where "
            "{percent} % of the variance is."
        ),
        {
            "period": f"{found.period[highest]:.4g}",
            "frequency": f"{found.frequency[highest]:.3g}",
            "percent": f"{100 * found.power[near].sum():.0f}",
        },
    )
