"""A training as TensorBoard's event files, written without TensorFlow.

An event file is a sequence of records, each a length, a message of the kind ``tensorflow.Event`` in
the wire format of protocol buffers, and checksums of both (TensorFlow's ``event.proto``,
``summary.proto``, ``histogram.proto`` and ``record_writer.cc``; CRC-32C of RFC 3720, appendix B.4).
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from rnn_core.records import Weights

BUCKETS = 30
FILE_VERSION = b"brain.Event:2"
MASK = 0xA282EAD8  # TensorFlow masks a checksum, as it may be stored within data that has one

# What Keras's own callback for TensorBoard writes into the folders of these names.
RUNS: Mapping[str, Mapping[str, str]] = {
    "train": {"epoch_loss": "loss", "epoch_mae": "mae"},
    "validation": {
        "epoch_loss": "val_loss",
        "epoch_mae": "val_mae",
        "epoch_rmse": "val_rmse",
    },
}


def tensorboard_zip(
    curve: Mapping[str, NDArray[np.float64]],
    weights: Iterable[Weights],
    layers: int,
    started: float,
) -> bytes:
    """Pack a folder for ``tensorboard --logdir``: loss, MAE, RMSE, histograms of weights.

    ``curve`` has the columns of ``EpochRecord`` ``(epochs,)``, ``weights`` those that are kept of a
    network of ``layers`` layers and one dense one; ``started`` is in seconds since 1970.
    """
    seconds = dict(zip(curve["epoch"].astype(int).tolist(), curve["seconds"], strict=True))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for run, tags in RUNS.items():
            events = [_event(started, 0, file_version=FILE_VERSION)]
            for place, epoch in enumerate(curve["epoch"].astype(int).tolist()):
                values = [_scalar(tag, float(curve[name][place])) for tag, name in tags.items()]
                events.append(_event(started + seconds[epoch], epoch, b"".join(values)))
            if run == "train":
                for each in weights:
                    when = started + seconds.get(each.epoch, 0.0)
                    events.append(_event(when, each.epoch, b"".join(_histograms(each, layers))))
            name = f"{run}/events.out.tfevents.{int(started):010d}.rnn-explorer"
            packed.writestr(name, b"".join(map(_record, events)))
    return buffer.getvalue()


def _histograms(weights: Weights, layers: int) -> Iterator[bytes]:
    names = {3: ("kernel", "recurrent_kernel", "bias"), 2: ("kernel", "bias")}
    each = (len(weights.arrays) - 2) // layers
    tags = [f"layer_{layer + 1}/{name}" for layer in range(layers) for name in names[each]]
    tags += [f"forecast/{name}" for name in names[2]]
    for tag, array in zip(tags, weights.arrays, strict=True):
        values = array[np.isfinite(array)].astype(np.float64)
        if len(values):
            yield _histogram(tag, values)


# Messages of tensorflow.Event and what is in it, by the numbers of their fields.


def _event(wall_time: float, step: int, summary: bytes = b"", file_version: bytes = b"") -> bytes:
    message = _double(1, wall_time) + _key(2, 0) + _varint(step)
    if file_version:
        return message + _bytes(3, file_version)
    return message + _bytes(5, summary)


def _scalar(tag: str, value: float) -> bytes:
    return _bytes(1, _bytes(1, tag.encode()) + _key(2, 5) + struct.pack("<f", value))


def _histogram(tag: str, values: NDArray[np.float64]) -> bytes:
    counts, edges = np.histogram(values, BUCKETS)
    numbers = (values.min(), values.max(), len(values), values.sum(), np.square(values).sum())
    message = b"".join(_double(field, float(each)) for field, each in enumerate(numbers, start=1))
    # Bucket i goes from the limit of the one before to its own.
    message += _bytes(6, edges[1:].astype("<f8").tobytes())
    message += _bytes(7, counts.astype("<f8").tobytes())
    return _bytes(1, _bytes(1, tag.encode()) + _bytes(5, message))


def _double(field: int, value: float) -> bytes:
    return _key(field, 1) + struct.pack("<d", value)


def _bytes(field: int, value: bytes) -> bytes:
    return _key(field, 2) + _varint(len(value)) + value


def _key(field: int, kind: int) -> bytes:
    return _varint(field << 3 | kind)


def _varint(value: int) -> bytes:
    digits = bytearray()
    while value > 0x7F:
        digits.append(value & 0x7F | 0x80)
        value >>= 7
    digits.append(value)
    return bytes(digits)


# Records with their checksums.


def _record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + _checksum(length) + data + _checksum(data)


def _checksum(data: bytes) -> bytes:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    rotated = (crc >> 15 | crc << 17) & 0xFFFFFFFF
    return struct.pack("<I", (rotated + MASK) & 0xFFFFFFFF)


def _table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ 0x82F63B78 if value & 1 else value >> 1
        table.append(value)
    return table


_TABLE = _table()
