"""From a series to what a network trains on: split in time, then transform, then windows.

The order is what keeps the future out: parts are cut first, transforms are fitted on the training
part alone, and a window belongs to the part in which its *target* lies, so that a held-out window
may look back into the training part but no training window looks ahead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import Experiment, WindowConfig
from rnn_core.messages import N_, ConfigError, Message, SeriesError
from rnn_core.series.series import Series
from rnn_core.transform import Transform, fit_transform

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Where the parts begin: training ``[0, validation)``, validation, test ``[test, length)``."""

    validation: int
    test: int
    length: int


@dataclass(frozen=True, eq=False)
class Windows:
    """A prepared series. Windows are named by the index of their target in the series.

    ``z`` ``(n,)`` float32 is the transformed series (NaN where a difference has no value); the
    window of target t is ``z[t - timesteps : t]``, and what it should say is ``z[t]``.
    """

    series: Series
    split: Split
    transform: Transform
    timesteps: int
    z: NDArray[np.float32]
    training: Indices
    validation: Indices
    test: Indices

    @property
    def held_out(self) -> Indices:
        """Targets of validation and test, in time order."""
        return np.concatenate([self.validation, self.test])

    def inputs(self, targets: Indices) -> NDArray[np.float32]:
        """Cut the windows of ``targets`` ``(k,)``: ``(k, timesteps, 1)``."""
        steps = targets[:, None] + np.arange(-self.timesteps, 0)[None, :]
        cut: NDArray[np.float32] = self.z[steps][:, :, None]
        return cut

    def outputs(self, targets: Indices) -> NDArray[np.float32]:
        """Give what the windows of ``targets`` ``(k,)`` should say: ``(k,)``."""
        return self.z[targets]

    def in_units(self, forecast: NDArray[np.float32], targets: Indices) -> NDArray[np.float64]:
        """Bring one-step forecasts ``(k,)`` for ``targets`` ``(k,)`` back to the series' units."""
        return self.transform.inverse(forecast.astype(np.float64), self.series.values, targets)


def split_in_time(length: int, config: WindowConfig) -> Split:
    """Cut ``length`` values into training, validation and test, each held-out part at least 1."""
    test = length - max(1, round(length * config.test))
    return Split(test - max(1, round(length * config.validation)), test, length)


def prepare(experiment: Experiment, series: Series) -> Windows:
    """Split, transform and window ``series`` as ``experiment`` says.

    Raises ``SeriesError`` where the series is too short, has missing values or does not suit the
    preparation, and ``ConfigError`` where the batch is larger than the training part.
    """
    config = experiment.window
    missing = np.isnan(series.values)
    if missing.any():
        raise SeriesError(
            Message(
                "prepare.missing",
                N_(
                    "The series has missing values (in all: {count} of {length}), the first of "
                    "them value {position}. A network needs them all: fill them in, or choose "
                    "another series."
                ),
                {
                    "count": f"{int(missing.sum()):,}",
                    "length": f"{len(series):,}",
                    "position": f"{int(missing.argmax()) + 1:,}",
                },
            )
        )
    split = split_in_time(len(series), config)
    lag = {"none": 0, "first": 1, "seasonal": series.season}[config.difference]
    first_target = lag + config.timesteps
    if split.validation - first_target < 1:
        raise _too_short(split, config, first_target, len(series))
    transform = fit_transform(config, series.values, series.season, split.validation)
    targets = np.arange(first_target, len(series), dtype=np.int64)
    windows = Windows(
        series=series,
        split=split,
        transform=transform,
        timesteps=config.timesteps,
        z=transform.forward(series.values).astype(np.float32),
        training=targets[targets < split.validation],
        validation=targets[(targets >= split.validation) & (targets < split.test)],
        test=targets[targets >= split.test],
    )
    batch_size = experiment.train.batch_size
    if batch_size > len(windows.training):
        raise ConfigError(
            Message(
                "prepare.batch",
                N_(
                    "Batch size (batch-size) must be from 1 to the {windows} windows of the "
                    "training part, or 0 for all of them. Received: {received}."
                ),
                {"windows": f"{len(windows.training):,}", "received": f"{batch_size:,}"},
            ),
            "batch-size",
        )
    return windows


def prepare_before(experiment: Experiment, series: Series, end: int, *, start: int = 0) -> Windows:
    """Window ``series`` as if ``values[start:end]`` were all there is to train on.

    The validation part is the newest of them, the test part all that comes after; transforms are
    fitted within, and no training window reaches before ``start``. Raises ``SeriesError`` where
    too little is left to train on.
    """
    config = experiment.window
    known = end - start
    split = Split(end - max(1, round(known * config.validation)), end, len(series))
    transform = fit_transform(
        config, series.values[start:], series.season, split.validation - start
    )
    first_target = transform.lag + config.timesteps
    if split.validation - start - first_target < 1:
        within = Split(split.validation - start, known, known)
        raise _too_short(within, config, first_target, known)
    targets = np.arange(start + first_target, len(series), dtype=np.int64)
    return Windows(
        series=series,
        split=split,
        transform=transform,
        timesteps=config.timesteps,
        z=transform.forward(series.values).astype(np.float32),
        training=targets[targets < split.validation],
        validation=targets[(targets >= split.validation) & (targets < end)],
        test=targets[targets >= end],
    )


def _too_short(split: Split, config: WindowConfig, first_target: int, length: int) -> SeriesError:
    held_out = length - split.validation
    return SeriesError(
        Message(
            "prepare.short",
            N_(
                "The series has {length} values, {held_out} of them held out for validation and "
                "test; {timesteps} timesteps need a training part of at least {needed} values, "
                "and it has {training}. Choose fewer timesteps, smaller held-out parts or a "
                "longer series."
            ),
            {
                "length": f"{length:,}",
                "held_out": f"{held_out:,}",
                "timesteps": config.timesteps,
                "needed": f"{first_target + 1:,}",
                "training": f"{max(0, split.validation):,}",
            },
        )
    )
