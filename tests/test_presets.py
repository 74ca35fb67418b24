import pytest

from rnn_core.config import OPTIONS, Experiment, SeriesConfig, WindowConfig
from rnn_core.options import options_of
from rnn_core.presets import PRESETS, VANISHING

# What belongs to the series and its preparation is not a preset's to change.
KEPT = {
    *(option.name for option in options_of(SeriesConfig).values()),
    *(option.name for option in options_of(WindowConfig).values()),
    *("seed", "engine"),
}


@pytest.mark.parametrize("name", list(PRESETS))
def test_a_preset_sets_all_of_network_and_training_and_leaves_the_series(name):
    preset = PRESETS[name]
    assert set(preset.values) == set(OPTIONS) - KEPT
    chosen = {"series": "nile", "log": False, "seed": 3, "cell": "gru", "patience": 7}
    values = Experiment.from_values({**chosen, **preset.values}).values()
    assert {key: values[key] for key in preset.values} == dict(preset.values)
    assert (values["series"], values["log"], values["seed"]) == ("nile", False, 3)
    assert preset.label
    assert preset.help


def test_the_default_preset_is_the_default():
    assert Experiment.from_values(PRESETS["default"].values) == Experiment()
    assert "32 units, 150 quick epochs" in PRESETS["default"].help
    assert (Experiment().model.hidden_size, Experiment().train.epochs) == (32, 150)


def test_the_classic_preset_is_three_layers_of_fifty():
    experiment = Experiment.from_values(PRESETS["stacked"].values)
    model, train = experiment.model, experiment.train
    assert (model.cell, model.hidden_size, model.layers, model.dropout) == ("lstm", 50, 3, 0)
    assert (train.epochs, train.batch_size, train.learning_rate) == (10, 32, 0.001)
    assert (train.optimizer, train.loss) == ("adam", "mse")
    assert experiment.parameters == 50_851


def test_the_lesson_sets_its_series_too_and_differs_from_the_default_in_nothing_unsaid():
    experiment = Experiment.from_values(VANISHING.values)
    assert (experiment.model.cell, experiment.series.source) == ("rnn", "echo")
    assert experiment.window.timesteps > 20
    assert set(VANISHING.values) >= set(PRESETS["default"].values)
