"""From a series to what a network trains on: split in time, then transform, then windows.

The order is what keeps the future out: parts are cut first, transforms are fitted on the training
part alone, and a window belongs to the part in which its *target* lies, so that a held-out window
may look back into the training part but no training window looks ahead. Where a network says
several steps at once, a window has as many targets, and is trained on only if all of them lie in
the training part.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import Experiment, WindowConfig
from rnn_core.messages import N_, ConfigError, Message
from rnn_core.quantiles import MEDIAN, added_up, by_step, taken_apart
from rnn_core.series.series import Series
from rnn_core.transform import Transform, fit_transform, lag_too_long
from rnn_core.unprepared import (
    THIS_SERIES,
    check_size,
    covariate,
    no_window,
    single,
    too_short,
)

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Where the parts begin: training ``[0, validation)``, validation, test ``[test, length)``."""

    validation: int
    test: int
    length: int


@dataclass(frozen=True, eq=False)
class Windows:
    """A prepared series. Windows are named by the index of their (first) target in the series.

    ``z`` ``(n,)`` float32 is the transformed series (NaN where a difference has no value or the
    series none); the window of target t is ``z[t - timesteps : t]``, and what it should say is
    ``z[t]``. ``covariates`` ``(n, k)`` float32 are the further channels of the same time steps,
    standardised on the training part. A target whose window or value is not wholly known is in no
    part.

    ``steps`` is how many values a network says at once: of the window of target t
    ``z[t : t + steps]``. All of them lie in the training part for the windows in ``training``;
    ``validation`` and ``test`` are by the first one, the step ahead that every network says, so
    that networks of any number of steps are judged on the same points. ``quantiles`` are those
    that it gives of each step, empty for a network that says one value. What these are of are
    differences added up since the target's origin, as quantiles cannot be added up.
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
    steps: int = 1
    quantiles: tuple[float, ...] = ()

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
        """Give what the windows of ``targets`` ``(k,)`` should say: ``(k,)``.

        For several steps at once ``(k, steps)``, NaN where a value is missing or beyond the end.
        """
        if self.steps == 1:
            return self.z[targets]
        places = targets[:, None] + np.arange(self.steps)
        inside = places < len(self.z)
        z = np.where(inside, self.z[np.where(inside, places, 0)], np.float32(np.nan))
        return added_up(z, self.transform.lag) if self.quantiles else z

    def points(self, said: NDArray[np.floating]) -> NDArray[np.floating]:
        """Take the point forecasts ``(k, steps)`` from a network's outputs ``(k, outputs)``.

        Of quantiles the medians; transformed, so that :meth:`in_units` takes them.
        """
        if not self.quantiles:
            return said
        return taken_apart(by_step(said)[:, :, MEDIAN], self.transform.lag)

    @property
    def point_output(self) -> int:
        """Which output is the point forecast one step ahead, counted from 0."""
        return MEDIAN if self.quantiles else 0

    def quantile_values(self, said: NDArray[np.floating], targets: Indices) -> NDArray[np.float64]:
        """Bring a network's quantiles ``(k, outputs)`` to the series' units: ``(k, steps, 7)``.

        Sorted, so that they do not cross: a network may say a higher quantile below a lower one.
        """
        ordered = np.sort(by_step(said), axis=2).astype(np.float64)
        return np.stack(
            [
                self.transform.inverse_recursively(
                    taken_apart(quantile, self.transform.lag).astype(np.float64),
                    self.series.values,
                    targets,
                )
                for quantile in np.moveaxis(ordered, 2, 0)
            ],
            axis=2,
        )

    @cached_property
    def judged(self) -> tuple[Indices, NDArray[np.bool_]]:
        """Targets ``(k,)`` of the windows that the validation loss is of, and what counts of them.

        ``(k, steps)``: at every step ahead, the values at ``validation`` count, each once. So
        windows count too whose first steps still lie in the training part; none of them is
        trained on, and nothing of the test part is looked at.
        """
        if self.steps == 1:
            return self.validation, np.ones((len(self.validation), 1), bool)
        if not len(self.validation):
            return self.validation, np.zeros((0, self.steps), bool)
        first = self.split.validation - self.steps + 1
        targets = np.arange(first, self.split.test, dtype=np.int64)
        targets = targets[np.isfinite(self.inputs(targets)).all(axis=(1, 2))]
        counted = np.isin(targets[:, None] + np.arange(self.steps), self.validation)
        counted &= np.isfinite(self.outputs(targets))
        some = counted.any(axis=1)
        return targets[some], counted[some]

    def in_units(self, forecast: NDArray[np.float32], targets: Indices) -> NDArray[np.float64]:
        """Bring forecasts for ``targets`` ``(k,)`` back to the series' units.

        ``(k,)``: one step ahead. ``(k, steps)``: of each target and the values after it.
        """
        values = forecast.astype(np.float64)
        if values.ndim == 2:
            return self.transform.inverse_recursively(values, self.series.values, targets)
        return self.transform.inverse(values, self.series.values, targets)


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
    windows = _windows(experiment, series, split, 0, len(series))
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
    return _windows(experiment, series, split, start, end)


def _windows(experiment: Experiment, series: Series, split: Split, start: int, end: int) -> Windows:
    """Window a series of which ``values[start:end]`` is all that a person gave."""
    config = experiment.window
    lag = {"none": 0, "first": 1, "seasonal": series.season}[config.difference]
    if config.difference == "seasonal" and lag >= split.validation - start > 0:
        raise lag_too_long(lag, split.validation - start)
    first_target = lag + config.timesteps
    if split.validation - start - first_target < config.steps:
        raise too_short(split.validation - start, config, first_target, end - start)
    check_size(series)
    transform = fit_transform(
        config, series.values[start:], series.season, split.validation - start
    )
    z = single(transform.forward(series.values), THIS_SERIES)
    covariates = _standardised(series, start, split.validation)
    targets = np.arange(start + first_target, len(series), dtype=np.int64)
    known = _known(z, covariates, config.timesteps)
    if series.season:  # seasonal naive is scored on the same targets
        known[series.season :] &= np.isfinite(series.values[: -series.season])
    targets = targets[known[targets]]
    training = _all_known(z, targets[targets <= split.validation - config.steps], config.steps)
    windows = Windows(
        series=series,
        split=split,
        transform=transform,
        timesteps=config.timesteps,
        z=z,
        covariates=covariates,
        training=training,
        validation=targets[(targets >= split.validation) & (targets < split.test)],
        test=targets[targets >= split.test],
        steps=config.steps,
        quantiles=experiment.train.quantiles,
    )
    for part, found in (
        (N_("training"), windows.training),
        (N_("validation"), windows.validation),
        (N_("test"), windows.test),
    ):
        if not len(found) and split.test < split.length:
            raise no_window(part, series, config)
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


def _all_known(z: NDArray[np.float32], targets: Indices, steps: int) -> Indices:
    """Keep the targets ``(k,)`` of which all ``steps`` values are numbers."""
    before = np.concatenate([[0], np.cumsum(~np.isfinite(z))])
    whole: Indices = targets[before[targets + steps] == before[targets]]
    return whole


def _standardised(series: Series, start: int, end: int) -> NDArray[np.float32]:
    """Bring each channel to mean 0 and deviation 1 on ``[start, end)``; a constant one to 0."""
    covariates = series.covariates
    training = covariates[start:end]
    # Of no finite value there is no mean; no warning either, as no window will need it.
    counted = np.isfinite(training)
    count = np.maximum(counted.sum(axis=0), 1)
    mean = np.where(counted, training, 0).sum(axis=0) / count
    deviation = np.sqrt(np.square(np.where(counted, training - mean, 0)).sum(axis=0) / count)
    scaled: NDArray[np.float64] = (covariates - mean) / np.where(deviation > 0, deviation, 1)
    names = map(covariate, series.covariate_names)
    read = [single(column, name) for column, name in zip(scaled.T, names, strict=True)]
    return np.column_stack(read) if read else np.empty((len(series), 0), np.float32)
