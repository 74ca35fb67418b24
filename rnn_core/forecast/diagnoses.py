"""What can be wrong with a trained network: each with a sentence, a picture and a next step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from rnn_core.forecast.evidence import Evidence
from rnn_core.forecast.learning import (
    overfitting,
    still_learning,
    training_diverged,
    training_unstable,
    underdetermined,
    underfitting,
)
from rnn_core.forecast.looks_ahead import few_drawn_message, look_ahead_message
from rnn_core.forecast.outcome import (
    beaten_by_naive,
    beaten_by_statistics,
    best_naive,
    could_be_chance,
    flat_free_run,
    free_run_diverges,
    lagged_copy,
    overconfident,
    short_test,
    uncovered,
)
from rnn_core.forecast.significance import comparison_message
from rnn_core.forecast.verdict import verdict
from rnn_core.messages import N_, Message

Severity = Literal["problem", "note"]

PICTURES: Mapping[str, str] = {
    "forecast": N_("The forecast of the test part against the truth"),
    "lag": N_("The forecast, slid back over the truth"),
    "loss": N_("Training and validation loss, epoch by epoch"),
    "free_run": N_("The forecast into the future"),
    "coverage": N_("Coverage promised and measured"),
    "errors": N_("The errors of network and baselines, step by step"),
}
"""What a "why?" opens."""


@dataclass(frozen=True)
class Diagnosis:
    """``examine`` gives the sentence where the diagnosis applies; ``picture`` shows it."""

    label: str
    picture: str
    severity: Severity
    examine: Callable[[Evidence], Message | None]
    next_step: Message


@dataclass(frozen=True)
class Finding:
    """A diagnosis that applies: ``kind`` is its key in ``DIAGNOSES``."""

    kind: str
    severity: Severity
    message: Message
    picture: str
    next_step: Message


@dataclass(frozen=True)
class Conclusion:
    """The first words on a page: outcome, reason (None if there is none), and what to do next."""

    outcome: Message
    reason: Message | None
    next_step: Message
    picture: str


def diagnose(evidence: Evidence) -> list[Finding]:
    """Give all diagnoses that apply, the gravest first."""
    findings = []
    for kind, diagnosis in DIAGNOSES.items():
        message = diagnosis.examine(evidence)
        if message is not None:
            findings.append(
                Finding(kind, diagnosis.severity, message, diagnosis.picture, diagnosis.next_step)
            )
    return findings


def conclude(evidence: Evidence, findings: list[Finding]) -> Conclusion:
    """Say how the run came out, the gravest reason, and what to try next."""
    outcome = verdict(evidence.scores)
    problems = [finding for finding in findings if finding.severity == "problem"]
    # That it is beaten is the outcome; a reason for it says more.
    problems.sort(key=lambda finding: finding.message == outcome)
    if problems:
        first = problems[0]
        reason = None if first.message == outcome else first.message
        return Conclusion(outcome, reason, first.next_step, first.picture)
    reason = None
    if outcome.kind == "verdict.beats" and evidence.comparison is not None:
        reason = comparison_message(evidence.comparison, best_naive(evidence))
    return Conclusion(outcome, reason, NEXT_AFTER_SUCCESS, "forecast")


NEXT_WITHOUT_LOOKING = Message(
    "next.leave_missing",
    N_(
        "Leave the values missing, so that nothing is judged there, or carry the "
        "last value forward, which looks back only; where many are missing, join the values of "
        "longer steps."
    ),
)
NEXT_SLOWER = Message("next.slower", N_("Lower the learning rate, or clip the gradient."))
NEXT_AFTER_SUCCESS = Message(
    "next.seeds",
    N_("Train it with several seeds, or run a backtest: one run on one test part may be luck."),
)


DIAGNOSES: Mapping[str, Diagnosis] = {
    "training_diverged": Diagnosis(
        N_("Training ran away"),
        "loss",
        "problem",
        training_diverged,
        NEXT_SLOWER,
    ),
    "training_unstable": Diagnosis(
        N_("Training unstable"),
        "loss",
        "problem",
        training_unstable,
        NEXT_SLOWER,
    ),
    "looks_ahead": Diagnosis(
        N_("Scores look ahead"),
        "forecast",
        "problem",
        lambda evidence: look_ahead_message(evidence.drawn),
        NEXT_WITHOUT_LOOKING,
    ),
    "lagged_copy": Diagnosis(
        N_("Lagged copy"),
        "lag",
        "problem",
        lagged_copy,
        Message(
            "next.difference",
            N_(
                "Train on the changes (first or seasonal difference) or give it more timesteps; "
                "if that does not help, the past may say nothing about the next value."
            ),
        ),
    ),
    "beaten_by_naive": Diagnosis(
        N_("No better than naive"),
        "forecast",
        "problem",
        beaten_by_naive,
        Message(
            "next.prepare",
            N_(
                "Change the preparation first: logarithm and difference as the series needs them, "
                "and timesteps of at least one season."
            ),
        ),
    ),
    "free_run_diverges": Diagnosis(
        N_("Forecast runs away"),
        "free_run",
        "problem",
        free_run_diverges,
        Message(
            "next.tame",
            N_(
                "Use its forecasts one step ahead only, or train it longer, with a difference "
                "that takes the trend out."
            ),
        ),
    ),
    "overfitting": Diagnosis(
        N_("Overfitting"),
        "loss",
        "problem",
        overfitting,
        Message(
            "next.stop_early",
            N_("Switch early stopping on, or choose fewer hidden units or some dropout."),
        ),
    ),
    "underfitting": Diagnosis(
        N_("Underfitting"),
        "loss",
        "problem",
        underfitting,
        Message(
            "next.learn_more",
            N_("Raise the learning rate or the epochs, then the hidden size or the timesteps."),
        ),
    ),
    "still_learning": Diagnosis(
        N_("Not done learning"),
        "loss",
        "problem",
        still_learning,
        Message("next.train_longer", N_("Train for more epochs.")),
    ),
    "uncovered": Diagnosis(
        N_("Intervals do not cover"),
        "coverage",
        "problem",
        uncovered,
        Message(
            "next.validation",
            N_(
                "Widen the validation part, or prepare the series so that its early and late "
                "values look alike (logarithm, difference)."
            ),
        ),
    ),
    "overconfident": Diagnosis(
        N_("Own intervals do not cover"),
        "coverage",
        "problem",
        overconfident,
        Message(
            "next.calm",
            N_(
                "Switch early stopping on, or choose fewer hidden units or some dropout; with "
                "another loss, the intervals come from the validation part."
            ),
        ),
    ),
    "beaten_by_statistics": Diagnosis(
        N_("A simpler method is better"),
        "errors",
        "note",
        beaten_by_statistics,
        Message("next.simpler", N_("Use the simpler method, or see what more data changes.")),
    ),
    "could_be_chance": Diagnosis(
        N_("Could be chance"),
        "forecast",
        "note",
        could_be_chance,
        NEXT_AFTER_SUCCESS,
    ),
    "flat_free_run": Diagnosis(
        N_("Forecast settles"),
        "free_run",
        "note",
        flat_free_run,
        Message(
            "next.season_in_view",
            N_("Give it timesteps of at least one season, or take a seasonal difference."),
        ),
    ),
    "underdetermined": Diagnosis(
        N_("Underdetermined"),
        "loss",
        "note",
        underdetermined,
        Message(
            "next.smaller",
            N_("Watch the validation loss, try fewer hidden units, and compare several seeds."),
        ),
    ),
    "few_drawn": Diagnosis(
        N_("A few scores look ahead"),
        "forecast",
        "note",
        lambda evidence: few_drawn_message(evidence.drawn),
        NEXT_WITHOUT_LOOKING,
    ),
    "short_test": Diagnosis(
        N_("Short test part"),
        "forecast",
        "note",
        short_test,
        Message("next.backtest", N_("Run a backtest, or widen the test part.")),
    ),
}
"""By kind, the gravest first."""
