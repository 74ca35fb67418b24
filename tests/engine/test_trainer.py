import dataclasses
import math

import numpy as np
import pytest
from sklearn.metrics import mean_pinball_loss

from rnn_core.config import Experiment
from rnn_core.engine import trainer as module
from rnn_core.engine.build import LOSSES
from rnn_core.engine.trainer import Programs, Stopped, Trainer, Watcher
from rnn_core.messages import Message, TrainingError
from rnn_core.quantiles import QUANTILES
from rnn_core.series import load_series
from rnn_core.windows import prepare

SMALL = {"hidden": 4, "timesteps": 6, "epochs": 6}
AIRLINE = load_series(Experiment().series)


def experiment(**values):
    chosen = {name.replace("_", "-"): value for name, value in values.items()}
    return Experiment.from_values({**SMALL, **chosen})


class Recorder(Watcher):
    """Keeps what it is told; ends the training at its checkpoint number ``stop_at``."""

    def __init__(self, stop_at=math.inf):
        self.records = []
        self.looks = []
        self.batches = []
        self.checkpoints = 0
        self._stop_at = stop_at

    def checkpoint(self):
        self.checkpoints += 1
        if self.checkpoints == self._stop_at:
            raise Stopped

    def on_start(self, record):
        self.start = record

    def on_batches(self, *batches):
        self.batches.append(batches)

    def on_epoch(self, record, look):
        self.records.append(record)
        self.looks.append(look())


def run(chosen, programs, watcher=None):
    watcher = watcher or Recorder()
    trainer = Trainer(chosen, prepare(chosen, AIRLINE), programs)
    return watcher, trainer.run(watcher)


def numbers(watcher, outcome):
    """All that training told but for the time it took, bit for bit."""
    records = [dataclasses.replace(record, seconds=0.0) for record in watcher.records]
    arrays = [look.forecast.tobytes() for look in watcher.looks]
    arrays += [layer.tobytes() for look in watcher.looks for layer in look.hidden]
    return records, arrays, outcome.final.forecast.tobytes(), outcome.best_epoch


@pytest.fixture(scope="module")
def programs():
    """Shared by the tests of this module, so that each shape is compiled once."""
    return Programs(most=100)


@pytest.fixture(scope="module")
def reference(programs):
    """The small experiment, trained once."""
    return numbers(*run(experiment(), programs))


def test_the_same_experiment_gives_the_same_curve_bit_for_bit_when_compiled_anew(reference):
    assert numbers(*run(experiment(), None)) == reference


def test_the_same_experiment_gives_the_same_curve_after_others_of_its_shape(programs, reference):
    other = numbers(*run(experiment(seed=1, learning_rate=0.05, epochs=3), programs))
    assert other[1][: len(reference[1])] != reference[1][: len(other[1])]
    assert numbers(*run(experiment(), programs)) == reference


@pytest.mark.parametrize("seconds", [1e-9, 1e9])
def test_how_an_epoch_is_cut_changes_no_number(monkeypatch, programs, reference, seconds):
    monkeypatch.setattr(module, "CHUNK_SECONDS", seconds)
    watcher, outcome = run(experiment(), programs)
    assert numbers(watcher, outcome) == reference
    # 79 windows in batches of 16: 5 a chunk at the most, and it grows from 1 by fours.
    assert watcher.checkpoints == (6 * 5 if seconds < 1 else 6 + 1)


def test_dropout_repeats_with_the_seed(programs, reference):
    one = numbers(*run(experiment(dropout=0.5), programs))
    other = numbers(*run(experiment(dropout=0.5, seed=1), programs))
    assert numbers(*run(experiment(dropout=0.5), programs)) == one
    assert one != other
    assert one != reference


def test_every_epoch_trains_on_every_window_once_in_another_order(monkeypatch, programs):
    chosen = experiment()
    windows = prepare(chosen, AIRLINE)
    trainer = Trainer(chosen, windows, programs)
    honest, seen = trainer.program.train, []

    def train(z, targets, weights, first, last):
        chunk = targets.numpy()[first:last][weights.numpy()[first:last] > 0]
        seen.extend(chunk.tolist())
        assert z.numpy().tobytes() == windows.z.tobytes()
        return honest(z, targets, weights, first, last)

    monkeypatch.setattr(trainer.program, "train", train)
    trainer.run(Recorder())
    epochs = [tuple(epoch) for epoch in np.reshape(seen, (6, -1)).tolist()]
    assert all(sorted(epoch) == windows.training.tolist() for epoch in epochs)
    assert len(set(epochs)) == 6
    assert tuple(windows.training.tolist()) not in epochs


def test_a_batch_size_of_0_takes_all_windows_at_once(programs):
    chosen = experiment(batch_size=0)
    trainer = Trainer(chosen, prepare(chosen, AIRLINE), programs)
    targets, weights = trainer._batches()
    assert targets.shape == weights.shape == (1, 79)
    assert weights.all()


def test_validation_is_measured_on_the_forecasts_after_the_epoch(programs):
    chosen = experiment(loss="huber", epochs=2)
    windows = prepare(chosen, AIRLINE)
    watcher, outcome = run(chosen, programs)
    changes = np.diff(np.log(AIRLINE.values), prepend=np.nan)
    offset, scale = changes[1:86].mean(), changes[1:86].std()
    for record, look in zip(watcher.records, watcher.looks, strict=True):
        assert look.forecast.shape == (58,)
        truth = AIRLINE.values[86:96]
        in_units = look.forecast[:10] - truth
        assert record.val_rmse == pytest.approx(np.sqrt(np.mean(in_units**2)), rel=1e-5)
        z = (np.log(look.forecast[:10] / AIRLINE.values[85:95]) - offset) / scale
        errors = np.abs(z - (changes[86:96] - offset) / scale)
        huber = np.where(errors <= 1, errors**2 / 2, errors - 0.5)
        assert record.val_mae == pytest.approx(np.mean(errors), rel=1e-4)
        assert record.val_loss == pytest.approx(np.mean(huber), rel=1e-4)
        assert [layer.shape for layer in look.hidden] == [(6, 4)]
    assert [record.epoch for record in watcher.records] == [1, 2]
    assert [look.epoch for look in watcher.looks] == [1, 2]
    assert outcome.final.epoch == 2
    assert outcome.final.forecast.tobytes() == watcher.looks[-1].forecast.tobytes()
    seconds = [record.seconds for record in watcher.records]
    assert 0 < seconds[0] < seconds[1] == outcome.seconds
    assert not outcome.stopped
    assert outcome.best_epoch is None
    assert windows.test[-1] == 143


@pytest.mark.parametrize("name", [name for name in LOSSES if name != "quantile"])
def test_the_validation_loss_is_that_of_keras(name):
    truth, forecast = np.random.default_rng(0).normal(size=(2, 50, 1)).astype(np.float32) * 2
    ours = module.ERROR_LOSSES[name](np.abs(truth - forecast)[:, 0])
    assert ours == pytest.approx(np.asarray(LOSSES[name](truth, forecast)), rel=1e-5)


def test_the_training_loss_is_the_mean_over_the_windows(programs):
    # Steps of next to nothing: the weights stay what they were, and the mean can be checked.
    chosen = experiment(learning_rate=1e-6, epochs=1)
    windows = prepare(chosen, AIRLINE)
    trainer = Trainer(chosen, windows, programs)
    forecast = trainer.program.model(windows.inputs(windows.training)).numpy()[:, 0]
    errors = forecast - windows.outputs(windows.training)
    watcher = Recorder()
    trainer.run(watcher)
    assert watcher.records[0].loss == pytest.approx(np.mean(errors**2), rel=1e-4)
    assert watcher.records[0].mae == pytest.approx(np.mean(np.abs(errors)), rel=1e-4)


def test_early_stopping_takes_the_best_weights_back(programs):
    chosen = experiment(epochs=100, patience=4, learning_rate=0.1)
    watcher, outcome = run(chosen, programs)
    losses = [record.val_loss for record in watcher.records]
    best = int(np.argmin(losses)) + 1
    assert outcome.best_epoch == best
    assert len(losses) == best + 4 < 100
    assert not outcome.stopped
    taken_back, last = watcher.looks[best - 1].forecast, watcher.looks[-1].forecast
    assert outcome.final.forecast.tobytes() == taken_back.tobytes() != last.tobytes()
    assert outcome.final.epoch == len(losses)


def test_patience_that_does_not_run_out_takes_the_best_weights_back_too(programs):
    watcher, outcome = run(experiment(epochs=12, patience=50, learning_rate=0.1), programs)
    losses = [record.val_loss for record in watcher.records]
    assert len(losses) == 12
    best = int(np.argmin(losses)) + 1
    assert outcome.best_epoch == best < 12
    assert outcome.final.forecast.tobytes() == watcher.looks[best - 1].forecast.tobytes()


def test_a_loss_that_is_no_number_ends_the_training_with_its_epoch(programs):
    wild = {"log": False, "difference": "none", "scaling": "none"}
    chosen = experiment(optimizer="sgd", learning_rate=100.0, epochs=50, **wild)
    watcher = Recorder()
    with np.errstate(over="ignore"), pytest.raises(TrainingError) as caught:
        run(chosen, programs, watcher)
    message = caught.value.message
    assert message.kind == "train.diverged"
    assert message.values["epoch"] == len(watcher.records) + 1
    assert f"infinite in epoch {len(watcher.records) + 1} and" in str(message)
    assert "a learning rate below 100 or" in str(message)
    assert Message.from_json(message.to_json()) == message
    # The program is none the worse for it.
    assert Trainer(chosen, prepare(chosen, AIRLINE), programs).snapshot(0).hidden[0].any()


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_validation_forecast_that_is_no_number_ends_the_training(monkeypatch, programs, bad):
    chosen = experiment()
    trainer = Trainer(chosen, prepare(chosen, AIRLINE), programs)
    forecast = np.full(10, 0.5, np.float32)
    forecast[7] = bad
    monkeypatch.setattr(trainer.program, "forecast", lambda z, batches: forecast)
    with pytest.raises(TrainingError, match="epoch 1 "):
        trainer.run(Recorder())


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_batch_whose_loss_is_no_number_ends_the_training_there(monkeypatch, programs, bad):
    chosen = experiment()
    trainer = Trainer(chosen, prepare(chosen, AIRLINE), programs)
    chunks = iter([[0.5, 0.5], [0.5, 0.5], [bad, 0.5]])
    monkeypatch.setattr(module, "CHUNK_SECONDS", 1e-9)
    monkeypatch.setattr(trainer.program, "train", lambda *batches: (np.array([next(chunks)]), True))
    with pytest.raises(TrainingError, match="epoch 1 "):
        trainer.run(Recorder())


def test_weights_that_are_no_numbers_end_the_training_in_their_chunk(monkeypatch, programs):
    chosen = experiment()
    trainer = Trainer(chosen, prepare(chosen, AIRLINE), programs)
    monkeypatch.setattr(trainer.program, "train", lambda *batches: (np.array([[0.5, 0.5]]), False))
    with pytest.raises(TrainingError, match="epoch 1 "):
        trainer.run(Recorder())


def test_the_untrained_network_comes_first_as_epoch_0(programs):
    watcher, _ = run(experiment(epochs=2), programs)
    start = watcher.start
    assert start.epoch == 0
    assert start.seconds == 0
    fresh = Trainer(experiment(epochs=2), prepare(experiment(), AIRLINE), programs)
    windows = fresh.windows
    for targets, loss in ((windows.training, start.loss), (windows.validation, start.val_loss)):
        forecast = fresh.program.model(windows.inputs(targets), training=False).numpy()[:, 0]
        expected = np.mean(np.square(forecast - windows.outputs(targets)))
        assert loss == pytest.approx(expected, rel=1e-4)
    assert [record.epoch for record in watcher.records] == [1, 2]


def test_every_batch_tells_its_loss(monkeypatch, programs):
    monkeypatch.setattr(module, "CHUNK_SECONDS", 1e-9)  # a batch at a time
    watcher, _ = run(experiment(epochs=2), programs)
    windows = prepare(experiment(), AIRLINE)
    size = experiment().train.batch_size
    batches = -(-len(windows.training) // size)
    assert [(epoch, done) for epoch, done, _, _ in watcher.batches] == [
        (epoch, done) for epoch in (1, 2) for done in range(1, batches + 1)
    ]
    last = len(windows.training) - (batches - 1) * size  # the last batch is a short one
    for record in watcher.records:
        losses = [loss.item() for epoch, _, _, loss in watcher.batches if epoch == record.epoch]
        assert np.average(losses, weights=[size] * (batches - 1) + [last]) == pytest.approx(
            record.loss, rel=1e-5
        )


@pytest.mark.parametrize(("stop_at", "epochs"), [(1, 0), (3, 0), (6, 1), (14, 2)])
def test_a_watcher_may_stop_between_epochs_and_within_them(monkeypatch, programs, stop_at, epochs):
    monkeypatch.setattr(module, "CHUNK_SECONDS", 1e-9)
    watcher, outcome = run(experiment(), programs, Recorder(stop_at))
    assert outcome.stopped
    assert len(watcher.records) == outcome.final.epoch == epochs
    assert outcome.final.forecast.shape == (58,)


def test_what_is_a_number_to_a_program_makes_no_other_program():
    programs = Programs()
    windows = prepare(experiment(), AIRLINE)
    first = programs.get(experiment(), windows)
    for same in ({"seed": 3}, {"learning_rate": 0.1}, {"epochs": 9}, {"patience": 5}):
        assert programs.get(experiment(**same), windows) is first
    assert first.optimizer.learning_rate.numpy() == pytest.approx(0.005)


@pytest.mark.parametrize("other", [
    {"hidden": 5}, {"cell": "gru"}, {"layers": 2}, {"dropout": 0.1}, {"init": "normal"},
    {"optimizer": "sgd"}, {"momentum": 0.5}, {"loss": "mae"}, {"clip": 1.0}, {"batch_size": 8},
    {"timesteps": 7}, {"difference": "none"}, {"validation": 0.1}, {"test": 0.2},
])  # fmt: skip
def test_what_is_built_into_a_program_makes_another(other):
    programs = Programs()
    first = programs.get(experiment(), prepare(experiment(), AIRLINE))
    chosen = experiment(**other)
    assert programs.get(chosen, prepare(chosen, AIRLINE)) is not first


def test_the_program_used_longest_ago_is_given_up():
    programs, windows = Programs(most=2), prepare(experiment(), AIRLINE)
    first = programs.get(experiment(), windows)
    second = programs.get(experiment(hidden=5), windows)
    assert programs.get(experiment(), windows) is first
    programs.get(experiment(hidden=6), windows)
    assert programs.get(experiment(), windows) is first
    assert programs.get(experiment(hidden=5), windows) is not second


def test_several_steps_at_once_are_judged_on_all_and_shown_by_the_first(programs):
    chosen = experiment(strategy="direct", horizon=5, difference="seasonal", epochs=2)
    windows = prepare(chosen, AIRLINE)
    trainer = Trainer(chosen, windows, programs)
    assert trainer.program.model.count_params() == chosen.parameters
    watcher = Recorder()

    def said_at(targets):
        return trainer.program.model(windows.inputs(targets), training=False).numpy()

    outcome = trainer.run(watcher)
    in_units = windows.in_units(said_at(windows.held_out), windows.held_out)
    assert outcome.final.forecast == pytest.approx(in_units[:, 0], rel=1e-5)
    last = watcher.records[-1]
    truth = AIRLINE.values[windows.validation]
    error = np.sqrt(np.mean((in_units[: len(truth), 0] - truth) ** 2))
    assert last.val_rmse == pytest.approx(error, rel=1e-5)
    squares = []
    for target in range(86 - 4, 96):  # every step ahead that lies in the validation part
        said = said_at(np.array([target]))[0]
        places = np.arange(target, target + 5)
        inside = (places >= 86) & (places < 96)
        squares += ((said - windows.z[places]) ** 2)[inside].tolist()
    assert len(squares) == 5 * 10
    assert last.val_loss == pytest.approx(np.mean(squares), rel=1e-4)
    assert watcher.start.val_loss != last.val_loss


def test_quantiles_are_judged_by_the_pinball_loss_of_what_became_since_the_origin(programs):
    chosen = experiment(strategy="direct", horizon=3, loss="quantile", epochs=2, patience=1)
    windows = prepare(chosen, AIRLINE)
    trainer = Trainer(chosen, windows, programs)
    assert trainer.program.model.output_shape == (None, 21)
    watcher = Recorder()
    outcome = trainer.run(watcher)
    model = trainer.program.model
    assert model.count_params() == chosen.parameters
    at_end = trainer._record(9, 0, 0, model(windows.inputs(windows.judged[0])).numpy(),
                             windows.judged[0])  # fmt: skip
    losses, errors = [], []
    for target in range(86 - 2, 96):
        said = model(windows.inputs(np.array([target]))).numpy().reshape(3, 7)
        for step in range(3):
            if 86 <= target + step < 96:
                became = windows.z[target : target + step + 1].sum()
                losses += [
                    mean_pinball_loss([became], [said[step, place]], alpha=q)
                    for place, q in enumerate(QUANTILES)
                ]
                errors.append(abs(became - said[step, 3]))
    assert at_end.val_loss == pytest.approx(np.mean(losses), rel=1e-4)
    assert at_end.val_mae == pytest.approx(np.mean(errors), rel=1e-4)
    assert outcome.best_epoch is not None
    median = model(windows.inputs(windows.held_out)).numpy()[:, 3]
    expected = windows.in_units(median, windows.held_out)
    assert outcome.final.forecast == pytest.approx(expected, rel=1e-5)


def test_a_long_horizon_and_one_validation_value_have_a_first_point():
    chosen = experiment(
        strategy="direct", horizon=60, validation=0.01, batch_size=0, timesteps=20, hidden=256
    )
    windows = prepare(chosen, AIRLINE)
    assert len(windows.validation) == 1
    start = Trainer(chosen, windows).untrained()
    assert np.isfinite([start.loss, start.val_loss, start.val_rmse]).all()
