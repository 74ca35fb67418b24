"""How a network is backtested: no part of an experiment, but asked of one."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass

from rnn_core.messages import N_
from rnn_core.options import Section, option

WINDOWS = {
    "expanding": N_("Expanding (all values before the origin)"),
    "sliding": N_("Sliding (the same number of values before each origin)"),
}


@dataclass(frozen=True)
class BacktestConfig(Section):
    """A backtest that is fitted anew at each origin."""

    window: str = option(
        "expanding",
        "backtest-window",
        N_("Fitted"),
        N_("Which values before an origin a fit may see."),
        choices=WINDOWS,
    )
    folds: int = option(
        6,
        "backtest-origins",
        N_("Origins"),
        N_("From how many origins in turn a forecast is made."),
        low=1,
        high=20,
    )
    horizon: int = option(
        12,
        "backtest-horizon",
        N_("Horizon"),
        N_("How many steps each forecast goes; so far apart are the origins."),
        low=1,
        high=512,
    )

    def to_json(self) -> str:
        """Give the canonical JSON text."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> BacktestConfig:
        """Read what :meth:`to_json` wrote; ``ConfigError`` for a value out of bounds."""
        return cls(**json.loads(text))
