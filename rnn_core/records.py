"""What training tells while it goes on: one record an epoch, and looks inside."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class EpochRecord:
    """The state of the training after one epoch.

    ``loss`` and ``mae`` are means over the training windows while they were trained on,
    ``val_loss`` and ``val_mae`` over the validation windows after the epoch, all in transformed
    units; ``val_rmse`` is in the units of the series; ``seconds`` is training time so far.
    """

    epoch: int
    loss: float
    mae: float
    val_loss: float
    val_mae: float
    val_rmse: float
    seconds: float


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A look at the network after an epoch.

    ``hidden`` holds one ``(timesteps, units)`` array a layer: the hidden state h over the probe
    window (the last one of the series). ``forecast`` ``(k,)`` is the one-step forecast of the
    held-out values in the series' units.
    """

    epoch: int
    hidden: tuple[NDArray[np.float32], ...]
    forecast: NDArray[np.float64]

    def to_bytes(self) -> bytes:
        """Pack for the store; h is kept to float16 (about three digits)."""
        buffer = io.BytesIO()
        layers = {
            f"hidden_{index}": layer.astype(np.float16) for index, layer in enumerate(self.hidden)
        }
        np.savez(buffer, allow_pickle=False, forecast=self.forecast, **layers)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, epoch: int, packed: bytes) -> Snapshot:
        """Read what :meth:`to_bytes` wrote."""
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            layers = sum(name.startswith("hidden_") for name in arrays.files)
            return cls(
                epoch,
                tuple(arrays[f"hidden_{index}"].astype(np.float32) for index in range(layers)),
                arrays["forecast"],
            )


@dataclass(frozen=True, eq=False)
class BatchLosses:
    """The mean training loss of each batch so far, ``(k,)``, in an epoch of ``batches``."""

    epoch: int
    batches: int
    losses: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Weights:
    """All weights of a network after an epoch, in the order of Keras's ``get_weights``."""

    epoch: int
    arrays: tuple[NDArray[np.float32], ...]

    def to_bytes(self) -> bytes:
        """Pack for the store, exactly: the shapes as a line of JSON, then float32 after float32."""
        shapes = json.dumps([array.shape for array in self.arrays], separators=(",", ":"))
        packed = [array.astype("<f4", copy=False).tobytes() for array in self.arrays]
        return b"".join([shapes.encode(), b"\n", *packed])

    @classmethod
    def from_bytes(cls, epoch: int, packed: bytes) -> Weights:
        """Read what :meth:`to_bytes` wrote; the arrays are read-only."""
        shapes, _, data = packed.partition(b"\n")
        flat = np.frombuffer(data, "<f4")
        arrays = []
        first = 0
        for shape in json.loads(shapes):
            last = first + int(np.prod(shape, dtype=np.int64))
            arrays.append(flat[first:last].reshape(shape))
            first = last
        return cls(epoch, tuple(arrays))


KEPT_EPOCHS = 64
KEPT_WEIGHT_BYTES = 64 * 2**20
NEWEST_WEIGHT_BYTES = 2**20  # of larger networks not every look brings its weights


def kept_weights(parameters: int) -> int:
    """Give of how many epochs a network's float32 weights may stay, the last and the best aside."""
    # Two less than there is room for: the last and the best epoch are kept in any case.
    return max(2, min(KEPT_EPOCHS, KEPT_WEIGHT_BYTES // (4 * parameters) - 2))


def kept_epochs(epochs: int, most: int = 64) -> frozenset[int]:
    """Choose the epochs of which something stays: ``most`` or one less, or all if there are fewer.

    The first, the last, and others, even in log epoch; where that is denser than whole epochs,
    each one.
    """
    if epochs <= most:
        return frozenset(range(1, epochs + 1))

    def spread(points: int) -> NDArray[np.int64]:
        places = np.round(np.geomspace(1, epochs, num=points)).astype(np.int64)
        places[-1] = epochs
        return np.unique(places)

    # Neighbours fall together among the first epochs: take as many points as leave `most` epochs.
    points = most
    while len(spread(points + 1)) <= most:
        points += 1
    return frozenset(int(epoch) for epoch in spread(points))
