"""Layers written out, forward and backward, on the weights of stock Keras layers.

Autodiff through a loop multiplies small matrices at every time step to add up the gradient of the
weights; written out by hand these become one large product after the loop. What a gate's slope
depends on is computed for all time steps at once as well, before the loop goes backward: in it is
only what waits for the step after. Sequences are time-major: ``(timesteps, batch, features)``.

A step is some products and small operations that XLA runs as kernels: up to eight of them one
after the other, more through a scheduler that takes as long as they do. To stay within eight, a
loop saves only what cannot be had without it and leaves the rest to one pass over all time steps,
and a product is carried to the next step as it is, padded, where adding it costs no kernel. Where
more than eight could begin at once, XLA hands some to another thread, and a loop that waits for
those follows them there; so what a layer above another one needs waits for its input
(:func:`_after`).
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
    units, last = w_h.shape[0], x.shape[0] - 1
    waits, w_x, w_h, b = _waiting(x, w_x, w_h, b)
    # sigmoid(z) = tanh(z / 2) / 2 + 1 / 2: one function for all gates, with a scale and a shift.
    scale = _of_each_gate(units, [0.5, 0.5, 1.0, 0.5], x)
    shift = _of_each_gate(units, [0.5, 0.5, 0.0, 0.5], x)
    start = _zeros(x, units)

    def step(_: Tensor, from_x: Tensor, h: Tensor, c: Tensor) -> Any:
        gates = scale * tf.tanh(scale * (from_x + b + tf.matmul(h, w_h))) + shift
        i, f, g, o = tf.split(gates, 4, axis=1)
        c = f * c + i * g
        return [o * tf.tanh(c), c], [gates, c]

    gates, c = _each_step(step, [start, start], _project(x, w_x), [units], waits=waits)
    i, f, g, o = tf.split(gates, 4, axis=2)
    tanh_c = tf.tanh(c)
    h = o * tanh_c

    def backward(dh: Tensor) -> Any:
        # How c depends on what comes into i, f and g, and h on what comes into o and on c.
        # Of a sigmoid the slope is y (1 - y), of a tanh 1 - y².
        to_i, to_f, to_g = g * i * (1 - i), _before(c) * f * (1 - f), i * (1 - g * g)
        to_o = tanh_c * o * (1 - o)
        slopes = tf.concat([to_i, to_f, to_g, to_o], axis=2)
        through_h = o * (1 - tanh_c * tanh_c)
        transposed = _transposed(w_h)

        def step_back(t: Tensor, slope: Tensor, from_later: Tensor, dc_later: Tensor) -> Any:
            dh_t = dh[t] + from_later[:, :units]
            # Of [t, :, units:] XLA takes the wrong part. Nothing comes from after the last step.
            f_later = gates[tf.minimum(t + 1, last)][:, units : 2 * units]
            dc = dc_later * f_later + dh_t * through_h[t]
            dz = slope * tf.concat([dc, dc, dc, dh_t], axis=1)
            return [tf.matmul(dz, transposed), dc], [dz]

        no_product = _zeros(x, transposed.shape[1])
        (dz,) = _each_step(step_back, [no_product, start], slopes, backward=True, waits=waits)
        return _gradients(dz, x, h, w_x)

    return h, backward


@tf.custom_gradient  # type: ignore[untyped-decorator]
def gru(x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor) -> Any:
    """Hidden states of a GRU (Cho et al. 2014), the reset gate after the product as in cuDNN.

    ``w_x`` ``(features, 3 units)``, ``w_h`` ``(units, 3 units)``, ``b`` ``(2, 3 units)``: added to
    what comes from x and from h; Keras's order z, r, candidate.
    """
    units, last = w_h.shape[0], x.shape[0] - 1
    waits, w_x, w_h, b = _waiting(x, w_x, w_h, b)
    # The bias of h goes with that of x into z and r; in the candidate n, r comes in between.
    of_zr = tf.reduce_sum(b, axis=0)[: 2 * units]
    of_n, of_h_n = b[0, 2 * units :], b[1, 2 * units :]
    # Apart, so that z and r can take the place of what comes into them.
    x_zr, x_n = _project(x, w_x[:, : 2 * units]), _project(x, w_x[:, 2 * units :])
    start = _zeros(x, units)

    def step(t: Tensor, from_x: Tensor, h: Tensor) -> Any:
        from_h, h_n = tf.split(tf.matmul(h, w_h), [2 * units, units], axis=1)
        zr = 0.5 * tf.tanh(0.5 * (from_x + of_zr + from_h)) + 0.5
        z, r = tf.split(zr, 2, axis=1)
        h_n = h_n + of_h_n
        n = tf.tanh(x_n[t] + of_n + r * h_n)
        h = n + z * (h - n)
        return [h], [zr, h_n, h]

    zr, h_n, h = _each_step(step, [start], x_zr, [units, units], waits=waits)

    def backward(dh: Tensor) -> Any:
        z, r = tf.split(zr, 2, axis=2)
        n = tf.tanh(x_n + of_n + r * h_n)
        h_before = _before(h)
        # How h depends on what comes into z, r and n; into n from h it comes through r.
        to_z, to_n = (h_before - n) * z * (1 - z), (1 - z) * (1 - n * n)
        slopes = tf.concat([to_z, to_n * h_n * r * (1 - r), to_n * r], axis=2)
        transposed = _transposed(w_h)

        def step_back(t: Tensor, slope: Tensor, from_later: Tensor, dh_later: Tensor) -> Any:
            z_later = zr[tf.minimum(t + 1, last)][:, :units]
            dh_t = dh[t] + dh_later * z_later + from_later[:, :units]
            to_h = slope * tf.concat([dh_t, dh_t, dh_t], axis=1)
            return [tf.matmul(to_h, transposed), dh_t], [to_h, to_n[t] * dh_t]

        # Nobody reads h_n from here on: what comes into n takes its place.
        no_product = _zeros(x, transposed.shape[1])
        to_h, dn = _each_step(
            step_back, [no_product, start], slopes, [h_n], backward=True, waits=waits
        )
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
    waits, w_x, w_h, b = _waiting(x, w_x, w_h, b)
    start = _zeros(x, units)

    def step(_: Tensor, from_x: Tensor, h: Tensor) -> Any:
        h = tf.tanh(from_x + b + tf.matmul(h, w_h))
        return [h], [h]

    (h,) = _each_step(step, [start], _project(x, w_x), waits=waits)

    def backward(dh: Tensor) -> Any:
        transposed = _transposed(w_h)

        def step_back(t: Tensor, slope: Tensor, from_later: Tensor) -> Any:
            dz = (dh[t] + from_later[:, :units]) * slope
            return [tf.matmul(dz, transposed)], [dz]

        no_product = _zeros(x, transposed.shape[1])
        (dz,) = _each_step(step_back, [no_product], 1 - h * h, backward=True, waits=waits)
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
    sequence: Tensor,
    others: Sequence[int | Tensor] = (),
    *,
    backward: bool = False,
    waits: bool = False,
) -> list[Tensor]:
    """Step through time; ``step(time, value, *states)`` gives the next states and what to save.

    ``value`` is that of ``sequence``. The first thing saved is as wide and takes its place: memory
    of its own would have to be filled with zeros first. ``others`` has for each other one its
    width, or a sequence as wide that nobody reads any more, to take the place of. Gives all that
    was saved as sequences. If it ``waits`` nothing of it begins before ``sequence`` is there.
    """
    timesteps, batch, _ = sequence.shape
    count, states = tf.constant(0), list(states)
    zero = tf.zeros((), sequence.dtype)
    if waits:
        count, zero, *states = _after(sequence, [count, zero, *states])
    places = [tf.fill((timesteps, batch, of), zero) if isinstance(of, int) else of for of in others]
    arrays = [
        tf.TensorArray(
            of.dtype, timesteps, element_shape=(batch, of.shape[2]), clear_after_read=False
        ).unstack(of)
        for of in (sequence, *places)
    ]

    def body(count: Tensor, states: list[Tensor], arrays: list[tf.TensorArray]) -> Any:
        time = timesteps - 1 - count if backward else count
        following, values = step(time, arrays[0].read(time), *states)
        written = [into.write(time, value) for into, value in zip(arrays, values, strict=True)]
        return count + 1, following, written

    _, _, arrays = tf.while_loop(lambda count, *_: count < timesteps, body, (count, states, arrays))
    return [filled.stack() for filled in arrays]


def _waiting(x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor) -> tuple[Any, ...]:
    """Give whether to wait for ``x``, and the weights, which then wait too.

    A layer above another one reads as many values as it has units. So may a first layer, which
    then waits for next to nothing.
    """
    if x.shape[2] != w_h.shape[0]:
        return False, w_x, w_h, b
    return True, *_after(x, [w_x, w_h, b])


def _after(sequence: Tensor, tensors: Sequence[Tensor]) -> list[Tensor]:
    """Give ``tensors`` as they are, for XLA to begin with once ``sequence`` is there.

    What is added to them is 0, which only the sequence's first value tells: the smaller of a number
    and 0 is never above 0, nor is what is no number.
    """
    never = tf.minimum(tf.abs(sequence[0, 0, 0]), 0) > 0
    return [tensor + tf.cast(never, tensor.dtype) for tensor in tensors]


def _zeros(x: Tensor, width: int) -> Tensor:
    """Give zeros ``(batch, width)``: the state before the first step."""
    return tf.zeros((x.shape[1], width), x.dtype)


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
