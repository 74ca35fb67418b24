"""The page Forecast: the verdict and its pictures, what can be chosen, what is refused."""

from __future__ import annotations

import gettext
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import i18n
from pages.ui.forecast import judged, takeaway
from pages.ui.runtime import store
from rnn_core.config import BacktestConfig, Experiment
from rnn_core.forecast.baselines import BASELINES
from rnn_core.forecast.metrics import Scores
from rnn_core.forecast.verdict import verdict
from rnn_core.messages import Message
from rnn_core.plots.methods import METHODS
from rnn_core.records import EpochRecord, Weights
from rnn_core.runs.backtests import pack_forecasts
from rnn_core.runs.example import EXAMPLE
from rnn_core.runs.pool import Pool, died
from rnn_core.runs.records import Records
from rnn_core.runs.states import RunState
from rnn_core.runs.store import Run
from rnn_core.runs.tables import keep_table
from rnn_core.runs.tasks import BACKTEST, KERAS_MODEL, Task
from rnn_core.series import load_series

VIEWS = ("forecast", "errors", "intervals", "lag", "backtest", "seeds", "takeaway")
MINE = "a-visitor-of-this-test"


def opened(app: AppTest, run_id: str | None = None) -> AppTest:
    app.session_state["visitor"] = MINE
    if run_id:
        app.query_params["run"] = run_id
    return app.switch_page("forecast.py").run()


def texts(app: AppTest) -> str:
    said = [*app.markdown, *app.caption, *app.success, *app.info, *app.warning, *app.error]
    return " ".join(element.value for element in said).replace("\\", "")


def show(app: AppTest, view: str) -> AppTest:
    app.segmented_control(key="forecast-view").set_value(view).run()
    assert not app.exception
    return app


def example(pool: Pool, **changes: object) -> Run:
    run = pool.store.run(EXAMPLE)
    assert run is not None
    return replace(run, owner=MINE, **changes)


def adopt(pool: Pool, run: Run, weights: list[Weights] | None = None) -> None:
    """Put in a run with the example's curve, look and weights."""
    store = pool.store
    columns = Records(store).epochs(EXAMPLE)
    records = [
        EpochRecord(int(row[0]), *map(float, row[1:]))
        for row in zip(*columns.values(), strict=True)
    ]
    look = Records(store).look(EXAMPLE)
    kept = Records(store).newest_weights(EXAMPLE)
    assert look is not None
    assert kept is not None
    Records(store).adopt(run, records, [look], [kept] if weights is None else weights)


def unscored(
    pool: Pool, run_id: str, experiment: Experiment, shapes: Sequence[tuple[int, ...]]
) -> None:
    """Put in a run of ``experiment`` with weights of these shapes, drawn at random."""
    rng = np.random.default_rng(0)
    arrays = tuple(rng.normal(size=shape).astype(np.float32) for shape in shapes)
    run = example(pool, id=run_id, experiment=experiment, scores=None)
    adopt(pool, run, [Weights(150, arrays)])


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


@pytest.mark.parametrize("view", VIEWS[1:])
def test_every_view_is_drawn(app: AppTest, view: str) -> None:
    show(opened(app), view)
    assert {
        "errors": "From 58 origins",
        "intervals": "The intervals of 80 % hold 83 % of the 47 test points at step 12 ahead",
        "lag": "No lagged copy",
        "backtest": "One test part may be luck",
        "seeds": "One seed says nothing of luck",
        "takeaway": "plain Keras",
    }[view] in texts(app)


def test_each_mode_of_the_forecast_says_what_it_shows(app: AppTest) -> None:
    opened(app)
    for mode, words in {
        "free_run": "on its own output",
        "future": "as far as the horizon",
        "together": "on into the future",
    }.items():
        app.segmented_control(key="forecast-mode").set_value(mode).run()
        assert not app.exception
        assert words in texts(app)
    assert "No interval of 95 %" in texts(app)


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


@pytest.mark.parametrize("horizon", [1, 512])
def test_the_horizon_reaches_its_bounds(app: AppTest, horizon: int) -> None:
    opened(app)
    app.number_input(key="forecast-horizon").set_value(horizon).run()
    for view in VIEWS if horizon > 1 else ():  # with many steps there is more to go wrong
        show(app, view)
    app.switch_page("runs.py").run()
    app.switch_page("forecast.py").run()
    assert app.number_input(key="forecast-horizon").value == horizon


def test_without_a_season_its_methods_say_so(app: AppTest) -> None:
    opened(app)
    app.number_input(key=f"forecast-season-{EXAMPLE}").set_value(0).run()
    assert not app.exception
    assert "Beats repeating the last value" in app.success[0].value
    table = app.dataframe[0].value.set_index("method")
    assert np.isnan(table.loc["Seasonal naive", "rmse"])
    assert "Needs a season" in table.loc["Seasonal naive", "said"]


def test_no_interval_and_no_baseline_can_be_chosen(app: AppTest) -> None:
    opened(app)
    app.pills(key="forecast-levels").set_value([]).run()
    app.pills(key="forecast-baselines").set_value([]).run()
    for view in ("forecast", "intervals"):
        show(app, view)


def test_a_backtest_that_is_fitted_once_has_the_network_in_it(app: AppTest) -> None:
    show(opened(app), "backtest")
    assert "Network" in set(app.dataframe[0].value["method"])
    assert app.number_input(key="backtest-folds").value == 4
    app.selectbox(key="backtest-fitted").set_value("expanding").run()
    assert not app.exception
    assert app.number_input(key="backtest-folds").value == 6
    assert "Network" not in set(app.dataframe[0].value["method"])
    app.number_input(key="backtest-folds").set_value(20).run()
    assert not app.exception
    assert "Too little data for 20 origins" in texts(app)


def test_a_backtest_says_which_methods_are_left_out_and_why(app: AppTest) -> None:
    show(opened(app), "backtest")
    assert "left out" not in texts(app)
    app.number_input(key=f"forecast-season-{EXAMPLE}").set_value(0).run()
    assert not app.exception
    assert "Seasonal naive is left out here: Needs a season" in texts(app)
    assert "Seasonal naive" not in set(app.dataframe[0].value["method"])


def test_where_values_are_missing_the_page_says_what_they_cost(app: AppTest, pool: Pool) -> None:
    values = load_series(Experiment().series).values
    lines = ["month,value"]
    for place, value in enumerate(values):
        missing = place in (106, 118, 142)
        lines.append(f"{1949 + place // 12}-{place % 12 + 1:02d}-01,{'' if missing else value}")
    table = keep_table(pool.store, "\n".join(lines).encode(), "gaps.csv", MINE)
    experiment = Experiment.from_values(
        {"cell": "rnn", "hidden": 3, "timesteps": 4, "difference": "none", "log": False,
         "series": "table", "table": table.digest, "value": "value", "time": "month",
         "missing-values": "leave"}
    )  # fmt: skip
    shapes = ((1, 3), (3, 3), (3,), (3, 1), (1,))
    unscored(pool, "gaps", experiment, shapes)
    opened(app, "gaps")
    assert "**RNN 3×1 on gaps.csv**" in texts(app)
    assert "no forecast into the future" not in texts(app)
    app.segmented_control(key="forecast-mode").set_value("future").run()
    assert "There is no forecast into the future: a value is missing among the last 4" in texts(app)
    # Before the origins at 108 and 120 a value is missing, before those at 96 and 132 none.
    show(app, "backtest")
    assert "2 of 4 origins do not count" in texts(app)
    assert "All methods from the same 2 origins" in texts(app)
    network = app.dataframe[0].value.set_index("method").loc["Network"]
    assert np.isfinite(network.tolist()).all()


TWO = BacktestConfig("expanding", folds=2, horizon=12).to_json()


def refitted(app: AppTest) -> AppTest:
    show(opened(app), "backtest")
    app.number_input(key="backtest-folds").set_value(2).run()
    app.selectbox(key="backtest-fitted").set_value("expanding").run()
    assert not app.exception
    return app


def asked(pool: Pool) -> Task:
    task = pool.tasks.newest(EXAMPLE, BACKTEST, TWO)
    assert task is not None
    return task


def test_a_refitted_backtest_is_asked_of_a_worker_and_stopped(app: AppTest, pool: Pool) -> None:
    refitted(app)
    assert "So far the baselines alone" in texts(app)
    app.button(key="backtest-start").click().run()
    assert not app.exception
    assert (asked(pool).state, asked(pool).total, asked(pool).owner) == (RunState.QUEUED, 2, MINE)
    assert pool.place(asked(pool).id) == 1
    assert app.button(key="backtest-start").disabled
    again = refitted(AppTest.from_file(app._script_path, default_timeout=20))  # a reload, a tab
    assert again.button(key="backtest-start").disabled
    again.button(key="backtest-stop").click().run()
    assert asked(pool).state is RunState.STOPPED
    app.run()
    assert "Stopped after 0 of 2 origins." in texts(app)
    assert not app.button(key="backtest-start").disabled


def test_a_refitted_backtest_is_shown_origin_by_origin(app: AppTest, pool: Pool) -> None:
    task_id = pool.tasks.create(EXAMPLE, BACKTEST, TWO, "somebody else", total=2)
    pool.tasks.move(task_id, RunState.RUNNING)
    truth = load_series(Experiment().series).values[120:].reshape(2, 12)
    for done in (1, 2):
        pool.tasks.progress(task_id, done, pack_forecasts(truth[:done] + 10.0))
        refitted(app)
        assert not [button for button in app.button if button.key == "backtest-stop"]
        assert f"All methods from the same {done} origins" in texts(app)
        table = app.dataframe[0].value.set_index("method")
        assert table.loc["Network"].tolist() == pytest.approx([10, 10, 10])
        assert table.index[0] == "Network"
    app.segmented_control(key="backtest-view").set_value("step").run()
    assert not app.exception
    pool.tasks.move(task_id, RunState.FINISHED)
    app.run()
    assert not [button for button in app.button if button.key == "backtest-start"]


def test_a_backtest_whose_worker_died_says_so(app: AppTest, pool: Pool) -> None:
    task_id = pool.tasks.create(EXAMPLE, BACKTEST, TWO, MINE, total=2)
    pool.tasks.fail(task_id, RunState.FAILED, died(-9))
    refitted(app)
    assert "The training process was ended from outside (SIGKILL" in texts(app)
    assert not app.button(key="backtest-start").disabled


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


def test_a_backtest_that_is_left_goes_on_where_it_was(app: AppTest) -> None:
    opened(app)
    run = store().run(EXAMPLE)
    assert run is not None
    answer = judged.judge(run, judged.epoch_to_judge(run), 5, 12)
    plan = BacktestConfig("expanding", 3, 5)
    shares: list[float] = []

    class LeftError(Exception):
        pass

    def leave(share: float) -> None:
        shares.append(share)
        if share > 5 / 6:  # the last baseline's first origin
            raise LeftError

    with pytest.raises(LeftError):
        judged.backtests_of(answer, plan, 3, leave)
    assert shares == pytest.approx(np.arange(1, 17) / 18)
    shares.clear()
    assert set(judged.backtests_of(answer, plan, 3, shares.append).found) == {*BASELINES}
    assert shares == pytest.approx([16 / 18, 17 / 18, 1])


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


def downloads(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    files: dict[str, object] = {}
    monkeypatch.setattr(
        takeaway, "_download", lambda label, name, data, tip=None: files.update({name: data})
    )
    show(app, "takeaway")
    return files


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


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": RunState.STOPPED}, "no weights are kept"),
        ({"state": RunState.RUNNING}, "has just begun"),
        ({"state": RunState.FAILED, "error": Message("x", "It broke.")}, "It broke."),
    ],
)
def test_a_run_without_weights_is_refused_in_a_sentence(
    app: AppTest, pool: Pool, changes: dict[str, object], words: str
) -> None:
    Records(pool.store).adopt(example(pool, id="bare", **changes), [], [])
    opened(app, "bare")
    assert not app.exception
    assert words in texts(app)
    assert not app.segmented_control


def test_a_live_run_is_judged_by_its_newest_weights(app: AppTest, pool: Pool) -> None:
    adopt(pool, example(pool, id="live", state=RunState.PAUSED, verdict=None, scores=None))
    opened(app, "live")
    assert not app.exception
    assert "still training. What follows judges its weights after epoch 150" in texts(app)
    assert "Beats seasonal naive" in app.success[0].value


def test_a_link_to_a_run_that_is_gone_shows_the_example(app: AppTest) -> None:
    opened(app, "gone")
    assert not app.exception
    assert "not on this server" in texts(app)
    assert "Beats seasonal naive" in app.success[0].value


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


def test_other_series_and_cells_are_judged_too(app: AppTest, pool: Pool) -> None:
    experiment = Experiment.from_values(
        {"series": "nile", "cell": "gru", "hidden": 3, "log": False, "difference": "none"}
    )
    shapes = ((1, 9), (3, 9), (2, 9), (3, 1), (1,))
    unscored(pool, "nile", experiment, shapes)
    opened(app, "nile")
    for view in VIEWS:
        show(app, view)
    assert "GRU 3×1 on" in texts(app)


def test_several_steps_at_once_and_quantiles_are_said_to_be_so(
    app: AppTest, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = Experiment.from_values(
        {"cell": "rnn", "hidden": 3, "strategy": "direct", "horizon": 4, "loss": "quantile"}
    )
    shapes = ((1, 3), (3, 3), (3,), (3, 28), (28,))
    unscored(pool, "direct", experiment, shapes)
    opened(app, "direct")
    assert app.number_input(key="forecast-horizon").value == 4
    app.segmented_control(key="forecast-mode").set_value("free_run").run()
    assert "4 steps at once, so that none of the 4 is forecast on its own output" in texts(app)
    assert "are the network's own: from its quantiles" in texts(app)
    app.number_input(key="forecast-horizon").set_value(6).run()
    assert "From step 5 on, what it has said before is fed back" in texts(app)
    show(app, "intervals")
    assert "The network's own intervals of 80 % hold" in texts(app)
    assert "From step 5 on it is fed its own medians" in texts(app)
    show(app, "errors")
    future = pd.read_csv(io.StringIO(str(downloads(app, monkeypatch)["forecast-future.csv"])))
    said = future[[name for name in future if name.startswith("quantile_")]]
    assert said.notna().all(axis=1).tolist() == [True] * 4 + [False] * 2
    assert said.iloc[0].is_monotonic_increasing
    # The same network from within: which of its outputs is looked at.
    app.switch_page("inside.py").run()
    assert not app.exception
    assert "It gives 7 quantiles of each step" in texts(app)
    for view in ("gradient", "step"):
        app.segmented_control(key="inside-view").set_value(view).run()
        assert not app.exception
