"""The outcome of a run in one plain sentence."""

from __future__ import annotations

import math

from rnn_core.forecast.metrics import Scores
from rnn_core.messages import N_, Message

NEGLIGIBLE = 0.02  # a difference below 2 % in RMSE is called none
BY_FAR = 9.0  # an RMSE that is higher by 900 % and more is said in times
READABLE = 1e12  # from here on with a power of ten

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
    if -change > BY_FAR:
        return Message(
            "verdict.worse",
            N_(
                "Far worse than {baseline} on the test part: RMSE {rmse} against {baseline_rmse}, "
                "{times} times as much."
            ),
            values | {"times": _number(float(f"{1 - change:.2g}"))},
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
    """Give four figures, without a power of ten as long as that can be read."""
    text = f"{value:.4g}"
    return f"{float(text):,.0f}" if "e+" in text and value < READABLE else text
