"""States and gates of one layer: units over time steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.plots.cells import (
    Scale,
    heatmap,
    over_time,
    thin_steps,
    thinned_label,
    unit_names,
    units_axis,
)
from rnn_core.plots.drawn import Spec, drawn
from rnn_core.plots.frame import (
    Array,
    Translate,
    axis,
    cursor,
    edges,
    figure,
    positions,
    row_label,
    time_axis,
)

SIGNED_GATES = frozenset({"g", "candidate"})  # what an activation gives, from -1 to 1
OPEN, CLOSED = 0.9, 0.1


@drawn
def states_figure(
    times: Array,
    states: Array,
    *,
    symbol: str,
    limit: float,
    label: str,
    unit_order: Array | None = None,
    step: int | None = None,
    translate: Translate = str,
) -> Spec:
    """Draw states ``(timesteps, units)`` (h or c, or a gradient) from ``-limit`` to ``limit``.

    ``symbol`` is what a value is called, "c" say. ``unit_order`` lists the units, counted from 0,
    from top to bottom. ``step`` marks one of ``times``. More than 1,024 steps are thinned, and the
    figure says so.
    """
    rows = {symbol: (states, Scale(limit))}
    return _rows(times, rows, label, unit_order, step, translate)


@drawn
def gates_figure(
    times: Array,
    gates: Mapping[str, Array],
    *,
    label: str,
    unit_order: Array | None = None,
    step: int | None = None,
    translate: Translate = str,
) -> Spec:
    """Draw gates by name, ``(timesteps, units)`` each, one row a gate on one time axis.

    Gates run from 0, closed, to 1, open; what they let in (``g``, ``candidate``) from -1 to 1.
    """
    rows = {name: (values, Scale(1, name in SIGNED_GATES)) for name, values in gates.items()}
    return _rows(times, rows, label, unit_order, step, translate)


def _rows(
    times: Array,
    rows: Mapping[str, tuple[Array, Scale]],
    label: str,
    unit_order: Array | None,
    step: int | None,
    translate: Translate,
) -> Spec:
    traces: list[Any] = []
    axes: dict[str, Any] = {}
    labels = []
    whole = positions(times)
    gap = 0.07
    height = (1 - gap * len(rows)) / max(1, len(rows))
    shown = whole
    for index, (name, (values, scale)) in enumerate(rows.items()):
        units = values.shape[1]
        order = np.arange(units) if unit_order is None else np.asarray(unit_order)
        shown, thinned, width = thin_steps(times, values)
        top = 1 - gap - index * (height + gap)
        domain = (max(0.0, top - height), top)
        row = "y" if index == 0 else f"y{index + 1}"
        hover = over_time(translate, name)
        cells = thinned.T[order]
        traces.append(
            heatmap(
                shown, unit_names(order), cells, scale,
                hover=hover, name=name if index == 0 else "", row=row, domain=domain,
            )
        )  # fmt: skip
        axes[row.replace("y", "yaxis")] = axis(
            domain=list(domain), **units_axis(nticks=max(2, 8 // len(rows)))
        )
        title = f"{label} · {name}" if label else name
        labels.append(row_label(thinned_label(title, width, translate), row))
    bottom = "y" if len(rows) < 2 else f"y{len(rows)}"
    return figure(
        traces,
        hovermode="closest",
        margin={"l": 52, "r": 48, "t": 20, "b": 40},
        xaxis=time_axis(times, translate(N_("Time step")), anchor=bottom, range=edges(shown)),
        annotations=labels,
        shapes=[cursor(whole[step])] if step is not None and step < len(whole) else [],
        **axes,
    )


def states_alt(states: Array, *, symbol: str, label: str) -> Message:
    """Say what states ``(timesteps, units)`` do."""
    values: dict[str, object] = {"symbol": symbol, "label": label}
    if not states.size:
        return Message(
            "states_empty", N_("{symbol} of {label}; there is nothing to show yet."), values
        )
    return Message(
        "states",
        N_(
            "{symbol} of {label}: {units} units over {steps} time steps, values from {low} to "
            "{high}; unit {unit} changes most."
        ),
        values
        | {
            "units": states.shape[1],
            "steps": states.shape[0],
            "low": f"{states.min():.3g}",
            "high": f"{states.max():.3g}",
            "unit": int(np.ptp(states, axis=0).argmax()) + 1,
        },
    )


def gates_alt(gates: Mapping[str, Array], *, label: str) -> Message:
    """Say how often the gates are open and closed."""
    real = {name: values for name, values in gates.items() if name not in SIGNED_GATES}
    if not real or not all(values.size for values in real.values()):
        return Message("gates_empty", N_("Gates of {label}; there are none."), {"label": label})
    opened = {name: float((values > OPEN).mean()) for name, values in real.items()}
    closed = {name: float((values < CLOSED).mean()) for name, values in real.items()}
    return Message(
        "gates",
        N_("Gates of {label}: {open}; {closed}."),
        {"label": label, "open": _most_open(opened), "closed": _most_closed(closed)},
    )


def _most_open(shares: Mapping[str, float]) -> Message:
    name = max(shares, key=lambda each: shares[each])
    values: dict[str, object] = {"gate": name, "percent": _percent(shares[name]), "high": OPEN}
    if not shares[name]:
        return Message("gates_open_never", N_("none is ever open (above {high})"), values)
    template = N_("{gate} is open (above {high}) most often, {percent} % of the time")
    return Message("gates_open", template, values)


def _most_closed(shares: Mapping[str, float]) -> Message:
    name = max(shares, key=lambda each: shares[each])
    values: dict[str, object] = {"gate": name, "percent": _percent(shares[name]), "low": CLOSED}
    if not shares[name]:
        return Message("gates_closed_never", N_("none is ever closed (below {low})"), values)
    template = N_("{gate} is closed (below {low}) most often, {percent} % of the time")
    return Message("gates_closed", template, values)


def _percent(share: float) -> str:
    """Write a share that is not 0 so that it does not read as 0."""
    return f"{100 * share:.0f}" if share >= 0.005 else f"{100 * share:.1g}"
