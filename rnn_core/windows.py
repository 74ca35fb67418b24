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
from rnn_core.transform import Transform, fit_transform, lag_too_long

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

    ``z`` ``(n,)`` float32 is the transformed series (NaN where a difference has no value or the
    series none); the window of target t is ``z[t - timesteps : t]``, and what it should say is
    ``z[t]``. ``covariates`` ``(n, k)`` float32 are the further channels of the same time steps,
    standardised on the training part. A target whose window or value is not wholly known is in no
    part.
    """

    series: Series
    split: Split
    transform: Transform
    timesteps: int
    z: NDArray[np.float32]
    covariates: NDArray[np.float32]
    training: Indices
    validation: Indices
    test: Indices

    @property
    def held_out(self) -> Indices:
        """Targets of validation and test, in time order."""
        return np.concatenate([self.validation, self.test])

    @property
    def channels(self) -> NDArray[np.float32]:
        """What a network reads of each time step: ``z``, then the covariates ``(n, 1 + k)``."""
        return np.column_stack([self.z, self.covariates])

    def inputs(self, targets: Indices) -> NDArray[np.float32]:
        """Cut the windows of ``targets`` ``(k,)``: ``(k, timesteps, features)``."""
        steps = targets[:, None] + np.arange(-self.timesteps, 0)[None, :]
        cut: NDArray[np.float32] = self.channels[steps]
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

    Where values are missing, the windows that would need them are left out.

    Raises ``SeriesError`` where the series is too short, leaves a part without a window or does
    not suit the preparation, and ``ConfigError`` where the batch is larger than the training part.
    """
    split = split_in_time(len(series), experiment.window)
    windows = _windows(experiment.window, series, split, 0, len(series))
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
    held_out = max(1, round((end - start) * experiment.window.validation))
    split = Split(end - held_out, end, len(series))
    return _windows(experiment.window, series, split, start, end)


def _windows(config: WindowConfig, series: Series, split: Split, start: int, end: int) -> Windows:
    """Window a series of which ``values[start:end]`` is all that a person gave."""
    lag = {"none": 0, "first": 1, "seasonal": series.season}[config.difference]
    if config.difference == "seasonal" and lag >= split.validation - start > 0:
        raise lag_too_long(lag, split.validation - start)
    first_target = lag + config.timesteps
    if split.validation - start - first_target < 1:
        raise _too_short(split.validation - start, config, first_target, end - start)
    transform = fit_transform(
        config, series.values[start:], series.season, split.validation - start
    )
    z = transform.forward(series.values).astype(np.float32)
    covariates = _standardised(series.covariates, start, split.validation)
    targets = np.arange(start + first_target, len(series), dtype=np.int64)
    known = _known(z, covariates, config.timesteps)
    if series.season:  # seasonal naive is scored on the same targets
        known[series.season :] &= np.isfinite(series.values[: -series.season])
    targets = targets[known[targets]]
    windows = Windows(
        series=series,
        split=split,
        transform=transform,
        timesteps=config.timesteps,
        z=z,
        covariates=covariates,
        training=targets[targets < split.validation],
        validation=targets[(targets >= split.validation) & (targets < split.test)],
        test=targets[targets >= split.test],
    )
    for part, found in (
        (N_("training"), windows.training),
        (N_("validation"), windows.validation),
        (N_("test"), windows.test),
    ):
        if not len(found) and split.test < split.length:
            raise _no_window(part, series, config)
    return windows


def _known(
    z: NDArray[np.float32], covariates: NDArray[np.float32], timesteps: int
) -> NDArray[np.bool_]:
    """Tell of each target whether its value and its whole window are numbers, ``(n,)``."""
    missing = ~np.isfinite(z) | ~np.isfinite(covariates).all(axis=1)
    before = np.concatenate([[0], np.cumsum(missing)])
    known = np.zeros(len(z), bool)
    in_window = before[timesteps:-1] - before[: -timesteps - 1]
    known[timesteps:] = (in_window == 0) & np.isfinite(z[timesteps:])
    return known


def _standardised(covariates: NDArray[np.float64], start: int, end: int) -> NDArray[np.float32]:
    """Bring each channel to mean 0 and deviation 1 on ``[start, end)``; a constant one to 0."""
    training = covariates[start:end]
    # Of no finite value there is no mean; no warning either, as no window will need it.
    counted = np.isfinite(training)
    count = np.maximum(counted.sum(axis=0), 1)
    mean = np.where(counted, training, 0).sum(axis=0) / count
    deviation = np.sqrt(np.square(np.where(counted, training - mean, 0)).sum(axis=0) / count)
    scaled: NDArray[np.float64] = (covariates - mean) / np.where(deviation > 0, deviation, 1)
    return scaled.astype(np.float32)


def _no_window(part: str, series: Series, config: WindowConfig) -> SeriesError:
    missing = ~np.isfinite(series.values)
    return SeriesError(
        Message(
            "prepare.missing",
            N_(
                "The series has missing values (in all: {count} of {length}), the first of them "
                "value {position}, and they leave no whole window of {timesteps} timesteps in "
                "the {part} part. Fill them in, or choose fewer timesteps."
            ),
            {
                "count": f"{int(missing.sum()):,}",
                "length": f"{len(series):,}",
                "position": f"{int(missing.argmax()) + 1:,}",
                "timesteps": config.timesteps,
                "part": Message("label", part),
            },
        )
    )


def _too_short(training: int, config: WindowConfig, first_target: int, length: int) -> SeriesError:
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
                "held_out": f"{length - training:,}",
                "timesteps": config.timesteps,
                "needed": f"{first_target + 1:,}",
                "training": f"{max(0, training):,}",
            },
        )
    )
