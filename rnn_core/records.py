"""What training tells while it goes on: one record an epoch, and looks inside."""

from __future__ import annotations

import io
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


def kept_epochs(epochs: int, most: int = 64) -> frozenset[int]:
    """Choose the epochs whose snapshots stay: the first, the last and others, even in log epoch."""
    spread = np.unique(np.round(np.geomspace(1, epochs, num=most)).astype(int))
    return frozenset(int(epoch) for epoch in spread)
