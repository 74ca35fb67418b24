"""What the network reads while one looks inside: one window, or the whole series in one go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pages.ui.i18n import _
from rnn_core.windows import Windows

MOST_CELLS = 2**18  # time steps × units × layers of one reading of the whole series
WINDOWS_OFFERED = 200


@dataclass(frozen=True, eq=False)
class Reading:
    """The prepared values that go in, ``(timesteps, features)``, and what should come out.

    ``steps`` ``(timesteps,)`` are their places in the series. ``target`` is the place of the
    value that is to be forecast; ``whole`` says that all before it is read in one go, or of
    ``available`` values the newest: as many as fit a "bound", or those since a "gap".
    """

    windows: Windows
    target: int
    steps: NDArray[np.int64]
    inputs: NDArray[np.float32]
    truth: NDArray[np.float32]
    whole: bool
    available: int = 0
    cut: Literal["", "bound", "gap"] = ""

    @property
    def times(self) -> NDArray[Any]:
        """Times of the steps ``(timesteps,)``."""
        found: NDArray[Any] = self.windows.series.times[self.steps]
        return found

    def step_of(self, place: int) -> int:
        """Give the step at a place in the series, or the nearest one."""
        return int(np.clip(place - self.steps[0], 0, len(self.steps) - 1))


@lru_cache(maxsize=64)
def window_of(windows: Windows, target: int) -> Reading:
    """Give the window of a target."""
    here = np.array([target])
    steps = np.arange(target - windows.timesteps, target)
    return Reading(
        windows, target, steps, windows.inputs(here)[0], windows.outputs(here)[0], whole=False
    )


@lru_cache(maxsize=16)
def series_of(windows: Windows, cells: int) -> Reading:
    """Give the newest stretch without a gap, at most as long as the network can read at once.

    ``cells`` is how many units the network has in all its layers.
    """
    known, timesteps = known_targets(windows), windows.timesteps
    end, oldest = int(known[-1]), int(known[0]) - timesteps
    most = max(timesteps, MOST_CELLS // cells)
    # Window after window, so that whatever a window is made of is what is read.
    starts = np.arange(end, int(known[0]) - 1, -timesteps)[: -(-most // timesteps)]
    gaps = np.flatnonzero(~np.isin(starts, known))
    targets = (starts[: gaps[0]] if len(gaps) else starts)[::-1]
    # The oldest values need not come to a whole window more.
    before = known[(known > targets[0] - timesteps) & (known < targets[0])][:1]
    first = int(before[0]) if len(before) else int(targets[0])
    inputs = windows.inputs(np.concatenate([before, targets]))
    read = np.concatenate([inputs[0][: targets[0] - first], *inputs[len(before) :]])[-most:]
    begin = end - len(read)
    return Reading(
        windows,
        end,
        np.arange(begin, end),
        read,
        windows.outputs(np.array([end]))[0],
        whole=True,
        available=end - oldest,
        cut="" if begin == oldest else "bound" if len(read) == most else "gap",
    )


def read_said(reading: Reading) -> str:
    """Say how much of the series is read in one go, and why no more where that is not all."""
    if not reading.cut:
        return _("The network reads the whole series in one go.")
    reason = {
        "bound": _(
            "The network reads the newest {read} of {available} values in one go: more would take "
            "too long to compute while you wait."
        ),
        "gap": _(
            "The network reads the newest {read} of {available} values in one go: those since the "
            "last gap, as it cannot read over missing values."
        ),
    }[reading.cut]
    return reason.format(read=f"{len(reading.steps):,}", available=f"{reading.available:,}")


def known_targets(windows: Windows) -> NDArray[np.int64]:
    """Give every target whose window can be read, in time order, those trained on included."""
    # Between training and validation lie windows that have a share in both.
    return np.unique(np.concatenate([windows.training, windows.judged[0], windows.held_out]))


def targets_offered(windows: Windows) -> list[int]:
    """Give held-out targets to choose among, the newest last; where there are many, some."""
    held_out = windows.held_out
    chosen = np.linspace(0, len(held_out) - 1, min(len(held_out), WINDOWS_OFFERED))
    return [int(target) for target in held_out[np.unique(np.round(chosen).astype(int))]]


def moment(windows: Windows) -> Callable[[int], str]:
    """Give what writes the time of one value of the series, as finely as the series is."""
    times = windows.series.times
    if not windows.series.has_calendar:
        return lambda place: _("value {number}").format(number=f"{place + 1:,}")
    unit = _finest(times)
    return lambda place: str(np.datetime_as_string(times[place], unit=unit))


def _finest(times: NDArray[np.datetime64]) -> str:
    """Give the coarsest unit in which each of a series' times, in order, has its own name."""
    for unit in ("Y", "M", "D", "m", "s", "ms"):
        told = times.astype(f"datetime64[{unit}]")
        if (told[1:] > told[:-1]).all():
            return unit
    return str(np.datetime_data(times.dtype)[0])
