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
from rnn_core.series.table import Table

if TYPE_CHECKING:
    from rnn_core.config import SeriesConfig  # which imports this package


def load_series(config: SeriesConfig, table: Table | None = None) -> Series:
    """Give the series of a configuration, with its outliers and gaps.

    A season in the configuration overrides what is known of the series. An uploaded table has to
    be handed in. Raises ``SeriesError`` if it is not the one the configuration was made with, and
    what :func:`generate` and :meth:`Table.series` raise.
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
        series = table.series(config.value, config.time)
    series = disturb(series, config.outliers, config.gaps, config.seed)
    return dataclasses.replace(series, season=config.season) if config.season else series
