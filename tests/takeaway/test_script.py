import ast
import dataclasses
import itertools
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from rnn_core.cells import CELLS
from rnn_core.config import (
    DIFFERENCES,
    INITIALIZATIONS,
    LOSSES,
    OPTIMIZERS,
    SCALINGS,
    Experiment,
)
from rnn_core.engine.train import train
from rnn_core.forecast.free_run import free_run
from rnn_core.messages import SeriesError
from rnn_core.series import load_series
from rnn_core.takeaway import script
from rnn_core.takeaway.script import standalone_script
from rnn_core.takeaway.tables import series_csv

HORIZON = 15
AIRLINE = load_series(Experiment().series)


@pytest.mark.parametrize(
    ("cell", "strategy", "loss", "difference"),
    [("gru", "recursive", "mse", "seasonal"), ("cnn", "direct", "quantile", "first")],
)
def test_the_script_gives_the_run_s_figures(tmp_path, cell, strategy, loss, difference):
    """A run with early stopping and clipping, in a process of its own."""
    experiment = Experiment.from_values(
        {"cell": cell, "hidden": 4, "layers": 2, "timesteps": 6, "epochs": 40, "patience": 2,
         "difference": difference, "clip": 1.0, "learning-rate": 0.05,
         "strategy": strategy, "horizon": 4, "loss": loss}
    )  # fmt: skip
    result = train(experiment)
    assert len(result.records) < 40
    (tmp_path / "run.py").write_text(standalone_script(experiment, AIRLINE, HORIZON))
    (tmp_path / "series.csv").write_text(series_csv(AIRLINE))
    done = subprocess.run(
        [sys.executable, "run.py"],
        cwd=tmp_path,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_NUM_INTRAOP_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = next(line for line in done.stdout.splitlines() if line.startswith("test RMSE: "))
    assert float(said.split()[-1]) == pytest.approx(result.scores.rmse, rel=1e-3)
    expected = free_run(
        result.windows,
        result.model.predict_on_batch,
        np.array([len(AIRLINE)]),
        HORIZON,
    )[0]
    forecast = pd.read_csv(tmp_path / "forecast.csv")
    assert forecast["steps_ahead"].tolist() == list(range(1, HORIZON + 1))
    np.testing.assert_allclose(forecast["forecast"], expected, rtol=1e-3)


CHOICES = [
    {"cell": cell, "loss": loss, "optimizer": optimizer}
    for cell, loss, optimizer in itertools.product(CELLS, LOSSES, OPTIMIZERS)
] + [
    {"log": log, "difference": difference, "scaling": scaling, "patience": patience}
    for log, difference, scaling, patience in itertools.product(
        (True, False), DIFFERENCES, SCALINGS, (0, 3)
    )
] + [{"cell": "rnn", "init": initialization, "layers": 3, "dropout": 0.2, "batch-size": 0}
     for initialization in INITIALIZATIONS] + [
    {"strategy": "direct", "horizon": 4, "loss": loss, "patience": 3} for loss in LOSSES
]  # fmt: skip


def test_every_choice_makes_a_script_that_python_can_read():
    for choice in CHOICES:
        text = standalone_script(Experiment.from_values(choice), AIRLINE, 12)
        ast.parse(text)
        assert max(len(line) for line in text.splitlines()) <= 100
        assert "rnn_core" not in text


def test_the_script_knows_all_there_is_to_choose():
    assert set(script.LAYERS) == set(CELLS)
    assert set(script.INITIALIZERS) == set(INITIALIZATIONS)
    assert set(script.LOSSES) == set(LOSSES)


@pytest.mark.parametrize("lacking", ["values", "covariates"])
def test_a_series_with_gaps_or_further_channels_is_refused(lacking):
    values = AIRLINE.values.copy()
    changed = {"covariates": values[:, None], "covariate_names": ("again",)}
    if lacking == "values":
        values[7] = np.nan
        changed = {"values": values}
    with pytest.raises(SeriesError, match="without missing values"):
        standalone_script(Experiment(), dataclasses.replace(AIRLINE, **changed), 12)


def test_a_run_that_ended_early_is_trained_to_its_epoch():
    stopping = Experiment.from_values({"patience": 5, "epochs": 150})
    assert "range(150)" in standalone_script(stopping, AIRLINE, 12)
    text = standalone_script(stopping, AIRLINE, 12, epoch=33)
    assert "range(33)" in text
    assert "best_weights" not in text
