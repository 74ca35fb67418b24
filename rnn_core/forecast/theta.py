"""The Theta method, as a forecaster whose level follows the truth up to any origin."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

SEASONAL_TEST = 1.645  # the 10 % point of the normal distribution, as in the M4 competition


class Theta:
    """Theta with θ = 2: simple exponential smoothing with half the drift of the linear trend.

    Assimakopoulos & Nikolopoulos, The theta model, International Journal of Forecasting 16, 2000,
    in the form of Hyndman & Billah, Unmasking the Theta method, ibid. 19, 2003. α and the slope
    are fitted by statsmodels on ``known`` ``(n,)``. A season is taken out first by classical
    decomposition where ``known`` has at least two of them and its autocorrelation there is
    significant, multiplicative for positive values and additive for others, and put back last.
    """

    def __init__(self, known: Floats, season: int) -> None:
        from statsmodels.tsa.forecasting.theta import ThetaModel

        self._season = max(1, season)
        self._factors, self._multiplicative = seasonal_factors(known, season)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # the optimizer's doubts; a bad fit shows in the score
            fitted = ThetaModel(self._adjusted(known), deseasonalize=False).fit()
        # Without any smoothing the formula below divides by nothing.
        self._alpha = min(1.0, max(1e-8, float(fitted.params["alpha"])))
        self._slope = float(fitted.params["b0"])

    def __call__(self, values: Floats, origins: Indices, horizon: int) -> Floats:
        """Forecast ``(k, horizon)`` from ``origins`` ``(k,)``; ``values`` begin where fitted."""
        from scipy.signal import lfilter

        adjusted = self._adjusted(values[: int(origins.max())])
        rest = 1 - self._alpha
        level, _ = lfilter([self._alpha], [1, -rest], adjusted, zi=[rest * adjusted[0]])
        weight = (1 - rest ** origins.astype(np.float64)) / self._alpha
        drift = self._slope / 2 * (np.arange(horizon)[None, :] + weight[:, None])
        forecast: Floats = level[origins - 1][:, None] + drift
        seasonal: Floats = self._factors[(origins[:, None] + np.arange(horizon)) % self._season]
        return forecast * seasonal if self._multiplicative else forecast + seasonal

    def _adjusted(self, values: Floats) -> Floats:
        seasonal: Floats = self._factors[np.arange(len(values)) % self._season]
        return values / seasonal if self._multiplicative else values - seasonal


def seasonal_factors(known: Floats, season: int) -> tuple[Floats, bool]:
    """Give the factors ``(season,)`` of classical decomposition, and whether they multiply.

    Zeros to be added, where there is no season, less than two of them, or none that is significant
    by the test of the M4 competition: the autocorrelation at the season against its standard error.
    """
    nothing = np.zeros(max(1, season)), False
    if season < 2 or len(known) < 2 * season:
        return nothing
    from statsmodels.tsa.seasonal import seasonal_decompose
    from statsmodels.tsa.stattools import acf

    rho = acf(known, nlags=season, fft=True)
    error = np.sqrt((1 + 2 * np.sum(rho[1:-1] ** 2)) / len(known))
    if not abs(rho[-1]) > SEASONAL_TEST * error:
        return nothing
    for model in ("multiplicative", "additive") if known.min() > 0 else ("additive",):
        found = seasonal_decompose(known, model=model, period=season).seasonal[:season]
        if model == "additive" or found.min() > 0:
            return np.asarray(found, np.float64), model == "multiplicative"
    return nothing
