"""Whether a forecast is a copy of the past: the truth again, as late as it looks ahead."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.forecast.metrics import rmse
from rnn_core.messages import N_, Message

Floats = NDArray[np.float64]

FEWEST = 12  # points that every lag is compared on
MOST_LAGS = 24
KEPT = 0.5  # at the least, of the points that a lag of the horizon can be compared on
NO_GAIN = 0.05  # a copy is no better than persistence, or by less than this share
FAR = 4  # times the RMSE of persistence: what is further off copies nothing
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
        """Whether it fits best at a lag of its horizon, and is about as far off as persistence.

        A little more of a lag counts too: the noise of a network blurs where the copy fits best.
        """
        return bool(
            self.horizon <= self.best <= self.horizon + LATER
            and self.correlations[self.best] >= ALIKE
            and self.rmse >= (1 - NO_GAIN) * self.persistence_rmse
            and self.rmse <= FAR * self.persistence_rmse
        )


@dataclass(frozen=True, eq=False)
class Slid:
    """Forecasts ``(k,)``, each ``step`` ahead, of the ``truth`` ``(k,)`` at ``places`` ``(k,)``.

    ``places`` are indices into the series, one after the other: truth or forecast is NaN where a
    gap of the series leaves none. ``profile`` is None where nothing can be said.
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

    Points follow each other in time; NaN in truth or forecast is a gap. ``persistence`` ``(k,)``
    are the values at the origins. None where there are too few points to say anything, where a
    forecast is infinite, or where truth or forecast never change.
    """
    if np.isinf(forecast).any():
        return None
    lags = _most_lags(truth, forecast, horizon)
    if lags is None:
        return None
    kept = len(truth) - lags
    slid = np.stack([forecast[lag : lag + kept] for lag in range(lags + 1)])
    # Only what every lag has a forecast for: all of them are compared on the same truth.
    whole = np.isfinite(truth[:kept]) & np.isfinite(slid).all(axis=0)
    fixed, slid = truth[:kept][whole], slid[:, whole]
    if not np.ptp(fixed) or not np.ptp(slid, axis=1).all():
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        centred = slid - slid.mean(axis=1, keepdims=True)
        about = fixed - fixed.mean()
        correlations = centred @ about / np.sqrt((centred**2).sum(axis=1) * (about @ about))
        errors = np.sqrt(np.mean((slid - fixed) ** 2, axis=1))
    known = np.isfinite(truth) & np.isfinite(forecast)
    return LagProfile(
        horizon,
        np.nan_to_num(correlations, nan=-1.0),
        errors,
        rmse(truth[known], forecast[known]),
        rmse(truth[known], persistence[known]),
    )


def _most_lags(truth: Floats, forecast: Floats, horizon: int) -> int | None:
    """Give the most lags that leave enough points with a forecast at each; None of too few."""
    known = np.isfinite(forecast)
    # How many forecasts there are in a row, from each point on.
    place = np.arange(len(known))
    gap = np.where(known, len(known), place)
    row = np.minimum.accumulate(gap[::-1])[::-1] - place
    row = np.sort(row[np.isfinite(truth)])
    # More lags would cost points: where gaps follow each other closely, nearly all.
    enough = max(FEWEST, math.ceil(KEPT * int((row > horizon).sum())))
    if len(row) < enough:
        return None
    lags = min(max(MOST_LAGS, horizon + 1), int(row[-enough]) - 1)
    return lags if lags >= horizon else None


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
