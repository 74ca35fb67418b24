"""What a layer keeps of its way through time, and what goes back through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from rnn_core.inside.activations import Floats


@dataclass(frozen=True, eq=False)
class Trace:
    """One layer's way forward; every array is time first: ``(timesteps, windows, units)``.

    ``inputs`` is ``(timesteps, windows, features)``. ``c`` is an LSTM's cell state, else None.
    ``recurrent`` is what the state adds to a GRU's candidate before the reset gate, else None.
    """

    inputs: Floats
    h: Floats
    c: Floats | None = None
    gates: Mapping[str, Floats] = field(default_factory=dict)
    recurrent: Floats | None = None


@dataclass(frozen=True, eq=False)
class Backward:
    """One layer's way back: derivatives of a number by what the layer computed, time first.

    ``dh`` (and ``dc`` of an LSTM) ``(timesteps, windows, units)`` count every later effect, each
    through h (through c). ``dx`` is ``(timesteps, windows, features)``. ``da``
    ``(timesteps, windows, blocks * units)`` belongs to what stands inside of the activations;
    ``da_recurrent`` is the same seen from W_hh, which differs for a GRU alone.
    """

    dh: Floats
    dc: Floats | None
    dx: Floats
    da: Floats
    da_recurrent: Floats


def flush(values: Floats) -> None:
    """Set to 0 what is so small that the next products leave the type's normal numbers.

    That is below 1e-31 in float32 and 1e-292 in float64. Arithmetic with subnormal numbers takes
    a hundred times as long, and a gradient that vanishes comes to nothing else.
    """
    kind = np.finfo(values.dtype)
    values[np.abs(values) < kind.tiny / kind.eps] = 0


def before(states: Floats) -> Floats:
    """Give each step's state before it: shifted by one, zeros first."""
    shifted = np.zeros_like(states)
    shifted[1:] = states[:-1]
    return shifted


def times(x: Floats, matrix: Floats) -> Floats:
    """Multiply ``(timesteps, windows, n)`` by ``(n, m)`` as one matrix product, not one a step."""
    steps, windows, width = x.shape
    product: Floats = (x.reshape(steps * windows, width) @ matrix).reshape(steps, windows, -1)
    return product
