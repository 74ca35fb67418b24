"""A univariate time series: values, when they were taken, and the words to talk about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.messages import N_


@dataclass(frozen=True, eq=False)
class Series:
    """Values in the order of their times, oldest first.

    ``values`` has shape ``(n,)`` and dtype float64. ``times`` has the same shape: datetime64[s]
    where there is a calendar, else the int64 numbers of the steps. Both are read-only copies of
    what was given. ``season`` is the number of steps after which the pattern repeats, 0 if none is
    known; ``time_unit`` is the word for one step, ``unit`` that for the values ("" if unknown).

    Raises ``ValueError`` for arrays of another shape or for times of another kind.
    """

    name: str
    values: NDArray[np.float64]
    times: NDArray[Any]
    unit: str = ""
    season: int = 0
    time_unit: str = N_("step")

    def __post_init__(self) -> None:
        values = np.array(self.values, dtype=np.float64)
        given = np.asarray(self.times)
        if given.dtype.kind not in "Mi":
            raise ValueError(f"times must be dates or whole numbers. Received: {given.dtype}.")
        times = given.astype("datetime64[s]" if given.dtype.kind == "M" else np.int64, copy=True)
        if values.ndim != 1 or values.shape != times.shape:
            raise ValueError(
                "values and times must be one-dimensional and equally long. "
                f"Received: {values.shape} and {times.shape}."
            )
        values.setflags(write=False)
        times.setflags(write=False)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "times", times)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def has_calendar(self) -> bool:
        """Whether ``times`` are dates rather than the numbers of the steps."""
        return bool(self.times.dtype.kind == "M")
