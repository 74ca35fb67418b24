"""Each experiment really runs, in small; what needs no training is held to the published figure."""

from __future__ import annotations

import json
import math
from functools import cache
from importlib import import_module

import keras
import numpy as np
import pytest
from sklearn.preprocessing import MinMaxScaler

from rnn_core.config import ModelConfig, TrainConfig
from rnn_core.engine.stateful import StatefulNetwork
from rnn_core.forecast.backtest import Fit, baseline_fit_predict
from rnn_core.reproduce import adding, airpassengers, m4, mackey_glass, shampoo
from rnn_core.reproduce.adjusted import deseasonalised, detrended
from rnn_core.reproduce.free_runs import FreeRuns
from rnn_core.reproduce.publications import PUBLICATIONS
from rnn_core.reproduce.results import Result
from rnn_core.series import Series
from rnn_core.series.generators.chaotic import integrate_mackey_glass
from rnn_core.series.samples import load_sample

TINY = {
    "airpassengers": airpassengers.Plan(epochs=2, seeds=1, default_seeds=1, default_epochs=1),
    "shampoo": shampoo.Plan(epochs=2, repeats=2),
    "adding": adding.Plan(
        lengths=(5,), cells=("rnn",), units=3, batch=8, seeds=2, most=32, judged_every=16,
        judged_on=16,
    ),
    "mackey-glass": mackey_glass.Plan(
        repeats=1, known=1, ahead=0.2, networks=("script", "reservoir", "windows"), trained=1
    ),
    "m4": m4.Plan(
        series=("airline",), preparations=("raw", "deseasonalised-difference"), seeds=1,
        options={"epochs": 1, "batch-size": 16},
    ),
}  # fmt: skip


def quiet(said: str) -> None:
    assert said


@cache
def tiny(name: str) -> Result:
    result: Result = import_module(PUBLICATIONS[name].module).run(TINY[name], quiet)
    return result


@pytest.mark.parametrize("name", PUBLICATIONS)
def test_a_small_one_gives_figures_beside_the_published_ones(name: str) -> None:
    result = tiny(name)
    assert any(row.published is not None for row in result.rows)
    figures = [value for row in result.rows for value in row.known]
    assert len(figures) >= 3
    assert all(math.isfinite(value) and value >= 0 for value in figures)
    labels = [(str(row.label), row.column) for row in result.rows]
    assert len(set(labels)) == len(labels)
    assert all("{" not in str(text) for text in (result.measure, *result.settings))
    assert Result.from_dict(json.loads(json.dumps(result.to_dict()))) == result


def figures(name: str) -> dict[str, float | None]:
    return {row.label.kind: row.here for row in tiny(name).rows}


def test_persistence_is_exactly_what_was_published() -> None:
    assert figures("shampoo")["row.persistence"] == pytest.approx(136.761, abs=5e-4)
    found = figures("airpassengers")
    assert found["row.default_persistence"] == pytest.approx(48.04, abs=0.005)
    assert found["row.default_seasonal"] == pytest.approx(41.85, abs=0.005)


@pytest.mark.parametrize("name", airpassengers.FRAMINGS)
def test_the_windows_are_the_tutorials(name: str) -> None:
    framing = airpassengers.FRAMINGS[name]
    series = load_sample("airline")
    windows = airpassengers.leaking_windows(series, framing)
    # As the tutorial writes it, on scikit-learn's scaler of all values.
    scaled = MinMaxScaler().fit_transform(series.values.astype("float32")[:, None])[:, 0]
    back = framing.timesteps * framing.features
    for part, targets in ((scaled[:96], windows.training), (scaled[96:], windows.test)):
        x = np.array([part[i : i + back] for i in range(len(part) - back - 1)])
        y = np.array([part[i + back] for i in range(len(part) - back - 1)])
        seen = windows.inputs(targets)
        assert seen.shape == (len(x), framing.timesteps, framing.features)
        # The values of one step come newest first here: of a dense input the order says nothing.
        oldest_first = seen[:, :, ::-1].reshape(len(x), back)
        np.testing.assert_allclose(oldest_first, x, atol=1e-6)
        np.testing.assert_allclose(windows.outputs(targets), y, atol=1e-6)


def test_shampoo_is_scaled_as_its_source_does() -> None:
    values = load_sample("shampoo").values
    changes = np.diff(values)
    table = np.column_stack([np.concatenate([[0], changes[:-1]]), changes])
    scaler = MinMaxScaler(feature_range=(-1, 1)).fit(table[:-12])
    scaled = shampoo.scale(values)
    of_training, of_test = scaler.transform(table[:-12]), scaler.transform(table[-12:])
    np.testing.assert_allclose(np.column_stack([scaled.x, scaled.y]), of_training, atol=1e-6)
    np.testing.assert_allclose(scaled.x_test, of_test[:, 0], atol=1e-6)
    back = scaled.change(of_test[:, 1].astype(np.float32))
    np.testing.assert_allclose(back, changes[-12:], atol=1e-3)


def test_the_stateful_network_is_that_of_keras() -> None:
    random = np.random.default_rng(0)
    x, y = random.uniform(-1, 1, (2, 5)).astype(np.float32)
    network = StatefulNetwork(ModelConfig(hidden_size=4), TrainConfig(learning_rate=0.01, seed=3))
    inputs = keras.Input(batch_shape=(1, 1, 1))
    layer = keras.layers.LSTM(4, stateful=True)
    theirs = keras.Model(inputs, keras.layers.Dense(1)(layer(inputs)))
    theirs.set_weights(network.model.get_weights())
    theirs.compile(keras.optimizers.Adam(0.01), "mse", run_eagerly=True)
    for _ in range(3):
        layer.reset_states()
        losses = [
            theirs.train_on_batch(x[t].reshape(1, 1, 1), y[t].reshape(1, 1)) for t in range(len(x))
        ]
    assert len(losses) == 5
    network.fit(x, y, 3)
    for ours, stock in zip(network.model.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(ours, stock, atol=2e-6)
    layer.reset_states()
    answers = [float(theirs.predict_on_batch(each.reshape(1, 1, 1))[0, 0]) for each in x]
    np.testing.assert_allclose(network.forecast(x), answers, atol=2e-6)


def test_a_sequence_of_the_adding_problem_is_a_window() -> None:
    length = 11
    frames, targets = adding.Sequences(length, 0).draw(20)
    windows = frames[targets[:, None] + np.arange(-length, 0)]
    assert windows.shape == (20, length, 3)
    assert (windows[:, :, 0] == 0).all()  # no answer is among what is seen
    marked = windows[:, :, 2] == 1
    assert (marked.sum(axis=1) == 2).all()
    assert (marked[:, : length // 2].sum(axis=1) == 1).all()
    sums = np.where(marked, windows[:, :, 1], 0).sum(axis=1)
    np.testing.assert_allclose(frames[targets, 0], sums, rtol=1e-6)
    again, _ = adding.Sequences(length, 1).draw(20)
    assert not np.array_equal(frames, again)


def test_a_small_lstm_learns_to_add() -> None:
    plan = adding.Plan(
        lengths=(5,), cells=("lstm",), units=16, learning_rate=0.02, seeds=1, most=49_152,
        judged_every=4_096, judged_on=256,
    )  # fmt: skip
    sequences, error = adding.run(plan, quiet).rows[1:]
    assert sequences.here is not None
    assert sequences.here <= plan.most
    assert error.here < adding.SOLVED < adding.GUESSING


def test_mackey_glass_is_sampled_between_the_steps_of_the_solver() -> None:
    points, every = mackey_glass.POINTS, mackey_glass.LYAPUNOV_TIME
    values = mackey_glass.sampled(2 * points + 1)
    whole = integrate_mackey_glass(mackey_glass.CONSTANT_PAST, 2 * every + 1)
    np.testing.assert_allclose(values[[0, points, 2 * points]], whole[[0, every, 2 * every]])
    # 26 points further are 68.29 time units: between two steps of the solver, and two of these.
    assert min(whole[68:70]) < values[26] < max(whole[68:70])


def test_a_run_through_the_training_part_is_judged_where_it_ends() -> None:
    values = mackey_glass.sampled(30)
    runs = FreeRuns(after=values[20:], through=values[12:20])
    assert mackey_glass.judged(values, 20, runs) == (0, 0)
    away = FreeRuns(after=3 * values[20:], through=values[12:20])
    assert mackey_glass.judged(values, 20, away) == (pytest.approx(100), 0)
    assert len(mackey_glass.judged(values, 20, FreeRuns(values[20:]))) == 1


def test_a_run_that_went_away_counts_as_the_worst() -> None:
    truth = np.ones(4)
    assert mackey_glass.bounded_smape(truth, np.array([1.0, 2.0, np.nan, np.inf])) == 200
    assert mackey_glass.bounded_smape(truth, 3 * truth) == pytest.approx(100)


def test_naive2_repeats_the_last_value_with_its_season() -> None:
    steps = np.arange(60)
    factors = np.array([0.5, 1.0, 1.5, 1.0])
    series = Series("seasonal", 100 * factors[steps % 4], steps, season=4)
    naive2 = deseasonalised(baseline_fit_predict("persistence"))
    fit = Fit(series, 0, 50, (50,), 6)
    np.testing.assert_allclose(naive2(fit)[0], series.values[50:56], rtol=1e-6)
    # Nothing after the origin is read.
    hidden = Series("hidden", np.where(steps < 50, series.values, 1e6), steps, season=4)
    np.testing.assert_array_equal(naive2(fit), naive2(Fit(hidden, 0, 50, (50,), 6)))


def test_what_is_left_of_a_line_is_put_back_on_it() -> None:
    steps = np.arange(40)
    series = Series("line", 3.0 + 2.0 * steps, steps)
    ahead = detrended(baseline_fit_predict("persistence"))(Fit(series, 0, 30, (30,), 5))
    np.testing.assert_allclose(ahead[0], series.values[30:35], rtol=1e-9)
