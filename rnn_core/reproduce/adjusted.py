"""Season and trend taken out of a series before it is forecast, and put back into the forecast."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnn_core.forecast.backtest import Fit, FitPredict
from rnn_core.forecast.theta import seasonal_factors

Floats = NDArray[np.float64]


def deseasonalised(inner: FitPredict) -> FitPredict:
    """Forecast without the season, as Naive2 of the M4 competition does with the last value.

    Classical decomposition of what may be fitted on, where the competition's test finds a season
    there; nothing is done where it finds none.
    """

    def fit_predict(fit: Fit) -> Floats:
        season = fit.series.season
        factors, multiplicative = seasonal_factors(fit.series.values[fit.start : fit.end], season)

        def factors_at(steps: NDArray[np.int64]) -> Floats:
            at: Floats = factors[(steps - fit.start) % len(factors)]
            return at

        values = fit.series.values
        of_values = factors_at(np.arange(len(values)))
        adjusted = values / of_values if multiplicative else values - of_values
        forecast = inner(_with(fit, adjusted))
        ahead = factors_at(_ahead(fit))
        return forecast * ahead if multiplicative else forecast + ahead

    return fit_predict


def detrended(inner: FitPredict) -> FitPredict:
    """Forecast what is left of a straight line, fitted to what may be fitted on."""

    def fit_predict(fit: Fit) -> Floats:
        steps = np.arange(len(fit.series))
        known = slice(fit.start, fit.end)
        slope, level = np.polyfit(steps[known], fit.series.values[known], 1)
        forecast = inner(_with(fit, fit.series.values - (slope * steps + level)))
        line: Floats = forecast + slope * _ahead(fit) + level
        return line

    return fit_predict


def _with(fit: Fit, values: Floats) -> Fit:
    return replace(fit, series=replace(fit.series, values=values))


def _ahead(fit: Fit) -> NDArray[np.int64]:
    """Give the steps that are forecast, ``(k, horizon)``."""
    steps: NDArray[np.int64] = np.array(fit.origins)[:, None] + np.arange(fit.horizon)
    return steps
