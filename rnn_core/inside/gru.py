"""The GRU layer, forward and back through time, in both of Keras's forms.

z, r = σ(W_x x_t + W_h h_{t-1} + b), h_t = z ⊙ h_{t-1} + (1 - z) ⊙ n with the candidate
n = φ(W_x x_t + b + r ⊙ (W_h h_{t-1} + b')) where the reset comes after the product
(``reset_after``, Keras's default), or n = φ(W_x x_t + b + W_h (r ⊙ h_{t-1})) where it comes before
(Cho et al., Learning phrase representations using RNN encoder-decoder, 2014).
"""

from __future__ import annotations

import numpy as np

from rnn_core.inside.activations import ACTIVATIONS, Floats
from rnn_core.inside.network import Layer
from rnn_core.inside.trace import Backward, Trace, before, flush, times


def forward(layer: Layer, x: Floats) -> Trace:
    """Go through ``x`` ``(timesteps, windows, features)`` from a state of zeros."""
    phi = ACTIVATIONS[layer.activation].apply
    sigma = ACTIVATIONS[layer.recurrent_activation].apply
    units, two = layer.units, 2 * layer.units
    bias, state_bias = layer.bias if layer.reset_after else (layer.bias, None)
    U = layer.recurrent_kernel
    U_gates, U_candidate = np.ascontiguousarray(U[:, :two]), np.ascontiguousarray(U[:, two:])
    a = times(x, layer.kernel) + bias  # becomes the gates, step by step
    h = np.empty((*x.shape[:2], units), a.dtype)
    recurrent = np.empty_like(h)
    last = np.zeros_like(h[0])
    for t in range(len(a)):
        at = a[t]
        if state_bias is not None:
            of_state = last @ U + state_bias
            at[:, :two] += of_state[:, :two]
            recurrent[t] = of_state[:, two:]
        else:
            at[:, :two] += last @ U_gates
        at[:, :two] = sigma(at[:, :two])
        z, r = at[:, :units], at[:, units:two]
        if state_bias is None:
            recurrent[t] = (r * last) @ U_candidate
        at[:, two:] += r * recurrent[t] if state_bias is not None else recurrent[t]
        at[:, two:] = candidate = phi(at[:, two:])
        np.add(z * last, (1 - z) * candidate, out=h[t])
        last = h[t]
    gates = {name: a[:, :, layer.block(name)] for name in ("z", "r", "candidate")}
    return Trace(x, h, None, gates, recurrent)


def backward(layer: Layer, trace: Trace, from_above: Floats) -> Backward:
    """Go back; ``from_above`` ``(timesteps, windows, units)`` is what reaches h from above."""
    assert trace.recurrent is not None
    slope = ACTIVATIONS[layer.activation].slope
    gate_slope = ACTIVATIONS[layer.recurrent_activation].slope
    z, r, candidate = (trace.gates[name] for name in ("z", "r", "candidate"))
    steps, windows, units = trace.h.shape
    two = 2 * units
    last = before(trace.h)
    # What one unit of dh_t does inside of z and of the candidate, and one of dr_t inside of r.
    into_z = (last - candidate) * gate_slope(z)
    into_candidate = (1 - z) * slope(candidate)
    into_r = gate_slope(r)
    U_T = np.ascontiguousarray(layer.recurrent_kernel.T)
    dh = from_above.copy()
    da = np.empty((steps, windows, 3 * units), dh.dtype)
    by_state = np.empty_like(da) if layer.reset_after else da
    for t in range(steps - 1, -1, -1):
        at = da[t]
        flush(dh[t])
        np.multiply(dh[t], into_z[t], out=at[:, :units])
        np.multiply(dh[t], into_candidate[t], out=at[:, two:])
        if layer.reset_after:
            np.multiply(at[:, two:] * trace.recurrent[t], into_r[t], out=at[:, units:two])
            by_state[t, :, :two] = at[:, :two]
            np.multiply(at[:, two:], r[t], out=by_state[t, :, two:])
            flush(by_state[t])
            if t:
                dh[t - 1] += dh[t] * z[t] + by_state[t] @ U_T
        else:
            flush(at[:, two:])
            of_reset = at[:, two:] @ U_T[two:]
            np.multiply(of_reset * last[t], into_r[t], out=at[:, units:two])
            flush(at[:, :two])
            if t:
                dh[t - 1] += dh[t] * z[t] + of_reset * r[t] + at[:, :two] @ U_T[:two]
    return Backward(dh, None, times(da, layer.kernel.T), da, by_state)
