"""How each way to forecast is drawn: the same name, colour and dash in every figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Trace, trace
from rnn_core.plots.frame import Array, Translate, numbers

NETWORK = "network"


@dataclass(frozen=True)
class Look:
    """A method's name and line."""

    label: str
    colour: str
    dash: str = "solid"
    width: float = 1.25


METHODS: Mapping[str, Look] = {
    NETWORK: Look(N_("Network"), LIGHT.forecast, width=2),
    "persistence": Look(N_("Persistence"), LIGHT.persistence, "dot"),
    "mean": Look(N_("Mean"), LIGHT.mean, "longdash"),
    "drift": Look(N_("Drift"), LIGHT.drift, "dashdot"),
    "seasonal_naive": Look(N_("Seasonal naive"), LIGHT.seasonal_naive, "dash"),
    "theta": Look(N_("Theta"), LIGHT.theta, "longdashdot"),
    "ets": Look(N_("ETS"), LIGHT.ets, "8px,2px"),
}


def method_line(
    name: str, x: Array, y: Array, *, translate: Translate, shown: bool = True, **options: Any
) -> Trace:
    """Draw ``(k,)`` values of a method at ``x``; not ``shown``, it waits in the legend."""
    look = METHODS[name]
    return trace(
        "scatter",
        x=x,
        y=numbers(y),
        name=translate(look.label),
        line={"color": look.colour, "width": look.width, "dash": look.dash},
        visible=True if shown else "legendonly",
        hovertemplate="%{y:.4~g}",
        **({"mode": "lines"} | options),
    )


def method_name(name: str) -> Message:
    """Give a method's name for a sentence."""
    return Message("method", METHODS[name].label)
