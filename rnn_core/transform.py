"""Log, difference and scaling, fitted on the training part alone, and their exact way back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import WindowConfig
from rnn_core.messages import N_, Message, SeriesError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Transform:
    """``z_t = (g(y_t) - g(y_{t-lag}) - offset) / scale`` with g the logarithm or nothing.

    ``lag`` is 0 without a difference. ``offset`` and ``scale`` come from training values alone.
    """

    log: bool
    lag: int
    offset: float
    scale: float

    def forward(self, values: Floats) -> Floats:
        """Transform ``(n,)`` values to ``(n,)``; the first ``lag`` have no difference: NaN."""
        return (_difference(_level(values, self.log), self.lag) - self.offset) / self.scale

    def inverse(self, forecast: Floats, values: Floats, targets: NDArray[np.int64]) -> Floats:
        """Bring one-step forecasts back to the series' units.

        ``forecast`` ``(k,)`` holds the transformed forecast of the values at ``targets`` ``(k,)``;
        of ``values`` ``(n,)`` only those ``lag`` steps before each target are read.
        """
        restored = forecast.astype(np.float64) * self.scale + self.offset
        if self.lag:
            restored = restored + _level(values[targets - self.lag], self.log)
        with np.errstate(over="ignore"):
            return np.exp(restored) if self.log else restored

    def inverse_recursively(
        self, forecast: Floats, values: Floats, origins: NDArray[np.int64]
    ) -> Floats:
        """Bring forecasts of many steps back to the series' units.

        ``forecast`` ``(k, horizon)`` holds the transformed forecasts of the values at ``origins``
        ``(k,)`` and after. A difference is undone with the values before the origin, and where
        those have run out with the forecasts themselves: of ``values`` ``(n,)`` only the ``lag``
        ones before each origin are read.
        """
        restored = forecast.astype(np.float64) * self.scale + self.offset
        if self.lag:
            before = origins[:, None] + np.arange(-self.lag, 0)
            levels = np.concatenate([_level(values[before], self.log), restored], axis=1)
            for step in range(self.lag, levels.shape[1]):
                levels[:, step] += levels[:, step - self.lag]
            restored = levels[:, self.lag :]
        with np.errstate(over="ignore"):
            return np.exp(restored) if self.log else restored


def fit_transform(
    config: WindowConfig, values: Floats, season: int, training_end: int
) -> Transform:
    """Fit on ``values[:training_end]``; nothing later is read but to check the logarithm.

    Raises ``SeriesError`` where the preparation does not fit the series.
    """
    if config.log and (values <= 0).any():
        where = int(np.argmax(values <= 0))
        raise SeriesError(
            Message(
                "prepare.log",
                N_(
                    "The logarithm needs values above 0, and value {position} of this series is "
                    "{value}. Switch Logarithm (log) off."
                ),
                {"position": f"{where + 1:,}", "value": f"{values[where]:g}"},
            )
        )
    if config.difference == "seasonal" and season < 1:
        raise SeriesError(
            Message(
                "prepare.season",
                N_(
                    "A seasonal difference needs a season, and none is known of this series. "
                    "Set Season, or choose another difference."
                ),
            )
        )
    lag = {"none": 0, "first": 1, "seasonal": season}[config.difference]
    level = _level(values[:training_end], config.log)
    training = _difference(level, lag)[lag:]
    training = training[np.isfinite(training)]
    if not len(training):
        raise lag_too_long(lag, training_end)
    offset, scale = 0.0, 1.0
    if config.scaling == "standard":
        offset, scale = float(training.mean()), float(training.std())
    elif config.scaling == "minmax":
        offset, scale = float(training.min()), float(np.ptp(training))
    # A part that never changes has no spread to divide by, only what rounding left of its level.
    negligible = scale <= 1e-12 * float(np.nanmax(np.abs(level)))
    return Transform(config.log, lag, offset, 1.0 if negligible else scale)


def lag_too_long(lag: int, training: int) -> SeriesError:
    """Say that a training part of so many values has none ``lag`` steps before another."""
    return SeriesError(
        Message(
            "prepare.lag",
            N_(
                "The training part has {length} values, too few for a difference over "
                "{lag} steps. Choose another difference or a longer series."
            ),
            {"length": training, "lag": lag},
        )
    )


def _level(values: Floats, log: bool) -> Floats:
    return np.log(values) if log else values.astype(np.float64)


def _difference(level: Floats, lag: int) -> Floats:
    if not lag:
        return level
    changes = np.full_like(level, np.nan)
    changes[lag:] = level[lag:] - level[:-lag]
    return changes
