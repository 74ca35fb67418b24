"""Errors of network and baselines: by steps ahead, and by origin of a backtest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.plots.drawn import Spec, drawn
from rnn_core.plots.frame import Array, Translate, across, axis, figure, positions, time_axis
from rnn_core.plots.methods import METHODS, NETWORK, method_line, method_name


@drawn
def horizon_error_figure(
    errors: Mapping[str, Array],
    *,
    measure: str,
    unit: str,
    translate: Translate = str,
) -> Spec:
    """Draw the error ``(horizon,)`` of each method by the number of steps ahead.

    ``errors`` are by method, ``measure`` names them (``"RMSE"``) and ``unit`` is theirs.
    """
    horizon = max((len(values) for values in errors.values()), default=0)
    steps = np.arange(1, horizon + 1, dtype=np.uint16)
    mode = "lines+markers" if horizon <= 24 else "lines"
    traces = [
        method_line(name, steps, errors[name], translate=translate, mode=mode)
        for name in _in_order(errors)
    ]
    return figure(
        traces,
        xaxis=across(translate(N_("Steps ahead"))),
        yaxis=axis(f"{measure} ({unit})" if unit else measure, rangemode="tozero"),
    )


def horizon_error_alt(errors: Mapping[str, Array], *, measure: str, unit: str) -> Message:
    """Say how the network's error grows and which method is best at the end."""
    network = errors.get(NETWORK, np.array([]))
    known = np.flatnonzero(np.isfinite(network))
    if not len(known):
        return Message("horizon_error_empty", N_("Error by steps ahead; there is no forecast yet."))
    last = int(known[-1])
    there = {name: values[last] for name, values in errors.items() if np.isfinite(values[last])}
    best = min(there, key=lambda name: there[name])
    return Message(
        "horizon_error",
        N_(
            "{measure} by steps ahead: that of the network goes from {first} at step {one} to "
            "{last} {unit} at step {end}, where {best} is best with {lowest}."
        ),
        {
            "measure": measure,
            "unit": unit,
            "one": int(known[0]) + 1,
            "first": f"{network[known[0]]:.3g}",
            "end": last + 1,
            "last": f"{network[last]:.3g}",
            "best": method_name(best),
            "lowest": f"{there[best]:.3g}",
        },
    )


@drawn
def backtest_figure(
    origin_times: Array,
    errors: Mapping[str, Array],
    *,
    measure: str,
    unit: str,
    time_label: str,
    translate: Translate = str,
) -> Spec:
    """Draw each method's error ``(origins,)`` over the horizon, by the time of the origin."""
    x = positions(origin_times)
    traces = [
        method_line(name, x, errors[name], translate=translate, mode="lines+markers")
        for name in _in_order(errors)
    ]
    return figure(
        traces,
        xaxis=time_axis(origin_times, time_label),
        yaxis=axis(f"{measure} ({unit})" if unit else measure, rangemode="tozero"),
    )


def backtest_alt(errors: Mapping[str, Array], *, measure: str, unit: str) -> Message:
    """Say how often the network is best, and how its error varies."""
    network = errors.get(NETWORK, np.array([]))
    known = np.isfinite(network)
    if not known.any():
        return Message("backtest_empty", N_("Errors of a backtest; no origin is done yet."))
    others = [values for name, values in errors.items() if name != NETWORK]
    lowest = np.min([np.where(np.isfinite(v), v, np.inf) for v in others], axis=0, initial=np.inf)
    return Message(
        "backtest",
        N_(
            "Backtest from {count} origins: {measure} of the network from {low} to {high} {unit}, "
            "the lowest of all methods at {wins} of them."
        ),
        {
            "count": int(known.sum()),
            "measure": measure,
            "low": f"{network[known].min():.3g}",
            "high": f"{network[known].max():.3g}",
            "unit": unit,
            "wins": int(np.sum(network[known] < np.broadcast_to(lowest, network.shape)[known])),
        },
    )


def _in_order(errors: Mapping[str, Array]) -> list[str]:
    """Give the baselines in the order of the legend and the network, on top, last."""
    names = [name for name in METHODS if name in errors]
    return [name for name in names if name != NETWORK] + [n for n in names if n == NETWORK]
