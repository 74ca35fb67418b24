"""Forecasts anyone can make without a network; a network that does not beat them learnt nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnn_core.series.series import Series


def persistence(series: Series, targets: NDArray[np.int64]) -> NDArray[np.float64]:
    """Repeat the value before each target: ``(k,)`` for ``targets`` ``(k,)``."""
    return series.values[targets - 1]


def seasonal_naive(series: Series, targets: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """Repeat the value one season before each target: ``(k,)``; None where there is no season.

    None too where the season is longer than what lies before the first target.
    """
    if series.season < 1 or int(targets.min()) < series.season:
        return None
    return series.values[targets - series.season]
