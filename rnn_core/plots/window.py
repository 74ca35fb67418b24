"""What the network sees: one window and its target, on the series and as it is fed in."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Spec, Trace, drawn, trace
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
from rnn_core.plots.series import parts_in_time
from rnn_core.plots.thin import thin_series
from rnn_core.windows import Windows

BACKDROP_POINTS = 1_000


@drawn
def window_figure(
    windows: Windows, target: int, *, time_label: str, translate: Translate = str
) -> Spec:
    """Draw the window of ``target``, an index of the series, over what is fed in.

    Above, the series in its unit with the parts in colour, the window's values thick and the
    target, or each of several, as a dot. Below, the window as the network gets it, transformed, and
    what it should say. Raises ``IndexError`` where ``target`` has no window.
    """
    _check(windows, target)
    series = windows.series
    steps = np.arange(target - windows.timesteps, target)
    kept = thin_series(series.values, points=BACKDROP_POINTS)
    here = np.arange(target, min(target + windows.steps, len(series)))
    seen, said = windows.inputs(here[:1])[0, :, 0], windows.outputs(here[:1]).ravel()[: len(here)]
    window_name, target_name = translate(N_("Window")), translate(N_("Target"))
    traces: list[Any] = [
        _line(series.times[kept], series.values[kept], translate(N_("Series")), LIGHT.muted, 1),
        _line(series.times[steps], series.values[steps], window_name, LIGHT.training_loss, 3),
        _dot(series.times[here], series.values[here], target_name),
        _line(series.times[steps], seen, window_name, LIGHT.training_loss, 2, below=True),
        _dot(series.times[here], said, target_name, below=True),
    ]
    around = np.concatenate([series.times[steps], series.times[here]])
    unit = f" ({series.unit})" if series.unit else ""
    return figure(
        traces,
        hovermode="closest",
        xaxis=time_axis(series.times),
        yaxis=axis(domain=[0.58, 1], nticks=5),
        xaxis2=time_axis(around, time_label, anchor="y2"),
        yaxis2=axis(translate(N_("Scaled units")), domain=[0, 0.38], nticks=4, anchor="x2"),
        annotations=[
            *parts_in_time(series.times, windows.split, translate)["annotations"],
            row_label(translate(N_("What goes in, and what should come out")), "y2", "x2"),
            row_label(translate(N_("Series")) + unit, "y", "x") | {"x": 1, "xanchor": "right"},
        ],
        shapes=parts_in_time(series.times, windows.split, translate)["shapes"],
    )


def window_alt(windows: Windows, target: int) -> Message:
    """Say which values go in and what should come out, and to which part the window belongs.

    Raises ``IndexError`` where ``target`` has no window.
    """
    _check(windows, target)
    part = N_("test")
    if target < windows.split.test:
        part = N_("training")
        if target + windows.steps > windows.split.validation:
            part = N_("validation")
    seen = windows.z[target - windows.timesteps : target]
    if windows.steps > 1:
        return Message(
            "window_direct",
            N_(
                "One window of the {part} part: values {first} to {last} of the series go in, "
                "transformed to between {low} and {high}; the {steps} values from {target} on "
                "should come out, the first of them {value} {unit}, which is {scaled} in scaled "
                "units."
            ),
            _numbers(windows, target, seen)
            | {"part": Message("window.part", part), "steps": windows.steps},
        )
    return Message(
        "window",
        N_(
            "One window of the {part} part: values {first} to {last} of the series go in, "
            "transformed to between {low} and {high}; value {target} should come out, {value} "
            "{unit}, which is {scaled} in scaled units."
        ),
        _numbers(windows, target, seen) | {"part": Message("window.part", part)},
    )


def _numbers(windows: Windows, target: int, seen: Array) -> dict[str, object]:
    return {
        "first": f"{target - windows.timesteps + 1:,}",
        "last": f"{target:,}",
        "target": f"{target + 1:,}",
        "low": f"{seen.min():.3g}",
        "high": f"{seen.max():.3g}",
        "value": f"{windows.series.values[target]:.4g}",
        "scaled": f"{windows.z[target]:.3g}",
        "unit": windows.series.unit,
    }


def _check(windows: Windows, target: int) -> None:
    parts = (windows.training, windows.judged[0], windows.validation, windows.test)
    if not any(target in part for part in parts):
        first = windows.timesteps + windows.transform.lag
        raise IndexError(
            f"target must be from {first} to {len(windows.z) - 1}, with a whole window before it. "
            f"Received: {target}."
        )


def _line(
    times: Array, values: Array, name: str, colour: str, width: float, *, below: bool = False
) -> Trace:
    return trace(
        "scatter",
        x=positions(times),
        y=numbers(values),
        xaxis="x2" if below else "x",
        yaxis="y2" if below else "y",
        name=name,
        mode="lines+markers" if below and len(times) <= 60 else "lines",
        line={"color": colour, "width": width},
        marker={"size": 4},
        hovertemplate="%{y:.4~g}",
        showlegend=False,
    )


def _dot(times: Array, values: Array, name: str, *, below: bool = False) -> Trace:
    return trace(
        "scatter",
        x=positions(times),
        y=numbers(values),
        xaxis="x2" if below else "x",
        yaxis="y2" if below else "y",
        name=name,
        mode="markers",
        marker={"size": 9, "color": LIGHT.forecast},
        hovertemplate="%{y:.4~g}",
        showlegend=False,
    )
