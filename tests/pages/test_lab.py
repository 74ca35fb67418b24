"""The Lab's controls: what they choose, what they refuse, and what the URL says of it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from rnn_core.config import OPTIONS, Experiment
from rnn_core.runs.pool import Pool
from rnn_core.runs.states import RunState

# The first six go with a table or a generator; the others belong to another page.
ELSEWHERE = {"table", "value", "time", "length", "noise", "series-seed"}
ON_DATA = {
    "covariates", "reading", "missing-values", "duplicates", "order", "steps", "every",
    "parameters", "outliers", "gaps",
}  # fmt: skip
SHOWN = set(OPTIONS) - ELSEWHERE - ON_DATA


def url_of(app: AppTest) -> dict[str, str]:
    given = app.query_params.items()
    return {name: value if isinstance(value, str) else value[0] for name, value in given}


def texts(app: AppTest) -> str:
    return " ".join(element.value for element in [*app.markdown, *app.error]).replace("\\", "")


def widget(app: AppTest, name: str):
    for kind in (app.number_input, app.selectbox, app.toggle, app.segmented_control):
        for element in kind:
            if element.key == f"option-{name}":
                return element
    raise KeyError(name)


def test_every_option_has_a_widget_that_shows_the_default(app: AppTest) -> None:
    app.run()
    assert not app.exception
    for name in SHOWN:
        assert widget(app, name).value == OPTIONS[name].default
    assert url_of(app) == {}


def defaults(app: AppTest) -> dict[str, object]:
    """What a browser shows in each field of an option whose value it has lost."""
    found: dict[str, object] = {}
    for element in [*app.number_input, *app.toggle]:
        found[element.key] = element.proto.default
    for element in app.selectbox:
        found[element.key] = element.options[element.proto.default]
    for element in app.segmented_control:
        [index] = element.proto.default
        found[element.key] = element.options[index]
    names = {f"option-{name}": name for name in OPTIONS}
    return {names[key]: value for key, value in found.items() if key in names}


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"hidden": "8", "layers": "2", "cell": "gru", "log": "false", "optimizer": "sgd",
         "learning-rate": "0.25", "strategy": "direct", "horizon": "3", "patience": "7"},
        {"hidden": "0", "series": "sines", "length": "77", "noise": "0.4", "series-seed": "5"},
    ],
    ids=["defaults", "others", "refused"],
)  # fmt: skip
def test_a_field_whose_value_a_browser_has_lost_shows_what_is_chosen(
    app: AppTest, chosen: dict[str, str]
) -> None:
    for name, text in chosen.items():
        app.query_params[name] = text
    for run in (app.run(), widget(app, "timesteps").set_value(13).run()):
        assert not run.exception
        shown = defaults(run)
        assert set(chosen) <= set(shown)
        for name, default in shown.items():
            option, value = OPTIONS[name], run.session_state["choices"][name]
            assert default == (option.choices[value] if option.choices else value), name


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("hidden", 64, "64"),
        ("cell", "gru", "gru"),
        ("learning-rate", 0.01, "0.01"),
        ("log", False, "false"),
        ("series", "nile", "nile"),
    ],
)
def test_what_is_chosen_is_in_the_url_and_the_url_brings_it_back(
    app: AppTest, pool: Pool, name: str, value: object, text: str
) -> None:
    app.run()
    widget(app, name).set_value(value).run()
    assert url_of(app)[name] == text
    other = AppTest.from_file(app._script_path, default_timeout=20)
    other.query_params[name] = text
    other.run()
    assert widget(other, name).value == value
    assert not other.exception


def test_a_generated_series_has_its_own_options(app: AppTest) -> None:
    app.query_params["series"] = "mackey-glass"
    app.run()
    assert widget(app, "length").value == OPTIONS["length"].default


def test_what_a_link_sets_of_a_series_is_said_and_can_be_taken_away(app: AppTest) -> None:
    app.query_params["series"] = "mackey-glass"
    app.query_params["parameters"] = "tau=30"
    app.query_params["outliers"] = "0.05"
    app.run()
    captions = [caption.value for caption in app.caption]
    assert "Parameters: tau=30" in captions
    assert r"Outliers: 0\.05" in captions  # escaped: shown as it is
    assert not app.button(key="train").disabled
    app.button(key="default-series").click().run()
    assert url_of(app) == {"series": "mackey-glass"}
    assert not app.exception


@pytest.mark.parametrize("parameters", ["rho=28", "tau=900", "tau"])
def test_parameters_that_cannot_be_used_are_refused_in_place(app: AppTest, parameters: str) -> None:
    app.query_params["series"] = "mackey-glass"
    app.query_params["parameters"] = parameters
    app.run()
    assert not app.exception
    assert "tau" in texts(app)
    assert app.button(key="train").disabled
    app.button(key="default-series").click().run()
    assert not app.button(key="train").disabled


def test_another_series_has_its_own_parameters(app: AppTest) -> None:
    app.query_params["series"] = "mackey-glass"
    app.query_params["parameters"] = "tau=30"
    app.run()
    widget(app, "series").set_value("lorenz").run()
    assert url_of(app)["series"] == "lorenz"
    assert "parameters" not in url_of(app)
    assert not app.button(key="train").disabled


def test_a_series_with_gaps_is_trained_on_the_windows_that_are_whole(app: AppTest) -> None:
    app.run()
    widget(app, "series").set_value("co2").run()
    assert not app.exception
    assert not app.error
    assert not app.button(key="train").disabled


@pytest.mark.parametrize(
    ("name", "entered", "bounds"),
    [("hidden", 0, "from 1 to 256"), ("hidden", 10_000, "from 1 to 256"), ("layers", 9, "1 to 4"),
     ("timesteps", 1, "2 to 512"), ("dropout", 1.5, "0 to 0.9"), ("epochs", 0, "1 to 10,000")],
)  # fmt: skip
def test_a_value_out_of_bounds_stays_and_is_refused_in_place(
    app: AppTest, name: str, entered: float, bounds: str
) -> None:
    app.run()
    widget(app, name).set_value(entered).run()
    assert not app.exception
    assert widget(app, name).value == entered
    assert bounds in texts(app)
    assert f"Received: {entered}" in texts(app)
    assert app.button(key="train").disabled
    widget(app, name).set_value(OPTIONS[name].default).run()
    assert not app.button(key="train").disabled
    assert "Received" not in texts(app)


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ({"hidden": "10000"}, "must be a whole number from 1 to 256. Received: 10000."),
        ({"batch-size": "500"}, "from 1 to the 73 windows of the training part"),
        ({"epochs": "many"}, "Received: 'many'."),
        (
            {"series": "nile", "timesteps": "90"},
            "90 timesteps need a training part of at least",
        ),
    ],
)
def test_a_bad_link_gets_its_sentence_and_keeps_what_it_said(
    app: AppTest, link: dict[str, str], sentence: str
) -> None:
    app.query_params.update(link)
    app.run()
    assert not app.exception
    assert sentence in texts(app)
    assert app.button(key="train").disabled
    assert url_of(app) == link


def test_parameters_follow_the_choices(app: AppTest) -> None:
    app.run()
    captions = [caption.value for caption in app.caption]
    assert "4,385 parameters" in captions
    for name in ("hidden", "layers"):
        widget(app, name).set_value({"hidden": 50, "layers": 3}[name]).run()
    assert "50,851 parameters" in [caption.value for caption in app.caption]


def test_a_series_with_zeros_switches_the_logarithm_off(app: AppTest) -> None:
    app.run()
    widget(app, "series").set_value("sunspots").run()
    assert widget(app, "log").value is False
    assert not app.button(key="train").disabled
    assert app.toast
    widget(app, "series").set_value("airline").run()
    assert widget(app, "log").value is True


def test_train_makes_a_run_of_what_is_chosen(app: AppTest, pool: Pool) -> None:
    app.query_params["hidden"] = "7"
    app.run()
    app.button(key="train").click().run()
    run = pool.store.run(url_of(app)["run"])
    assert run is not None
    assert run.state is RunState.QUEUED
    assert run.experiment == Experiment.from_values({"hidden": 7})
    assert app.button(key="train").disabled
    assert not app.button(key="stop").disabled
    app.button(key="stop").click().run()
    stopped = pool.store.run(run.id)
    assert stopped is not None
    assert stopped.state is RunState.STOPPED
    app.button(key="reset").click().run()
    assert url_of(app) == {"hidden": "7"}


def test_a_link_to_a_run_that_is_not_there_says_so(app: AppTest) -> None:
    app.query_params["run"] = "nothing"
    app.query_params["hidden"] = "9"
    app.run()
    assert not app.exception
    assert any("is not on this server" in warning.value for warning in app.warning)
    assert widget(app, "hidden").value == 9


def test_choices_survive_a_page_switch(app: AppTest) -> None:
    app.run()
    widget(app, "hidden").set_value(48).run()
    app.switch_page("runs.py").run()
    assert url_of(app)["hidden"] == "48"
    app.switch_page("lab.py").run()
    assert widget(app, "hidden").value == 48


def test_the_horizon_is_for_a_direct_network_and_counts_in_its_parameters(app: AppTest) -> None:
    app.run()
    assert widget(app, "horizon").disabled
    before = Experiment().parameters
    assert f"{before:,} parameters" in captions(app)
    widget(app, "strategy").set_value("direct").run()
    assert not widget(app, "horizon").disabled
    widget(app, "horizon").set_value(12).run()
    assert not app.exception
    assert f"{before + 11 * 33:,} parameters" in captions(app)
    assert url_of(app) == {"strategy": "direct", "horizon": "12"}
    widget(app, "horizon").set_value(80).run()
    assert "12 timesteps and 80 steps ahead at once need" in texts(app)


def captions(app: AppTest) -> str:
    return " ".join(element.value for element in app.caption)


def test_a_worker_is_told_what_is_chosen_and_can_be_trained(
    app: AppTest, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Experiment] = []
    monkeypatch.setattr(pool, "prepare", told.append)
    app.run()
    assert told == [Experiment()]
    widget(app, "hidden").set_value(64).run()
    assert told[-1].model.hidden_size == 64
    before = len(told)
    widget(app, "timesteps").set_value(500).run()  # the series is too short for that
    assert app.error
    assert len(told) == before
