"""The page Data: what it chooses, what it makes of a file, and what it says of a bad one."""

from __future__ import annotations

import math
import re

import pytest
from streamlit.testing.v1 import AppTest

from rnn_core.config import OPTIONS, Experiment
from rnn_core.runs.pool import Pool
from rnn_core.runs.states import RunState
from rnn_core.runs.uploads import Uploads
from rnn_core.series import GENERATORS, SOURCES, load_series, read_parameters

LEVELS = [f"{100 + 30 * math.sin(step * 2 * math.pi / 7):.1f}" for step in range(200)]
PLAIN = ("plain.csv", ("load\n" + "\n".join(LEVELS)).encode(), "text/csv")


def messy() -> tuple[str, bytes, str]:
    """Make a German export: comments, decimal commas, a hole, a doubled day, two swapped rows."""
    rows = [
        f"{1 + day % 28:02}.{1 + day // 28:02}.2021;{LEVELS[day].replace('.', ',')};{day % 5},5"
        for day in range(140)
    ]
    rows[5] = rows[5].split(";")[0] + ";;1,0"
    rows[20], rows[21] = rows[21], rows[20]
    rows.append(rows[-1])
    head = "# exported\nDatum;Last (MW);Temperatur\n"
    return "last.csv", (head + "\n".join(rows)).encode("cp1252"), "text/csv"


def opened(app: AppTest, **query: str) -> AppTest:
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page("data.py").run()
    assert not app.exception
    return app


def url_of(app: AppTest) -> dict[str, str]:
    given = app.query_params.items()
    return {name: value if isinstance(value, str) else value[0] for name, value in given}


def said(app: AppTest) -> str:
    elements = [*app.markdown, *app.caption, *app.error, *app.warning, *app.info]
    return " ".join(element.value for element in elements).replace("\\", "")


def upload(app: AppTest, file: tuple[str, bytes, str]) -> AppTest:
    app.file_uploader(key="data-upload").set_value(file).run()
    assert not app.exception
    return app


def chosen(app: AppTest) -> Experiment:
    return Experiment.from_query({k: v for k, v in url_of(app).items() if k in OPTIONS})


def to_lab(app: AppTest) -> AppTest:
    app.switch_page("lab.py").run()
    assert not app.exception
    return app


@pytest.mark.parametrize("kind", ["sample", "generator"])
def test_every_sample_and_generator_opens_and_follows_its_slider(app: AppTest, kind: str) -> None:
    opened(app, series="nile")
    app.segmented_control(key="data-kind").set_value(kind).run()
    for name in [name for name, source in SOURCES.items() if source.kind == kind]:
        app.selectbox(key="data-series").set_value(name).run()
        assert not app.exception
        source = SOURCES[name]
        assert source.challenge in said(app)
        length = len(load_series(Experiment.from_values({"series": name}).series))
        assert f"The series: {length:,} values" in said(app)
        if kind == "sample":
            assert source.licence in said(app)
            continue
        for part in re.split(r",?\s*\\quad\s*", GENERATORS[name].formula):
            assert part in app.latex[0].value
        assert "parameters" not in url_of(app)
        for option in GENERATORS[name].parameters:
            assert app.slider(key=f"parameter-{name}-{option.name}").value == option.default
        for option in GENERATORS[name].parameters[:1]:
            step = option.type(option.step)
            value = option.default + (step if option.default + step <= option.high else -step)
            app.slider(key=f"parameter-{name}-{option.name}").set_value(value).run()
            assert not app.exception
            written = read_parameters(name, url_of(app)["parameters"])[option.name]
            assert written == pytest.approx(value)


def test_the_way_to_a_series_remembers_what_was_chosen(app: AppTest) -> None:
    opened(app)
    app.selectbox(key="data-series").set_value("nile").run()
    app.segmented_control(key="data-kind").set_value("generator").run()
    app.selectbox(key="data-series").set_value("mackey-glass").run()
    app.slider(key="parameter-mackey-glass-tau").set_value(30).run()
    app.slider(key="data-outliers").set_value(0.05).run()
    assert url_of(app)["parameters"] == "tau=30"
    app.segmented_control(key="data-kind").set_value("sample").run()
    assert url_of(app)["series"] == "nile"
    assert "parameters" not in url_of(app)
    app.segmented_control(key="data-kind").set_value("generator").run()
    assert url_of(app)["series"] == "mackey-glass"
    assert app.slider(key="parameter-mackey-glass-tau").value == 30
    assert not app.exception
    to_lab(app)
    assert app.selectbox(key="option-series").value == "mackey-glass"


def test_parameters_of_a_link_that_cannot_be_used_are_said_and_can_be_taken_away(
    app: AppTest,
) -> None:
    opened(app, series="mackey-glass", parameters="rho=28")
    assert "has no parameter 'rho'" in said(app)
    assert app.button(key="to-lab").disabled
    app.button(key="default-parameters").click().run()
    assert "parameters" not in url_of(app)
    assert not app.button(key="to-lab").disabled


def test_what_stands_in_the_way_can_be_changed_here(app: AppTest) -> None:
    opened(app, series="ar")
    assert "The logarithm needs values above 0" in said(app)
    app.toggle(key="data-log").set_value(False).run()
    assert not app.button(key="to-lab").disabled
    assert url_of(app)["log"] == "false"


@pytest.mark.parametrize(("name", "text"), [("length", "7"), ("noise", "9"), ("gaps", "x")])
def test_a_number_of_a_link_that_is_out_of_bounds_is_said(
    app: AppTest, name: str, text: str
) -> None:
    opened(app, series="sines", log="false", **{name: text})
    assert f"({name}) must be" in said(app)
    app.number_input(key=f"entered-{name}").set_value({"length": 100}.get(name, 0.2)).run()
    assert not app.exception
    assert "must be" not in said(app)
    assert app.slider(key=f"data-{name}").value == {"length": 100}.get(name, 0.2)


def test_gaps_of_a_sample_are_filled_as_chosen(app: AppTest) -> None:
    opened(app, series="co2", log="false")
    assert not app.button(key="to-lab").disabled  # on the windows that are whole
    app.selectbox(key="data-missing-values").set_value("interpolate").run()
    assert not app.button(key="to-lab").disabled
    assert url_of(app)["missing-values"] == "interpolate"
    assert "Shapes" in said(app)


@pytest.mark.parametrize("series", ["airline", "nile", "table"])
def test_every_look_says_something(app: AppTest, series: str) -> None:
    opened(app, series=series)
    if series == "table":
        upload(app, PLAIN)
    seen = {said(app)}
    for look in ("season", "stationarity", "spectrum", "distribution"):
        app.segmented_control(key="look").set_value(look).run()
        assert not app.exception
        assert said(app) not in seen
        seen.add(said(app))


def test_the_suggestion_is_taken_over_with_one_click(app: AppTest) -> None:
    opened(app, series="elnino")
    assert "Season of 12 steps" in said(app)
    app.button(key="take-suggestion").click().run()
    assert app.button(key="take-suggestion").disabled
    assert url_of(app)["log"] == "false"
    to_lab(app)
    assert app.toggle(key="option-log").value is False


def test_the_window_moves_and_says_its_shapes(app: AppTest) -> None:
    opened(app)
    assert "Training `(73, 12, 1)`" in said(app)
    app.slider(key="data-window").set_value(100).run()
    assert "One window of the test part: values 101 to 112" in said(app)


def test_an_upload_is_understood_corrected_and_treated(app: AppTest, pool: Pool) -> None:
    upload(opened(app, series="table"), messy())
    assert "Windows-1252" in said(app) or "UTF-8" in said(app)
    assert "delimiter: Semicolon · names in row 2" in said(app)
    assert "one value each day" in said(app)
    assert "Missing values:** 1 (row 8)" in said(app)
    assert "Times that occurred before:** 1 (row 143)" in said(app)
    assert "Rows earlier than the row before:** 1" in said(app)
    assert app.button(key="to-lab").disabled
    for name, way in {
        "missing-values": "interpolate",
        "duplicates": "first",
        "order": "sort",
    }.items():
        app.selectbox(key=f"data-{name}").set_value(way).run()
    assert not app.button(key="to-lab").disabled
    app.selectbox(key="data-value").set_value("Temperatur").run()
    assert url_of(app)["value"] == "Temperatur"
    app.selectbox(key="data-value").set_value("Last (MW)").run()
    app.multiselect(key="data-covariates").set_value(["Temperatur"]).run()
    assert chosen(app).series.covariate_names == ("Temperatur",)
    app.selectbox(key="reading-decimal").set_value(".").run()
    assert "decimal=." in chosen(app).series.reading
    app.button(key="reading-again").click().run()
    assert "reading" not in url_of(app)
    assert not app.exception
    experiment = chosen(app)
    to_lab(app)
    app.button(key="train").click().run()
    run = pool.store.run(url_of(app)["run"])
    assert run is not None
    assert run.experiment == experiment
    assert run.state is RunState.QUEUED


def test_whole_numbers_that_could_be_years_are_values(app: AppTest, pool: Pool) -> None:
    rows = [f"{1200 + 7 * i % 300},{1100 + 11 * i % 400}" for i in range(80)]
    content = "\n".join(["sales,profit", *rows]).encode()
    upload(opened(app, series="table"), ("numbers.csv", content, "text/csv"))
    assert "80 rows, 2 columns" in said(app)
    to_lab(app)
    app.button(key="train").click().run()
    assert not app.exception
    run = pool.store.run(url_of(app)["run"])
    assert run is not None
    assert run.experiment == chosen(app)


def test_a_correction_that_does_not_suit_the_file_is_said_and_can_be_undone(app: AppTest) -> None:
    upload(opened(app, series="table"), messy())
    app.selectbox(key="reading-header").set_value("20").run()
    app.selectbox(key="reading-format").set_value("parquet").run()
    assert not app.exception
    assert [warning.value for warning in app.warning]
    app.button(key="reading-again").click().run()
    assert "names in row 2" in said(app)


def test_a_file_that_is_no_table_gives_one_sentence(app: AppTest, pool: Pool) -> None:
    opened(app, series="table")
    upload(app, ("bad.csv", b"a,b\nx,y\nz,w\n", "text/csv"))
    assert [error.value.replace("\\", "")[:24] for error in app.error] == [
        "No column holds numbers,"
    ]
    assert "table" not in url_of(app)
    upload(app, ("empty.csv", b"", "text/csv"))
    assert len(app.error) == 1
    upload(app, PLAIN)
    assert not app.error
    assert "plain.csv" in said(app)


def test_beside_a_refused_file_it_is_said_whose_series_is_shown(app: AppTest) -> None:
    upload(opened(app, series="table"), PLAIN)
    assert not app.info
    upload(app, ("bad.csv", b"a,b\nx,y\nz,w\n", "text/csv"))
    still = [info.value.replace("\\", "") for info in app.info]
    assert still == ["bad.csv could not be read. What is shown here is still plain.csv."]


def test_a_refused_file_can_be_read_with_a_correction(app: AppTest) -> None:
    file = ("odd.csv", b"[1, 2\n" + PLAIN[1], "text/csv")  # begins like JSON
    upload(opened(app, series="table"), file)
    assert len(app.error) == 1
    app.selectbox(key="reading-format").set_value("text").run()
    assert not app.error
    assert not app.exception
    assert chosen(app).series.reading == "format=text"
    assert "odd.csv" in said(app)


def test_a_table_is_deleted_with_its_runs_after_a_question(app: AppTest, pool: Pool) -> None:
    upload(opened(app, series="table"), PLAIN)
    digest = chosen(app).series.table
    to_lab(app)
    app.button(key="train").click().run()
    run_id = url_of(app)["run"]
    app.switch_page("data.py").run()
    app.button(key=f"delete-{digest}").click().run()
    assert "Runs on it, 1 of yours, go with it" in said(app)
    app.button(key="delete-not").click().run()
    assert pool.store.run(run_id) is not None
    app.button(key=f"delete-{digest}").click().run()
    app.button(key="delete-really").click().run()
    assert not app.exception
    assert Uploads(pool.store).get(digest) is None
    assert pool.store.run(run_id) is None
    assert "run" not in url_of(app)
    assert "table" not in url_of(app)
    assert "No table is open yet" in said(app)


def test_a_table_is_listed_for_its_owner_alone(app: AppTest) -> None:
    upload(opened(app, series="table"), PLAIN)
    assert "Your tables (1)" in [expander.label for expander in app.expander]
    other = opened(AppTest.from_file(app._script_path, default_timeout=20), series="table")
    assert not any("Your tables" in expander.label for expander in other.expander)
    app.segmented_control(key="data-kind").set_value("sample").run()
    app.segmented_control(key="data-kind").set_value("table").run()
    assert "plain.csv" in said(app)


def test_the_pad_waits_for_a_drawing(app: AppTest) -> None:
    opened(app)
    app.segmented_control(key="data-kind").set_value("drawing").run()
    assert not app.exception
    assert "Nothing is drawn yet" in said(app)
    assert app.button(key="clear-drawing").disabled
    app.slider(key="data-points").set_value(80).run()
    assert app.slider(key="data-points").value == 80
    app.segmented_control(key="data-kind").set_value("sample").run()
    assert url_of(app) == {}


def test_what_was_done_about_one_table_is_not_done_about_the_next(app: AppTest) -> None:
    opened(app, series="table")
    upload(app, messy())
    app.selectbox(key="data-missing-values").set_value("forward").run()
    assert url_of(app)["missing-values"] == "forward"
    holed = "\n".join(["load", *LEVELS[:9], "", *LEVELS[10:]])
    upload(app, ("holed.csv", holed.encode(), "text/csv"))
    assert "missing-values" not in url_of(app)
    assert "Missing values:** 1 (row 11)" in said(app)
    assert app.button(key="to-lab").disabled


def test_a_table_of_rows_says_so_and_can_be_left_as_it_stands(app: AppTest) -> None:
    months = [f"{2010 + month // 12}-{1 + month % 12:02}" for month in range(150)]
    rows = [["geo", *months], ["AT", *LEVELS[:150]], ["CH", *LEVELS[20:170]]]
    content = "\n".join(",".join(row) for row in rows).encode()
    opened(app, series="table")
    upload(app, ("turned.csv", content, "text/csv"))
    assert "Each row is a series" in said(app)
    assert "150 rows, 3 columns" in said(app)
    app.selectbox(key="reading-shape").set_value("columns").run()
    assert not app.exception
    assert chosen(app).series.reading == "shape=columns"
    assert "2 rows, 151 columns" in said(app)


def test_the_season_of_a_table_can_be_corrected(app: AppTest) -> None:
    upload(opened(app, series="table"), PLAIN)
    app.number_input(key="data-season-of-table").set_value(7).run()
    assert not app.exception
    assert chosen(app).series.season == 7


def test_a_season_of_zero_says_what_it_takes(app: AppTest) -> None:
    upload(opened(app, series="table"), messy())
    assert app.number_input(key="data-season-of-table").value == 0
    assert any(caption.value.startswith("0 takes what is known: ") for caption in app.caption)
    app.number_input(key="data-season-of-table").set_value(7).run()
    assert not any(caption.value.startswith("0 takes") for caption in app.caption)
