"""The plain recurrent layer, forward and back through time.

h_t = φ(W_xh x_t + W_hh h_{t-1} + b), with φ = tanh (Elman, Finding structure in time, 1990).
"""

from __future__ import annotations

import numpy as np

from rnn_core.inside.activations import ACTIVATIONS, Floats
from rnn_core.inside.network import Layer
from rnn_core.inside.trace import Backward, Trace, flush, times


def forward(layer: Layer, x: Floats) -> Trace:
    """Go through ``x`` ``(timesteps, windows, features)`` from a state of zeros."""
    phi = ACTIVATIONS[layer.activation].apply
    U = layer.recurrent_kernel
    h = times(x, layer.kernel) + layer.bias
    h[0] = phi(h[0])
    for t in range(1, len(h)):
        h[t] += h[t - 1] @ U
        h[t] = phi(h[t])
    return Trace(x, h)


def backward(layer: Layer, trace: Trace, from_above: Floats) -> Backward:
    """Go back; ``from_above`` ``(timesteps, windows, units)`` is what reaches h from above."""
    U_T = np.ascontiguousarray(layer.recurrent_kernel.T)
    slope = ACTIVATIONS[layer.activation].slope(trace.h)
    dh = from_above.copy()
    da = np.empty_like(dh)
    for t in range(len(dh) - 1, -1, -1):
        if t + 1 < len(dh):
            dh[t] += da[t + 1] @ U_T
        np.multiply(dh[t], slope[t], out=da[t])
        flush(da[t])
    return Backward(dh, None, times(da, layer.kernel.T), da, da)
