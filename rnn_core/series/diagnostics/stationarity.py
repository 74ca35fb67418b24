"""Does the series keep to a level? ADF and KPSS together, in plain words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.messages import N_, Message
from rnn_core.series.diagnostics.excerpt import NEGLIGIBLE, Floats, excerpt

LONGEST = 5_000
LEAST = 20
SIGNIFICANT = 0.05

KPSS_CRITICAL = (0.347, 0.463, 0.574, 0.739)
KPSS_P = (0.1, 0.05, 0.025, 0.01)

Verdict = Literal["constant", "stationary", "wanders", "shifts", "unclear"]


@dataclass(frozen=True)
class Stationarity:
    """Both tests of one series, and what they say together.

    ``adf_p`` is the probability of the series if it were a random walk, ``kpss_p`` that if it kept
    to a level, known from 0.01 to 0.1 alone. NaN where the values never change.
    """

    verdict: Verdict
    adf: float
    adf_p: float
    kpss: float
    kpss_p: float
    message: Message
    notes: tuple[Message, ...] = ()


def stationarity(values: ArrayLike) -> Stationarity:
    """Test ``values`` ``(n,)``, the newest 5,000 of them.

    The augmented Dickey-Fuller test, with a constant and as many lags as AIC takes, has the random
    walk as its null hypothesis; KPSS has the level. Raises ``SeriesError`` where fewer than 20
    values are known or more than half are missing.
    """
    part = excerpt(values, longest=LONGEST, least=LEAST)
    nan = float("nan")
    if part.is_constant:
        text = N_("The values never change.")
        message = Message("stationarity.constant", text)
        return Stationarity("constant", nan, nan, nan, nan, message, part.notes)
    from statsmodels.tsa.adfvalues import mackinnonp

    level = part.values - part.values.mean()
    adf = random_walk_statistic(level / level.std())
    adf_p = float(mackinnonp(adf, regression="c", N=1))
    kpss = level_statistic(level)
    kpss_p = float(np.interp(kpss, KPSS_CRITICAL, KPSS_P))
    verdict, template = _READ[(adf_p < SIGNIFICANT, kpss_p < SIGNIFICANT)]
    said = Message(
        f"stationarity.{verdict}",
        template,
        {"adf": _probability(adf_p, 0.001), "kpss": _probability(kpss_p, 0.01, 0.1)},
    )
    return Stationarity(verdict, adf, adf_p, kpss, kpss_p, said, part.notes)


_READ: dict[tuple[bool, bool], tuple[Verdict, str]] = {
    (True, False): (
        "stationary",
        N_(
            "The series keeps to its level: it is no random walk (ADF, p {adf}), and nothing "
            "speaks against a level (KPSS, p {kpss})."
        ),
    ),
    (False, True): (
        "wanders",
        N_(
            "The series wanders: it may be a random walk (ADF, p {adf}) and has no level it keeps "
            "to (KPSS, p {kpss}). A difference takes that out."
        ),
    ),
    (True, True): (
        "shifts",
        N_(
            "The level moves (KPSS, p {kpss}), though not like a random walk (ADF, p {adf}): a "
            "trend, a break or a long memory. A difference may help."
        ),
    ),
    (False, False): (
        "unclear",
        N_(
            "The tests cannot tell: it may be a random walk (ADF, p {adf}), and it may keep to a "
            "level (KPSS, p {kpss})."
        ),
    ),
}


def level_statistic(values: Floats) -> float:
    """Give the KPSS statistic of ``values`` ``(n,)`` against a level.

    Squared partial sums over n² times the long-run variance, by Bartlett's kernel with
    4 (n/100)^¼ lags (Kwiatkowski, Phillips, Schmidt & Shin, Journal of Econometrics 54, 1992).
    The values must change.
    """
    level = values - values.mean()
    size = len(level)
    lags = int(4 * (size / 100) ** 0.25)
    variance = float(level @ level)
    for lag in range(1, lags + 1):
        variance += 2 * (1 - lag / (lags + 1)) * float(level[lag:] @ level[:-lag])
    return float(np.square(np.cumsum(level)).sum()) / (size * variance)


def random_walk_statistic(values: Floats) -> float:
    """Give the augmented Dickey-Fuller statistic of ``values`` ``(n,)``, with a constant.

    Of 0 to 12 (n/100)^¼ lags (Schwert 1989) those are taken that AIC prefers. Where no noise is
    left to compare with, minus infinity if values are drawn back to their level, else 0.
    """
    size = len(values)
    most = min(math.ceil(12 * (size / 100) ** 0.25), size // 2 - 3)
    design, changes = _dickey_fuller(values, most)
    # One factorisation gives what every number of lags leaves: the columns are nested.
    basis, _ = np.linalg.qr(design)
    left = changes @ changes - np.cumsum(np.square(basis.T @ changes))
    floor = NEGLIGIBLE * float(changes @ changes) + np.finfo(float).tiny
    aic = len(changes) * np.log(np.maximum(left, floor) / len(changes))
    aic += 2 * np.arange(1, len(left) + 1)
    design, changes = _dickey_fuller(values, int(aic[1:].argmin()))
    inverse = np.linalg.pinv(design.T @ design, hermitian=True)
    weights = inverse @ design.T @ changes
    residual = float(np.square(changes - design @ weights).sum())
    if residual <= floor or inverse[1, 1] <= 0:
        return -math.inf if weights[1] < -1e-6 else 0.0
    variance = residual / (len(changes) - design.shape[1])
    return float(weights[1] / math.sqrt(variance * inverse[1, 1]))


def _dickey_fuller(values: Floats, lags: int) -> tuple[Floats, Floats]:
    """Give the regression's columns, constant, level before, changes before, and the changes."""
    changes = np.diff(values)
    rows = len(changes) - lags
    columns = [np.ones(rows), values[lags : lags + rows]]
    columns += [changes[lags - lag : lags - lag + rows] for lag in range(1, lags + 1)]
    return np.stack(columns, axis=1), changes[lags:]


def _probability(value: float, low: float, high: float = 1.0) -> str:
    if value <= low:
        return f"< {low:g}" if value < low else f"≤ {low:g}"
    return f"≥ {high:g}" if value >= high else f"= {value:.2g}"
