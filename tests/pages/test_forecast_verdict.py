"""The verdict on the page Forecast: what it says, and what it rests on."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from rnn_core.config import Experiment
from rnn_core.forecast.metrics import Scores
from rnn_core.forecast.verdict import verdict
from rnn_core.plots.methods import METHODS
from rnn_core.records import Weights
from rnn_core.runs.example import EXAMPLE
from rnn_core.runs.pool import Pool
from rnn_core.runs.records import Records
from tests.pages.forecast_page import VIEWS, adopt, example, opened, show, texts


def test_it_opens_with_the_verdict_on_the_example(app: AppTest) -> None:
    opened(app)
    assert not app.exception
    said = app.success[0].value.replace("\\", "")
    assert "Beats seasonal naive by 57 % on the test part (RMSE 18.02 against 41.85)." in said
    assert "Widen the validation part" in said
    assert "Example" in texts(app)
    table = app.dataframe[0].value
    assert set(table["method"]) == {look.label for look in METHODS.values()}
    network = table[table["method"] == "Network"].iloc[0]
    assert network["rmse"] == pytest.approx(18.02, abs=0.005)
    assert network["skill"] == pytest.approx(57, abs=0.5)
    assert table["rmse"].is_monotonic_increasing


def test_why_opens_and_closes_the_picture_that_shows_it(app: AppTest) -> None:
    opened(app)
    assert {button.key for button in app.button if button.key.startswith("why-")} == {
        "why-outcome", "why-underdetermined",
    }  # fmt: skip
    for kind, title in {
        "outcome": "Coverage promised and measured",
        "underdetermined": "Training and validation loss",
    }.items():
        assert title not in texts(app)
        app.button(key=f"why-{kind}").click().run()
        assert not app.exception
        assert title in texts(app)
    app.button(key="why-underdetermined").click().run()
    assert "Training and validation loss" not in texts(app)


def test_without_a_season_its_methods_say_so(app: AppTest) -> None:
    opened(app)
    app.number_input(key=f"forecast-season-{EXAMPLE}").set_value(0).run()
    assert not app.exception
    assert "Beats repeating the last value" in app.success[0].value
    table = app.dataframe[0].value.set_index("method")
    assert np.isnan(table.loc["Seasonal naive", "rmse"])
    assert "Needs a season" in table.loc["Seasonal naive", "said"]


def test_scores_that_look_ahead_are_not_praised(app: AppTest, pool: Pool) -> None:
    experiment = Experiment.from_values(
        {"gaps": 0.3, "missing-values": "interpolate", "series-seed": 0}
    )
    adopt(pool, example(pool, id="drawn", experiment=experiment))
    opened(app, "drawn")
    assert not app.exception
    assert not app.success
    assert "test values are not measured but drawn" in texts(app)
    assert "Leave the values missing" in texts(app)
    app.switch_page("lab.py").run()
    assert not app.exception
    assert not app.success
    assert "Beats seasonal naive by 57 %" in texts(app)
    assert "These scores look ahead" in texts(app)
    in_the_lab = next(said.value for said in app.warning if "look ahead" in said.value)
    adopt(pool, example(pool, id="measured"))
    app.switch_page("runs.py").run()
    assert not app.exception
    listed = [said.value for said in app.caption if "Beats seasonal naive" in said.value]
    ahead = [said for said in listed if "These scores look ahead" in said]
    assert (len(listed), len(ahead)) == (2, 1)
    assert ahead[0].split("These scores")[1] in in_the_lab


def test_a_network_that_ran_away_has_a_verdict(app: AppTest, pool: Pool) -> None:
    kept = Records(pool.store).newest_weights(EXAMPLE)
    assert kept is not None
    nothing = Weights(kept.epoch, tuple(np.full_like(array, np.nan) for array in kept.arrays))
    scores = Scores(float("nan"), float("nan"), 48.04, 41.85)
    run = example(pool, id="away", scores=None, verdict=verdict(scores))
    adopt(pool, run, [nothing])
    opened(app, "away")
    assert not app.exception
    assert "the network has diverged" in app.error[0].value
    for view in VIEWS:
        show(app, view)
