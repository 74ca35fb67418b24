"""Scores that rest on what nobody could have known at the time."""

from __future__ import annotations

from dataclasses import dataclass

from rnn_core.messages import N_, Message
from rnn_core.series.series import Series
from rnn_core.windows import Indices

FEW = 0.05  # of the judged values: a share that changes no verdict


@dataclass(frozen=True)
class Drawn:
    """Counts of values that are not measured but drawn on a line to a later one.

    Of the ``values`` judged in the test part ``truth`` are drawn, and before ``windows`` of them
    the window ends on a drawn value, so that the network reads of what it is to forecast;
    ``either`` is how many one or the other is true of. ``everywhere`` counts all of the
    ``length`` values of the series.
    """

    truth: int
    windows: int
    either: int
    values: int
    everywhere: int
    length: int


def drawn_at(series: Series, targets: Indices) -> Drawn | None:
    """Count what looks ahead at ``targets`` ``(k,)`` forecast one step ahead; None if nothing."""
    truth, before = series.drawn[targets], series.drawn[targets - 1]
    either = int((truth | before).sum())
    if not either:
        return None
    return Drawn(
        truth=int(truth.sum()),
        windows=int(before.sum()),
        either=either,
        values=len(targets),
        everywhere=int(series.drawn.sum()),
        length=len(series),
    )


def look_ahead_message(drawn: Drawn | None) -> Message | None:
    """Say that a good part of the scores is known before it is forecast; None where it is not."""
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
        _counts(drawn),
    )


def few_drawn_message(drawn: Drawn | None) -> Message | None:
    """Say that a few values in the test part were drawn from later ones, if it is but a few."""
    if drawn is None or drawn.either > FEW * drawn.values:
        return None
    return Message(
        "diagnosis.few_drawn",
        N_(
            "A few scores look ahead: {truth} of {values} test values are not measured but drawn "
            "on a line to a later value, and {windows} follow a drawn one. Of the whole series, "
            "{everywhere} of {length} values are drawn."
        ),
        _counts(drawn),
    )


def _counts(drawn: Drawn) -> dict[str, object]:
    return {
        "truth": f"{drawn.truth:,}",
        "windows": f"{drawn.windows:,}",
        "values": f"{drawn.values:,}",
        "everywhere": f"{drawn.everywhere:,}",
        "length": f"{drawn.length:,}",
    }
