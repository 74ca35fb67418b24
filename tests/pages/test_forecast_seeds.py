"""Several seeds on the page Forecast: trained, compared, and put into the table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from rnn_core.config import Experiment
from rnn_core.forecast.metrics import Scores
from rnn_core.records import EpochRecord
from rnn_core.runs.example import EXAMPLE
from rnn_core.runs.pool import Pool
from rnn_core.runs.records import Records
from rnn_core.runs.states import RunState
from rnn_core.series import load_series
from tests.pages.forecast_page import MINE, adopt, example, opened, show, texts


def test_more_seeds_are_trained_each_with_another_seed(app: AppTest, pool: Pool) -> None:
    show(opened(app), "seeds")
    app.button(key="seeds-train").click().run()
    assert not app.exception
    runs = pool.store.runs_of(MINE)
    assert sorted(run.experiment.train.seed for run in runs) == [1, 2, 3, 4, 5]
    assert all(pool.place(run.id) for run in runs)
    plain = {replace(run.experiment, train=replace(run.experiment.train, seed=0)) for run in runs}
    assert plain == {Experiment()}
    assert app.button(key="seeds-train").disabled
    app.button(key="seeds-stop").click().run()
    assert {run.state for run in pool.store.runs_of(MINE)} == {RunState.STOPPED}


def test_seeds_that_are_there_are_compared(app: AppTest, pool: Pool) -> None:
    for seed, rmse in ((1, 21.0), (2, 45.0)):
        experiment = Experiment.from_values({"seed": seed})
        scores = Scores(rmse, rmse, 48.04, 41.85)
        adopt(pool, example(pool, id=f"seed-{seed}", experiment=experiment, scores=scores))
    other = Experiment.from_values({"seed": 3, "hidden": 31})
    adopt(pool, example(pool, id="other", experiment=other, scores=Scores(1.0, 1.0, 2.0, 2.0)))
    show(opened(app), "seeds")
    assert "It depends on the seed: over 3 of them" in texts(app)
    assert "Seeds: 0, 1, 2." in texts(app)
    assert "18.02, 21, 45" in texts(app)


def test_several_seeds_have_mean_and_deviation_in_the_table(app: AppTest, pool: Pool) -> None:
    look = Records(pool.store).look(EXAMPLE)
    curve = Records(pool.store).epochs(EXAMPLE)
    assert look is not None
    errors = []
    truth = load_series(Experiment().series).values[-48:]
    for seed, off in ((0, 0.0), (1, 3.0), (2, -8.0)):
        forecast = look.forecast + off
        errors.append(np.sqrt(np.mean((forecast[-48:] - truth) ** 2)))
        run = example(pool, id=f"s{seed}", experiment=Experiment.from_values({"seed": seed}))
        rows = [EpochRecord(int(r[0]), *map(float, r[1:])) for r in zip(*curve.values())]  # noqa: B905
        kept = Records(pool.store).newest_weights(EXAMPLE)
        assert kept is not None
        if seed:
            Records(pool.store).adopt(run, rows, [replace(look, forecast=forecast)], [kept])
    opened(app)
    for table in (app.dataframe[0].value, show(app, "seeds").dataframe[0].value):
        rows = table.set_index("method")
        assert rows.loc["Mean of 3 seeds", "rmse"] == pytest.approx(np.mean(errors), rel=1e-6)
        assert rows.loc["± deviation", "rmse"] == pytest.approx(np.std(errors, ddof=1), rel=1e-6)
        assert rows.loc["Mean of 3 seeds", "skill"] == pytest.approx(
            100 * (1 - np.mean(errors) / 41.8537), abs=0.01
        )
    assert list(rows.index) == ["Seed 0", "Seed 1", "Seed 2", "Mean of 3 seeds", "± deviation"]
    assert rows.loc["Seed 2", "rmse"] == pytest.approx(errors[2], rel=1e-6)
