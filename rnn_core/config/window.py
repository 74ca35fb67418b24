"""How the series is split, prepared and cut into windows."""

from __future__ import annotations

from dataclasses import dataclass

from rnn_core.messages import N_
from rnn_core.options import Section, option

DIFFERENCES = {
    "none": N_("None"),
    "first": N_("First (value minus the one before)"),
    "seasonal": N_("Seasonal (value minus the one a season before)"),
}
STRATEGIES = {
    "recursive": N_("Recursive (one step, then on its own output)"),
    "direct": N_("Direct (all steps of the horizon at once)"),
}
SCALINGS = {
    "standard": N_("Standard (mean 0, deviation 1)"),
    "minmax": N_("Min-max (0 to 1)"),
    "none": N_("None"),
}


@dataclass(frozen=True)
class WindowConfig(Section):
    """How the series is split in time, transformed, and cut into windows."""

    timesteps: int = option(
        12,
        "timesteps",
        N_("Timesteps"),
        N_("How many past values the network sees for one forecast (its look-back)."),
        low=2,
        high=512,
    )
    strategy: str = option(
        "recursive",
        "strategy",
        N_("Many steps ahead"),
        N_(
            "Recursive: the network learns the next value, and what comes after it is forecast on "
            "its own output. Direct: it learns the next values at once, one output for each."
        ),
        choices=STRATEGIES,
    )
    horizon: int = option(
        1,
        "horizon",
        N_("Horizon"),
        N_("How many next values a direct network learns at once; no matter to a recursive one."),
        low=1,
        high=512,
    )
    log: bool = option(
        True,
        "log",
        N_("Logarithm"),
        N_("Train on the logarithm: for series whose swings grow with their level."),
    )
    difference: str = option(
        "first",
        "difference",
        N_("Difference"),
        N_("Train on changes instead of values: takes a trend or a season out."),
        choices=DIFFERENCES,
    )
    scaling: str = option(
        "standard",
        "scaling",
        N_("Scaling"),
        N_("Fitted on the training part alone, so that nothing of the future leaks in."),
        choices=SCALINGS,
    )
    validation: float = option(
        0.07,
        "validation",
        N_("Validation part"),
        N_("Share of the series, right before the test part, held out to watch the training."),
        low=0.01,
        high=0.4,
        step=0.01,
    )
    test: float = option(
        0.33,
        "test",
        N_("Test part"),
        N_("Share of the series, its newest values, never seen in training: for the verdict."),
        low=0.01,
        high=0.5,
        step=0.01,
    )

    @property
    def steps(self) -> int:
        """How many steps ahead the network says at once: the horizon of a direct one, else 1."""
        return self.horizon if self.strategy == "direct" else 1
