"""What the worker keeps of a training; the training itself is tested with the pool."""

import dataclasses
import io
import json

import numpy as np
import pytest

from rnn_core import records
from rnn_core.config import Experiment
from rnn_core.engine.program import Program
from rnn_core.records import EpochRecord, KeptEpochs, Snapshot, kept_epochs
from rnn_core.runs import worker
from rnn_core.runs.records import Records
from rnn_core.runs.worker import RunWatcher
from rnn_core.series import load_series
from rnn_core.windows import prepare

EPOCH_SECONDS = 0.01


class NoControl:
    looked_at = True
    opened = True

    def checkpoint(self, flush):
        """Let it go on."""

    def epoch_done(self, flush):
        """Let it go on."""


class Training:
    """Epochs whose weights are their own number, through a watcher."""

    def __init__(self, store, **chosen):
        self.store = store
        experiment = Experiment.from_values({"hidden": 4, **chosen})
        self.run_id = store.create(experiment, "me")
        self.epoch = 0
        self.fetched = 0
        windows = prepare(experiment, load_series(experiment.series))
        run = store.run(self.run_id)
        self.control = NoControl()
        self.records = Records(store)
        self.seconds = 100.0  # by its clock
        self.watcher = RunWatcher(
            self.records, run, windows, self.control, self.weights, lambda: self.seconds
        )
        self.written = []  # the newest weights, at every write
        append = self.records.append

        def noted(*arguments):
            self.written.append(arguments[5])
            append(*arguments)

        self.records.append = noted

    def weights(self):
        self.fetched += 1
        return [np.full((2, 2), self.epoch, np.float32)]

    def snapshot(self):
        return Snapshot(self.epoch, (np.zeros((12, 4), np.float32),), np.zeros(58))

    def train(self, losses):
        for val_loss in losses:
            self.epoch += 1
            self.seconds += EPOCH_SECONDS
            record = EpochRecord(self.epoch, 1.0, 1.0, float(val_loss), 1.0, 1.0, 1.0)
            self.watcher.on_epoch(record, self.snapshot)

    def end(self, final=None):
        self.watcher.keep_best()
        self.watcher.flush()
        self.watcher.end(final or self.snapshot())

    def kept(self):
        epochs = self.records.weight_epochs(self.run_id)
        found = {epoch: self.records.weights(self.run_id, epoch) for epoch in epochs}
        return {epoch: each.arrays[0][0, 0] for epoch, each in found.items()}


def taken(epochs):
    """Give the epochs whose weights are kept at least for a while."""
    grid = KeptEpochs(kept_epochs(epochs))
    found = set()
    for epoch in range(1, epochs + 1):
        if grid.stays(epoch):
            grid.take(epoch)
            found.add(epoch)
    return found


def test_weights_are_kept_with_the_snapshots_and_of_the_best_epoch(store):
    training = Training(store, epochs=300)
    losses = np.full(300, 2.0)
    best = max(set(range(1, 301)) - kept_epochs(300))
    losses[best - 1] = 1.0
    training.train(losses)
    training.end()
    kept = training.kept()
    assert set(kept) == kept_epochs(300) | {best}
    assert len(kept) >= 63
    assert set(training.records.snapshot_epochs(training.run_id)) == kept_epochs(300)
    assert all(value == epoch for epoch, value in kept.items())
    assert training.records.newest_weights(training.run_id).epoch == 300


def test_weights_that_early_stopping_took_back_are_those_of_the_end(store):
    training = Training(store, epochs=300, patience=5)
    training.train([3.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0])
    final = dataclasses.replace(training.snapshot(), epoch=7)
    training.epoch = 2  # its weights are back
    training.end(final)
    kept = training.kept()
    assert kept[2] == kept[7] == 2
    assert kept[6] == 6
    assert training.records.newest_weights(training.run_id).arrays[0][0, 0] == 2


def test_the_newest_weights_go_with_the_newest_look(store, monkeypatch):
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.0)
    training = Training(store, epochs=1000)
    for epoch in (1, 2, 3):
        training.train([1.0])
        training.watcher.flush()
        assert training.records.look(training.run_id).epoch == epoch
        assert training.records.newest_weights(training.run_id).epoch == epoch


def test_weights_go_with_a_look_only_where_somebody_looks_at_them(store, monkeypatch):
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.0)
    training = Training(store, epochs=1000)
    training.control.opened = False
    passing = min(set(range(1, 300)) - taken(1000))  # an epoch that is not kept, not even at first
    before = max(taken(1000) & set(range(passing)))
    training.train(np.arange(passing - 1, dtype=float))
    for opened, newest in ((False, before), (True, passing + 1)):
        training.control.opened = opened
        training.train([1000.0])
        training.watcher.flush()
        assert training.records.look(training.run_id).epoch == training.epoch
        assert training.records.newest_weights(training.run_id).epoch == newest


def test_nobody_looks_nothing_is_looked_into_but_what_stays(store, monkeypatch):
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.0)
    training = Training(store, epochs=1000)
    training.control.looked_at = False
    looks = []
    look, training.snapshot = training.snapshot, lambda: looks.append(training.epoch) or look()
    training.train(np.ones(200))
    assert looks == sorted(kept_epochs(1000, 64) & set(range(201)))
    training.control.looked_at = True
    training.train(np.ones(5))
    assert looks[-5:] == [201, 202, 203, 204, 205]


def test_looks_take_no_more_than_their_share_of_the_time(store, monkeypatch):
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.0)
    training = Training(store, epochs=10_000)
    took = 3.5 * EPOCH_SECONDS
    looks = []

    def slow():
        looks.append(training.epoch)
        training.seconds += took
        return Snapshot(training.epoch, (np.zeros((12, 4), np.float32),), np.zeros(58))

    training.snapshot = slow
    training.train(np.ones(2000))
    due = [at for at in range(1, len(looks)) if looks[at] not in kept_epochs(10_000)]
    assert len(due) > 5
    between = np.diff(looks)[[at - 1 for at in due]] * EPOCH_SECONDS
    assert between.min() >= took / worker.LOOK_SHARE
    assert between.max() < took / worker.LOOK_SHARE + 2 * EPOCH_SECONDS


def test_large_networks_keep_fewer_weights_and_no_newest(store, monkeypatch):
    # 4 units: an LSTM of 101 weights, 404 bytes.
    monkeypatch.setattr(records, "KEPT_WEIGHT_BYTES", 404 * 10)
    monkeypatch.setattr(worker, "NEWEST_WEIGHT_BYTES", 403)
    training = Training(store, epochs=300)
    assert store.run(training.run_id).experiment.parameters == 101
    training.train(np.linspace(2, 1, 300))
    training.end()
    kept = training.kept()
    assert 7 <= len(kept) <= 10
    assert {1, 300} <= set(kept)
    newest = [row for row in training.written if row is not None]
    assert newest == []


def test_weights_that_stay_are_not_written_twice(store):
    training = Training(store, epochs=10)
    training.train(np.linspace(2, 1, 10))
    training.end()
    assert set(training.kept()) == set(range(1, 11))
    assert all(newest is None for newest in training.written)
    assert training.records.newest_weights(training.run_id).epoch == 10


def test_weights_are_fetched_once_an_epoch_and_only_when_needed(store, monkeypatch):
    monkeypatch.setattr(worker, "LOOK_SECONDS", 1000.0)
    training = Training(store, epochs=1000)
    training.train([1.0] * 1000)
    assert training.fetched == len(taken(1000))
    assert training.fetched < 2 * len(kept_epochs(1000))


@pytest.mark.parametrize("ended", [62, 64, 90, 200, 999])
def test_a_run_that_is_stopped_has_kept_as_many_weights_as_one_that_ends(store, ended):
    training = Training(store, epochs=10_000)
    losses = np.full(ended, 2.0)
    best = ended - 7
    losses[best - 1] = 1.0
    for epoch, val_loss in enumerate(losses, start=1):
        training.train([val_loss])
        if epoch % 9 == 0:
            training.watcher.flush()
            assert len(training.kept()) <= 64
    training.end()
    kept = training.kept()
    assert all(value == epoch for epoch, value in kept.items())
    assert len(set(kept) - {1, best, ended}) >= min(60, ended - 3)
    assert len(kept) <= 66
    assert {1, best, ended} <= set(kept)


def test_batches_of_an_epoch_that_takes_long_are_written(store):
    training = Training(store, epochs=3)
    pieces = [np.full(2, value, np.float32) for value in (4, 3, 2)]
    for done, piece in zip((2, 4, 6), pieces, strict=True):
        training.watcher.on_batches(1, done, 6, piece)
        training.seconds += 0.06
    # The second came too soon after the first, the third with the end of the epoch.
    assert training.records.batch_losses(training.run_id) is None
    training.watcher.on_batches(2, 2, 6, pieces[0])
    training.seconds += 0.2
    training.watcher.on_batches(2, 4, 6, pieces[1])
    seen = training.records.batch_losses(training.run_id, newer_than=1)
    assert (seen.epoch, seen.batches, seen.losses.tolist()) == (2, 6, [4, 4, 3, 3])
    assert training.records.batch_losses(training.run_id, newer_than=2) is None
    store.delete(training.run_id)
    training.seconds += 0.2
    training.watcher.on_batches(2, 5, 6, pieces[2])
    assert training.records.batch_losses(training.run_id) is None


def test_a_write_that_fails_beside_the_training_ends_it(store):
    training = Training(store, epochs=300)
    training.train([2.0])
    training.watcher.flush()

    def on_a_full_disk():
        training.train(np.full(299, 2.0))
        training.watcher.flush()

    def full(*arguments):
        raise OSError("no space left on device")

    append, training.records.append = training.records.append, full
    with pytest.raises(OSError, match="no space left"):
        on_a_full_disk()
    training.records.append = append
    training.watcher.flush()
    assert store.run(training.run_id).epoch >= 1


def compiled(idle, experiment):
    """Give whether each function of the experiment's program is compiled in a worker."""
    program = idle._programs.get(experiment, prepare(experiment, load_series(experiment.series)))
    functions = program._train, program._forecast
    return [bool(each._traced) for each in functions]


def test_what_is_chosen_is_compiled_before_it_is_wanted(store):
    idle = worker.Worker(store, io.StringIO())
    chosen = Experiment.from_values({"hidden": 3})
    assert [idle._prepare(chosen.to_json()) for _again in range(2)] == [1, 0]
    assert compiled(idle, chosen) == [True, True]
    assert compiled(idle, Experiment.from_values({"hidden": 5})) == [False, False]


def test_a_run_that_comes_while_its_predecessor_is_compiled_waits_for_no_more(store, monkeypatch):
    idle = worker.Worker(store, io.StringIO())
    chosen = Experiment.from_values({"hidden": 6})
    train = Program.train

    def trained(*arguments):
        idle._take({"do": "run", "id": "a run"})
        return train(*arguments)

    monkeypatch.setattr(Program, "train", trained)
    idle._prepare(chosen.to_json())
    assert compiled(idle, chosen) == [True, False]


def test_only_the_last_choice_is_prepared_and_a_run_goes_first(store, monkeypatch):
    monkeypatch.setattr(worker, "REST_SECONDS", 0.01)
    events = io.StringIO()
    idle = worker.Worker(store, events)
    for choice in ("earlier", "later"):
        idle._take({"do": "prepare", "experiment": choice})
    assert idle._next() == "later"
    idle._take({"do": "prepare", "experiment": "another"})
    idle._take({"do": "run", "id": "a run"})
    assert idle._next() is idle._job
    said = [json.loads(line) for line in events.getvalue().splitlines()]
    assert said == 2 * [{"event": "prepared", "built": 0}]


def test_what_cannot_be_prepared_is_left_to_its_run(store):
    idle = worker.Worker(store, io.StringIO())
    gone = Experiment.from_values({"series": "table", "table": "0" * 64})
    idle._prepare(gone.to_json())
    idle._prepare("no experiment")
    assert not idle._programs._programs
