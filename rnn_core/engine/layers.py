"""Layers written out, forward and backward, on the weights of stock Keras layers.

Autodiff through a loop multiplies small matrices at every time step to add up the gradient of the
weights; written out by hand these become one large product after the loop. What a gate's slope
depends on is computed for all time steps at once as well, before the loop goes backward: in it is
only what waits for the step after. Sequences are time-major: ``(timesteps, batch, features)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tensorflow as tf

Tensor = Any


@tf.custom_gradient  # type: ignore[untyped-decorator]
def lstm(x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor) -> Any:
    """Hidden states of an LSTM (Hochreiter & Schmidhuber 1997, with Gers's forget gate).

    ``x`` ``(timesteps, batch, features)``, ``w_x`` ``(features, 4 units)``, ``w_h``
    ``(units, 4 units)``, ``b`` ``(4 units,)`` in Keras's order i, f, g, o. Gives
    ``(timesteps, batch, units)``.
    """
    units = w_h.shape[0]
    # sigmoid(z) = tanh(z / 2) / 2 + 1 / 2: one function for all gates, with a scale and a shift.
    scale = _of_each_gate(units, [0.5, 0.5, 1.0, 0.5], x)
    shift = _of_each_gate(units, [0.5, 0.5, 0.0, 0.5], x)
    start = tf.zeros((x.shape[1], units), x.dtype)

    def step(_: Tensor, from_x: Tensor, h: Tensor, c: Tensor) -> Any:
        gates = scale * tf.tanh(scale * (from_x + b + tf.matmul(h, w_h))) + shift
        i, f, g, o = tf.split(gates, 4, axis=1)
        c = f * c + i * g
        h = o * tf.tanh(c)
        return [h, c], [gates, h, c]

    gates, h, c = _each_step(step, [start, start], [units, units], _project(x, w_x))

    def backward(dh: Tensor) -> Any:
        i, f, g, o = tf.split(gates, 4, axis=2)
        tanh_c = tf.tanh(c)
        # How c depends on what comes into i, f and g, and h on what comes into o and on c.
        # Of a sigmoid the slope is y (1 - y), of a tanh 1 - y².
        to_i, to_f, to_g = g * i * (1 - i), _before(c) * f * (1 - f), i * (1 - g * g)
        to_o = tanh_c * o * (1 - o)
        slopes = tf.concat([to_i, to_f, to_g, to_o], axis=2)
        through_h = o * (1 - tanh_c * tanh_c)
        dh_before = _before(dh)
        transposed = _transposed(w_h)

        def step_back(t: Tensor, slope: Tensor, dh_t: Tensor, dc: Tensor) -> Any:
            dc = dc + dh_t * through_h[t]
            dz = slope * tf.concat([dc, dc, dc, dh_t], axis=1)
            f_t = gates[t][:, units : 2 * units]  # of [t, :, units:] XLA takes the wrong part
            return [dh_before[t] + tf.matmul(dz, transposed)[:, :units], dc * f_t], [dz]

        (dz,) = _each_step(step_back, [dh[-1], start], [], slopes, backward=True)
        return _gradients(dz, x, h, w_x)

    return h, backward


@tf.custom_gradient  # type: ignore[untyped-decorator]
def gru(x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor) -> Any:
    """Hidden states of a GRU (Cho et al. 2014), the reset gate after the product as in cuDNN.

    ``w_x`` ``(features, 3 units)``, ``w_h`` ``(units, 3 units)``, ``b`` ``(2, 3 units)``: added to
    what comes from x and from h; Keras's order z, r, candidate.
    """
    units = w_h.shape[0]
    # The bias of h goes with that of x into z and r; in the candidate r comes in between.
    of_zr = tf.concat([b[1, : 2 * units], tf.zeros(units, x.dtype)], axis=0)
    bias = b[0] + of_zr
    start = tf.zeros((x.shape[1], units), x.dtype)

    def step(_: Tensor, from_x: Tensor, h: Tensor) -> Any:
        x_zr, x_n = tf.split(from_x + bias, [2 * units, units], axis=1)
        h_zr, h_n = tf.split(tf.matmul(h, w_h), [2 * units, units], axis=1)
        h_n = h_n + b[1, 2 * units :]
        zr = 0.5 * tf.tanh(0.5 * (x_zr + h_zr)) + 0.5
        z, r = tf.split(zr, 2, axis=1)
        n = tf.tanh(x_n + r * h_n)
        h = n + z * (h - n)
        return [h], [tf.concat([zr, n], axis=1), h, h_n]

    gates, h, h_n = _each_step(step, [start], [units, units], _project(x, w_x))

    def backward(dh: Tensor) -> Any:
        z, r, n = tf.split(gates, 3, axis=2)
        h_before = _before(h)
        dh_before = _before(dh)
        # How h depends on what comes into z, r and n; into n from h it comes through r.
        to_z, to_n = (h_before - n) * z * (1 - z), (1 - z) * (1 - n * n)
        slopes = tf.concat([to_z, to_n * h_n * r * (1 - r), to_n * r], axis=2)
        transposed = _transposed(w_h)

        def step_back(t: Tensor, slope: Tensor, dh_t: Tensor) -> Any:
            to_h = slope * tf.concat([dh_t, dh_t, dh_t], axis=1)
            product = tf.matmul(to_h, transposed)[:, :units]
            return [dh_before[t] + dh_t * gates[t][:, :units] + product], [to_h, dh_t]

        to_h, dh_all = _each_step(step_back, [dh[-1]], [units], slopes, backward=True)
        dn = to_n * dh_all
        of_h, of_x, of_bias = _sums(to_h, h_before, x)
        n_of_x, n_of_bias = _sums(dn, x)
        return (
            _project(tf.concat([to_h[:, :, : 2 * units], dn], axis=2), w_x, transpose=True),
            tf.concat([of_x[:, : 2 * units], n_of_x], axis=1),
            of_h,
            tf.concat([tf.concat([of_bias[:, : 2 * units], n_of_bias], axis=1), of_bias], axis=0),
        )

    return h, backward


@tf.custom_gradient  # type: ignore[untyped-decorator]
def rnn(x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor) -> Any:
    """Hidden states of a plain recurrent layer with tanh (Elman 1990).

    ``w_x`` ``(features, units)``, ``w_h`` ``(units, units)``, ``b`` ``(units,)``.
    """
    units = w_h.shape[0]
    start = tf.zeros((x.shape[1], units), x.dtype)

    def step(_: Tensor, from_x: Tensor, h: Tensor) -> Any:
        h = tf.tanh(from_x + b + tf.matmul(h, w_h))
        return [h], [h]

    (h,) = _each_step(step, [start], [], _project(x, w_x))

    def backward(dh: Tensor) -> Any:
        transposed = _transposed(w_h)

        def step_back(t: Tensor, slope: Tensor, dh_later: Tensor) -> Any:
            dz = (dh[t] + dh_later) * slope
            return [tf.matmul(dz, transposed)[:, :units]], [dz]

        (dz,) = _each_step(step_back, [start], [], 1 - h * h, backward=True)
        return _gradients(dz, x, h, w_x)

    return h, backward


def cnn(x: Tensor, kernel: Tensor, b: Tensor, dilation: int) -> Tensor:
    """Outputs of a causal dilated convolution with ReLU (van den Oord et al. 2016, WaveNet).

    ``kernel`` ``(taps, features, filters)``, its last tap on the newest value, ``b``
    ``(filters,)``: y_t = max(0, b + Σ_k x_{t - dilation (taps - 1 - k)} kernel_k). One product
    over all taps; gradients by autodiff, as there is no loop.
    """
    taps, features, filters = kernel.shape
    timesteps = x.shape[0]
    delays = [dilation * (taps - 1 - tap) for tap in range(taps)]
    padded = tf.pad(x, [[max(delays), 0], [0, 0], [0, 0]])
    first = max(delays)
    delayed = [padded[first - delay : first - delay + timesteps] for delay in delays]
    stacked = tf.concat(delayed, axis=2)
    return tf.nn.relu(_project(stacked, tf.reshape(kernel, (taps * features, filters))) + b)


RECURRENT: Mapping[str, Callable[..., Tensor]] = {"lstm": lstm, "gru": gru, "rnn": rnn}


def _each_step(
    step: Callable[..., Any],
    states: Sequence[Tensor],
    saved: Sequence[int],
    sequence: Tensor,
    *,
    backward: bool = False,
) -> list[Tensor]:
    """Step through time; ``step(time, value, *states)`` gives the next states and what to save.

    ``value`` is that of ``sequence``. The first thing saved is as wide and takes its place: memory
    of its own would have to be filled with zeros first. ``saved`` has the widths of the others.
    Gives all of them as sequences.
    """
    timesteps, batch, width = sequence.shape

    def array(width: int) -> tf.TensorArray:
        shape = (batch, width)
        return tf.TensorArray(
            sequence.dtype, timesteps, element_shape=shape, clear_after_read=False
        )

    arrays = [array(width).unstack(sequence), *map(array, saved)]

    def body(count: Tensor, states: list[Tensor], arrays: list[tf.TensorArray]) -> Any:
        time = timesteps - 1 - count if backward else count
        following, values = step(time, arrays[0].read(time), *states)
        written = [into.write(time, value) for into, value in zip(arrays, values, strict=True)]
        return count + 1, following, written

    _, _, arrays = tf.while_loop(
        lambda count, *_: count < timesteps, body, (tf.constant(0), list(states), arrays)
    )
    return [filled.stack() for filled in arrays]


def _of_each_gate(units: int, values: Sequence[float], like: Tensor) -> Tensor:
    return tf.repeat(tf.constant(values, like.dtype), units)


def _gradients(dz: Tensor, x: Tensor, h: Tensor, w_x: Tensor) -> tuple[Tensor, ...]:
    """Give the gradients of ``x``, of both kernels and of the bias, from those of all gates."""
    of_h, of_x, of_bias = _sums(dz, _before(h), x)
    return _project(dz, w_x, transpose=True), of_x, of_h, of_bias[0]


def _sums(dz: Tensor, *sequences: Tensor) -> list[Tensor]:
    """Add up ``sequence_t^T dz_t`` over all time steps and windows, and last ``dz_t`` alone.

    All of them are one product: XLA adds up a product's single row, as that of a series without
    further features, one number after the other, which takes longer than the others together.
    """
    ones = tf.ones_like(sequences[0][:, :, :1])
    stacked = tf.concat([*sequences, ones], axis=2)
    product = tf.matmul(_flat(stacked), _flat(dz), transpose_a=True)
    widths = [sequence.shape[-1] for sequence in sequences] + [1]
    sums: list[Tensor] = tf.split(product, widths, axis=0)
    return sums


def _transposed(weights: Tensor) -> Tensor:
    """Transpose recurrent weights once for all steps of the backward pass, rows zero-padded.

    Of 50 or 64 units and 16 windows a product that transposes them by itself takes 1.4 to 1.7 times
    as long at each step; and one with rows of 50 takes 1.5 times as long as with 64.
    """
    inputs = weights.shape[0]
    return tf.pad(tf.transpose(weights), [[0, 0], [0, -inputs % 16]])


def _before(sequence: Tensor) -> Tensor:
    """Shift by one time step: what was there one step earlier, zeros at the first."""
    return tf.concat([tf.zeros_like(sequence[:1]), sequence[:-1]], axis=0)


def _project(sequence: Tensor, weights: Tensor, *, transpose: bool = False) -> Tensor:
    product = tf.matmul(_flat(sequence), weights, transpose_b=transpose)
    return tf.reshape(product, (sequence.shape[0], sequence.shape[1], -1))


def _flat(sequence: Tensor) -> Tensor:
    return tf.reshape(sequence, (-1, sequence.shape[-1]))
