"""How values correlate with those before them: ACF and PACF, with bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.diagnostics.excerpt import Excerpt, Floats, excerpt

NORMAL_95 = 1.959964  # 95 % of a normal variable lies within this many deviations


@dataclass(frozen=True, eq=False)
class Autocorrelation:
    """ACF and PACF at ``lags`` 1 to k, all of shape ``(k,)``, from -1 to 1.

    A value within ± its bound is what 95 % of series without any correlation from that lag on
    would show. ``acf_bound`` widens with the lag by Bartlett's formula, as it allows for the
    correlation at smaller lags (Box, Jenkins, Reinsel & Ljung, Time Series Analysis, 5th edition,
    section 2.1.6); ``pacf_bound`` is 1.96 / √n (Quenouille 1949; section 3.2.6 there).
    """

    lags: np.ndarray[tuple[int], np.dtype[np.int64]]
    acf: Floats
    acf_bound: Floats
    pacf: Floats
    pacf_bound: float
    count: int
    notes: tuple[Message, ...] = ()


def autocorrelation(values: ArrayLike, lags: int | None = None) -> Autocorrelation:
    """Give ACF and PACF of ``values`` ``(n,)`` up to lag ``lags``, n/2 at most.

    Left out, the lags are 10 log₁₀ n, at least 48. Missing values are left out of the sums
    (Parzen 1963), nothing is filled in for them. Raises ``SeriesError`` where fewer than 8 values
    are known, more than half are missing, or the values never change.
    """
    part = excerpt(values)
    if part.is_constant:
        raise SeriesError(
            Message(
                "diagnostics.constant",
                N_(
                    "All values are the same, so there is nothing to correlate. Choose a series "
                    "that changes."
                ),
            )
        )
    wanted = max(48, int(10 * math.log10(len(part)))) if lags is None else max(1, lags)
    wanted = min(wanted, len(part) // 2)
    acf = correlations(part, wanted)
    count = int(part.known.sum())
    squares = np.concatenate([[0.0], np.cumsum(acf**2)[:-1]])
    return Autocorrelation(
        lags=np.arange(1, wanted + 1),
        acf=acf,
        acf_bound=NORMAL_95 * np.sqrt((1 + 2 * squares) / count),
        pacf=partial(acf),
        pacf_bound=NORMAL_95 / math.sqrt(count),
        count=count,
        notes=tuple(note for note in part.notes if note.kind == "excerpt.newest"),
    )


def correlations(part: Excerpt, lags: int) -> Floats:
    """Give the ACF at lags 1 to ``lags``.

    Without missing values it is r_k = Σ x_t x_{t+k} / Σ x_t². With them, the mean over the pairs
    that are there takes the sum's place, times the (n - k) / n that the sum has built in.
    """
    size = len(part)
    known = part.known.astype(np.float64)
    level = np.where(part.known, part.values - part.values[part.known].mean(), 0.0)
    products = _lagged_products(level, lags)
    pairs = np.rint(_lagged_products(known, lags))
    weights = (size - np.arange(lags + 1)) / size
    means = np.where(pairs > 0, products / np.maximum(pairs, 1), 0.0) * weights
    ratios: Floats = np.clip(means[1:] / means[0], -1, 1)
    return ratios


def partial(acf: Floats) -> Floats:
    """Give the PACF ``(k,)`` that goes with an ACF ``(k,)``, by the Durbin-Levinson recursion.

    (Brockwell & Davis, Time Series: Theory and Methods, proposition 5.2.1.) Once the lags so far
    explain everything, nothing is left for later ones: 0.
    """
    pacf = np.zeros_like(acf)
    weights = np.zeros(0)
    left = 1.0  # share of the variance that is not explained yet
    for lag, correlation in enumerate(acf):
        if left <= 1e-9:
            break
        share = (correlation - weights @ acf[:lag][::-1]) / left
        pacf[lag] = np.clip(share, -1, 1)
        weights = np.concatenate([weights - pacf[lag] * weights[::-1], [pacf[lag]]])
        left *= 1 - pacf[lag] ** 2
    return pacf


def _lagged_products(values: Floats, lags: int) -> Floats:
    """Give Σ x_t x_{t+k} for k = 0 to ``lags``, by way of the spectrum."""
    size = 1 << (len(values) + lags).bit_length()
    spectrum = np.fft.rfft(values, size)
    return np.fft.irfft(np.abs(spectrum) ** 2, size)[: lags + 1]
