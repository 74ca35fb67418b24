"""Exponential smoothing (ETS), as a forecaster whose states follow the truth up to any origin."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

SHORTEST = 10  # values that the first states are worked out from


class Ets:
    """The exponential smoothing model of ``known`` ``(n,)`` with the smallest AICc.

    Hyndman, Koehler, Ord & Snyder, Forecasting with Exponential Smoothing, 2008, by statsmodels.
    Tried are no, additive and damped trend, each without and, if it is long enough, with a season;
    for positive values also with multiplicative error and season. The first states are heuristic
    (Hyndman's, from the first values), so that the fit has four parameters at most, whatever the
    season, and some 10 ms a form.
    """

    def __init__(self, known: Floats, season: int) -> None:
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel

        best: Any = None
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # the optimizer's doubts; a bad fit shows in the score
            for form in _forms(known, season):
                fitted = ETSModel(known, initialization_method="heuristic", **form).fit(disp=False)
                if best is None or np.isnan(best.aicc) or fitted.aicc < best.aicc:
                    best, self._form = fitted, form
        self._params = best.params
        self._season = season if self._form["seasonal"] else 0
        self._starts = {"initial_level": best.initial_level}
        if self._form["trend"]:
            self._starts["initial_trend"] = best.initial_trend
        if self._season:
            self._starts["initial_seasonal"] = best.initial_seasonal
        names = best.model.param_names
        damping = dict(zip(names, best.params, strict=True)).get("damping_trend", 1.0)
        self._damping = float(damping)

    def __call__(self, values: Floats, origins: Indices, horizon: int) -> Floats:
        """Forecast ``(k, horizon)`` from ``origins`` ``(k,)``; ``values`` begin where fitted."""
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel

        model = ETSModel(
            values[: int(origins.max())],
            initialization_method="known",
            **self._form,
            **self._starts,
        )
        with np.errstate(all="ignore"):
            states = np.asarray(model.smooth(self._params).states, np.float64)
        last = states[origins - 1]
        forecast: Floats = np.repeat(last[:, :1], horizon, axis=1)
        if self._form["trend"]:
            slopes = np.cumsum(self._damping ** np.arange(1, horizon + 1))  # φ + φ² + … + φʲ
            forecast = forecast + slopes * last[:, 1:2]
        if not self._season:
            return forecast
        steps = np.arange(horizon) % self._season
        seasonal: Floats = states[origins[:, None] - self._season + steps, -1]
        return forecast * seasonal if self._form["seasonal"] == "mul" else forecast + seasonal


def values_for_season(season: int) -> int:
    """Give how many values the first states of a season are worked out from."""
    return max(2 * season, SHORTEST + 2 * (season // 2))


def _forms(known: Floats, season: int) -> Iterator[dict[str, Any]]:
    seasons: list[tuple[str, str | None]] = [("add", None)]
    if season > 1 and len(known) >= values_for_season(season):
        seasons.append(("add", "add"))
        if known.min() > 0:
            seasons.append(("mul", "mul"))
    for error, seasonal in seasons:
        for trend, damped in ((None, False), ("add", False), ("add", True)):
            yield {
                "error": error,
                "trend": trend,
                "damped_trend": damped,
                "seasonal": seasonal,
                "seasonal_periods": season if seasonal else None,
            }
