import dataclasses

import numpy as np
import pytest

from rnn_core.config import Experiment
from rnn_core.forecast.free_run import feeding_message, first_origin, free_run
from rnn_core.messages import SeriesError
from rnn_core.series import Series, load_series
from rnn_core.windows import prepare

WEIGHTS = np.array([0.3, -0.8, 1.4])  # oldest first: a slowly damped swing


def windows_of(values, season=4, **choices):
    experiment = Experiment.from_values(
        {"timesteps": 3, "log": False, "difference": "none", "scaling": "standard"} | choices
    )
    return prepare(experiment, Series("test", values, np.arange(len(values)), season=season))


def recurrence(count, start=(1.0, 2.0, 0.5)):
    values = list(start)
    while len(values) < count:
        values.append(float(WEIGHTS @ values[-3:]))
    return np.array(values)


def exact_step(windows):
    """The recurrence in the scaled units: z is (y - offset) / scale."""
    transform = windows.transform
    constant = (WEIGHTS.sum() - 1) * transform.offset / transform.scale
    return lambda batch: batch[:, :, 0].astype(np.float64) @ WEIGHTS + constant


@pytest.mark.parametrize("scaling", ["none", "standard", "minmax"])
def test_a_linear_recurrence_is_followed_for_50_steps(scaling):
    values = recurrence(160) + 0.0
    windows = windows_of(values[:110], scaling=scaling)
    origins = np.array([40, 77, 110])
    found = free_run(windows, exact_step(windows), origins, 50)
    expected = values[origins[:, None] + np.arange(50)]
    assert np.abs(found - expected).max() < 1e-5 * np.abs(values).max()


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("difference", ["none", "first", "seasonal"])
def test_one_step_ahead_it_is_the_one_step_forecast(difference, log):
    windows = prepare(
        Experiment.from_values({"difference": difference, "log": log}),
        load_series(Experiment().series),
    )

    def step(batch):
        return np.tanh(batch[:, :, 0] @ np.linspace(-0.4, 0.6, 12).astype(np.float32))

    targets = windows.held_out
    one_step = windows.in_units(step(windows.inputs(targets)), targets)
    np.testing.assert_allclose(free_run(windows, step, targets, 1)[:, 0], one_step, rtol=1e-6)


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("difference", ["none", "first", "seasonal"])
def test_nothing_at_or_after_the_origin_is_read(difference, log):
    windows = prepare(
        Experiment.from_values({"difference": difference, "log": log}),
        load_series(Experiment().series),
    )

    def step(batch):
        return np.tanh(batch[:, -1, 0] - 0.3 * batch[:, 0, 0])

    origin = 110
    values, z = windows.series.values.copy(), windows.z.copy()
    values[origin:], z[origin:] = np.nan, np.nan
    blind = dataclasses.replace(
        windows, series=dataclasses.replace(windows.series, values=values), z=z
    )
    expected = free_run(windows, step, np.array([origin]), 40)
    assert np.isfinite(expected).all()
    np.testing.assert_array_equal(free_run(blind, step, np.array([origin]), 40), expected)


def test_the_future_beyond_the_last_value():
    windows = windows_of(np.arange(60.0), difference="first", scaling="none")
    found = free_run(windows, lambda batch: batch[:, -1, 0], np.array([60]), 512)
    np.testing.assert_allclose(found[0], np.arange(60, 572))


def test_a_network_with_several_outputs_takes_several_steps_at_once():
    values = recurrence(80)
    windows = windows_of(values[:60])
    one = exact_step(windows)
    calls = []

    def four(batch):
        calls.append(batch.shape)
        path = batch.astype(np.float64)
        for _ in range(4):
            path = np.concatenate([path, one(path[:, -3:])[:, None, None]], axis=1)
        return path[:, 3:, 0]

    origins = np.array([50, 60])
    found = free_run(windows, four, origins, 10)
    np.testing.assert_allclose(found, free_run(windows, one, origins, 10), rtol=1e-4, atol=1e-5)
    assert calls == [(2, 3, 1)] * 3


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("difference", ["none", "first", "seasonal"])
def test_steps_at_once_that_are_right_are_the_truth_in_units(difference, log):
    """Twice as far as the network says at once; a season is longer than that, too."""
    series = load_series(Experiment().series)
    windows = prepare(
        Experiment.from_values(
            {"difference": difference, "log": log, "strategy": "direct", "horizon": 9}
        ),
        series,
    )
    known = {windows.inputs(np.array([t]))[0].tobytes(): t for t in range(30, 145)}

    def right(batch):
        places = np.array([known[window.tobytes()] for window in batch])
        return windows.z[np.minimum(places[:, None] + np.arange(9), 143)]

    origins = np.array([60, 86, 126])
    found = free_run(windows, right, origins, 18)
    expected = series.values[origins[:, None] + np.arange(18)]
    np.testing.assert_allclose(found, expected, rtol=2e-5)


@pytest.mark.parametrize(("steps", "horizon", "words"), [
    (1, 12, "each further one is forecast on its own output"),
    (12, 12, "12 steps at once, so that none of the 12"),
    (12, 13, "From step 13 on"),
])  # fmt: skip
def test_what_is_fed_back_is_said(steps, horizon, words):
    assert words in str(feeding_message(steps, horizon))
    assert feeding_message(steps, 1) is None


def test_many_origins_are_run_in_batches_with_the_same_result(monkeypatch):
    windows = windows_of(recurrence(200))
    origins = np.arange(3, 201)
    together = free_run(windows, exact_step(windows), origins, 5)
    monkeypatch.setattr("rnn_core.forecast.free_run.BATCH", 50)
    np.testing.assert_allclose(
        free_run(windows, exact_step(windows), origins, 5), together, rtol=1e-6, atol=1e-6
    )
    assert free_run(windows, exact_step(windows), origins[:0], 5).shape == (0, 5)


def test_what_runs_away_is_infinite_without_a_warning():
    windows = windows_of(np.arange(1.0, 61), log=True, difference="first")
    found = free_run(windows, lambda batch: abs(batch[:, -1, 0]) * 1e9 + 1, np.array([60]), 50)
    assert not np.isfinite(found[0, -1])


@pytest.mark.parametrize(("origins", "horizon", "kind"), [
    ([60], 0, "free_run.horizon"), ([60], 513, "free_run.horizon"),
    ([6, 60], 1, "free_run.origin"), ([61], 1, "free_run.origin"),
])  # fmt: skip
def test_bounds_have_their_sentence(origins, horizon, kind):
    windows = windows_of(np.arange(60.0), difference="seasonal")
    assert first_origin(windows) == 7
    with pytest.raises(SeriesError) as caught:
        free_run(windows, lambda batch: batch[:, -1, 0], np.array(origins), horizon)
    assert caught.value.message.kind == kind
    assert "Received: " in str(caught.value)


def test_one_that_runs_away_does_not_take_the_others_along():
    values = np.r_[np.full(30, 1e30), np.ones(30)]
    windows = windows_of(values, scaling="none")

    def step(batch):
        assert np.isfinite(batch).all()
        return batch[:, -1, 0] * 1e5

    found = free_run(windows, step, np.array([30, 60]), 5)
    assert np.isfinite(found[0, 0])
    assert not np.isfinite(found[0, 1:]).any()
    np.testing.assert_allclose(found[1], 10.0 ** np.arange(5, 30, 5), rtol=1e-5)
    assert not np.isfinite(free_run(windows, step, np.array([30]), 5)[0, 1:]).any()


def test_covariates_stay_at_the_last_values_known():
    channel = np.arange(60.0) ** 2
    series = dataclasses.replace(
        windows_of(np.sin(np.arange(60.0))).series,
        covariates=channel[:, None],
        covariate_names=("x",),
    )
    windows = prepare(
        Experiment.from_values({"log": False, "difference": "none", "timesteps": 3}), series
    )
    seen = []

    def step(batch):
        seen.append(batch[0, :, 1].copy())
        return batch[:, -1, 0]

    free_run(windows, step, np.array([50]), 4)
    scaled = windows.covariates[:, 0]
    last = scaled[49]
    assert [each.tolist() for each in seen] == [
        [scaled[47], scaled[48], last],
        [scaled[48], last, last],
        [last, last, last],
        [last, last, last],
    ]
