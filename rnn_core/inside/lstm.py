"""The LSTM layer, forward and back through time.

i, f, o = σ(W_x x_t + W_h h_{t-1} + b), g = φ(the same with its own weights),
c_t = f ⊙ c_{t-1} + i ⊙ g, h_t = o ⊙ φ(c_t), with φ = tanh (Hochreiter & Schmidhuber, Long
short-term memory, 1997; with the forget gate of Gers, Schmidhuber & Cummins, 2000).
"""

from __future__ import annotations

import numpy as np

from rnn_core.inside.activations import ACTIVATIONS, Floats
from rnn_core.inside.network import Layer
from rnn_core.inside.trace import Backward, Trace, before, flush, times


def forward(layer: Layer, x: Floats) -> Trace:
    """Go through ``x`` ``(timesteps, windows, features)`` from states of zeros."""
    phi = ACTIVATIONS[layer.activation].apply
    sigma = ACTIVATIONS[layer.recurrent_activation].apply
    U, units = layer.recurrent_kernel, layer.units
    a = times(x, layer.kernel) + layer.bias  # becomes the gates, step by step
    h = np.empty((*x.shape[:2], units), a.dtype)
    c = np.empty_like(h)
    for t in range(len(a)):
        at = a[t]
        if t:
            at += h[t - 1] @ U
        at[:, : 2 * units] = sigma(at[:, : 2 * units])
        at[:, 2 * units : 3 * units] = phi(at[:, 2 * units : 3 * units])
        at[:, 3 * units :] = sigma(at[:, 3 * units :])
        np.multiply(at[:, :units], at[:, 2 * units : 3 * units], out=c[t])
        if t:
            c[t] += at[:, units : 2 * units] * c[t - 1]
        np.multiply(at[:, 3 * units :], phi(c[t]), out=h[t])
    return Trace(x, h, c, {name: a[:, :, layer.block(name)] for name in "ifgo"})


def backward(layer: Layer, trace: Trace, from_above: Floats) -> Backward:
    """Go back; ``from_above`` ``(timesteps, windows, units)`` is what reaches h from above."""
    assert trace.c is not None
    phi, slope = ACTIVATIONS[layer.activation].apply, ACTIVATIONS[layer.activation].slope
    gate_slope = ACTIVATIONS[layer.recurrent_activation].slope
    i, f, g, o = (trace.gates[name] for name in "ifgo")
    steps, windows, units = trace.h.shape
    squashed = phi(trace.c)
    # What one unit of dc_t does inside of i, f and g, and one of dh_t inside of o and in c.
    by_c = np.empty((steps, windows, 3, units), trace.h.dtype)
    by_c[:, :, 0] = g * gate_slope(i)
    by_c[:, :, 1] = before(trace.c) * gate_slope(f)
    by_c[:, :, 2] = i * slope(g)
    into_o = squashed * gate_slope(o)
    into_c = o * slope(squashed)
    U_T = np.ascontiguousarray(layer.recurrent_kernel.T)
    dh = from_above.copy()
    dc = np.empty_like(dh)
    da = np.empty((steps, windows, 4 * units), dh.dtype)
    for t in range(steps - 1, -1, -1):
        if t + 1 < steps:
            dh[t] += da[t + 1] @ U_T
        np.multiply(dh[t], into_c[t], out=dc[t])
        if t + 1 < steps:
            dc[t] += dc[t + 1] * f[t + 1]
        flush(dc[t])
        by_gate = da[t].reshape(windows, 4, units)
        np.multiply(by_c[t], dc[t][:, None], out=by_gate[:, :3])
        np.multiply(dh[t], into_o[t], out=by_gate[:, 3])
        flush(da[t])
    return Backward(dh, dc, times(da, layer.kernel.T), da, da)
