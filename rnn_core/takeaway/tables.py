"""Series and forecasts as CSV text."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.series.series import Series

Floats = NDArray[np.float64]


def series_csv(series: Series) -> str:
    """Write the columns ``time`` (ISO 8601, or the number of the step) and ``value``."""
    return _csv({"time": _texts(series.times), "value": _numbers(series.values)})


def forecast_csv(
    times: NDArray[Any],
    forecast: Floats,
    *,
    truth: Floats | None = None,
    levels: tuple[float, ...] = (),
    lower: Floats | None = None,
    upper: Floats | None = None,
    quantiles: Mapping[float, Floats] | None = None,
    baselines: Mapping[str, Floats] | None = None,
) -> str:
    """Write forecasts ``(horizon,)`` at ``times``, in the units of the series, one row a step.

    Columns: ``time``, ``truth``, ``forecast``, for each level ``lower_80`` and ``upper_80`` (from
    ``lower`` and ``upper`` ``(levels, horizon)``), each of the ``quantiles`` that a network says
    itself as ``quantile_2.5`` (of 0.025, in percent), and each baseline by its name. What is not
    known is an empty cell. A number has all the digits that it takes to read it back exactly.
    """
    columns: dict[str, list[str]] = {"time": _texts(times)}
    if truth is not None:
        columns["truth"] = _numbers(truth)
    columns["forecast"] = _numbers(forecast)
    if lower is not None and upper is not None:
        for place, level in enumerate(levels):
            columns[f"lower_{100 * level:g}"] = _numbers(lower[place])
            columns[f"upper_{100 * level:g}"] = _numbers(upper[place])
    for share, values in (quantiles or {}).items():
        columns[f"quantile_{100 * share:g}"] = _numbers(values)
    for name, values in (baselines or {}).items():
        columns[name] = _numbers(values)
    return _csv(columns)


def _csv(columns: Mapping[str, list[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def _texts(times: NDArray[Any]) -> list[str]:
    if times.dtype.kind != "M":
        return [str(int(time)) for time in times]
    days = times.astype("datetime64[D]")
    whole = bool(np.all(days == times))
    return [str(time) for time in (days if whole else times)]  # to the second, or finer


def _numbers(values: Floats) -> list[str]:
    return ["" if np.isnan(value) else repr(float(value)) for value in values]
