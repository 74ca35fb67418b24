"""Whether one forecast is better than another, or only was so by chance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_, Message

Floats = NDArray[np.float64]

FEWEST = 8  # points; below, the variance of the mean is a guess
SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class Comparison:
    """The Diebold-Mariano test of squared errors, two-sided.

    ``statistic`` is negative where the first forecast has the smaller errors; it and ``p`` are NaN
    where there are fewer than 8 points. ``better`` is whether its mean squared error is smaller.
    """

    statistic: float
    p: float
    better: bool
    count: int

    @property
    def by_chance(self) -> bool:
        """Whether the difference may well be luck (also where it could not be tested)."""
        return not self.p < SIGNIFICANCE


def diebold_mariano(errors: Floats, other_errors: Floats, horizon: int = 1) -> Comparison:
    """Compare the errors ``(k,)`` of two forecasts ``horizon`` steps ahead of the same points.

    Diebold & Mariano, Comparing predictive accuracy, Journal of Business & Economic Statistics 13,
    1995, with the small-sample correction of Harvey, Leybourne & Newbold, Testing the equality of
    prediction mean squared errors, International Journal of Forecasting 13, 1997: the errors of
    forecasts h steps ahead overlap, so that h - 1 autocovariances of the loss differential enter
    its variance, and the statistic is held against Student's t with k - 1 degrees of freedom. If
    their sum is not positive the variance is taken with Bartlett's weights. Points where either
    error is not known are left out; they must lie at an end.
    """
    known = ~(np.isnan(errors) | np.isnan(other_errors))
    with np.errstate(over="ignore", invalid="ignore"):
        differential = errors[known] ** 2 - other_errors[known] ** 2
        mean = float(differential.mean()) if known.any() else math.nan
    count = len(differential)
    if count < max(FEWEST, 2 * horizon) or not math.isfinite(mean):
        return Comparison(math.nan, math.nan, mean < 0, count)
    variance = _variance_of_mean(differential - mean, horizon)
    if variance <= 0:  # the same differential at every point
        certain = Comparison(math.copysign(math.inf, mean), 0.0, mean < 0, count)
        return certain if mean else Comparison(0.0, 1.0, False, count)
    correction = (count + 1 - 2 * horizon + horizon * (horizon - 1) / count) / count
    statistic = mean / math.sqrt(variance) * math.sqrt(correction)
    from scipy.special import stdtr

    p = 2 * float(stdtr(count - 1, -abs(statistic)))
    return Comparison(statistic, p, mean < 0, count)


def _variance_of_mean(deviation: Floats, horizon: int) -> float:
    count = len(deviation)
    autocovariances = [
        float(deviation[lag:] @ deviation[: count - lag]) / count for lag in range(horizon)
    ]
    variance = autocovariances[0] + 2 * sum(autocovariances[1:])
    if variance <= 0:
        weights = 1 - np.arange(horizon) / horizon
        variance = 2 * float(weights @ autocovariances) - autocovariances[0]
    return variance / count


def comparison_message(comparison: Comparison, baseline: Message) -> Message:
    """Say in words what a comparison with ``baseline`` (its name) came to."""
    values: dict[str, object] = {"baseline": baseline, "count": f"{comparison.count:,}"}
    if math.isnan(comparison.p):
        return Message(
            "comparison.untested",
            N_(
                "Whether the difference to {baseline} is chance cannot be told from {count} points."
            ),
            values,
        )
    values["p"] = "< 0.001" if comparison.p < 0.001 else f"= {comparison.p:.2g}"
    kind, template = _WORDS[comparison.better, comparison.by_chance]
    return Message(f"comparison.{kind}", template, values)


_WORDS = {
    (True, False): ("better", N_("Better than {baseline}, and not by chance: p {p}.")),
    (True, True): (
        "better_by_chance",
        N_("Better than {baseline} on these {count} points, but that could be chance: p {p}."),
    ),
    (False, False): ("worse", N_("Worse than {baseline}, and not by chance: p {p}.")),
    (False, True): (
        "worse_by_chance",
        N_("No better than {baseline} on these {count} points; that could be chance: p {p}."),
    ),
}
