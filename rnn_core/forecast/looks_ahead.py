"""Diagnoses of scores that rest on what nobody could have known at the time."""

from __future__ import annotations

from rnn_core.forecast.evidence import Evidence
from rnn_core.messages import N_, Message

FEW = 0.05  # of the judged values: a share that changes no verdict


def scores_look_ahead(evidence: Evidence) -> Message | None:
    """Scores of which a good part is known before it is forecast."""
    drawn = evidence.drawn
    if drawn is None or drawn.either <= FEW * drawn.values:
        return None
    return Message(
        "diagnosis.looks_ahead",
        N_(
            "These scores look ahead: {truth} of {values} test values are not measured but drawn "
            "on a line to a later value, and {windows} of {values} follow a drawn one, from which "
            "the network reads what it is to forecast. Of the whole series, {everywhere} of "
            "{length} values are drawn."
        ),
        _counts(evidence),
    )


def few_drawn(evidence: Evidence) -> Message | None:
    """A few values in the test part that were drawn from later ones."""
    drawn = evidence.drawn
    if drawn is None or drawn.either > FEW * drawn.values:
        return None
    return Message(
        "diagnosis.few_drawn",
        N_(
            "A few scores look ahead: {truth} of {values} test values are not measured but drawn "
            "on a line to a later value, and {windows} follow a drawn one. Of the whole series, "
            "{everywhere} of {length} values are drawn."
        ),
        _counts(evidence),
    )


def _counts(evidence: Evidence) -> dict[str, object]:
    drawn = evidence.drawn
    assert drawn is not None
    return {
        "truth": f"{drawn.truth:,}",
        "windows": f"{drawn.windows:,}",
        "values": f"{drawn.values:,}",
        "everywhere": f"{drawn.everywhere:,}",
        "length": f"{drawn.length:,}",
    }
