"""The outcome of a run in one plain sentence."""

from __future__ import annotations

import math

from rnn_core.forecast.metrics import Scores
from rnn_core.messages import N_, Message

NEGLIGIBLE = 0.02  # a difference below 2 % in RMSE is called none

PERSISTENCE = Message("baseline.persistence", N_("repeating the last value"))
SEASONAL_NAIVE = Message("baseline.seasonal_naive", N_("seasonal naive"))


def verdict(scores: Scores) -> Message:
    """Say how a forecast compares with the better of its baselines on the same points."""
    seasonal = scores.seasonal_naive_rmse
    best, name = scores.persistence_rmse, PERSISTENCE
    if seasonal is not None and seasonal < best:
        best, name = seasonal, SEASONAL_NAIVE
    values: dict[str, object] = {
        "baseline": name,
        "rmse": _number(scores.rmse),
        "baseline_rmse": _number(best),
    }
    if not math.isfinite(scores.rmse):
        return Message(
            "verdict.diverged",
            N_("The forecast on the test part is not a number: the network has diverged."),
        )
    if best == 0:
        return Message(
            "verdict.perfect_baseline",
            N_(
                "Nothing to win: {baseline} is already exact on the test part "
                "(RMSE of the network {rmse})."
            ),
            values,
        )
    change = 1 - scores.rmse / best
    if change > NEGLIGIBLE:
        return Message(
            "verdict.beats",
            N_(
                "Beats {baseline} by {percent} % on the test part "
                "(RMSE {rmse} against {baseline_rmse})."
            ),
            values | {"percent": f"{100 * change:.0f}"},
        )
    if change >= -NEGLIGIBLE:
        return Message(
            "verdict.no_better",
            N_("No better than {baseline} on the test part (RMSE {rmse} against {baseline_rmse})."),
            values,
        )
    return Message(
        "verdict.worse",
        N_(
            "Worse than {baseline} by {percent} % on the test part "
            "(RMSE {rmse} against {baseline_rmse})."
        ),
        values | {"percent": f"{-100 * change:.0f}"},
    )


def _number(value: float) -> str:
    return f"{value:.4g}"
