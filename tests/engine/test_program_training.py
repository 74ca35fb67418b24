"""The compiled program trains as plain Keras does, whichever way it is computed."""

import math
from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnn_core.config import ModelConfig, TrainConfig
from rnn_core.engine import program as module
from rnn_core.engine.program import Program
from rnn_core.quantiles import QUANTILES
from tests.engine.short_series import INPUTS, TARGETS, TIMESTEPS, Z, forecast, look, windows_of

# Cell, layers, loss, optimizer with its step, clipping, batch size.
CASES = [
    ("lstm", 1, "mse", "adam", 0.01, 0.0, 8),
    ("lstm", 1, "huber", "sgd", 0.1, 0.05, 8),
    ("gru", 1, "mae", "rmsprop", 0.01, 0.5, 8),
    ("lstm", 2, "mse", "adam", 0.01, 0.05, 9),
    ("rnn", 2, "mse", "adam", 0.01, 0.05, 16),
    ("rnn", 1, "mae", "sgd", 0.1, 0.0, 35),
    ("cnn", 2, "huber", "adam", 0.01, 0.0, 8),
]
# Which way it is computed: the engine, and from how many operations on in halves of a batch.
WAYS = {"fast": ("fast", math.inf), "halves": ("fast", 0), "keras": ("keras", 0)}


def in_batches(targets, size):
    batches = -(-len(targets) // size)
    weights = np.zeros(batches * size, np.float32)
    weights[: len(targets)] = 1
    padded = np.resize(targets, batches * size)
    return padded.reshape(batches, size), weights.reshape(batches, size)


@pytest.mark.parametrize("way", list(WAYS))
@pytest.mark.parametrize(
    ("cell", "layers", "loss", "optimizer", "rate", "clip", "size"),
    CASES,
    ids=lambda value: str(value),
)
def test_training_is_what_plain_keras_does_with_the_same_batches(
    monkeypatch, way, cell, layers, loss, optimizer, rate, clip, size
):
    engine, halves_from = WAYS[way]
    monkeypatch.setattr(module, "HALVES_FROM", halves_from)
    train = TrainConfig(
        loss=loss,
        optimizer=optimizer,
        learning_rate=rate,
        clip=clip,
        batch_size=size,
        seed=4,
        engine=engine,
    )
    model = ModelConfig(cell=cell, hidden_size=4, layers=layers)
    program = Program(model, train, TIMESTEPS, forecasts=4, batch=size)
    assert program.parts == (2 if way == "halves" else 1)
    before = program.model.get_weights()

    plain = keras.models.clone_model(program.model)
    plain.set_weights(before)
    norm = {"global_clipnorm": clip} if clip else {}
    of_keras = {
        "adam": lambda: keras.optimizers.Adam(rate, **norm),
        "sgd": lambda: keras.optimizers.SGD(rate, momentum=0.9, **norm),
        "rmsprop": lambda: keras.optimizers.RMSprop(rate, **norm),
    }[optimizer]()
    plain.compile(of_keras, loss=loss, run_eagerly=True)

    random = np.random.default_rng(0)
    for _ in range(2):
        targets, weights = in_batches(random.permutation(TARGETS), size)
        batches = len(targets)
        sums, finite = program.train(
            INPUTS,
            tf.constant(targets, tf.int32),
            tf.constant(weights),
            0,
            batches,
        )
        assert finite
        expected = []
        for batch, weight in zip(targets, weights, strict=True):
            chosen = batch[weight > 0]
            inputs, truth = windows_of(chosen)
            error = np.abs(plain(inputs).numpy() - truth).sum()
            plain.reset_metrics()
            expected.append([plain.train_on_batch(inputs, truth) * len(chosen), error])
        assert sums == pytest.approx(np.array(expected), rel=1e-4, abs=1e-5)

    # 35 windows: but for the batch of all of them, the last batch is a short one.
    assert (weights[-1].sum() < size) == (size < 35)
    for ours, theirs, start in zip(
        program.model.get_weights(), plain.get_weights(), before, strict=True
    ):
        assert np.linalg.norm(ours - theirs) <= 1e-5 * np.linalg.norm(theirs)
        assert np.linalg.norm(ours - start) > 1e-3


def plain_quantile_loss(truth, said):
    """The pinball loss, quantile by quantile, as its definition has it."""
    losses = []
    for place, q in enumerate(QUANTILES):
        error = truth - said[:, place :: len(QUANTILES)]
        losses.append(tf.where(error > 0, q * error, (q - 1) * error))
    return tf.reduce_mean(tf.add_n(losses) / len(QUANTILES), axis=1)


@pytest.mark.parametrize(("cell", "way", "loss"), [
    ("lstm", "fast", "quantile"), ("gru", "halves", "quantile"),
    ("rnn", "keras", "mse"), ("cnn", "fast", "huber"),
])  # fmt: skip
def test_several_steps_at_once_are_learnt_as_plain_keras_does(monkeypatch, cell, way, loss):
    quantiles = loss == "quantile"
    engine, halves_from = WAYS[way]
    monkeypatch.setattr(module, "HALVES_FROM", halves_from)
    train = TrainConfig(optimizer="sgd", learning_rate=0.1, loss=loss, engine=engine)
    model = ModelConfig(cell=cell, hidden_size=4)
    program = Program(model, train, TIMESTEPS, forecasts=4, batch=8, steps=3, lag=1)
    assert program.model.output_shape == (None, 21 if quantiles else 3)
    plain = keras.models.clone_model(program.model)
    plain.set_weights(program.model.get_weights())
    measure = plain_quantile_loss if quantiles else loss
    plain.compile(keras.optimizers.SGD(0.1, momentum=0.9), loss=measure, run_eagerly=True)
    whole = TARGETS[:-2]  # of the last ones not all three are known
    targets, weights = in_batches(np.random.default_rng(0).permutation(whole), 8)
    batches = tf.constant(targets, tf.int32), tf.constant(weights)
    sums, _ = program.train(INPUTS, *batches, 0, len(targets))
    expected = []
    for batch, weight in zip(targets, weights, strict=True):
        chosen = batch[weight > 0]
        truth = np.stack([Z[target : target + 3] for target in chosen])
        truth = np.cumsum(truth, axis=1) if quantiles else truth  # changes, since the origin
        inputs = windows_of(chosen)[0]
        said = plain(inputs).numpy()
        points = said.reshape(-1, 3, 7)[:, :, 3] if quantiles else said
        error = np.abs(points - truth).mean(axis=1).sum()
        plain.reset_metrics()
        expected.append([plain.train_on_batch(inputs, truth) * len(chosen), error])
    assert sums == pytest.approx(np.array(expected), rel=1e-4, abs=1e-5)
    for ours, theirs in zip(program.model.get_weights(), plain.get_weights(), strict=True):
        assert np.linalg.norm(ours - theirs) <= 1e-5 * np.linalg.norm(theirs)
    ahead = program.forecast(INPUTS, program.forecast_batches(TARGETS))[: len(TARGETS)]
    inputs = windows_of(TARGETS)[0]
    assert ahead == pytest.approx(plain(inputs).numpy(), abs=1e-4)
    assert program.forecast_now(inputs) == pytest.approx(ahead, abs=1e-5)


@pytest.fixture(scope="module", params=list(WAYS))
def dropping(request):
    """A program with dropout, and its training in batches of 8."""
    engine, halves_from = WAYS[request.param]
    train = TrainConfig(batch_size=8, engine=engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "HALVES_FROM", halves_from)
        return Program(
            ModelConfig(hidden_size=4, dropout=0.5), train, TIMESTEPS, forecasts=4, batch=8
        )


def trained(program, seed, *cuts, size=8):
    targets, weights = in_batches(TARGETS, size)
    program.reset(replace(program.train_config, seed=seed))
    sums = [
        program.train(INPUTS, tf.constant(targets, tf.int32), tf.constant(weights), *cut)[0]
        for cut in zip((0, *cuts), (*cuts, len(targets)), strict=True)
    ]
    weights = [weight.tobytes() for weight in program.model.get_weights()]
    return np.concatenate(sums).tobytes(), weights


def test_an_epoch_in_pieces_is_the_same_epoch_bit_for_bit(dropping):
    whole = trained(dropping, 1)
    assert trained(dropping, 1, 2) == whole
    assert trained(dropping, 1, 1, 2, 3, 4) == whole


@pytest.mark.parametrize(
    ("choices", "size"),
    [
        ({"clip": 0.01}, 3),
        ({"clip": 0.01}, 8),
        ({"optimizer": "rmsprop"}, 3),
        ({"optimizer": "sgd"}, 3),
        ({"optimizer": "sgd", "momentum": 0.0}, 3),
    ],
    ids=str,
)
def test_halves_in_pieces_are_the_same_bit_for_bit(monkeypatch, choices, size):
    monkeypatch.setattr(module, "HALVES_FROM", 0)
    train = TrainConfig(batch_size=size, **choices)
    program = Program(ModelConfig(hidden_size=4), train, TIMESTEPS, forecasts=4, batch=size)
    whole = trained(program, 1, size=size)
    assert trained(program, 1, 1, 2, module.ROUND, size=size) == whole
    assert trained(program, 1, module.ROUND, size=size) == whole


def test_so_are_those_of_a_convolution_with_dropout(monkeypatch):
    monkeypatch.setattr(module, "HALVES_FROM", 0)
    model = ModelConfig(cell="cnn", hidden_size=4, layers=2, dropout=0.4)
    program = Program(model, TrainConfig(batch_size=3), TIMESTEPS, forecasts=4, batch=3)
    whole = trained(program, 1, size=3)
    assert trained(program, 1, module.ROUND + 1, 2 * module.ROUND, size=3) == whole


def test_a_reset_forgets_all_but_the_seed(dropping):
    first = trained(dropping, 1)
    other = trained(dropping, 2)
    assert other != first
    assert trained(dropping, 1) == first
    dropping.optimizer.learning_rate.assign(0.5)
    assert trained(dropping, 2) == other


def test_the_weights_are_those_of_the_model_at_any_time(dropping):
    def same():
        ours, theirs = dropping.weights(), dropping.model.get_weights()
        assert [each.shape for each in ours] == [each.shape for each in theirs]
        return [each.tobytes() for each in ours] == [each.tobytes() for each in theirs]

    trained(dropping, 1)
    assert same()
    before = dropping.weights()
    trained(dropping, 2)
    assert same()
    dropping.set_weights(before)
    assert same()
    assert dropping.weights()[0].tobytes() == before[0].tobytes()
    trained(dropping, 2)
    dropping.reset(dropping.train_config)
    assert same()


def test_dropout_drops_while_training_alone(dropping):
    dropping.reset(TrainConfig(batch_size=8))
    targets = TARGETS[:4]
    one, other = (forecast(dropping, targets) for _ in range(2))
    assert one.tobytes() == other.tobytes()
    # The same windows in every batch and a step of nothing: only the dropped units differ.
    dropping.optimizer.learning_rate.assign(0.0)
    same = tf.fill((5, 8), 20), tf.ones((5, 8))
    sums, _ = dropping.train(INPUTS, *same, 0, 5)
    assert len(np.unique(sums[:, 0])) == 5


@pytest.mark.parametrize("cell", ["gru", "cnn"])
def test_dropout_drops_the_same_whichever_way_it_is_computed(monkeypatch, cell):
    model = ModelConfig(cell=cell, hidden_size=4, layers=2, dropout=0.4)
    came_to = {}
    for way, (engine, halves_from) in WAYS.items():
        monkeypatch.setattr(module, "HALVES_FROM", halves_from)
        program = Program(model, TrainConfig(engine=engine), TIMESTEPS, forecasts=4, batch=8)
        sums, weights = trained_anew(program, engine)
        came_to[way] = np.concatenate([sums.ravel(), *(weight.ravel() for weight in weights)])
    for way in ("fast", "halves"):
        assert came_to[way] == pytest.approx(came_to["keras"], rel=1e-4, abs=1e-5), way


def trained_anew(program, engine):
    targets, weights = in_batches(TARGETS, 8)
    program.reset(TrainConfig(batch_size=8, seed=1, engine=engine))
    batches = tf.constant(targets, tf.int32), tf.constant(weights)
    sums, _ = program.train(INPUTS, *batches, 0, len(targets))
    return sums, program.model.get_weights()


def test_weights_that_are_no_numbers_are_noticed(dropping):
    dropping.reset(TrainConfig(batch_size=8))
    dropping.optimizer.learning_rate.assign(math.inf)
    targets, weights = in_batches(TARGETS, 8)
    batches = tf.constant(targets, tf.int32), tf.constant(weights)
    # One batch: its loss is of the weights before, and a number still.
    sums, finite = dropping.train(INPUTS, *batches, 0, 1)
    assert np.isfinite(sums).all()
    assert not finite


def test_a_gpu_keeps_the_stock_layers_uncompiled(monkeypatch):
    model, train = ModelConfig(cell="gru", hidden_size=4), TrainConfig(batch_size=8)
    here = trained_anew(Program(model, train, TIMESTEPS, forecasts=4, batch=8), "fast")
    monkeypatch.setattr(module, "has_gpu", lambda: True)
    program = Program(model, train, TIMESTEPS, forecasts=4, batch=8)
    assert program.parts == 1
    there = trained_anew(program, "fast")
    assert there[0] == pytest.approx(here[0], rel=1e-4)
    inputs = INPUTS
    hidden, said = look(program, TARGETS[:4])
    assert len(hidden) == 1
    assert said.shape == (4,)
    assert program.forecast(inputs, program.forecast_batches(TARGETS[:4])).shape == (4, 1)


@pytest.mark.parametrize(
    ("cell", "hidden", "layers", "timesteps", "batch", "halves"),
    [
        ("lstm", 32, 1, 12, 16, False),
        ("lstm", 50, 3, 30, 32, True),
        ("gru", 64, 1, 48, 32, True),
        ("lstm", 256, 1, 100, 64, True),
        ("lstm", 128, 2, 60, 1, False),
        ("cnn", 16, 2, 24, 32, False),
        ("cnn", 32, 3, 24, 32, True),
        ("cnn", 128, 4, 60, 1, False),
    ],
)
def test_only_batches_of_much_work_are_halved(cell, hidden, layers, timesteps, batch, halves):
    model = ModelConfig(cell=cell, hidden_size=hidden, layers=layers)
    assert module.in_halves(model, timesteps, batch) is halves
