"""What a caller asks of a table for its series, by names that are checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from rnn_core.messages import N_
from rnn_core.series.tables import refusals
from rnn_core.series.treatment import Treatment


def names_of(covariates: Any) -> tuple[str, ...]:
    """Give the names of the covariates, one or several; ``SeriesError`` for what is none."""
    if isinstance(covariates, str):
        covariates = (covariates,)
    if not isinstance(covariates, list | tuple) or not all(
        isinstance(name, str) for name in covariates
    ):
        raise refusals.refuse(
            "covariates",
            N_("'covariates' must be names of columns. Received: {received}."),
            received=type(covariates).__name__,
        )
    return tuple(covariates)


def treatment_of(choices: Mapping[str, Any]) -> Treatment:
    """Give the treatment that is chosen; ``SeriesError`` for a choice that there is not."""
    names = [field.name for field in dataclasses.fields(Treatment)]
    for name in choices:
        if name not in names:
            raise refusals.refuse(
                "no_series_choice",
                N_("There is no choice '{name}' for a series: use one of {names}."),
                name=refusals.quote(name),
                names=", ".join(("value", "time", "covariates", "id_value", *names)),
            )
    return Treatment(**choices)
