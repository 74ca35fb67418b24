"""Which series."""

from __future__ import annotations

from dataclasses import dataclass

from rnn_core.messages import N_, ConfigError, Message
from rnn_core.options import Section, option
from rnn_core.series.generators import read_parameters, write_parameters
from rnn_core.series.sources import SOURCES, TABLE


@dataclass(frozen=True)
class SeriesConfig(Section):
    """Which series: a sample or a generator by its name, or a column of an uploaded table.

    ``parameters`` is kept in one form: what differs from the generator's defaults, in its order.
    """

    source: str = option(
        "airline",
        "series",
        N_("Series"),
        N_("What the network learns to forecast."),
        choices={name: source.label for name, source in SOURCES.items()},
    )
    table: str = option(
        "", "table", N_("Table"), N_("Content hash of the uploaded table."), max_length=64
    )
    value: str = option(
        "", "value", N_("Value column"), N_("The column to forecast; empty: the first numeric one.")
    )
    time: str = option(
        "", "time", N_("Time column"), N_("The column of dates; empty: guessed from the table.")
    )
    parameters: str = option(
        "",
        "parameters",
        N_("Parameters"),
        N_(
            "Those of the generator that are not its defaults, as name=number with commas between "
            "them: tau=23,beta=0.25."
        ),
    )
    length: int = option(
        600,
        "length",
        N_("Length"),
        N_("How many values a generated series has."),
        low=50,
        high=20_000,
        step=50,
    )
    noise: float = option(
        0.1,
        "noise",
        N_("Noise"),
        N_("Deviation of the noise added to a generated series, in deviations of that series."),
        low=0.0,
        high=2.0,
        step=0.05,
    )
    seed: int = option(
        0,
        "series-seed",
        N_("Series seed"),
        N_("Another seed draws another series of the same kind, and other outliers and gaps."),
        low=0,
        high=2**31 - 1,
    )
    outliers: float = option(
        0.0,
        "outliers",
        N_("Outliers"),
        N_("Share of the values that are turned into outliers, 3 to 5 deviations off."),
        low=0.0,
        high=0.2,
        step=0.005,
    )
    gaps: float = option(
        0.0,
        "gaps",
        N_("Gaps"),
        N_("Share of the values that are taken out, in stretches of 5 steps on average."),
        low=0.0,
        high=0.5,
        step=0.01,
    )
    season: int = option(
        0,
        "season",
        N_("Season"),
        N_("Time steps after which the pattern repeats; 0: what is known of the series."),
        low=0,
        high=10_000,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.source == TABLE and not self.table:
            raise ConfigError(
                Message(
                    "config.no_table", N_("No table yet: upload one, or choose another series.")
                ),
                "table",
            )
        if self.source != TABLE and (self.table or self.value or self.time):
            raise ConfigError(
                Message(
                    "config.not_a_table",
                    N_(
                        "A table and its columns go with series 'table' only. "
                        "Received: series '{source}'."
                    ),
                    {"source": self.source},
                ),
                "series",
            )
        if SOURCES[self.source].kind == "generator":
            chosen = read_parameters(self.source, self.parameters)
            object.__setattr__(self, "parameters", write_parameters(self.source, chosen))
        elif self.parameters:
            raise ConfigError(
                Message(
                    "config.not_a_generator",
                    N_(
                        "Parameters (parameters) go with a generated series only. "
                        "Received: series '{source}'."
                    ),
                    {"source": self.source},
                ),
                "parameters",
            )
