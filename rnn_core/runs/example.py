"""A finished run of the default experiment, shipped so that a first visitor has one to look at.

``python -m rnn_core.runs.example`` trains it anew and writes the file.
"""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import Experiment
from rnn_core.forecast.metrics import Scores
from rnn_core.messages import Message
from rnn_core.records import EpochRecord, Snapshot, Weights
from rnn_core.runs.records import Records
from rnn_core.runs.states import RunState
from rnn_core.runs.store import Run, Store

EXAMPLE = "example"  # its run id; this one may be known to everybody
FILE = Path(__file__).resolve().parents[2] / "sample_data" / "example_run.npz"


def ensure_example(store: Store) -> None:
    """Put the shipped run into a store that has it not, or has an older one."""
    if not FILE.exists():
        return
    packed = FILE.read_bytes()
    known = store.run(EXAMPLE)
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        about = json.loads(str(arrays["about"]))
        experiment = Experiment.from_json(about["experiment"])
        if (
            known is not None
            and known.experiment == experiment
            and known.created == about["created"]
        ):
            return
        run = Run(
            id=EXAMPLE,
            owner="",
            experiment=experiment,
            state=RunState.FINISHED,
            created=about["created"],
            started=about["created"],
            ended=about["created"] + float(arrays["epochs"][-1, -1]),
            epoch=len(arrays["epochs"]),
            error=None,
            verdict=Message.from_json(about["verdict"]),
            scores=Scores(**about["scores"]),
            best_epoch=None,
        )
        records = [EpochRecord(int(row[0]), *map(float, row[1:])) for row in arrays["epochs"]]
        snapshots = [
            Snapshot.from_bytes(int(name.removeprefix("snapshot_")), arrays[name].tobytes())
            for name in arrays.files
            if name.startswith("snapshot_")
        ]
        weights = unpack_weights(arrays) if "weights" in arrays.files else []
    Records(store).adopt(run, records, snapshots, weights)


def write_example(store: Store, run_id: str) -> None:
    """Write a finished run of ``store`` to the file that is shipped."""
    run = store.run(run_id)
    if run is None or run.scores is None or run.verdict is None:
        raise ValueError(f"Run {run_id} has no verdict.")
    about = {
        "experiment": run.experiment.to_json(),
        "created": run.created,
        "verdict": run.verdict.to_json(),
        "scores": run.scores.to_dict(),
    }
    recorded = Records(store)
    columns = recorded.epochs(run_id)
    names = [field.name for field in dataclasses.fields(EpochRecord)]
    snapshots = {}
    for epoch in recorded.snapshot_epochs(run_id):
        snapshot = recorded.snapshot(run_id, epoch)
        assert snapshot is not None
        snapshots[f"snapshot_{epoch}"] = np.frombuffer(snapshot.to_bytes(), np.uint8)
    weights = [recorded.weights(run_id, epoch) for epoch in recorded.weight_epochs(run_id)]
    np.savez_compressed(
        FILE,
        allow_pickle=False,
        about=np.array(json.dumps(about)),
        epochs=np.stack([columns[name] for name in names], axis=1),
        **snapshots,
        **pack_weights([each for each in weights if each is not None]),
    )


def pack_weights(weights: Sequence[Weights]) -> dict[str, NDArray[Any]]:
    """Arrange the weights of several epochs so that they compress well; no bit is lost.

    From one epoch to the next few of a number's upper bits change. So of each number only what
    differs from the epoch before is kept (exclusive or), and first bytes lie by first bytes.
    """
    if not weights:
        return {}
    flat = [np.concatenate([array.ravel() for array in each.arrays]) for each in weights]
    bits = np.stack(flat).astype("<f4").view("<u4")
    bits[1:] ^= bits[:-1].copy()
    return {
        "weights": bits.view(np.uint8).reshape(*bits.shape, 4).transpose(2, 0, 1),
        "weight_epochs": np.array([each.epoch for each in weights]),
        "weight_shapes": np.array(json.dumps([array.shape for array in weights[0].arrays])),
    }


def unpack_weights(arrays: Mapping[str, NDArray[Any]]) -> list[Weights]:
    """Read what :func:`pack_weights` gave."""
    parts = np.ascontiguousarray(arrays["weights"].transpose(1, 2, 0))
    bits = np.bitwise_xor.accumulate(parts.view("<u4")[:, :, 0], axis=0)
    shapes = [tuple(shape) for shape in json.loads(str(arrays["weight_shapes"]))]
    ends = np.cumsum([np.prod(shape, dtype=np.int64) for shape in shapes])[:-1]
    found = []
    for epoch, row in zip(arrays["weight_epochs"], bits.view("<f4"), strict=True):
        pieces = zip(np.split(row, ends), shapes, strict=True)
        found.append(Weights(int(epoch), tuple(piece.reshape(shape) for piece, shape in pieces)))
    return found


def main() -> None:
    """Train the default experiment in a worker process, as a page would, and write the file."""
    import tempfile
    import time

    from rnn_core.runs.pool import Pool

    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/runs.sqlite")
        pool = Pool(store, size=1)
        pool.start()
        try:
            run_id = store.create(Experiment(), owner="", server=pool.id)
            pool.submit(run_id)
            while (run := store.run(run_id)) is not None and run.state.live:
                time.sleep(0.1)
            write_example(store, run_id)
            print(run.verdict if run else None)
        finally:
            pool.close()
            store.close()


if __name__ == "__main__":
    main()
