"""The views of the page Forecast: what they show of which network, and what can be chosen."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from rnn_core.config import Experiment
from rnn_core.records import Weights
from rnn_core.runs.pool import Pool
from rnn_core.runs.tables import keep_table
from rnn_core.series import load_series
from tests.pages.forecast_page import MINE, VIEWS, adopt, downloads, example, opened, show, texts


def unscored(
    pool: Pool, run_id: str, experiment: Experiment, shapes: Sequence[tuple[int, ...]]
) -> None:
    """Put in a run of ``experiment`` with weights of these shapes, drawn at random."""
    rng = np.random.default_rng(0)
    arrays = tuple(rng.normal(size=shape).astype(np.float32) for shape in shapes)
    run = example(pool, id=run_id, experiment=experiment, scores=None)
    adopt(pool, run, [Weights(150, arrays)])


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


@pytest.mark.parametrize("horizon", [1, 512])
def test_the_horizon_reaches_its_bounds(app: AppTest, horizon: int) -> None:
    opened(app)
    app.number_input(key="forecast-horizon").set_value(horizon).run()
    for view in VIEWS if horizon > 1 else ():  # with many steps there is more to go wrong
        show(app, view)
    app.switch_page("runs.py").run()
    app.switch_page("forecast.py").run()
    assert app.number_input(key="forecast-horizon").value == horizon


def test_no_interval_and_no_baseline_can_be_chosen(app: AppTest) -> None:
    opened(app)
    app.pills(key="forecast-levels").set_value([]).run()
    app.pills(key="forecast-baselines").set_value([]).run()
    for view in ("forecast", "intervals"):
        show(app, view)


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
