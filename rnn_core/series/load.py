"""From the choice of a series to the series itself."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.disturbances import disturb
from rnn_core.series.generators import generate, read_parameters
from rnn_core.series.samples import load_sample
from rnn_core.series.series import Series
from rnn_core.series.sources import SOURCES
from rnn_core.series.tables.table import Table
from rnn_core.series.treatment import treat

if TYPE_CHECKING:
    from rnn_core.config import SeriesConfig  # which imports this package


def load_series(config: SeriesConfig, table: Table | None = None) -> Series:
    """Give the series of a configuration, with its outliers and gaps.

    A season in the configuration overrides what is known of the series. An uploaded table has to
    be handed in, read with the configuration's ``reading``. Raises ``SeriesError`` if it is not
    the one the configuration was made with, and what :func:`generate` and :meth:`Table.series`
    raise.
    """
    kind = SOURCES[config.source].kind
    if kind == "sample":
        series = load_sample(config.source)
    elif kind == "generator":
        parameters = read_parameters(config.source, config.parameters)
        series = generate(config.source, config.length, config.noise, config.seed, **parameters)
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
    series = disturb(series, config.outliers, config.gaps, config.seed)
    if kind != "table" or config.gaps:
        # What is missing there belongs to the series, or was asked for: nothing to refuse.
        missing = "leave" if config.missing == "refuse" else config.missing
        series = treat(series, dataclasses.replace(config.treatment, missing=missing))
    return dataclasses.replace(series, season=config.season) if config.season else series
