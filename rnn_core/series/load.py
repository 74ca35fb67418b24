"""From what a person chose to the series itself."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.generators import generate
from rnn_core.series.samples import load_sample
from rnn_core.series.series import Series
from rnn_core.series.sources import SOURCES
from rnn_core.series.tables.table import Table
from rnn_core.series.treatment import treat

if TYPE_CHECKING:
    from rnn_core.config import SeriesConfig  # which imports this package


def load_series(config: SeriesConfig, table: Table | None = None) -> Series:
    """Give the series of a configuration; a season in it overrides what is known of the series.

    An uploaded table has to be handed in, read with the configuration's ``reading``. Raises
    ``SeriesError`` if it is not the one the configuration was made with, and what
    :meth:`Table.series` raises.
    """
    kind = SOURCES[config.source].kind
    if kind == "sample":
        series = load_sample(config.source)
    elif kind == "generator":
        series = generate(config.source, config.length, config.noise, config.seed)
    else:
        if table is None or table.digest != config.table:
            raise SeriesError(
                Message(
                    "series.table_gone",
                    N_("The uploaded table is no longer there: upload it again."),
                )
            )
        if table.reading.to_text() != config.reading:
            raise SeriesError(
                Message(
                    "series.read_otherwise",
                    N_("The table was read with other choices: read it with '{reading}'."),
                    {"reading": config.reading[:200]},
                )
            )
        series = table.series(
            config.value,
            config.time,
            covariates=config.covariate_names,
            **dataclasses.asdict(config.treatment),
        )
    if kind != "table":
        # What is missing there belongs to the series, or was asked for: nothing to refuse.
        missing = "leave" if config.missing == "refuse" else config.missing
        series = treat(series, dataclasses.replace(config.treatment, missing=missing))
    return dataclasses.replace(series, season=config.season) if config.season else series
