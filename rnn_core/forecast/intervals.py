"""Split-conformal intervals: how far off the forecasts of the validation part were.

Vovk, Gammerman & Shafer, Algorithmic Learning in a Random World, 2005; Lei et al.,
Distribution-free predictive inference for regression, Journal of the American Statistical
Association 113, 2018. Of n residuals, the ⌈(n + 1) · level⌉-th smallest size is the radius; where
that is more than n, the validation part is too short for the level and there is no interval. The
promise holds on average for residuals in random order; those of a series follow each other, the
steps of one forecast most of all, and a network that was chosen by its validation loss is a little
too good there: hence the coverage measured on the test part.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_, Message, sentences

Floats = NDArray[np.float64]

LEVELS = (0.5, 0.8, 0.95)
ROUNDING = 1e-9  # of a value: less is no difference


@dataclass(frozen=True, eq=False)
class Intervals:
    """Radii ``(levels, horizon)``, from ``counts`` ``(horizon,)`` residuals of each step ahead.

    In the units of the series, or with ``log`` in its logarithm, so that an interval is as many
    times the forecast wherever that is: for networks trained on the logarithm. NaN where there
    are too few residuals for a level.

    A network that gives quantiles has intervals of its own for the steps that it says at once,
    the first ``own`` ones: there they stand in for what the residuals say. Fed its own medians it
    is another forecast than the one it gave quantiles of, so the radii go on from there.
    """

    levels: tuple[float, ...]
    radii: Floats
    counts: NDArray[np.int64]
    log: bool
    own: int = 0

    def around(
        self, forecast: Floats, bounds: tuple[Floats, Floats] | None = None
    ) -> tuple[Floats, Floats]:
        """Give lower and upper bounds, ``(levels, …, horizon)`` each, of ``(…, horizon)`` values.

        Forecasts may have fewer steps than the radii. ``bounds`` are a network's own for the
        first steps, ``(levels, …, steps)`` each.
        """
        lower, upper = self._from_residuals(forecast)
        if bounds is not None:
            steps = min(forecast.shape[-1], bounds[0].shape[-1])
            for found, said in zip((lower, upper), bounds, strict=True):
                found[..., :steps] = said[..., :steps]
        return lower, upper

    def _from_residuals(self, forecast: Floats) -> tuple[Floats, Floats]:
        steps = forecast.shape[-1]
        between = (1,) * (forecast.ndim - 1)
        radii = self.radii[:, :steps].reshape(len(self.levels), *between, steps)
        with np.errstate(over="ignore", invalid="ignore"):
            if self.log:
                return forecast * np.exp(-radii), forecast * np.exp(radii)
            return forecast - radii, forecast + radii


@dataclass(frozen=True, eq=False)
class Coverage:
    """Shares ``(levels, horizon)`` of test points inside, of ``counts`` ``(horizon,)`` points.

    NaN where there is no interval or no point. ``calibration`` ``(horizon,)`` is the number of
    residuals the intervals were made from, 0 where they are the network's own quantiles.
    """

    levels: tuple[float, ...]
    shares: Floats
    counts: NDArray[np.int64]
    calibration: NDArray[np.int64]

    def by_chance(self, level: int, step: int = 0) -> float:
        """Probability of a coverage this low or lower, if the promise of ``level`` holds.

        With n calibration residuals in random order, k of m new points are inside with the
        beta-binomial distribution of parameters r and n + 1 - r, r = ⌈(n + 1) · level⌉ (Vovk,
        Conditional validity of inductive conformal predictors, 2012); of a network's own quantiles
        with the binomial one. 1 where nothing is known.
        """
        share = self.shares[level, step]
        if math.isnan(share):
            return 1.0
        calibration, count = int(self.calibration[step]), int(self.counts[step])
        inside = round(share * count)
        if not calibration:
            from scipy.special import bdtr  # the binomial distribution

            return float(bdtr(inside, count, self.levels[level]))
        rank = _rank(calibration, self.levels[level])
        return sum(
            _beta_binomial(hits, count, rank, calibration + 1 - rank) for hits in range(inside + 1)
        )


def calibrate(
    truth: Floats, forecast: Floats, *, log: bool, levels: tuple[float, ...] = LEVELS
) -> Intervals:
    """Make intervals from ``(k, horizon)`` forecasts of the validation part and their truth.

    NaN in either is a point that is not known. With ``log`` all of both must be positive.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        residuals = np.abs(np.log(truth) - np.log(forecast) if log else truth - forecast)
    radii = np.full((len(levels), truth.shape[1]), np.nan)
    counts = np.zeros(truth.shape[1], np.int64)
    for step, column in enumerate(residuals.T):
        known = np.sort(column[~np.isnan(column)])
        counts[step] = len(known)
        for place, level in enumerate(levels):
            rank = _rank(len(known), level)
            if rank <= len(known):
                radii[place, step] = known[rank - 1]
    return Intervals(levels, radii, counts, log)


def measure_coverage(
    intervals: Intervals,
    truth: Floats,
    forecast: Floats,
    bounds: tuple[Floats, Floats] | None = None,
) -> Coverage:
    """Count how many of ``(k, horizon)`` test points lie inside their intervals.

    ``bounds`` as in :meth:`Intervals.around`.
    """
    lower, upper = intervals.around(forecast, bounds)
    known = np.isfinite(truth) & ~np.isnan(forecast)
    # Where nothing changes, what rounding left of a forecast is no miss.
    rounding = ROUNDING * np.abs(truth)
    inside = (lower - rounding <= truth) & (truth <= upper + rounding) & known
    counts = known.sum(axis=0)
    shares = np.where(counts > 0, inside.sum(axis=1) / np.maximum(counts, 1), np.nan)
    none = np.isnan(intervals.radii[:, : truth.shape[1]])
    none[:, : intervals.own] = False
    shares[none] = np.nan
    calibration = intervals.counts[: truth.shape[1]].copy()
    calibration[: intervals.own] = 0
    return Coverage(intervals.levels, shares, counts, calibration)


def needed(level: float) -> int:
    """Give the fewest residuals that an interval of ``level`` needs: ⌈(n + 1) · level⌉ ≤ n."""
    count = 1
    while _rank(count, level) > count:
        count += 1
    return count


def intervals_message(intervals: Intervals) -> Message | None:
    """Say which intervals the validation part is too short for; None if it is long enough."""
    own, steps = intervals.own, intervals.radii.shape[1]
    everywhere: list[float] = []
    later: dict[int, list[float]] = {}  # by the first step without
    for level, radii in zip(intervals.levels, intervals.radii[:, own:], strict=True):
        known = np.flatnonzero(~np.isnan(radii))
        if len(known) == steps - own:
            continue
        if len(known):
            first = own + int(known[-1]) + 1
            first = first if first < steps else own + int(np.isnan(radii).argmax())
            later.setdefault(first, []).append(level)
        else:
            everywhere.append(level)
    said = [_late(intervals, first, later[first]) for first in sorted(later)]
    if everywhere:
        said.insert(0, _none(intervals, everywhere))
    elif said:
        said.append(WIDEN)
    return sentences(said) if said else None


WIDEN = Message("intervals.widen", N_("Widen the validation part, or choose a shorter horizon."))


def _late(intervals: Intervals, first: int, levels: list[float]) -> Message:
    return Message(
        "intervals.late",
        N_(
            "From step {step} on there is no interval of {missing} %: so far ahead the validation "
            "part gives {count} residuals, and that needs at least {needed}."
        ),
        {"step": first + 1, "count": int(intervals.counts[first]), **_missing(levels)},
    )


def _missing(levels: list[float]) -> dict[str, object]:
    return {
        "missing": ", ".join(_percent(level) for level in levels),
        "needed": needed(min(levels)),
    }


def _none(intervals: Intervals, levels: list[float]) -> Message:
    count = int(intervals.counts[intervals.own :].max())
    values = {"count": count, **_missing(levels), "needed": needed(max(levels))}
    if len(levels) == len(intervals.levels):
        return Message(
            "intervals.none",
            N_(
                "No intervals: the validation part gives {count} residuals, and {missing} % need "
                "at least {needed}. Widen the validation part."
            ),
            values,
        )
    return Message(
        "intervals.short",
        N_(
            "No interval of {missing} %: the validation part gives {count} residuals, and that "
            "needs at least {needed}. Widen the validation part."
        ),
        values,
    )


def own_message(intervals: Intervals) -> Message | None:
    """Say which intervals are a network's own quantiles; None where none are."""
    if not intervals.own:
        return None
    values: dict[str, object] = {"own": intervals.own, "next": intervals.own + 1}
    if intervals.own >= intervals.radii.shape[1]:
        return Message(
            "intervals.own",
            N_(
                "The intervals are the network's own: from its quantiles, sorted so that they do "
                "not cross."
            ),
        )
    return Message(
        "intervals.own_first",
        N_(
            "The intervals of the steps up to {own} are the network's own: from its quantiles, "
            "sorted so that they do not cross. From step {next} on it is fed its own medians, and "
            "its quantiles would say nothing of how far off these are: there the intervals come "
            "from the residuals of the validation part."
        ),
        values,
    )


def coverage_message(coverage: Coverage, level: float = 0.8, step: int = 0) -> Message:
    """Say the promised coverage of ``level`` next to the measured one, ``step`` from 0."""
    place = coverage.levels.index(level)
    share = coverage.shares[place, step]
    values: dict[str, object] = {"promised": _percent(level), "step": step + 1}
    if math.isnan(share):
        return Message(
            "coverage.unknown",
            N_("There is no interval of {promised} % at step {step} ahead to measure."),
            values,
        )
    if not coverage.calibration[step]:
        return Message(
            "coverage.own",
            N_(
                "The network's own intervals of {promised} % hold {measured} % of the {count} "
                "test points at step {step} ahead."
            ),
            values | {"measured": _percent(float(share)), "count": int(coverage.counts[step])},
        )
    return Message(
        "coverage.measured",
        N_(
            "The intervals of {promised} % hold {measured} % of the {count} test points at step "
            "{step} ahead; they were made from {calibration} residuals."
        ),
        values
        | {
            "measured": _percent(float(share)),
            "count": int(coverage.counts[step]),
            "calibration": int(coverage.calibration[step]),
        },
    )


def _rank(count: int, level: float) -> int:
    # 20 · 0.95 is a little more than 19 in floating point.
    return math.ceil(round((count + 1) * level, 9))


def _percent(share: float) -> str:
    return f"{100 * share:.3g}"


def _beta_binomial(hits: int, count: int, a: int, b: int) -> float:
    return math.exp(
        math.lgamma(count + 1) - math.lgamma(hits + 1) - math.lgamma(count - hits + 1)
        + math.lgamma(hits + a) + math.lgamma(count - hits + b) - math.lgamma(count + a + b)
        + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    )  # fmt: skip
