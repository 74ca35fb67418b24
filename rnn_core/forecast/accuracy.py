"""The errors of forecasts over a horizon, in all the usual measures, each step on its own.

Truth and forecasts have the shape ``(origins, horizon)`` as in :mod:`rnn_core.forecast.baselines`;
where the truth is not known (beyond the end of the series) it is NaN and that point is left out.
sMAPE and MASE are those of the M4 competition (Makridakis, Spiliotis & Assimakopoulos, The M4
Competition: 100,000 time series and 61 forecasting methods, International Journal of Forecasting
36, 2020).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.forecast.metrics import mae, rmse
from rnn_core.messages import N_, Message
from rnn_core.series.series import Series

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

NEAR_ZERO = 0.02  # of the mean size of the values: a percentage of less says nothing


@dataclass(frozen=True)
class Accuracy:
    """Errors over ``count`` points: ``rmse`` and ``mae`` in the units of the series.

    ``mape`` and ``smape`` are in percent, ``mase`` is in mean errors of the seasonal naive forecast
    within the training part. NaN stands for what is not defined.
    """

    count: int
    rmse: float
    mae: float
    mape: float
    smape: float
    mase: float

    def to_dict(self) -> dict[str, float]:
        """Give the plain form that JSON keeps."""
        return asdict(self)


@dataclass(frozen=True)
class Measure:
    """What a page says of a field of :class:`Accuracy`; an empty ``unit`` is that of the series."""

    label: str
    help: str
    unit: str = ""


MEASURES: Mapping[str, Measure] = {
    "rmse": Measure(
        N_("RMSE"), N_("Root mean squared error: large errors weigh more than small ones.")
    ),
    "mae": Measure(N_("MAE"), N_("Mean absolute error: the size of a typical error.")),
    "mape": Measure(
        N_("MAPE"),
        N_("Mean absolute error in percent of the truth; of no use where the truth is near 0."),
        "%",
    ),
    "smape": Measure(
        N_("sMAPE"),
        N_(
            "Mean absolute error in percent of the mean of truth and forecast, from 0 to 200, as "
            "in the M4 competition."
        ),
        "%",
    ),
    "mase": Measure(
        N_("MASE"),
        N_(
            "Mean absolute error, divided by that of the seasonal naive forecast within the "
            "training part (by that of persistence without a season), as in the M4 competition."
        ),
        "×",
    ),
}


def truth_of(series: Series, origins: Indices, horizon: int) -> Floats:
    """Give what became of ``(k, horizon)`` forecasts; NaN beyond the end of the series."""
    places = origins[:, None] + np.arange(horizon)
    known = places < len(series)
    return np.where(known, series.values[np.where(known, places, 0)], np.nan)


def mape(truth: Floats, forecast: Floats) -> float:
    """Mean absolute percentage error of ``(k,)`` forecasts, in percent; NaN if a truth is 0."""
    if np.any(truth == 0):
        return math.nan
    with np.errstate(over="ignore"):
        return float(100 * np.mean(np.abs((forecast - truth) / truth)))


def smape(truth: Floats, forecast: Floats) -> float:
    """Symmetric MAPE of ``(k,)`` forecasts, M4: mean of 200 |y - ŷ| / (|y| + |ŷ|), in percent.

    A forecast of 0 for a truth of 0 has no error.
    """
    size = np.abs(truth) + np.abs(forecast)
    # Infinite over infinite is as wrong as can be.
    with np.errstate(over="ignore", invalid="ignore"):
        shares = np.abs(forecast - truth) / np.where(size == 0, 1, size)
    return float(200 * np.mean(np.where(np.isinf(size), 1, shares)))


def mase_scale(training: Floats, season: int) -> float:
    """Mean absolute error of the seasonal naive forecast within ``training`` ``(n,)``, M4.

    Of persistence without a season, or where the part is no longer than one; NaN where that is
    without error or there is nothing to compare.
    """
    lag = season if 1 <= season < len(training) else 1
    errors = np.abs(training[lag:] - training[:-lag])
    errors = errors[np.isfinite(errors)]
    scale = float(errors.mean()) if len(errors) else 0.0
    return scale if scale > 0 else math.nan


def accuracy(truth: Floats, forecast: Floats, scale: float) -> Accuracy:
    """Measure forecasts of any one shape; ``scale`` is from :func:`mase_scale`."""
    known = np.isfinite(truth)
    truth, forecast = truth[known], forecast[known]
    if not len(truth):
        return Accuracy(0, *[math.nan] * 5)
    off = mae(truth, forecast)
    return Accuracy(
        count=len(truth),
        rmse=rmse(truth, forecast),
        mae=off,
        mape=mape(truth, forecast),
        smape=smape(truth, forecast),
        mase=off / scale,
    )


def accuracy_by_step(truth: Floats, forecast: Floats, scale: float) -> list[Accuracy]:
    """Measure ``(origins, horizon)`` forecasts, one entry a step ahead."""
    return [accuracy(truth[:, step], forecast[:, step], scale) for step in range(truth.shape[1])]


def skill(error: float, baseline_errors: Mapping[str, float]) -> tuple[str, float] | None:
    """Give the best baseline's name and ``1 - error / its error``.

    Positive is better than the best, 1 perfect. None where there is no baseline, or the best one
    is without error.
    """
    known = {name: value for name, value in baseline_errors.items() if math.isfinite(value)}
    if not known:
        return None
    best = min(known, key=lambda name: known[name])
    return (best, 1 - error / known[best]) if known[best] > 0 else None


def mase_warning(scale: float) -> Message | None:
    """Say why there is no MASE where its ``scale`` is not known; None where it is."""
    if math.isfinite(scale):
        return None
    return Message(
        "mase.constant",
        N_(
            "MASE is not defined here: on the training part the naive forecast that it divides "
            "by has no error, as where values never change or only repeat. Use RMSE or MAE."
        ),
    )


def mape_warning(truth: Floats) -> Message | None:
    """Say why MAPE should not be trusted on ``truth``, None if it may be."""
    known = truth[np.isfinite(truth)]
    zeros = int(np.sum(known == 0))
    values: dict[str, object] = {"count": f"{len(known):,}"}
    if zeros:
        return Message(
            "mape.zeros",
            N_(
                "MAPE is not defined here: {zeros} of the {count} true values are 0, and nothing "
                "is a percentage of 0. Use sMAPE or MASE."
            ),
            values | {"zeros": f"{zeros:,}"},
        )
    near = int(np.sum(np.abs(known) < NEAR_ZERO * np.abs(known).mean())) if len(known) else 0
    if near:
        return Message(
            "mape.near_zero",
            N_(
                "MAPE misleads here: {near} of the {count} true values are close to 0, so that "
                "small errors there count as huge percentages. Use MAE or MASE."
            ),
            values | {"near": f"{near:,}"},
        )
    return None
