import json
import statistics

import keras
import numpy as np
import pytest

from rnn_core import inspect
from rnn_core.config import Experiment
from rnn_core.engine import trainer
from rnn_core.engine.train import train
from rnn_core.engine.trainer import Programs, Trainer, Watcher
from rnn_core.forecast.metrics import score
from rnn_core.inside.ablation import held_out_forecast
from rnn_core.messages import ConfigError, SeriesError
from rnn_core.series import Series, load_series
from rnn_core.windows import prepare

SMALL = Experiment.from_values({"hidden": 4, "timesteps": 6, "epochs": 3, "cell": "gru"})


@pytest.fixture(scope="module", autouse=True)
def _compiled_once():
    """One cache for all tests of this module: the same network is not compiled twice."""
    shared = Programs()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trainer, "Programs", lambda: shared)
        yield


@pytest.fixture(scope="module")
def watched():
    """A small experiment's result, and the records its callback was given."""
    records = []
    return train(SMALL, on_epoch=records.append), records


def test_the_result_goes_to_json_with_the_documented_names(watched):
    result, _ = watched
    plain = result.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert list(plain) == ["experiment", "history", "metrics", "verdict", "seconds", "parameters"]
    assert Experiment.from_dict(plain["experiment"]) == SMALL
    assert {name: len(values) for name, values in plain["history"].items()} == {
        "loss": 3, "mae": 3, "val_loss": 3, "val_mae": 3,
    }  # fmt: skip
    assert list(plain["metrics"]) == ["test"]
    assert list(plain["metrics"]["test"]) == [
        "rmse", "mae", "persistence_rmse", "seasonal_naive_rmse",
    ]  # fmt: skip
    assert plain["parameters"] == 3 * 4 * (1 + 4 + 2) + 5
    assert plain["verdict"] == str(result.verdict)
    assert 0 < plain["seconds"] < 60


def test_the_result_is_evaluated_and_diagnosed(watched):
    result, _ = watched
    evaluation = result.evaluate(6)
    assert evaluation.future.shape == (6,)
    judged = evaluation.one_step
    np.testing.assert_allclose(judged.forecast[:, 0], result.test_forecast, rtol=1e-4)
    assert judged.accuracy["network"][0].rmse == pytest.approx(result.scores.rmse, rel=1e-4)
    conclusion, findings = result.diagnose(evaluation)
    assert conclusion.outcome.kind == result.verdict.kind
    assert "underdetermined" in {finding.kind for finding in findings}


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own
def test_a_direct_network_is_stock_keras_that_says_its_steps_at_once(tmp_path):
    experiment = Experiment.from_values({
        "hidden": 4, "timesteps": 6, "epochs": 30, "strategy": "direct", "horizon": 4,
    })  # fmt: skip
    result = train(experiment)
    result.model.save(tmp_path / "model.keras")
    model = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    assert [type(layer).__name__ for layer in model.layers] == ["InputLayer", "LSTM", "Dense"]
    assert model.count_params() == experiment.parameters == result.to_dict()["parameters"]
    windows, values = result.windows, result.windows.series.values
    z = model.predict_on_batch(windows.inputs(windows.test)).astype(float)
    # By hand: the changes of the logarithm, added up from the last value known.
    changes = z * windows.transform.scale + windows.transform.offset
    by_hand = values[windows.test - 1, None] * np.exp(np.cumsum(changes, axis=1))
    np.testing.assert_allclose(result.test_forecast, by_hand[:, 0], rtol=1e-5)
    assert result.scores.to_dict() == pytest.approx(
        score(windows.series, np.arange(96, 144), by_hand[:, 0]).to_dict()
    )
    evaluation = result.evaluate(6)
    ahead = {int(origin): row for origin, row in zip(
        evaluation.ahead.origins, evaluation.ahead.forecast, strict=True
    )}  # fmt: skip
    for place, target in enumerate(windows.test):
        np.testing.assert_allclose(ahead[int(target)][:4], by_hand[place], rtol=1e-5)
    assert evaluation.ahead.accuracy["network"][0].rmse == pytest.approx(result.scores.rmse)
    assert np.isfinite(evaluation.future).all()
    seen = inspect(
        result, windows.inputs(windows.test), target=windows.outputs(windows.test), output=0
    )
    np.testing.assert_allclose(seen.output, z, atol=1e-5)
    held_out = held_out_forecast(seen.network, windows)
    np.testing.assert_allclose(held_out[-48:], result.test_forecast, rtol=1e-4)
    _, findings = result.diagnose(evaluation)
    assert "underdetermined" in {finding.kind for finding in findings}


def test_the_callback_is_told_every_epoch(watched):
    result, records = watched
    assert records == result.records
    assert [record.epoch for record in records] == [1, 2, 3]
    assert result.history["val_loss"] == [record.val_loss for record in records]
    assert result.history["loss"] == [record.loss for record in records]


def test_the_test_forecast_is_the_model_on_the_test_windows_alone(watched):
    result, _ = watched
    values = load_series(SMALL.series).values
    changes = np.diff(np.log(values))
    training = changes[:85]
    z = ((changes - training.mean()) / training.std()).astype(np.float32)
    # The change into value t is z[t - 1]; the 48 newest values are the test.
    inputs = np.stack([z[t - 7 : t - 1] for t in range(96, 144)])[:, :, None]
    outputs = np.asarray(result.model(inputs))[:, 0]
    forecast = values[95:143] * np.exp(outputs * training.std() + training.mean())
    assert result.test_forecast == pytest.approx(forecast, rel=1e-5)
    errors = forecast - values[96:]
    assert result.scores.rmse == pytest.approx(np.sqrt(np.mean(errors**2)), rel=1e-4)
    assert result.scores.mae == pytest.approx(np.mean(np.abs(errors)), rel=1e-4)
    assert result.scores.persistence_rmse == pytest.approx(48.04, abs=0.005)
    assert result.scores.seasonal_naive_rmse == pytest.approx(41.85, abs=0.005)


def test_should_stop_ends_the_training_with_what_was_learnt():
    told = []
    result = train(SMALL, on_epoch=told.append, should_stop=lambda: len(told) >= 1)
    assert len(result.records) == 1
    assert np.isfinite(result.test_forecast).all()


def test_a_series_may_be_handed_in():
    series = Series("mine", 50 + np.arange(100.0), np.arange(100))
    result = train(SMALL, should_stop=lambda: True, series=series)
    assert result.windows.series is series
    assert result.records == []
    assert result.scores.seasonal_naive_rmse is None
    assert result.scores.persistence_rmse == pytest.approx(1)


@pytest.mark.parametrize(("values", "error"), [
    ({"batch-size": 1_000}, ConfigError),
    ({"timesteps": 200}, SeriesError),
    ({"series": "table", "table": "0a"}, SeriesError),
])  # fmt: skip
def test_what_cannot_be_trained_is_refused(values, error):
    with pytest.raises(error):
        train(Experiment.from_values(values))


def test_the_default_experiment_halves_the_error_of_the_best_baseline():
    programs, errors = Programs(), []
    for seed in range(5):
        experiment = Experiment.from_values({"seed": seed})
        windows = prepare(experiment, load_series(experiment.series))
        final = Trainer(experiment, windows, programs).run(Nobody()).final
        scores = score(windows.series, windows.test, final.forecast[len(windows.validation) :])
        errors.append(scores.rmse)
    assert statistics.median(errors) <= 20
    assert max(errors) <= 41.85 * 0.6
    assert len(set(errors)) == 5


class Nobody(Watcher):
    def checkpoint(self):
        pass

    def on_epoch(self, record, look):
        pass
