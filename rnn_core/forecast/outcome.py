"""Diagnoses of the forecasts: are they better than what is cheap, and do they hold up?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rnn_core.forecast.baselines import BASELINES
from rnn_core.forecast.evidence import Evidence
from rnn_core.forecast.intervals import ROUNDING, Coverage
from rnn_core.forecast.lagged import lagged_copy_message
from rnn_core.forecast.significance import comparison_message
from rnn_core.forecast.verdict import NEGLIGIBLE, PERSISTENCE, SEASONAL_NAIVE, verdict
from rnn_core.messages import N_, Message

FAR = 3.0  # spreads of the series beyond its range
FLAT = 0.02  # of the series' usual bend from step to step
UNLIKELY = 0.01  # a coverage this improbable is not bad luck
SHORT_OF = 0.15  # of the promised coverage is worth a word
FEW_TEST_POINTS = 20
LEVEL = 0.8


def lagged_copy(evidence: Evidence) -> Message | None:
    """The past, sold as a forecast."""
    lag = evidence.lag
    return lagged_copy_message(lag) if lag is not None and lag.lagged_copy else None


def beaten_by_naive(evidence: Evidence) -> Message | None:
    """No better than what anyone can do without a network."""
    outcome = verdict(evidence.scores)
    return outcome if outcome.kind in ("verdict.worse", "verdict.no_better") else None


def beaten_by_statistics(evidence: Evidence) -> Message | None:
    """A statistical method that does better."""
    errors = {
        name: error
        for name, error in evidence.errors.items()
        if not BASELINES[name].naive and math.isfinite(error)
    }
    if not errors or not math.isfinite(evidence.scores.rmse):
        return None
    best = min(errors, key=lambda name: errors[name])
    if evidence.scores.rmse <= (1 + NEGLIGIBLE) * errors[best]:
        return None
    return Message(
        "diagnosis.beaten_by_statistics",
        N_(
            "{baseline}, fitted in a moment, is better: RMSE {baseline_rmse} against {rmse} on "
            "the test part."
        ),
        {
            "baseline": Message("baseline.label", BASELINES[best].label),
            "baseline_rmse": f"{errors[best]:.4g}",
            "rmse": f"{evidence.scores.rmse:.4g}",
        },
    )


def could_be_chance(evidence: Evidence) -> Message | None:
    """Better than the naive forecasts, but not surely."""
    comparison = evidence.comparison
    if comparison is None or not comparison.by_chance:
        return None
    if verdict(evidence.scores).kind != "verdict.beats":
        return None
    return comparison_message(comparison, best_naive(evidence))


def free_run_diverges(evidence: Evidence) -> Message | None:
    """A free run that leaves the range of the series by far, or all numbers."""
    known = evidence.known[np.isfinite(evidence.known)]
    spread, size = float(np.ptp(known)), float(np.abs(known).max())
    # A series that never changes has no spread to go by, only its size.
    far = FAR * spread if spread > ROUNDING * size else size
    inside = (evidence.future >= known.min() - far) & (evidence.future <= known.max() + far)
    inside |= evidence.future_open  # where there is no forecast, none runs away
    if inside.all():
        return None
    step = int(np.argmin(inside)) + 1
    values: dict[str, object] = {"step": step, "far": f"{FAR:g}"}
    if step <= evidence.experiment.window.steps:
        return Message(
            "diagnosis.forecast_diverges",
            N_(
                "The forecast runs away: at step {step} after the end it is more than {far} times "
                "the spread of the series outside of its range."
            ),
            values,
        )
    return Message(
        "diagnosis.free_run_diverges",
        N_(
            "Fed its own output, the network runs away: at step {step} after the end it is more "
            "than {far} times the spread of the series outside of its range."
        ),
        values,
    )


def flat_free_run(evidence: Evidence) -> Message | None:
    """A free run without any swing left."""
    future = evidence.future
    if len(future) < 12 or not np.isfinite(future).all():
        return None
    # Changes of changes: a straight line, rising or not, has none.
    usual = float(np.nanmean(np.abs(np.diff(evidence.known, 2))))
    late = float(np.abs(np.diff(future[len(future) // 2 :], 2)).mean())
    if usual <= ROUNDING * float(np.nanmax(np.abs(evidence.known))) or late >= FLAT * usual:
        return None
    if len(future) <= evidence.experiment.window.steps:
        return Message(
            "diagnosis.flat_forecast",
            N_("The forecast settles: within {horizon} steps it becomes a straight line."),
            {"horizon": len(future)},
        )
    return Message(
        "diagnosis.flat_free_run",
        N_(
            "Fed its own output, the network settles: within {horizon} steps the forecast becomes "
            "a straight line."
        ),
        {"horizon": len(future)},
    )


def uncovered(evidence: Evidence) -> Message | None:
    """Intervals that hold far less than they promise, at the step where they do so most."""
    coverage = evidence.coverage
    worst = None if coverage is None else _least_covered(coverage, coverage.calibration > 0)
    if coverage is None or worst is None:
        return None
    return Message(
        "diagnosis.uncovered",
        N_(
            "The intervals are too narrow: of the {count} test points at step {step} ahead, those "
            "of {promised} % hold {measured} %. They come from {calibration} residuals of the "
            "validation part, which are too few or unlike those of the test part."
        ),
        _numbers(coverage, worst) | {"calibration": int(coverage.calibration[worst])},
    )


def overconfident(evidence: Evidence) -> Message | None:
    """A network whose own quantiles hold far less than they promise."""
    coverage = evidence.coverage
    worst = None if coverage is None else _least_covered(coverage, coverage.calibration == 0)
    if coverage is None or worst is None:
        return None
    return Message(
        "diagnosis.overconfident",
        N_(
            "Too sure of itself: of the {count} test points at step {step} ahead, the network's "
            "own intervals of {promised} % hold {measured} %. Its quantiles fit the training part "
            "better than what came after it."
        ),
        _numbers(coverage, worst),
    )


def _least_covered(coverage: Coverage, among: NDArray[np.bool_]) -> int | None:
    """Give the step of ``among`` ``(horizon,)`` that is covered least, if that is no chance."""
    if LEVEL not in coverage.levels:
        return None
    place = coverage.levels.index(LEVEL)
    enough = among & (coverage.counts >= FEW_TEST_POINTS)
    shares = np.where(enough, coverage.shares[place], np.nan)
    if np.isnan(shares).all():
        return None
    worst = int(np.nanargmin(shares))
    if shares[worst] > LEVEL - SHORT_OF or coverage.by_chance(place, worst) >= UNLIKELY:
        return None
    return worst


def _numbers(coverage: Coverage, step: int) -> dict[str, object]:
    share = coverage.shares[coverage.levels.index(LEVEL), step]
    return {
        "promised": f"{100 * LEVEL:.0f}",
        "measured": f"{100 * share:.0f}",
        "count": int(coverage.counts[step]),
        "step": step + 1,
    }


def short_test(evidence: Evidence) -> Message | None:
    """Too few test points for any verdict to be firm."""
    if evidence.test_points >= FEW_TEST_POINTS:
        return None
    return Message(
        "diagnosis.short_test",
        N_("The test part has only {count} points: any verdict on it is shaky."),
        {"count": evidence.test_points},
    )


def best_naive(evidence: Evidence) -> Message:
    """Give the name of the better of persistence and seasonal naive."""
    scores = evidence.scores
    seasonal = scores.seasonal_naive_rmse
    best = seasonal is not None and seasonal < scores.persistence_rmse
    return SEASONAL_NAIVE if best else PERSISTENCE
