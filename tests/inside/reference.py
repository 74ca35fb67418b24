"""Recurrent networks once more, one step and one gate at a time, as the textbook writes them.

Slow and plain, and written apart from the library: what it is held against. A ``nudge`` may be
added to one h or c on the way, for finite differences.
"""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


PHI = {"tanh": np.tanh, "linear": lambda x: x, "relu": lambda x: np.where(x > 0, x, 0.0)}


def run(network, window, nudge=None):
    """Read ``window`` ``(timesteps, features)``; gives the output and what every layer computed.

    ``nudge`` is ``(what, layer, step, unit, amount)`` with what "h" or "c".
    """
    computed = []
    inputs = list(window)
    for index, layer in enumerate(network.layers):
        step = STEPS[layer.cell]
        state = {"h": np.zeros(layer.units), "c": np.zeros(layer.units)}
        history = []
        for t, x in enumerate(inputs):

            def nudged(what, value, index=index, t=t):
                if nudge is not None and nudge[:3] == (what, index, t):
                    value = value.copy()
                    value[nudge[3]] += nudge[4]
                return value

            state = step(layer, x, state, nudged)
            history.append(state)
        inputs = [state["h"] for state in history]
        computed.append({name: np.array([s[name] for s in history]) for name in history[0]})
    return inputs[-1] @ network.head_kernel + network.head_bias, computed


def columns(matrix, index, units):
    return matrix[..., index * units : (index + 1) * units]


def rnn_step(layer, x, state, nudged):
    h = PHI[layer.activation](x @ layer.kernel + state["h"] @ layer.recurrent_kernel + layer.bias)
    return {"h": nudged("h", h), "c": state["c"]}


def lstm_step(layer, x, state, nudged):
    def inside(index):
        W = columns(layer.kernel, index, layer.units)
        U = columns(layer.recurrent_kernel, index, layer.units)
        return x @ W + state["h"] @ U + columns(layer.bias, index, layer.units)

    phi = PHI[layer.activation]
    i, f, g, o = sigmoid(inside(0)), sigmoid(inside(1)), phi(inside(2)), sigmoid(inside(3))
    c = nudged("c", f * state["c"] + i * g)
    return {"h": nudged("h", o * phi(c)), "c": c, "i": i, "f": f, "g": g, "o": o}


def gru_step(layer, x, state, nudged):
    units, before = layer.units, state["h"]
    W = [columns(layer.kernel, index, units) for index in range(3)]
    U = [columns(layer.recurrent_kernel, index, units) for index in range(3)]
    bias, state_bias = layer.bias if layer.reset_after else (layer.bias, np.zeros(3 * units))
    b = [columns(bias, index, units) for index in range(3)]
    d = [columns(state_bias, index, units) for index in range(3)]
    z = sigmoid(x @ W[0] + b[0] + before @ U[0] + d[0])
    r = sigmoid(x @ W[1] + b[1] + before @ U[1] + d[1])
    if layer.reset_after:
        inside = x @ W[2] + b[2] + r * (before @ U[2] + d[2])
    else:
        inside = x @ W[2] + b[2] + (r * before) @ U[2]
    candidate = PHI[layer.activation](inside)
    h = z * before + (1 - z) * candidate
    return {"h": nudged("h", h), "c": state["c"], "z": z, "r": r, "candidate": candidate}


STEPS = {"rnn": rnn_step, "lstm": lstm_step, "gru": gru_step}
