"""The same experiment with several seeds: how much of a result is luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_, Message

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Band:
    """Curves of several seeds, point by point, each ``(points,)``; NaN where no seed has a value.

    ``counts`` says how many seeds have one: after early stopping, fewer and fewer.
    """

    median: Floats
    low: Floats
    high: Floats
    counts: NDArray[np.int64]


@dataclass(frozen=True)
class Spread:
    """A figure over several seeds; ``deviation`` is the sample's, NaN of a single seed."""

    mean: float
    deviation: float
    low: float
    high: float
    count: int


def band(curves: Sequence[Floats]) -> Band:
    """Give the median and the extremes of ``curves``, each ``(points,)``; short ones end earlier.

    A value that is not a number, or infinite, counts as none. Raises ``ValueError`` for no curves.
    """
    if not curves:
        raise ValueError("A band needs at least one curve. Received: none.")
    points = max(len(curve) for curve in curves)
    padded = np.full((len(curves), points), np.nan)
    for row, curve in zip(padded, curves, strict=True):
        row[: len(curve)] = np.where(np.isfinite(curve), curve, np.nan)
    counts = np.isfinite(padded).sum(axis=0)
    some = counts > 0
    median, low, high = (np.full(points, np.nan) for _ in range(3))
    median[some] = np.nanmedian(padded[:, some], axis=0)
    low[some] = np.nanmin(padded[:, some], axis=0)
    high[some] = np.nanmax(padded[:, some], axis=0)
    return Band(median, low, high, counts)


def spread(figures: Sequence[float]) -> Spread:
    """Give mean, deviation and extremes of one figure a seed; ``ValueError`` if there are none."""
    values = np.asarray(figures, np.float64)
    if not len(values):
        raise ValueError("A spread needs at least one figure. Received: none.")
    with np.errstate(invalid="ignore"):
        deviation = float(values.std(ddof=1)) if len(values) > 1 else float("nan")
        mean = float(values.mean())
    return Spread(mean, deviation, float(values.min()), float(values.max()), len(values))


def spread_message(rmse: Spread, baseline: Message, baseline_rmse: float) -> Message:
    """Say what several seeds came to, against the RMSE of a baseline (its name)."""
    values: dict[str, object] = {
        "count": rmse.count,
        "mean": f"{rmse.mean:.4g}",
        "low": f"{rmse.low:.4g}",
        "high": f"{rmse.high:.4g}",
        "baseline": baseline,
        "baseline_rmse": f"{baseline_rmse:.4g}",
    }
    if rmse.count < 2:
        return Message(
            "seeds.one",
            N_("One seed says nothing of luck: train the same experiment with more of them."),
        )
    values["deviation"] = f"{rmse.deviation:.2g}"
    if rmse.high < baseline_rmse:
        return Message(
            "seeds.all_better",
            N_(
                "Every one of {count} seeds beats {baseline}: RMSE {mean} ± {deviation} "
                "({low} to {high}) against {baseline_rmse}."
            ),
            values,
        )
    if rmse.low >= baseline_rmse:
        return Message(
            "seeds.none_better",
            N_(
                "None of {count} seeds beats {baseline}: RMSE {mean} ± {deviation} "
                "({low} to {high}) against {baseline_rmse}."
            ),
            values,
        )
    return Message(
        "seeds.some_better",
        N_(
            "It depends on the seed: over {count} of them the RMSE is {mean} ± {deviation} "
            "({low} to {high}), and {baseline} has {baseline_rmse}."
        ),
        values,
    )
