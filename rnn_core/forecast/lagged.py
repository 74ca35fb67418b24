"""Whether a forecast is a copy of the past: the truth again, as late as it looks ahead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.forecast.metrics import rmse
from rnn_core.messages import N_, Message

Floats = NDArray[np.float64]

FEWEST = 12  # points that every lag is compared on
MOST_LAGS = 24
NO_GAIN = 0.05  # a copy is no better than persistence, or by less than this share
LATER = 2  # steps that a noisy copy may seem to come later still
ALIKE = 0.7  # correlation of a copy, slid back, with the truth


@dataclass(frozen=True, eq=False)
class LagProfile:
    """How well a forecast fits the truth when it is slid back by 0, 1, … steps.

    ``correlations`` ``(lags,)`` are those of forecast and truth ``lag`` steps before, ``errors``
    ``(lags,)`` their RMSE, both over the same true values at every lag. ``rmse`` is the forecast's
    own over all points, ``persistence_rmse`` that of repeating the value at the origin.
    """

    horizon: int
    correlations: Floats
    errors: Floats
    rmse: float
    persistence_rmse: float

    @property
    def best(self) -> int:
        """The lag at which the forecast fits best."""
        return int(np.argmax(self.correlations))

    @property
    def lagged_copy(self) -> bool:
        """Whether it fits best at a lag of its horizon, and is no better than persistence.

        A little more of a lag counts too: the noise of a network blurs where the copy fits best.
        """
        return bool(
            self.horizon <= self.best <= self.horizon + LATER
            and self.correlations[self.best] >= ALIKE
            and self.rmse >= (1 - NO_GAIN) * self.persistence_rmse
        )


@dataclass(frozen=True, eq=False)
class Slid:
    """Forecasts ``(k,)``, each ``step`` ahead, of the ``truth`` ``(k,)`` at ``places`` ``(k,)``.

    ``places`` are indices into the series; ``profile`` is None where nothing can be said.
    """

    step: int
    places: NDArray[np.int64]
    truth: Floats
    forecast: Floats
    profile: LagProfile | None


def lag_profile(
    truth: Floats, forecast: Floats, persistence: Floats, horizon: int = 1
) -> LagProfile | None:
    """Slide forecasts ``(k,)``, each ``horizon`` steps ahead, back over the truth ``(k,)``.

    Points follow each other in time, without gaps; ``persistence`` ``(k,)`` are the values at the
    origins. None where there are too few points to say anything, where the forecast is not a
    number, where a true value is missing, or where truth or forecast never change.
    """
    lags = min(max(MOST_LAGS, horizon + 1), len(truth) - FEWEST)
    if lags < horizon or not (np.isfinite(forecast) & np.isfinite(truth)).all():
        return None
    kept = len(truth) - lags
    fixed = truth[:kept]
    slid = np.stack([forecast[lag : lag + kept] for lag in range(lags + 1)])
    if not np.ptp(fixed) or not np.ptp(slid, axis=1).all():
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        centred = slid - slid.mean(axis=1, keepdims=True)
        about = fixed - fixed.mean()
        correlations = centred @ about / np.sqrt((centred**2).sum(axis=1) * (about @ about))
        errors = np.sqrt(np.mean((slid - fixed) ** 2, axis=1))
    return LagProfile(
        horizon,
        np.nan_to_num(correlations, nan=-1.0),
        errors,
        rmse(truth, forecast),
        rmse(truth, persistence),
    )


def lagged_copy_message(profile: LagProfile) -> Message:
    """Say what gives a lagged copy away."""
    values: dict[str, object] = {
        "step": profile.horizon,
        "lag": profile.best,
        "there": f"{profile.correlations[profile.best]:.3f}",
        "here": f"{profile.correlations[0]:.3f}",
        "rmse": f"{profile.rmse:.4g}",
        "persistence_rmse": f"{profile.persistence_rmse:.4g}",
    }
    if profile.horizon > 1:
        return Message(
            "lagged_copy_ahead",
            N_(
                "At step {step} ahead the forecast is a copy of the past: it fits the truth best "
                "when slid back by {lag} (correlation {there} instead of {here}), and its RMSE of "
                "{rmse} is no better than the {persistence_rmse} of repeating the last value."
            ),
            values,
        )
    return Message(
        "lagged_copy",
        N_(
            "The forecast is a copy of the past: it fits the truth best when slid back by {lag} "
            "(correlation {there} instead of {here}), and its RMSE of {rmse} is no better than the "
            "{persistence_rmse} of repeating the last value."
        ),
        values,
    )
