"""A time series: values, when they were taken, and the words to talk about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_

FINE = ("ms", "us", "ns")  # units of times in which there are parts of a second


@dataclass(frozen=True, eq=False)
class Series:
    """Values in the order of their times, oldest first.

    ``values`` has shape ``(n,)`` and dtype float64, NaN where a value is missing. ``times`` has the
    same shape: datetime64[s] where there is a calendar, datetime64[us] where it tells parts of a
    second, else the int64 numbers of the steps.
    ``covariates`` has shape ``(n, k)``: further channels known at each step, one for each of the
    ``covariate_names``; left out, there are none and k is 0. The arrays are read-only copies of
    what was given. ``season`` is the number of steps after which the pattern repeats, 0 if none is
    known; ``time_unit`` is the word for one step, ``unit`` that for the values ("" if unknown).
    ``drawn`` ``(n,)`` tells where a value, or a covariate, was not measured but drawn on a line
    between its neighbours, so that it knows a later one; left out, nowhere.

    Raises ``ValueError`` for arrays of another shape or for times of another kind.
    """

    name: str
    values: NDArray[np.float64]
    times: NDArray[Any]
    unit: str = ""
    season: int = 0
    time_unit: str = N_("step")
    covariates: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 0)))
    covariate_names: tuple[str, ...] = ()
    drawn: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))

    def __post_init__(self) -> None:
        values = np.array(self.values, dtype=np.float64)
        given = np.asarray(self.times)
        if given.dtype.kind not in "Mi":
            raise ValueError(f"times must be dates or whole numbers. Received: {given.dtype}.")
        fine = np.datetime_data(given.dtype)[0] in FINE if given.dtype.kind == "M" else False
        dates = "datetime64[us]" if fine else "datetime64[s]"
        times = given.astype(dates if given.dtype.kind == "M" else np.int64, copy=True)
        if values.ndim != 1 or values.shape != times.shape:
            raise ValueError(
                "values and times must be one-dimensional and equally long. "
                f"Received: {values.shape} and {times.shape}."
            )
        covariates = np.array(self.covariates, dtype=np.float64)
        names = tuple(self.covariate_names)
        if not names and not covariates.size:
            covariates = np.empty((len(values), 0))
        if covariates.shape != (len(values), len(names)):
            raise ValueError(
                "covariates must have a row for each value and a column for each name, here "
                f"{(len(values), len(names))}. Received: {covariates.shape}."
            )
        if len(set(names)) < len(names):
            raise ValueError(f"covariate_names must be different. Received: {names}.")
        drawn = np.array(self.drawn, dtype=bool)
        if not drawn.any():
            drawn = np.zeros(len(values), bool)
        if drawn.shape != values.shape:
            raise ValueError(
                "drawn must say yes or no of each value, here "
                f"{values.shape}. Received: {drawn.shape}."
            )
        arrays = {"values": values, "times": times, "covariates": covariates, "drawn": drawn}
        for name, array in arrays.items():
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        object.__setattr__(self, "covariate_names", names)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def has_calendar(self) -> bool:
        """Whether ``times`` are dates rather than the numbers of the steps."""
        return bool(self.times.dtype.kind == "M")
