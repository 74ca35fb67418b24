"""Who trains: this engine, Keras's ``fit``, and PyTorch; each in a process of its own.

``python -m rnn_core.bench.contestants NAME`` takes orders as JSON lines on standard input: a case
first, then ``"epoch"`` as often as wanted. It answers the case with the seconds to the first loss,
and each order with the seconds of one epoch and its mean loss.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.bench.cases import Case
from rnn_core.windows import Windows

Epoch = Iterator[tuple[float, float]]
"""Seconds and mean loss; the first item is the time to the first loss of a batch, and that loss."""


def ours(case: Case) -> Epoch:
    """Train with this engine, as a worker does."""
    from rnn_core.engine.trainer import Losses, Trainer, Watcher

    class Clock(Watcher):
        first: float | None = None
        loss = 0.0

        def on_batches(self, epoch: int, done: int, batches: int, losses: Losses) -> None:
            if self.first is None:
                self.first, self.loss = time.perf_counter() - begun, float(losses[0])

    windows = case.prepared()
    begun = time.perf_counter()
    clock = Clock()
    trainer = Trainer(case.experiment(), windows)
    trainer.epoch(1, clock)
    assert clock.first is not None
    yield clock.first, clock.loss
    number = 1
    while True:
        number += 1
        begun = time.perf_counter()
        record = trainer.epoch(number, clock)
        yield time.perf_counter() - begun, record.loss


def untrained(case: Case) -> float:
    """Give the seconds to the loss of the untrained network, the first point on the page."""
    from rnn_core.engine.trainer import Stopped, Trainer, Watcher
    from rnn_core.records import EpochRecord

    class Clock(Watcher):
        seconds = 0.0

        def on_start(self, record: EpochRecord) -> None:
            self.seconds = time.perf_counter() - begun

        def checkpoint(self) -> None:
            raise Stopped

    windows, clock = case.prepared(), Clock()
    begun = time.perf_counter()
    trainer = Trainer(case.experiment(), windows)
    clock.on_start(trainer.untrained())
    return clock.seconds


def keras_fit(case: Case) -> Epoch:
    """Train with ``Model.fit`` as Keras's documentation writes it, on arrays of windows."""
    import keras

    model, inputs, outputs = _model_and_data(case)
    begun = time.perf_counter()
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss="mse")
    first: list[tuple[float, float]] = []

    class Clock(keras.callbacks.Callback):  # type: ignore[misc]
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if not first:
                first.append((time.perf_counter() - begun, float(logs["loss"])))

    def fit(*callbacks: Any) -> float:
        fitted = model.fit(
            inputs, outputs, batch_size=case.batch, epochs=1, verbose=0, callbacks=[*callbacks]
        )
        return float(fitted.history["loss"][0])

    fit(Clock())
    yield first[0]
    while True:
        begun = time.perf_counter()
        loss = fit()
        yield time.perf_counter() - begun, loss


def pytorch(case: Case, threads: int) -> Epoch:
    """Train with PyTorch's own layers in a plain loop, on ``threads`` threads."""
    import torch

    torch.set_num_threads(threads)
    model, inputs, outputs = _model_and_data(case)
    weights = [weight.copy() for weight in model.get_weights()]
    begun = time.perf_counter()
    kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}[case.cell]
    recurrent = kind(1, case.hidden, case.layers, batch_first=True)
    dense = torch.nn.Linear(case.hidden, 1)
    _copy_weights(case, weights, recurrent, dense)
    parameters = [*recurrent.parameters(), *dense.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=0.001)
    x, y = torch.from_numpy(inputs), torch.from_numpy(outputs)[:, None]
    first: list[tuple[float, float]] = []

    def epoch() -> float:
        total = 0.0
        for batch in torch.randperm(len(x)).split(case.batch):
            loss = torch.nn.functional.mse_loss(dense(recurrent(x[batch])[0][:, -1]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += float(loss) * len(batch)
            if not first:
                first.append((time.perf_counter() - begun, float(loss)))
        return total / len(x)

    epoch()
    yield first[0]
    while True:
        begun = time.perf_counter()
        loss = epoch()
        yield time.perf_counter() - begun, loss


CONTESTANTS: Mapping[str, Callable[[Case], Epoch]] = {
    "ours": ours,
    "keras": keras_fit,
    "torch-1": lambda case: pytorch(case, 1),
    "torch-2": lambda case: pytorch(case, 2),
}


def _model_and_data(case: Case) -> tuple[Any, NDArray[np.float32], NDArray[np.float32]]:
    """Give a fresh stock Keras model, and the training windows as arrays."""
    from rnn_core.engine.build import build_model

    windows: Windows = case.prepared()
    experiment = case.experiment()
    model = build_model(experiment.model, case.timesteps, experiment.train.seed)
    return model, windows.inputs(windows.training), windows.outputs(windows.training)


def _copy_weights(case: Case, weights: list[NDArray[Any]], recurrent: Any, dense: Any) -> None:
    """Start PyTorch's layers from the weights of Keras's."""
    import torch

    units = case.hidden
    # PyTorch's GRU has its gates in the order r, z, n, Keras's z, r, n; the others agree.
    order = [1, 0, 2] if case.cell == "gru" else [*range(len(weights[0][0]) // units)]
    columns = np.concatenate([np.arange(gate * units, (gate + 1) * units) for gate in order])
    with torch.no_grad():
        for layer in range(case.layers):
            kernel, square, bias = weights[3 * layer : 3 * layer + 3]
            from_x, from_h = bias if case.cell == "gru" else (bias, np.zeros_like(bias))
            for name, values in (
                ("weight_ih", kernel[:, columns].T),
                ("weight_hh", square[:, columns].T),
                ("bias_ih", from_x[columns]),
                ("bias_hh", from_h[columns]),
            ):
                target = getattr(recurrent, f"{name}_l{layer}")
                target.copy_(torch.from_numpy(np.ascontiguousarray(values)))
        dense.weight.copy_(torch.from_numpy(np.ascontiguousarray(weights[-2].T)))
        dense.bias.copy_(torch.from_numpy(weights[-1]))


def _import(name: str) -> None:
    """Import what training will need, which no time is to include."""
    import rnn_core.engine.trainer  # noqa: F401

    if name.startswith("torch"):
        import torch  # noqa: F401


def main() -> None:
    """Take orders until standard input ends."""
    answers: IO[str] = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    name = sys.argv[1]
    if name == "ours":
        from rnn_core.engine.runtime import configure

        configure()
    _import(name)
    train: Epoch | None = None
    for line in sys.stdin:
        order = json.loads(line)
        answer: dict[str, float] = {}
        if order != "epoch":
            case = Case(**order)
            if name == "ours":
                answer["untrained"] = untrained(case)
            train = CONTESTANTS[name](case)
        assert train is not None
        answer["seconds"], answer["loss"] = next(train)
        answer["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
