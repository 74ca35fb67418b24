"""Another series for a network that is trained, prepared as its own series was."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.series import Series
from rnn_core.transform import Transform
from rnn_core.windows import Split, Windows

FAR = 2.0  # times as far from the middle as all that a network was trained on


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """A series that a network was not trained on, as the network gets it.

    Every window of ``windows`` belongs to the test part: none was trained on. ``low`` and ``high``
    are the least and the largest prepared value, ``trained`` the same of what the network was
    trained on.
    """

    windows: Windows
    low: float
    high: float
    trained: tuple[float, float]
    said: Message

    @property
    def far(self) -> bool:
        """Whether values lie far outside of what the network has learnt from."""
        low, high = self.trained
        middle, half = (low + high) / 2, FAR * (high - low) / 2
        return self.low < middle - half or self.high > middle + half


def read_elsewhere(own: Windows, series: Series) -> Elsewhere:
    """Prepare ``series`` for the network that was trained on ``own``.

    Logarithm, difference and scaling are those fitted on the training part of ``own``; nothing is
    fitted on ``series``, so that the network gets what it would get in use. Raises ``SeriesError``
    where the series has another number of channels, does not suit the preparation, or leaves no
    whole window.
    """
    transform, channels = own.transform, own.series.covariates.shape[1]
    if series.covariates.shape[1] != channels:
        raise SeriesError(
            Message(
                "elsewhere.features",
                N_(
                    "The network reads {wanted} values at each time step, and this series has "
                    "{received}: it cannot read it."
                ),
                {"wanted": 1 + channels, "received": 1 + series.covariates.shape[1]},
            )
        )
    if transform.log and (series.values <= 0).any():
        where = int(np.argmax(series.values <= 0))
        raise SeriesError(
            Message(
                "elsewhere.log",
                N_(
                    "This run takes the logarithm of what it reads, and value {position} of this "
                    "series is {value}: there is no logarithm of that."
                ),
                {"position": f"{where + 1:,}", "value": f"{series.values[where]:g}"},
            )
        )
    z = transform.forward(series.values).astype(np.float32)
    covariates = _scaled_as(own, series.covariates)
    targets = _whole(np.column_stack([z, covariates]), z, own.timesteps)
    if not len(targets):
        raise SeriesError(
            Message(
                "elsewhere.short",
                N_(
                    "This series has {length} values and no whole window among them: this run "
                    "needs {needed} values in a row."
                ),
                {"length": f"{len(series):,}", "needed": f"{transform.lag + own.timesteps + 1:,}"},
            )
        )
    none = np.zeros(0, np.int64)
    windows = dataclasses.replace(
        own,
        series=series,
        split=Split(0, 0, len(series)),
        z=z,
        covariates=covariates,
        training=none,
        validation=none,
        test=targets,
    )
    known, trained = z[np.isfinite(z)], own.z[: own.split.validation]
    trained = trained[np.isfinite(trained)]
    ends = float(known.min()), float(known.max())
    trained_ends = float(trained.min()), float(trained.max())
    return Elsewhere(windows, *ends, trained_ends, _said(transform, ends, trained_ends))


def _scaled_as(own: Windows, covariates: NDArray[np.float64]) -> NDArray[np.float32]:
    """Scale ``(n, k)`` channels by mean and deviation of the training part of ``own``."""
    training = own.series.covariates[: own.split.validation]
    known = np.ma.masked_invalid(training)
    mean, deviation = np.ma.filled(known.mean(axis=0), 0), np.ma.filled(known.std(axis=0), 0)
    scaled: NDArray[np.float64] = (covariates - mean) / np.where(deviation > 0, deviation, 1)
    return scaled.astype(np.float32)


def _whole(
    channels: NDArray[np.float32], z: NDArray[np.float32], timesteps: int
) -> NDArray[np.int64]:
    """Give the targets whose value and whole window are numbers."""
    known = np.logical_and.reduce(np.isfinite(channels), axis=1)
    if len(known) <= timesteps:
        return np.zeros(0, np.int64)
    before = sliding_window_view(known, timesteps)[:-1].all(axis=1)
    return timesteps + np.flatnonzero(before & np.isfinite(z[timesteps:]))


def _said(transform: Transform, ends: tuple[float, float], trained: tuple[float, float]) -> Message:
    return Message(
        "elsewhere",
        N_(
            "Nothing of this series was trained on. It is prepared as the run's own series was "
            "({how}); so prepared, its values lie from {low} to {high}, and those of the run's "
            "training part from {own_low} to {own_high}."
        ),
        {
            "how": _how(transform),
            "low": f"{ends[0]:.3g}",
            "high": f"{ends[1]:.3g}",
            "own_low": f"{trained[0]:.3g}",
            "own_high": f"{trained[1]:.3g}",
        },
    )


def _how(transform: Transform) -> Message:
    """Say what a transform does, step by step."""
    steps = []
    if transform.log:
        steps.append(Message("elsewhere.how.log", N_("the logarithm")))
    if transform.lag:
        template = N_("the difference over lag {lag}")
        steps.append(Message("elsewhere.how.difference", template, {"lag": transform.lag}))
    if (transform.offset, transform.scale) != (0, 1):
        values = {"offset": f"{transform.offset:.4g}", "scale": f"{transform.scale:.4g}"}
        template = N_("less {offset}, divided by {scale}")
        steps.append(Message("elsewhere.how.scale", template, values))
    if not steps:
        return Message("elsewhere.how.none", N_("as it is"))
    return reduce(
        lambda first, then: Message(
            "elsewhere.how", N_("{first}, then {then}"), {"first": first, "then": then}
        ),
        steps,
    )
