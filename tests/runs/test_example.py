import dataclasses

import numpy as np
import pytest

from rnn_core.config import Experiment
from rnn_core.forecast.metrics import score
from rnn_core.forecast.verdict import verdict
from rnn_core.inside.inspection import inspect
from rnn_core.records import EpochRecord, Weights, kept_epochs
from rnn_core.runs import example
from rnn_core.runs.example import (
    EXAMPLE,
    ensure_example,
    pack_weights,
    unpack_weights,
    write_example,
)
from rnn_core.runs.records import Records
from rnn_core.runs.states import RunState
from rnn_core.runs.store import Store
from rnn_core.runs.worker import KEPT_EPOCHS
from rnn_core.series import load_series
from rnn_core.windows import prepare


@pytest.fixture
def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/runs.sqlite")
    ensure_example(store)
    yield store
    store.close()


def test_the_example_is_a_finished_run_of_the_default_experiment(store):
    run = store.run(EXAMPLE)
    assert run.experiment == Experiment()
    assert run.state is RunState.FINISHED
    assert run.owner == ""
    assert run.epoch == 150
    columns = Records(store).epochs(EXAMPLE)
    assert columns["epoch"].tolist() == list(range(1, 151))
    assert run.ended - run.started == pytest.approx(columns["seconds"][-1])
    assert Records(store).look(EXAMPLE).epoch == 150
    kept = kept_epochs(150, KEPT_EPOCHS)
    assert len(kept) >= 62
    assert Records(store).snapshot_epochs(EXAMPLE) == sorted(kept)
    best = int(columns["epoch"][columns["val_loss"].argmin()])
    assert Records(store).weight_epochs(EXAMPLE) == sorted(kept | {best})


def test_its_weights_are_those_of_its_snapshots(store):
    run = store.run(EXAMPLE)
    windows = prepare(run.experiment, load_series(run.experiment.series))
    for epoch in Records(store).snapshot_epochs(EXAMPLE):
        snapshot = Records(store).snapshot(EXAMPLE, epoch)
        seen = inspect(EXAMPLE, windows.inputs(windows.held_out), epoch=epoch, store=store)
        forecast = windows.in_units(seen.output[:, 0], windows.held_out)
        np.testing.assert_allclose(forecast, snapshot.forecast, rtol=1e-5)
        np.testing.assert_allclose(seen.h[0][-1], snapshot.hidden[0], atol=1e-3)  # float16


def test_the_file_is_small():
    assert example.FILE.stat().st_size < 1_000_000


def test_packed_weights_come_back_exactly():
    random = np.random.default_rng(4)
    shapes = [(1, 8), (2, 8), (8,), (2, 1), (1,)]
    given = [
        Weights(epoch, tuple(random.normal(size=shape).astype(np.float32) for shape in shapes))
        for epoch in (1, 5, 9)
    ]
    again = unpack_weights(pack_weights(given))
    assert [each.to_bytes() for each in again] == [each.to_bytes() for each in given]
    assert [each.epoch for each in again] == [1, 5, 9]


def test_its_scores_and_verdict_are_those_of_its_forecast(store):
    run = store.run(EXAMPLE)
    windows = prepare(run.experiment, load_series(run.experiment.series))
    look = Records(store).look(EXAMPLE)
    assert [layer.shape for layer in look.hidden] == [(12, 32)]
    scores = score(windows.series, windows.test, look.forecast[len(windows.validation) :])
    assert run.scores == scores
    assert run.verdict == verdict(scores)
    assert run.verdict.kind == "verdict.beats"
    errors = look.forecast[:10] - windows.series.values[windows.validation]
    last = Records(store).epochs(EXAMPLE)["val_rmse"][-1]
    assert np.sqrt(np.mean(errors**2)) == pytest.approx(last, rel=1e-9)


def test_it_is_put_in_once(store, monkeypatch):
    adopted = []
    monkeypatch.setattr(Records, "adopt", lambda *run: adopted.append(run))
    ensure_example(store)
    assert adopted == []


def test_an_older_one_is_replaced(store):
    run = store.run(EXAMPLE)
    Records(store).adopt(dataclasses.replace(run, created=run.created - 1), [], [])
    ensure_example(store)
    assert store.run(EXAMPLE) == run
    assert len(Records(store).epochs(EXAMPLE)["epoch"]) == 150


def test_without_the_file_there_is_no_example(tmp_path, monkeypatch):
    monkeypatch.setattr(example, "FILE", tmp_path / "nothing.npz")
    store = Store(f"sqlite:///{tmp_path}/empty.sqlite")
    ensure_example(store)
    assert store.run(EXAMPLE) is None
    store.close()


def test_what_is_written_is_what_is_shipped(store, tmp_path, monkeypatch):
    shipped = store.run(EXAMPLE)
    monkeypatch.setattr(example, "FILE", tmp_path / "written.npz")
    write_example(store, EXAMPLE)
    other = Store(f"sqlite:///{tmp_path}/other.sqlite")
    ensure_example(other)
    assert other.run(EXAMPLE) == shipped
    mine, its = Records(store), Records(other)
    ours, theirs = mine.epochs(EXAMPLE), its.epochs(EXAMPLE)
    assert all(ours[name].tolist() == theirs[name].tolist() for name in ours)
    assert its.snapshot_epochs(EXAMPLE) == mine.snapshot_epochs(EXAMPLE)
    for epoch in mine.snapshot_epochs(EXAMPLE):
        one, again = mine.snapshot(EXAMPLE, epoch), its.snapshot(EXAMPLE, epoch)
        assert one.to_bytes() == again.to_bytes()
    assert its.weight_epochs(EXAMPLE) == mine.weight_epochs(EXAMPLE)
    for epoch in its.weight_epochs(EXAMPLE):
        one, again = mine.weights(EXAMPLE, epoch), its.weights(EXAMPLE, epoch)
        assert one.to_bytes() == again.to_bytes()
    other.close()


def test_a_run_without_a_verdict_is_not_shipped(store):
    with pytest.raises(ValueError, match="no verdict"):
        write_example(store, store.create(Experiment(), ""))
    with pytest.raises(ValueError, match="no verdict"):
        write_example(store, "nobody")


def test_training_anew_gives_the_losses_that_are_shipped(store):
    from rnn_core.engine.trainer import Stopped, Trainer, Watcher

    class First20(Watcher):
        records: list[EpochRecord]

        def __init__(self):
            self.records = []

        def checkpoint(self):
            if len(self.records) == 20:
                raise Stopped

        def on_epoch(self, record, look):
            self.records.append(record)

    watcher = First20()
    experiment = Experiment()
    windows = prepare(experiment, load_series(experiment.series))
    Trainer(experiment, windows).run(watcher)
    shipped = Records(store).epochs(EXAMPLE)
    for name in ("loss", "mae", "val_loss", "val_mae", "val_rmse"):
        ours = [getattr(record, name) for record in watcher.records]
        # Other processors round differently.
        assert ours == pytest.approx(shipped[name][:20], rel=1e-3)
