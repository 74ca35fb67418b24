"""What an experiment came to, and the file that keeps it for the page."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rnn_core.messages import N_, Message

FILE = Path(__file__).resolve().parents[2] / "sample_data" / "known_results.json"

Progress = Callable[[str], None]
"""Takes a word on what has just been done."""


@dataclass(frozen=True)
class Summary:
    """How the values of several runs are put into one: its name, and what computes it."""

    label: str
    value: Callable[[list[float]], float]


SUMMARIES: Mapping[str, Summary] = {
    "median": Summary(N_("Median"), statistics.median),
    "mean": Summary(N_("Mean"), statistics.fmean),
}


@dataclass(frozen=True)
class Row:
    """One figure: what it is, what was published, and what came out here, a value for each run.

    A value is None where a run did not get there. ``spread`` is the published standard deviation.
    Rows of the same ``label`` and different ``column`` make one line of a wider table. ``digits``
    are those after the decimal point.
    """

    label: Message
    values: tuple[float | None, ...]
    published: float | None = None
    spread: float | None = None
    column: str = ""
    summary: str = "median"
    digits: int = 2

    @property
    def known(self) -> list[float]:
        """The values of the runs that got there."""
        return [value for value in self.values if value is not None]

    @property
    def here(self) -> float | None:
        """The runs in one number; None where half of them or more did not get there."""
        if 2 * len(self.known) <= len(self.values):
            return None
        if self.summary == "median" and None in self.values:
            # One that did not get there would have come last.
            return statistics.median_low(
                [math.inf if value is None else value for value in self.values]
            )
        return SUMMARIES[self.summary].value(self.known)

    @property
    def deviation(self) -> float | None:
        """The standard deviation of the runs, where their mean is what is given."""
        if self.summary != "mean" or len(self.known) < 2:
            return None
        return statistics.stdev(self.known)

    def written(self, value: float | None, spread: float | None = None) -> str:
        """Write a figure of this row with its digits; empty where there is none."""
        if value is None:
            return ""
        text = f"{value:,.{self.digits}f}"
        return text if spread is None else f"{text} ± {spread:,.{self.digits}f}"


@dataclass(frozen=True)
class Result:
    """An experiment's rows, with what one has to know to run it again.

    ``measure`` says what the figures are, in which unit; ``settings`` how it was run. ``made`` is
    a date (ISO, UTC), ``seconds`` the time it took, ``versions`` of what it ran with.
    """

    experiment: str
    measure: Message
    rows: tuple[Row, ...]
    settings: tuple[Message, ...]
    seeds: tuple[int, ...]
    seconds: float = 0.0
    made: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Give the plain form that JSON keeps."""
        plain = {name: getattr(self, name) for name in ("experiment", "seconds", "made")}
        return plain | {
            "measure": _plain(self.measure),
            "settings": [_plain(message) for message in self.settings],
            "seeds": list(self.seeds),
            "versions": dict(self.versions),
            "rows": [asdict(row) | {"label": _plain(row.label)} for row in self.rows],
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Result:
        """Read what :meth:`to_dict` gave."""
        return cls(
            experiment=plain["experiment"],
            measure=_message(plain["measure"]),
            rows=tuple(
                Row(**{**row, "label": _message(row["label"]), "values": tuple(row["values"])})
                for row in plain["rows"]
            ),
            settings=tuple(_message(message) for message in plain["settings"]),
            seeds=tuple(plain["seeds"]),
            seconds=plain["seconds"],
            made=plain["made"],
            versions=plain["versions"],
        )


def read_results(path: Path = FILE) -> dict[str, Result]:
    """Give the results that are kept, by experiment; empty where there is no file."""
    if not path.exists():
        return {}
    plain = json.loads(path.read_text(encoding="utf-8"))
    return {name: Result.from_dict(result) for name, result in plain.items()}


def write_result(result: Result, path: Path = FILE) -> None:
    """Keep a result in the place of the one of the same experiment, the others as they are."""
    kept = read_results(path) | {result.experiment: result}
    plain = {name: kept[name].to_dict() for name in sorted(kept)}
    text = json.dumps(plain, indent=1, ensure_ascii=False) + "\n"
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)  # whole or not at all


def _plain(message: Message) -> Any:
    return json.loads(message.to_json())


def _message(plain: Any) -> Message:
    return Message.from_json(json.dumps(plain))
