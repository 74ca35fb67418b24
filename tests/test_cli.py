import json
import math
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from rnn_core import cli
from rnn_core.config import OPTIONS, Experiment
from rnn_core.forecast.metrics import Scores
from rnn_core.forecast.verdict import verdict
from rnn_core.records import EpochRecord
from rnn_core.series import read_table
from rnn_core.windows import prepare

ROOT = Path(__file__).resolve().parents[1]
AIRLINE = ROOT / "sample_data" / "airline.csv"


def run(*arguments, cwd=ROOT):
    return subprocess.run(
        [sys.executable, "-m", "rnn_core", "train", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def chosen(*arguments):
    """The experiment and the series that the arguments come to, without training."""
    return cli._experiment(cli._parser().parse_args(["train", *map(str, arguments)]))


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """One training from start to end: a table and a file of choices in, JSON and a model out."""
    folder = tmp_path_factory.mktemp("cli")
    base = Experiment.from_values({"hidden": 3, "timesteps": 5, "epochs": 9, "cell": "gru"})
    (folder / "experiment.json").write_text(base.to_json())
    arguments = ("--config", folder / "experiment.json", "--csv", AIRLINE, "--epochs", 4)
    done = run(*arguments, "--json", "--out", folder / "a" / "b", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "a" / "b" / "model.keras", json.loads(done.stdout)


def test_the_result_is_one_json_object(trained):
    _, result = trained
    assert list(result) == ["experiment", "history", "metrics", "verdict", "seconds", "parameters"]
    assert len(result["history"]["loss"]) == len(result["history"]["val_loss"]) == 4
    assert result["parameters"] == 3 * 3 * (1 + 3 + 2) + 4
    assert result["metrics"]["test"]["persistence_rmse"] == pytest.approx(48.04, abs=0.005)
    assert result["metrics"]["test"]["seasonal_naive_rmse"] == pytest.approx(41.85, abs=0.005)
    assert result["metrics"]["test"]["mae"] <= result["metrics"]["test"]["rmse"]
    assert result["verdict"].endswith(".")
    assert result["seconds"] > 0


def test_options_go_before_the_file_and_the_file_before_the_defaults(trained):
    experiment = Experiment.from_dict(trained[1]["experiment"])
    table = read_table(AIRLINE.read_bytes(), "airline.csv")
    expected = {"hidden": 3, "timesteps": 5, "cell": "gru", "epochs": 4, "series": "table"}
    assert experiment == Experiment.from_values({**expected, "table": table.digest})


def test_the_model_that_is_written_makes_the_forecasts_that_were_scored(trained):
    import keras

    file, result = trained
    model = keras.saving.load_model(file, safe_mode=True)
    assert model.count_params() == result["parameters"]
    experiment = Experiment.from_dict(result["experiment"])
    series = read_table(AIRLINE.read_bytes(), "airline.csv").series()
    windows = prepare(experiment, series)
    outputs = np.asarray(model(windows.inputs(windows.test)))[:, 0]
    errors = windows.in_units(outputs, windows.test) - series.values[windows.test]
    assert np.sqrt(np.mean(errors**2)) == pytest.approx(result["metrics"]["test"]["rmse"], rel=1e-5)


def changed(described):
    if described.choices is not None:
        return [name for name in described.choices if name not in ("table", described.default)][-1]
    if described.type is bool:
        return not described.default
    if described.type is str:
        return "x"
    return described.low if described.default != described.low else described.high


@pytest.mark.parametrize("name", [name for name in OPTIONS if name != "table"])
def test_every_option_has_a_flag(name):
    value = changed(OPTIONS[name])
    arguments = ["--series", "sines"] if name in ("length", "noise", "series-seed") else []
    of_table = {"value": "Passengers", "time": "Date", "covariates": "[]", "reading": "header=1"}
    if name in of_table:
        arguments, value = ["--csv", AIRLINE], of_table[name]
    if name == "covariates":
        value = ""
    if name == "init":
        arguments = ["--cell", "rnn"]
    if name == "parameters":
        arguments, value = ["--series", "mackey-glass"], "tau=23"
    experiment, _ = chosen(*arguments, f"--{name}", OPTIONS[name].text(value))
    assert experiment.values()[name] == value


def test_a_table_comes_from_a_file_alone():
    with pytest.raises(SystemExit) as caught:
        cli.main(["train", "--table", "0a"])
    assert caught.value.code == 2


def test_without_options_it_is_the_default_experiment():
    experiment, series = chosen()
    assert experiment == Experiment()
    assert series.values[:2].tolist() == [112, 118]


def test_the_columns_of_a_table_can_be_chosen(tmp_path):
    (tmp_path / "my.csv").write_text("a,b\n1,10\n2,20\n3,30\n")
    experiment, series = chosen("--csv", tmp_path / "my.csv", "--value", "b", "--season", 2)
    assert experiment.series.source == "table"
    assert series.values.tolist() == [10, 20, 30]
    assert series.season == 2


def test_help_names_every_option_with_its_bounds(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["train", "--help"])
    assert caught.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    for name, described in OPTIONS.items():
        assert (f"--{name} VALUE" in text) == (name != "table")
        if described.low is not None:
            assert f"{described.low:g} to {described.high:g}." in text


REFUSED = [
    (
        ["--series", "lorenz", "--parameters", "rho=900"],
        "Rayleigh number ρ (rho) must be a number from 0.5 to 60. Received: 900.0.",
    ),
    (
        ["--parameters", "tau=23"],
        "Parameters (parameters) go with a generated series only. Received: series 'airline'.",
    ),
    (["--epochs", "0"], "Epochs (epochs) must be a whole number from 1 to 10,000. Received: 0."),
    (["--epochs", "1" * 400], "Epochs (epochs) must be"),
    (["--learning-rate", "nan"], "Learning rate (learning-rate) must be a number"),
    (["--cell", "esn"], "Cell (cell) must be one of lstm, gru, rnn, cnn. Received: 'esn'."),
    (["--init", "identity"], "is for the plain RNN only"),
    (["--series", "table"], "No table yet"),
    (["--value", "x"], "A table and its columns go with series 'table' only."),
    (["--timesteps", "300"], "300 timesteps need a training part of at least 302 values"),
    (["--batch-size", "74"], "to the 73 windows of the training part"),
    (["--series", "ar"], "Switch Logarithm (log) off."),
    (["--series", "nile", "--difference", "seasonal"], "A seasonal difference needs a season"),
    (["--config", "nothing.json"], "The file nothing.json cannot be read: No such file"),
    (["--csv", "nothing.csv"], "The file nothing.csv cannot be read: No such file"),
    (["--csv", "."], "The file . cannot be read: Is a directory."),
    (["--csv", "words.csv"], "error: "),
    (["--csv", "empty.csv"], "error: "),
    (["--csv", "binary.csv"], "error: "),
    (["--config", "words.csv"], "The experiment is not JSON"),
    (["--config", "binary.csv"], "The experiment is not JSON"),
    (["--config", "table.json"], "upload it again"),
    (["--out", "words.csv"], "The folder words.csv cannot be made: File exists."),
    (["--config", "broken-key.json"], "There is no option 'train.a\\nb\\x1b[31m'."),
    (["--out", "/proc"], "/proc"),
    (["--out", "taken"], "The file taken/model.keras cannot be written: Is a directory."),
    (["--out", "words.csv/deeper"], "The folder words.csv/deeper cannot be made: Not a directory."),
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "words.csv").write_text("a,b\nx,y\nz,w\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)))
    (tmp_path / "table.json").write_text('{"series": {"source": "table", "table": "0a"}}')
    (tmp_path / "broken-key.json").write_text('{"train": {"a\\nb\\u001b[31m": 1}}')
    (tmp_path / "taken" / "model.keras").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED)
def test_what_cannot_be_used_is_refused_in_one_line(folder, capsys, arguments, sentence):
    assert cli.main(["train", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert sentence in err


def test_what_cannot_be_used_is_refused_before_tensorflow_is_loaded(folder):
    code = (
        "import json, sys; from rnn_core import cli;"
        "codes = {cli.main(['train', *arguments]) for arguments in json.loads(sys.argv[1])};"
        "print(codes, 'tensorflow' in sys.modules, 'keras' in sys.modules)"
    )
    arguments = json.dumps([arguments for arguments, _ in REFUSED])
    done = subprocess.run(
        [sys.executable, "-c", code, arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "{2} False False\n"
    assert "Traceback" not in done.stderr


def test_a_file_of_choices_may_begin_with_a_byte_order_mark(tmp_path):
    (tmp_path / "bom.json").write_text(Experiment.from_values({"hidden": 7}).to_json(), "utf-8-sig")
    assert chosen("--config", tmp_path / "bom.json")[0].model.hidden_size == 7


@pytest.fixture
def ran_away(monkeypatch):
    """A training whose network ran away, and whose file the disk has no room for."""
    from rnn_core.engine import runtime, train

    def save(path):
        raise OSError(28, "No space left on device")

    experiment, series = chosen()
    record = EpochRecord(1, math.nan, math.inf, math.nan, math.inf, math.nan, 0.1)
    scores = Scores(math.inf, math.nan, 48.0, None)
    windows = prepare(experiment, series)
    model = SimpleNamespace(save=save, count_params=lambda: 7)
    result = train.TrainingResult(
        experiment, [record], scores, verdict(scores), 0.1, model, windows, np.full(48, np.inf)
    )
    monkeypatch.setattr(runtime, "configure", lambda: None)
    monkeypatch.setattr(train, "train", lambda *_, **__: result)


@pytest.mark.usefixtures("ran_away")
def test_a_network_that_ran_away_is_printed_as_json(capsys):
    def refuse(name):
        raise AssertionError(name)

    assert cli.main(["train", "--json"]) == 0
    result = json.loads(capsys.readouterr().out, parse_constant=refuse)
    assert result["metrics"]["test"] == {
        "rmse": None, "mae": None, "persistence_rmse": 48.0, "seasonal_naive_rmse": None,
    }  # fmt: skip
    assert result["history"]["loss"] == [None]


def test_a_summary_says_which_scores_look_ahead():
    from rnn_core.engine.train import TrainingResult

    for how, ahead in (("interpolate", True), ("forward", False)):
        filled = chosen("--gaps", "0.3", "--missing-values", how)
        scores = Scores(18.0, 15.0, 48.0, 42.0)
        windows = prepare(*filled)
        result = TrainingResult(
            filled[0], [], scores, verdict(scores), 0.1, None, windows, np.full(48, 0.0)
        )
        assert ("These scores look ahead" in cli._summary(result)) == ahead


@pytest.mark.usefixtures("ran_away")
def test_the_result_is_said_even_if_the_model_cannot_be_written(tmp_path, capsys):
    assert cli.main(["train", "--out", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert "the network has diverged" in out
    assert err.endswith("model.keras cannot be written: No space left on device.\n")
    assert err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["fly"], ["train", "--nothing"]])
def test_an_unknown_command_or_option_is_a_usage_error(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m rnn_core" in capsys.readouterr().err
