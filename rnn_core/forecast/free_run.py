"""Forecasts of many steps: the network is fed its own output, into held-out parts and beyond.

One that says several steps at once is fed its own output only after these, all of them together.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_, Message, SeriesError
from rnn_core.quantiles import ENDS
from rnn_core.windows import Indices, Windows

Floats = NDArray[np.float64]
Step = Callable[[NDArray[np.float32]], NDArray[np.floating]]
"""Windows ``(batch, timesteps, features)`` of transformed values to what comes next, transformed:
``(batch,)``, or ``(batch, outputs)`` from a network that forecasts several steps at once, or
quantiles of each, which its windows then say; of these the medians are the forecast."""

LONGEST_HORIZON = 512
BATCH = 2048  # windows to one call of a step: some MB for the longest look-back


def free_run(windows: Windows, step: Step, origins: Indices, horizon: int) -> Floats:
    """Forecast ``(k, horizon)`` from ``origins`` ``(k,)``, in the units of the series.

    An origin is the index of the first value forecast: nothing at or after it is read, so it may
    be the length of the series; covariates stay at the last values known there. What runs away
    becomes infinite or NaN, without a warning.

    Raises ``SeriesError`` for origins without a whole window before them or past the end of the
    series, and for a horizon out of bounds.
    """
    _check(windows, origins, horizon)
    runs = [
        _run(windows, step, origins[first : first + BATCH], horizon)
        for first in range(0, len(origins), BATCH)
    ]
    return np.concatenate(runs) if runs else np.empty((0, horizon))


def own_quantiles(windows: Windows, step: Step, origins: Indices) -> Floats | None:
    """Give the quantiles that a network says itself, from ``origins`` ``(k,)``, in series' units.

    ``(k, steps, 7)``, ``windows.quantiles`` of each step that it says at once; NaN where a value is
    missing before an origin. None of a network that gives no quantiles.
    """
    if not windows.quantiles:
        return None
    values = np.full((len(origins), windows.steps, len(windows.quantiles)), np.nan)
    with np.errstate(all="ignore"):
        for first in range(0, len(origins), BATCH):
            some = origins[first : first + BATCH]
            batch = windows.inputs(some)
            known = np.isfinite(batch).all(axis=(1, 2))
            if known.any():
                said = np.asarray(step(batch[known]))
                values[first : first + BATCH][known] = windows.quantile_values(said, some[known])
    return values


def own_bounds(windows: Windows, step: Step, origins: Indices) -> tuple[Floats, Floats] | None:
    """Give the ends of a network's own intervals, taken from :func:`own_quantiles`.

    Lower and upper ``(levels, k, steps)``, for the levels of ``rnn_core.quantiles.ENDS`` and the
    steps that it says at once. None of a network that gives no quantiles.
    """
    values = own_quantiles(windows, step, origins)
    return bounds_of(values) if values is not None else None


def bounds_of(quantiles: Floats) -> tuple[Floats, Floats]:
    """Give lower and upper ``(levels, k, steps)`` of quantiles ``(k, steps, 7)``."""
    ends = [np.moveaxis(quantiles[:, :, list(pair)], 2, 0) for pair in ENDS.values()]
    return np.stack([lower for lower, _ in ends]), np.stack([upper for _, upper in ends])


def feeding_message(steps: int, horizon: int) -> Message | None:
    """Say which steps are forecast on what by a network that says ``steps`` at once; None of 1."""
    if horizon == 1:
        return None
    values: dict[str, object] = {"steps": steps, "horizon": horizon, "next": steps + 1}
    if steps == 1:
        return Message(
            "free_run.recursive",
            N_(
                "The network says one step: each further one is forecast on its own output, as if "
                "that were true."
            ),
        )
    if horizon <= steps:
        return Message(
            "free_run.direct",
            N_(
                "The network says {steps} steps at once, so that none of the {horizon} is "
                "forecast on its own output."
            ),
            values,
        )
    return Message(
        "free_run.blocks",
        N_(
            "The network says {steps} steps at once. From step {next} on, what it has said before "
            "is fed back as if it were true, {steps} steps at a time."
        ),
        values,
    )


def future_message(windows: Windows, horizon: int) -> Message | None:
    """Say why there is no forecast of some of the ``horizon`` steps beyond the end; None if none.

    Of a network that ran away it says nothing: that is for the verdict to tell.
    """
    missing, lag = open_steps(windows, horizon), windows.transform.lag
    if not missing.any():
        return None
    if missing.all():
        return Message(
            "free_run.no_future",
            N_(
                "There is no forecast into the future: a value is missing among the last {needed} "
                "of the series, which it would be made from. Choose what is done about missing "
                "values (missing-values)."
            ),
            {"needed": windows.timesteps + lag},
        )
    return Message(
        "free_run.future_gaps",
        N_(
            "Into the future {count} of {horizon} steps have no forecast: it is added to the "
            "value {lag} steps before, and that is missing. Choose what is done about missing "
            "values (missing-values)."
        ),
        {"count": int(missing.sum()), "horizon": horizon, "lag": lag},
    )


def open_steps(windows: Windows, horizon: int) -> NDArray[np.bool_]:
    """Tell at which steps beyond the end ``(horizon,)`` a missing value leaves no forecast."""
    end, lag = len(windows.series), windows.transform.lag
    if not np.isfinite(windows.inputs(np.array([end]))).all():
        return np.full(horizon, True)
    if not lag:
        return np.full(horizon, False)
    # What is forecast is a change, and is added to the last known value of the same season.
    return np.isnan(windows.series.values[end - lag + np.arange(horizon) % lag])


def first_origin(windows: Windows) -> int:
    """Give the first origin with a whole window before it."""
    return windows.transform.lag + windows.timesteps


def usable(windows: Windows, origins: Indices) -> Indices:
    """Give those ``origins`` before which nothing is missing that a forecast from there needs."""
    known = np.isfinite(windows.inputs(origins)).all(axis=(1, 2))
    if windows.transform.lag:
        before = origins[:, None] + np.arange(-windows.transform.lag, 0)
        known &= np.isfinite(windows.series.values[before]).all(axis=1)
    return origins[known]


def _run(windows: Windows, step: Step, origins: Indices, horizon: int) -> Floats:
    timesteps = windows.timesteps
    known = windows.inputs(origins)
    path = np.repeat(known[:, -1:], timesteps + horizon, axis=1)
    path[:, :timesteps] = known
    done = 0
    with np.errstate(all="ignore"):  # a network that runs away is for the verdict to tell
        while done < horizon:
            batch = path[:, done : done + timesteps]
            # A step need not take what is no number: who ran away, or never began, stays away.
            going = np.isfinite(batch).all(axis=(1, 2))
            if not going.any():
                path[:, timesteps + done :, 0] = np.nan
                break
            said = np.asarray(step(batch if going.all() else batch[going]))
            following = windows.points(said.reshape(int(going.sum()), -1))[:, : horizon - done]
            ahead = slice(timesteps + done, timesteps + done + following.shape[1])
            path[~going, ahead, 0] = np.nan
            path[going, ahead, 0] = following
            done += following.shape[1]
        return windows.transform.inverse_recursively(
            path[:, timesteps:, 0].astype(np.float64), windows.series.values, origins
        )


def _check(windows: Windows, origins: Indices, horizon: int) -> None:
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise SeriesError(
            Message(
                "free_run.horizon",
                N_("The horizon must be from 1 to {longest} steps. Received: {received}."),
                {"longest": LONGEST_HORIZON, "received": f"{horizon:,}"},
            )
        )
    low, high = first_origin(windows), len(windows.series)
    outside = origins[(origins < low) | (origins > high)]
    if len(outside):
        raise SeriesError(
            Message(
                "free_run.origin",
                N_(
                    "A forecast can begin after value {low} at the earliest, where a whole window "
                    "is known, and after value {high} at the latest, the last one. "
                    "Received: {received}."
                ),
                {"low": f"{low:,}", "high": f"{high:,}", "received": f"{int(outside[0]):,}"},
            )
        )
