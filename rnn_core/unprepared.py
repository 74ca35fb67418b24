"""What keeps a series from being prepared, each in a sentence with its figures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import WindowConfig
from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.series import Series

Floats = NDArray[np.float64]

LARGEST = 1e150  # squares of more, and sums of them, are beyond what a number can hold


def check_size(series: Series) -> None:
    """Refuse values and covariates of which no mean error could be told."""
    columns = [series.values, *series.covariates.T]
    for name, column in zip(_names(series), columns, strict=True):
        large = np.isfinite(column) & (np.abs(column) > LARGEST)
        if large.any():
            raise SeriesError(
                Message(
                    "prepare.too_large",
                    N_(
                        "Value {position} of {column} is {value}, and the square of a number "
                        "beyond {largest} cannot be told: give the series in larger units."
                    ),
                    {
                        "position": f"{int(large.argmax()) + 1:,}",
                        "column": name,
                        "value": f"{column[large.argmax()]:.3g}",
                        "largest": f"{LARGEST:.0e}",
                    },
                )
            )


def single(prepared: Floats, column: Message) -> NDArray[np.float32]:
    """Give prepared values ``(n,)`` as a network reads them; refuse what it has no number for."""
    with np.errstate(over="ignore"):
        read = prepared.astype(np.float32)
    beyond = np.isfinite(prepared) & ~np.isfinite(read)
    if beyond.any():
        raise SeriesError(
            Message(
                "prepare.beyond",
                N_(
                    "Value {position} of {column} is {value} after the preparation, more than a "
                    "network's numbers hold ({largest}). Choose a scaling, or the logarithm, or "
                    "larger units."
                ),
                {
                    "position": f"{int(beyond.argmax()) + 1:,}",
                    "column": column,
                    "value": f"{prepared[beyond.argmax()]:.3g}",
                    "largest": f"{np.finfo(np.float32).max:.2g}",
                },
            )
        )
    return read


def no_window(part: str, series: Series, config: WindowConfig) -> SeriesError:
    """Say which missing values leave a part without a whole window: of the column with most."""
    columns = np.column_stack([series.values, series.covariates])
    missing = ~np.isfinite(columns)
    worst = int(missing.sum(axis=0).argmax())
    return SeriesError(
        Message(
            "prepare.missing",
            N_(
                "{column} has missing values (in all: {count} of {length}), the first of them "
                "value {position}, and they leave no whole window of {timesteps} timesteps in "
                "the {part} part. Fill them in, or choose fewer timesteps."
            ),
            {
                "column": _subject(series, worst),
                "count": f"{int(missing[:, worst].sum()):,}",
                "length": f"{len(series):,}",
                "position": f"{int(missing[:, worst].argmax()) + 1:,}",
                "timesteps": config.timesteps,
                "part": Message("label", part),
            },
        )
    )


THIS_SERIES = Message("label", N_("this series"))


def _names(series: Series) -> list[Message]:
    return [THIS_SERIES, *(covariate(name) for name in series.covariate_names)]


def covariate(name: str) -> Message:
    """Name a covariate within a sentence."""
    return Message("label", N_("covariate '{name}'"), {"name": name})


def _subject(series: Series, column: int) -> Message:
    if not column:
        return Message("label", N_("The series"))
    name = series.covariate_names[column - 1]
    return Message("label", N_("Covariate '{name}'"), {"name": name})


def too_short(training: int, config: WindowConfig, first_target: int, length: int) -> SeriesError:
    """Say that the training part has no window, what it has and what it needs."""
    values: dict[str, object] = {
        "length": f"{length:,}",
        "held_out": f"{length - training:,}",
        "timesteps": config.timesteps,
        "needed": f"{first_target + config.steps:,}",
        "training": f"{max(0, training):,}",
    }
    if config.steps > 1:
        return SeriesError(
            Message(
                "prepare.short_direct",
                N_(
                    "The series has {length} values, {held_out} of them held out for validation "
                    "and test; {timesteps} timesteps and {steps} steps ahead at once need a "
                    "training part of at least {needed} values, and it has {training}. Choose a "
                    "shorter horizon, fewer timesteps, smaller held-out parts or a longer series."
                ),
                values | {"steps": config.steps},
            )
        )
    return SeriesError(
        Message(
            "prepare.short",
            N_(
                "The series has {length} values, {held_out} of them held out for validation and "
                "test; {timesteps} timesteps need a training part of at least {needed} values, "
                "and it has {training}. Choose fewer timesteps, smaller held-out parts or a "
                "longer series."
            ),
            values,
        )
    )
