"""Which series."""

from __future__ import annotations

import json
from dataclasses import dataclass

from rnn_core.messages import N_, ConfigError, Message, SeriesError
from rnn_core.options import Section, option
from rnn_core.series.generators import read_parameters, write_parameters
from rnn_core.series.sources import SOURCES, TABLE
from rnn_core.series.tables.reading import Reading
from rnn_core.series.treatment import DUPLICATES, EVERY, MISSING, ORDER, STEPS, Treatment


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
    covariates: str = option(
        "",
        "covariates",
        N_("Covariates"),
        N_("Further numeric columns of the table that the network sees, as a JSON list of names."),
        max_length=2000,
    )
    reading: str = option(
        "",
        "reading",
        N_("Reading"),
        N_("How the table is read where a guess was corrected, as name=value with & between."),
        max_length=2000,
    )
    missing: str = option(
        "refuse",
        "missing-values",
        N_("Missing values"),
        N_("What is done about missing values; a line between neighbours looks ahead."),
        choices=MISSING,
    )
    duplicates: str = option(
        "refuse",
        "duplicates",
        N_("Duplicates"),
        N_("What is done about times that occur twice."),
        choices=DUPLICATES,
    )
    order: str = option(
        "refuse",
        "order",
        N_("Order"),
        N_("What is done about rows that are not in the order of time."),
        choices=ORDER,
    )
    steps: str = option(
        "leave",
        "steps",
        N_("Steps"),
        N_("What is done about uneven steps in time."),
        choices=STEPS,
    )
    every: str = option(
        "auto",
        "every",
        N_("Every"),
        N_("How long each step is where values are joined."),
        choices=EVERY,
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
        of_table = (self.table, self.value, self.time, self.covariates, self.reading)
        if self.source != TABLE and any(of_table):
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
        try:
            Reading.from_text(self.reading)
        except SeriesError as error:
            raise ConfigError(error.message, "reading") from error
        object.__setattr__(self, "covariates", _written(names_in(self.covariates)))

    @property
    def covariate_names(self) -> tuple[str, ...]:
        """The names of the columns that ``covariates`` lists."""
        return names_in(self.covariates)

    @property
    def treatment(self) -> Treatment:
        """What is done about what is wrong with the series."""
        return Treatment(self.missing, self.duplicates, self.order, self.steps, self.every)


def names_in(text: str) -> tuple[str, ...]:
    """Read the names that the text of ``covariates`` lists; ``ConfigError`` if it is no list."""
    try:
        names = json.loads(text) if text else []
    except (ValueError, RecursionError):
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise ConfigError(
            Message(
                "config.covariates",
                N_(
                    'Covariates (covariates) must be a JSON list of names of columns, as ["x"]. '
                    "Received: {received}."
                ),
                {"received": text[:60]},
            ),
            "covariates",
        )
    return tuple(dict.fromkeys(names))


def _written(names: tuple[str, ...]) -> str:
    return json.dumps(names, ensure_ascii=False, separators=(",", ":")) if names else ""
