"""What training tells while it goes on: one record an epoch, and looks inside."""

from __future__ import annotations

import io
import json
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class EpochRecord:
    """The state of the training after one epoch.

    ``loss`` and ``mae`` are means over the training windows while they were trained on,
    ``val_loss`` and ``val_mae`` over the validation windows after the epoch, all in transformed
    units, and of a network that says several steps at once over these too; ``val_rmse`` is one
    step ahead and in the units of the series; ``seconds`` is training time so far.
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


class KeptEpochs:
    """Chooses while a run goes on of which epochs something stays, whenever it may end.

    At the end of the ``planned`` epochs, see :func:`kept_epochs`, these are what stays. Until then
    others fill the room that those to come leave, at most as many in all and about even in log
    epoch: those that lie closest are dropped as later ones come.
    """

    def __init__(self, planned: frozenset[int]) -> None:
        self._planned = planned
        self._held: list[int] = []
        self._apart = 0.0  # how far, in log epoch, those beside the planned have to be apart

    @property
    def held(self) -> tuple[int, ...]:
        """The epochs that stay so far, in order."""
        return tuple(self._held)

    def stays(self, epoch: int) -> bool:
        """Whether an epoch, the newest, is to stay."""
        if epoch in self._planned or not self._held:
            return True
        return math.log(epoch / self._held[-1]) >= self._apart

    def take(self, epoch: int) -> list[int]:
        """Take the newest epoch, one that stays; gives those that are dropped for it."""
        self._held.append(epoch)
        dropped = []
        while len(self._held) > len(self._planned):
            # What would be the distance of the two neighbours, were the one between them dropped.
            between = {
                here: math.log(after / before)
                for before, here, after in zip(
                    self._held, self._held[1:], self._held[2:], strict=False
                )
                if here not in self._planned
            }
            closest = min(between, key=lambda each: between[each])
            self._apart = max(self._apart, between[closest])
            self._held.remove(closest)
            dropped.append(closest)
        return dropped
