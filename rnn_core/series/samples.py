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

    Its file has a header and two columns: a date (``1949-01``, ``1871``, ``19580329``) and the
    value; an empty one is missing: NaN.
    """
    source = SOURCES[name]
    if source.kind != "sample":
        raise ValueError(f"'{name}' is not a sample but a {source.kind}.")
    with (SAMPLE_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        _header, *rows = csv.reader(file)
    times, values = zip(*rows, strict=True)
    return Series(
        name=source.label,
        values=np.array([value or "nan" for value in values], dtype=np.float64),
        times=np.array([_iso(time) for time in times], dtype="datetime64[s]"),
        unit=source.unit,
        season=source.season,
        time_unit=source.time_unit,
    )


def _iso(date: str) -> str:
    """Write the compact form of a date with the hyphens that NumPy reads."""
    return f"{date[:4]}-{date[4:6]}-{date[6:]}" if len(date) == 8 and date.isdigit() else date
