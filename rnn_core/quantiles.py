"""What a network says that is trained on quantiles, and the loss that makes it say them.

Koenker & Bassett, Regression quantiles, Econometrica 46, 1978. Of each step ahead a network gives
``QUANTILES``, next to each other: the outputs ``(windows, steps * 7)`` of its dense layer are
``(windows, steps, 7)`` in that order. The median is its point forecast.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
MEDIAN = QUANTILES.index(0.5)
ENDS: Mapping[float, tuple[int, int]] = {0.5: (2, 4), 0.8: (1, 5), 0.95: (0, 6)}
"""Of an interval of each level: the places of its ends in ``QUANTILES``."""


def by_step(said: NDArray[np.floating]) -> NDArray[np.floating]:
    """Lay outputs ``(windows, steps * 7)`` out as ``(windows, steps, 7)``."""
    return said.reshape(len(said), -1, len(QUANTILES))


def pinball(truth: NDArray[np.floating], quantiles: NDArray[np.floating]) -> NDArray[np.floating]:
    """Give the loss of ``(…, 7)`` quantiles of each true value ``(…)``: the mean over the seven.

    ``q · e`` for a truth that is e above the quantile q, ``(1 - q) · e`` for one that is e below.
    """
    error = truth[..., None] - quantiles
    q = np.array(QUANTILES, error.dtype)
    loss: NDArray[np.floating] = np.maximum(q * error, (q - 1) * error).mean(axis=-1)
    return loss


def added_up(changes: NDArray[np.floating], lag: int) -> NDArray[np.floating]:
    """Add changes ``(k, steps)`` over ``lag`` steps up, so that each is that since the origin.

    Quantiles of a sum are no sums of quantiles: what a network is to give quantiles of has to be
    the value itself, up to what is known at the origin. ``lag`` 0: nothing to add.
    """
    sums = changes.copy()
    for step in range(lag, sums.shape[1] if lag else 0):
        sums[:, step] += sums[:, step - lag]
    return sums


def taken_apart(sums: NDArray[np.floating], lag: int) -> NDArray[np.floating]:
    """Give back the changes ``(k, steps)`` that :func:`added_up` made the sums of."""
    changes = sums.copy()
    if lag:
        changes[:, lag:] -= sums[:, :-lag]
    return changes
