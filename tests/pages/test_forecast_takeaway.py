"""What is taken away from the page Forecast: tables, report, script and Keras model."""

from __future__ import annotations

import gettext
import io
import zipfile

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import i18n
from pages.ui.forecast import takeaway
from rnn_core.config import Experiment
from rnn_core.records import Weights
from rnn_core.runs.example import EXAMPLE
from rnn_core.runs.pool import Pool
from rnn_core.runs.records import Records
from rnn_core.runs.states import RunState
from rnn_core.runs.tasks import KERAS_MODEL
from tests.pages.forecast_page import MINE, adopt, downloads, example, opened, show


def test_the_keras_model_is_made_by_a_worker_and_then_downloaded(app: AppTest, pool: Pool) -> None:
    show(opened(app), "takeaway")
    before = len(app.get("download_button"))
    task_id = pool.tasks.create(EXAMPLE, KERAS_MODEL, '{"epoch": 150}', MINE)
    pool.tasks.progress(task_id, 1, b"a file")
    pool.tasks.move(task_id, RunState.FINISHED)
    app.run()
    assert not app.exception
    assert len(app.get("download_button")) == before + 1
    assert not [button for button in app.button if button.key == "keras_model-start"]


def test_what_is_taken_away_is_what_is_shown(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, object] = {}
    monkeypatch.setattr(
        takeaway, "_download", lambda label, name, data, tip=None: files.update({name: data})
    )
    show(opened(app), "takeaway")
    assert set(files) == {
        "forecast-one-step.csv", "forecast-free-run.csv", "forecast-future.csv", "report.html",
        "train.py", "series.csv", "weights.npz", "experiment.json", "tensorboard.zip",
    }  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(files["tensorboard.zip"]())) as events:
        assert [name.split("/")[0] for name in events.namelist()] == ["train", "validation"]
    one_step = pd.read_csv(io.StringIO(str(files["forecast-one-step.csv"])))
    error = (one_step["truth"] - one_step["forecast"])[-48:]
    assert np.sqrt(np.mean(error**2)) == pytest.approx(18.02, abs=0.005)
    assert len(pd.read_csv(io.StringIO(str(files["forecast-future.csv"])))) == 12
    assert Experiment.from_json(str(files["experiment.json"])) == Experiment()
    compile(str(files["train.py"]), "train.py", "exec")
    with np.load(io.BytesIO(files["weights.npz"])) as arrays:
        assert [arrays[name].shape for name in sorted(arrays.files)] == [
            (1, 128), (32, 128), (128,), (32, 1), (1,),
        ]  # fmt: skip
    report = files["report.html"]()
    assert report.count("Plotly.newPlot(") >= 7
    for words in ("Beats seasonal naive by 57 %", "Theta", "Settings"):
        assert words in report


def test_the_script_keeps_the_season_that_the_network_was_prepared_with(
    app: AppTest, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = Experiment.from_values({"difference": "seasonal"})
    adopt(pool, example(pool, id="seasonal", experiment=experiment))
    opened(app, "seasonal")
    app.number_input(key="forecast-season-seasonal").set_value(6).run()
    assert "TIMESTEPS, LAG = 12, 12" in str(downloads(app, monkeypatch)["train.py"])


@pytest.mark.parametrize(
    ("state", "patience", "best", "epochs"),
    [
        (RunState.FINISHED, 0, None, 150),
        (RunState.STOPPED, 0, None, 33),
        (RunState.STOPPED, 10, 33, 33),
        (RunState.FINISHED, 10, 33, 150),
    ],
)
def test_the_script_trains_to_the_judged_weights(
    app: AppTest,
    pool: Pool,
    monkeypatch: pytest.MonkeyPatch,
    state: RunState,
    patience: int,
    best: int | None,
    epochs: int,
) -> None:
    kept = Records(pool.store).newest_weights(EXAMPLE)
    assert kept is not None
    experiment = Experiment.from_values({"patience": patience})
    run = example(pool, id="ended", state=state, experiment=experiment, best_epoch=best)
    early = best is not None or state is RunState.STOPPED
    adopt(pool, run, [Weights(33, kept.arrays) if early else kept])
    script = str(downloads(opened(app, "ended"), monkeypatch)["train.py"])
    assert f"for epoch in range({epochs}):" in script
    # Of a finished run early stopping finds the best epoch itself.
    assert ("best_weights" in script) == (state is RunState.FINISHED and patience > 0)


def test_the_report_says_in_which_language_its_words_are(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Swiss(gettext.NullTranslations):
        def info(self) -> dict[str, str]:
            return {"language": "de_CH"}

    monkeypatch.setattr(i18n, "_catalogue", lambda locale: Swiss())
    report = downloads(opened(app), monkeypatch)["report.html"]
    assert callable(report)
    assert '<html lang="de-CH">' in report()


def test_the_download_buttons_are_there(app: AppTest) -> None:
    show(opened(app), "takeaway")
    assert len(app.get("download_button")) == 9
