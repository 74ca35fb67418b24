"""The backtest on the page Forecast: fitted once, or refitted by a worker."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.forecast import judged
from pages.ui.runtime import store
from rnn_core.config import BacktestConfig, Experiment
from rnn_core.forecast.baselines import BASELINES
from rnn_core.runs.backtests import pack_forecasts
from rnn_core.runs.example import EXAMPLE
from rnn_core.runs.pool import Pool, died
from rnn_core.runs.states import RunState
from rnn_core.runs.tasks import BACKTEST, Task
from rnn_core.series import load_series
from tests.pages.forecast_page import MINE, opened, show, texts


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
