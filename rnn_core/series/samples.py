"""The real series that come with the app, read from ``sample_data/``."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from rnn_core.series.series import Series
from rnn_core.series.sources import SOURCES

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"


def load_sample(name: str) -> Series:
    """Read one of the samples in :data:`SOURCES`, for example ``"airline"``.

    Its file has a header and two columns: an ISO date (``1949-01``, ``1871``) and the value.
    """
    source = SOURCES[name]
    if source.kind != "sample":
        raise ValueError(f"'{name}' is not a sample but a {source.kind}.")
    with (SAMPLE_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        _header, *rows = csv.reader(file)
    times, values = zip(*rows, strict=True)
    return Series(
        name=source.label,
        values=np.array(values, dtype=np.float64),
        times=np.array(times, dtype="datetime64[s]"),
        unit=source.unit,
        season=source.season,
        time_unit=source.time_unit,
    )
