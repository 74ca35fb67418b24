"""Inside: every view on every cell, scrubbing, units switched off, two runs side by side."""

from __future__ import annotations

import base64
import json
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.inside.one_step import in_lines
from pages.ui.inside.views import VIEWS
from rnn_core.config import Experiment
from rnn_core.inside.units import ORDERS
from rnn_core.presets import VANISHING
from rnn_core.records import Weights
from rnn_core.runs.example import EXAMPLE
from rnn_core.runs.pool import Pool
from rnn_core.runs.records import Records
from rnn_core.runs.states import RunState
from tests.pages.inside_page import VISITOR, figures, opened, said, show, stored, widget


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_on_the_example(inside: AppTest, view: str) -> None:
    show(inside, view)
    assert figures(inside)
    assert "**Example** of a finished run" in said(inside)
    assert "epoch 150 of 150" in said(inside)


@pytest.mark.parametrize(("cell", "layers"), [("gru", 2), ("rnn", 1)])
def test_every_view_opens_on_other_cells(app: AppTest, pool: Pool, cell: str, layers: int) -> None:
    opened(app, stored(pool, cell=cell, layers=layers))
    if layers > 1:
        widget(app, "segmented_control", "inside-layer").set_value(1).run()
    for view in VIEWS:
        show(app, view)
        assert figures(app) or (cell, view) == ("rnn", "gates")
    widget(app, "selectbox", "inside-window").set_value(None).run()
    for view in VIEWS:
        show(app, view)


@pytest.mark.parametrize("view", VIEWS)
def test_scrubbing_changes_what_is_drawn(inside: AppTest, view: str) -> None:
    newest = figures(show(inside, view))
    widget(inside, "select_slider", "inside-epoch").set_value(5).run()
    early = figures(inside)
    assert newest.keys() == early.keys()
    assert newest != early
    widget(inside, "slider", "inside-step").set_value(3).run()
    assert "time step 3 of 12" in said(inside)
    if view not in ("weights", "units"):
        assert figures(inside) != early


def test_keys_go_from_epoch_to_epoch(inside: AppTest) -> None:
    epoch = widget(inside, "select_slider", "inside-epoch")
    assert (epoch.value, epoch.options[-2]) == (150, "143")
    widget(inside, "button", "inside-next").click().run()
    assert widget(inside, "select_slider", "inside-epoch").value == 150
    widget(inside, "button", "inside-previous").click().run()
    assert widget(inside, "select_slider", "inside-epoch").value == 143
    assert "epoch 143 of 150" in said(inside)


def test_an_epoch_that_a_live_run_drops_gives_way_to_the_nearest(app: AppTest, pool: Pool) -> None:
    run_id = stored(pool, state=RunState.RUNNING, epochs=6)
    opened(app, run_id)
    widget(app, "select_slider", "inside-epoch").set_value(4).run()
    Records(pool.store).append(run_id, [], dropped_weights=[3, 4])
    app.run()
    assert "epoch 5 of 6" in said(app)
    # A click that comes with where the slider was a moment ago changes nothing.
    widget(app, "select_slider", "inside-epoch").set_value(4).run()
    assert "epoch 5 of 6" in said(app)
    assert widget(app, "select_slider", "inside-epoch").value == 5


def test_colours_keep_their_range_over_epochs(inside: AppTest) -> None:
    def limits() -> list[tuple[float, float]]:
        drawn = [json.loads(figure) for figure in figures(inside).values()]
        traces = [trace for figure in drawn for trace in figure["data"]]
        return [(each["zmin"], each["zmax"]) for each in traces if each["type"] == "heatmap"]

    for view in ("hidden", "gates", "gradient"):
        show(inside, view)
        before = limits()
        widget(inside, "select_slider", "inside-epoch").set_value(3).run()
        assert before
        assert limits() == before
        widget(inside, "select_slider", "inside-epoch").set_value(150).run()


def test_without_units_the_error_is_another(inside: AppTest) -> None:
    show(inside, "units")
    before = re.search(r"RMSE ([\d.]+) when held out", said(inside))
    forecast = figures(inside)["without"]
    widget(inside, "multiselect", f"inside-off-{EXAMPLE}-0").set_value([1, 2, 3, 12]).run()
    after = re.search(r"off: 4\..*RMSE ([\d.]+) when held out, ([\d.]+) with them", said(inside))
    assert after[2] == before[1]
    assert after[1] != before[1]
    assert figures(inside)["without"] != forecast


def test_choices_survive_a_page_switch(inside: AppTest) -> None:
    show(inside, "step")
    widget(inside, "select_slider", "inside-epoch").set_value(20).run()
    widget(inside, "slider", "inside-step").set_value(4).run()
    widget(inside, "number_input", "inside-unit").set_value(7).run()
    drawn = figures(inside)
    inside.switch_page("runs.py").run()
    inside.switch_page("inside.py").run()
    assert "Unit 7 of layer 1 at time step 4" in said(inside)
    assert "epoch 20 of 150" in said(inside)
    assert figures(inside) == drawn


def test_the_numbers_of_a_step_are_those_computed(app: AppTest, pool: Pool) -> None:
    opened(app, stored(pool, cell="rnn"))
    show(app, "step")
    formulas = [each.value for each in app.latex]
    assert len(formulas) == 4  # h and the output, with letters and with numbers
    state = re.search(r"goes from ([-\d.]+) to ([-\d.]+)\.", said(app))
    assert formulas[1].strip("$\n ").endswith(f"&= {state[2]}\\end{{aligned}}")


def test_every_product_of_a_sum_can_be_written_out(app: AppTest, pool: Pool) -> None:
    opened(app, stored(pool, cell="rnn"))
    show(app, "step")
    assert [each.value.count("underbrace") for each in app.latex] == [0, 1, 0, 0]
    widget(app, "number_input", "inside-terms").set_value(5).run()
    state = app.latex[1].value
    assert "underbrace" not in state
    assert state.count(r"\cdot") == 5  # one channel that is read, four units


def test_two_runs_side_by_side(app: AppTest, pool: Pool) -> None:
    other = stored(pool, cell="rnn", epochs=8)
    opened(app, stored(pool, cell="gru"))
    widget(app, "select_slider", "inside-epoch").set_value(2).run()
    widget(app, "slider", "inside-step").set_value(5).run()
    widget(app, "selectbox", "inside-beside").set_value(other).run()
    assert "GRU 4×1 on AirPassengers** · epoch 2 of 4 · time step 5" in said(app)
    assert "RNN 4×1 on AirPassengers** · epoch 4 of 8 · time step 5" in said(app)
    for view in VIEWS:
        show(app, view)
        names = figures(app)
        assert any(name.endswith("-beside") for name in names) or view == "gates"
    show(app, "gradient")
    ranges = [
        json.loads(figures(app)[name])["layout"]["yaxis"]["range"]
        for name in ("gradient", "gradient-beside")
    ]
    assert ranges[0] == ranges[1]


def test_somebody_else_s_runs_are_not_offered(inside: AppTest, pool: Pool) -> None:
    run_id = stored(pool)
    pool.store.create(Experiment(), "somebody else", pool.id)
    inside.run()
    offered = widget(inside, "selectbox", "inside-beside").options
    assert len(offered) == 2  # none, and the visitor's own
    assert pool.store.run(run_id) is not None


@pytest.mark.parametrize(
    ("state", "sentence"),
    [(RunState.FAILED, "no weights are kept"), (RunState.RUNNING, "first epoch is under way")],
)
def test_a_run_without_weights_says_so(
    app: AppTest, pool: Pool, state: RunState, sentence: str
) -> None:
    run_id = pool.store.create(Experiment(), VISITOR, pool.id)
    pool.store.move(run_id, state)
    opened(app, run_id)
    assert sentence in said(app)
    assert figures(app) == {}


def test_a_run_that_is_gone_is_said_to_be(app: AppTest) -> None:
    opened(app, "nothing")
    assert "is not on this server" in said(app)
    assert "**Example**" in said(app)
    assert figures(app)


def test_a_live_run_is_followed_until_the_slider_is_moved(app: AppTest, pool: Pool) -> None:
    run_id = stored(pool, state=RunState.RUNNING, epochs=4)
    opened(app, run_id)
    assert "epoch 4 of 4" in said(app)
    old = Records(pool.store).weights(run_id, 1)
    assert old is not None
    Records(pool.store).append(run_id, [], weights=[Weights(5, old.arrays)])
    app.run()
    assert widget(app, "select_slider", "inside-epoch").value == 5
    widget(app, "select_slider", "inside-epoch").set_value(2).run()
    Records(pool.store).append(run_id, [], weights=[Weights(6, old.arrays)])
    app.run()
    assert "epoch 2 of 4" in said(app)
    widget(app, "toggle", "inside-follow").set_value(True).run()
    assert "epoch 6 of 4" in said(app)
    # What a hand has told before is no word against following when its slider says it, too.
    app.session_state["inside_told"] = 3
    widget(app, "select_slider", "inside-epoch").set_value(3).run()
    assert widget(app, "toggle", "inside-follow").value
    assert "epoch 6 of 4" in said(app)
    widget(app, "select_slider", "inside-epoch").set_value(3).run()
    assert "epoch 3 of 4" in said(app)


def test_long_equations_are_broken_before_every_second_sign() -> None:
    broken = in_lines(r"y = \tanh\big(1 - 2 + (-3)\big) = 4")
    assert broken == (
        r"\begin{aligned}y &= \tanh\big(1 - 2 \\ &\quad + (-3)\big) \\ &= 4\end{aligned}"
    )


def test_another_series_is_read_with_the_run_s_own_preparation(inside: AppTest) -> None:
    own = figures(inside)["hidden"]
    series = widget(inside, "selectbox", "inside-series")
    series.set_value("sunspots").run()
    # AirPassengers was trained in logarithms, and the sunspots of 1711 are 0.
    assert "takes the logarithm of what it reads, and value" in inside.error[0].value
    assert figures(inside) == {}
    widget(inside, "selectbox", "inside-series").set_value("elnino").run()
    assert "Nothing of this series was trained on" in inside.info[0].value
    assert "less " in inside.info[0].value
    assert figures(inside)["hidden"] != own
    for view in VIEWS:
        show(inside, view)
        assert figures(inside)
    widget(inside, "selectbox", "inside-series").set_value("narma").run()
    assert "reads 1 values at each time step, and this series has 2" in inside.error[0].value


def test_what_is_set_on_the_page_data_can_be_read(app: AppTest, pool: Pool) -> None:
    run_id = stored(pool, cell="rnn", log=False)
    app.query_params["series"] = "echo"
    app.query_params["parameters"] = "delay=23"
    opened(app, run_id)
    widget(app, "selectbox", "inside-series").set_value("chosen").run()
    assert not app.error
    assert "Nothing of this series was trained on" in app.info[0].value
    assert figures(app)["hidden"]


def test_any_window_can_be_read_also_one_trained_on(inside: AppTest) -> None:
    widget(inside, "selectbox", "inside-window").set_value(-1).run()
    newest = figures(inside)["hidden"]
    widget(inside, "number_input", "inside-place").set_value(30).run()
    assert figures(inside)["hidden"] != newest
    show(inside, "step")
    assert "at time step 12 (1951-05)" in said(inside)  # value 29, the last before value 30
    # The truth is value 30 itself.
    assert re.search(r"truth 178\.", said(inside))


def test_of_a_large_network_fewer_epochs_are_kept_and_it_is_said(app: AppTest, pool: Pool) -> None:
    opened(app, stored(pool, epochs=2, hidden=256, layers=2))
    assert "They take 3.0 MB an epoch" in said(app)
    assert "and of up to 19 more" in said(app)


def test_a_network_without_a_hidden_state_says_so(app: AppTest, pool: Pool) -> None:
    experiment = Experiment.from_values({"cell": "cnn", "epochs": 2})
    run_id = pool.store.create(experiment, VISITOR, pool.id)
    pool.store.move(run_id, RunState.FINISHED, epoch=2)
    opened(app, run_id)
    assert "has no hidden state that goes through time" in said(app)
    assert figures(app) == {}


def test_three_components_make_a_figure_that_can_be_turned(inside: AppTest) -> None:
    show(inside, "space")
    widget(inside, "segmented_control", "inside-axes").set_value("3d").run()
    figure = json.loads(figures(inside)["space"])
    assert {trace["type"] for trace in figure["data"]} == {"scatter3d"}
    ends = [figure["layout"]["scene"][name]["range"] for name in ("xaxis", "yaxis", "zaxis")]
    titles = [figure["layout"]["scene"][name]["title"]["text"] for name in ("xaxis", "zaxis")]
    assert all(re.fullmatch(r"Component \d \(\d+ %\)", title) for title in titles)
    widget(inside, "select_slider", "inside-epoch").set_value(5).run()
    early = json.loads(figures(inside)["space"])["layout"]["scene"]
    assert [early[name]["range"] for name in ("xaxis", "yaxis", "zaxis")] == ends


def test_each_channel_of_the_input_has_its_name(app: AppTest, pool: Pool) -> None:
    narma = {"series": "narma", "log": False, "difference": "none", "length": 200}
    opened(app, stored(pool, channels=2, **narma))
    upper = "Input (scaled): the series itself, 1 of 2 channels"
    assert upper in figures(app)["hidden"]
    show(app, "weights")
    widget(app, "segmented_control", "inside-source").set_value("x").run()
    rows = json.loads(figures(app)["weights"])["data"][0]["y"]
    assert rows == ["1 series", "2 input"]
    show(app, "gradient")
    assert "over all 2 channels of a time step together" in said(app)
    show(app, "units")
    rows = json.loads(figures(app)["signals"])["data"][0]["y"]
    assert rows == ["Input", "Level", "Change", "“input”"]
    for order in ORDERS:
        widget(app, "selectbox", "inside-order").set_value(order).run()
        assert not app.exception


def test_the_order_by_season_is_held_over_epochs(inside: AppTest) -> None:
    def order() -> object:
        return json.loads(figures(inside)["hidden"])["data"][1]["y"]

    as_is = order()
    widget(inside, "selectbox", "inside-order").set_value("season").run()
    by_season = order()
    assert by_season != as_is
    widget(inside, "select_slider", "inside-epoch").set_value(5).run()
    assert order() == by_season
    show(inside, "units")
    columns = json.loads(figures(inside)["signals"])["data"][0]
    assert columns["x"] == by_season
    widget(inside, "select_slider", "inside-epoch").set_value(150).run()
    trace = json.loads(figures(inside)["signals"])["data"][0]
    z = np.frombuffer(base64.b64decode(trace["z"]["bdata"]), trace["z"]["dtype"])
    season = z.reshape([int(each) for each in trace["z"]["shape"].split(",")])[3]
    assert (np.diff(season) <= 0).all()


def test_the_lesson_of_the_vanishing_gradient_is_one_click_away(inside: AppTest) -> None:
    show(inside, "gradient")
    widget(inside, "button", "inside-lesson").click().run()
    assert not inside.exception
    assert inside.session_state.choices | dict(VANISHING.values) == inside.session_state.choices
    assert widget(inside, "selectbox", "option-series").value == "echo"
    assert not inside.error
