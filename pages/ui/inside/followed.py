"""What the units of a network are compared with while it reads, and their order by it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pages.ui.inside import opened
from pages.ui.inside.opened import Key
from pages.ui.inside.reading import Reading
from rnn_core.inside.activations import Floats
from rnn_core.inside.network import Network
from rnn_core.inside.units import CHANGE, INPUT, LEVEL, ORDERS, UnitTable, unit_table


def signals_of(reading: Reading) -> dict[str, Floats]:
    """Give what goes on in a reading, ``(timesteps,)`` by name; channels beside the series quoted.

    The quotes tell a table's column apart from what the page calls so itself.
    """
    values = reading.windows.series.values
    names = reading.windows.series.covariate_names
    return {
        INPUT: reading.inputs[:, 0],
        LEVEL: values[reading.steps],
        CHANGE: values[reading.steps] - values[np.maximum(reading.steps - 1, 0)],
        **{f"“{name}”": reading.inputs[:, 1 + index] for index, name in enumerate(names)},
    }


def phase_of(reading: Reading) -> Floats | None:
    """Give the time in seasons ``(timesteps,)``, None of a series without a season."""
    season = reading.windows.series.season
    return reading.steps / season if season > 1 else None


@lru_cache(maxsize=8)
def table(net: Network, reading: Reading, layer: int) -> UnitTable:
    """Find what the units of a layer follow while the network reads."""
    h = opened.states(net, reading)[layer]
    return unit_table(h, signals_of(reading), phase_of(reading))


@lru_cache(maxsize=64)
def unit_order(name: str, key: Key, reading: Reading, layer: int) -> NDArray[np.int64]:
    """Order the units of a layer by what they do in one epoch, to be held over the others."""
    net = opened.network_of_key(key)
    return ORDERS[name].find(opened.states(net, reading)[layer], table(net, reading, layer))
