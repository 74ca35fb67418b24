"""How far forecasts are off, in the units of the series."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.forecast.baselines import persistence, seasonal_naive
from rnn_core.series.series import Series

Floats = NDArray[np.float64]


def rmse(truth: Floats, forecast: Floats) -> float:
    """Root mean squared error of ``(k,)`` forecasts."""
    with np.errstate(over="ignore"):
        return float(np.sqrt(np.mean(np.square(forecast - truth))))


def mae(truth: Floats, forecast: Floats) -> float:
    """Mean absolute error of ``(k,)`` forecasts."""
    with np.errstate(over="ignore"):
        return float(np.mean(np.abs(forecast - truth)))


@dataclass(frozen=True)
class Scores:
    """Errors of one-step forecasts and of the baselines on the same points, in series units."""

    rmse: float
    mae: float
    persistence_rmse: float
    seasonal_naive_rmse: float | None

    def to_dict(self) -> dict[str, Any]:
        """Give the plain form that JSON keeps."""
        return asdict(self)

    @property
    def best_baseline_rmse(self) -> float:
        """The smaller of the baselines' errors."""
        if self.seasonal_naive_rmse is None:
            return self.persistence_rmse
        return min(self.persistence_rmse, self.seasonal_naive_rmse)

    @property
    def skill(self) -> float | None:
        """``1 - RMSE / RMSE of the best baseline``; None where that baseline is perfect."""
        best = self.best_baseline_rmse
        return 1 - self.rmse / best if best > 0 else None


def score(series: Series, targets: NDArray[np.int64], forecast: Floats) -> Scores:
    """Score one-step forecasts ``(k,)`` of the values at ``targets`` ``(k,)``."""
    truth = series.values[targets]
    seasonal = seasonal_naive(series, targets)
    return Scores(
        rmse=rmse(truth, forecast),
        mae=mae(truth, forecast),
        persistence_rmse=rmse(truth, persistence(series, targets)),
        seasonal_naive_rmse=None if seasonal is None else rmse(truth, seasonal),
    )
