"""The main job: pick a series, train, watch it learn, read what it came to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.lab import Lab
from tests.browser.processes import loaded_libraries, workers_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def lab(page: Page, server: Server) -> Lab:
    return Lab(page, server.url)


def test_a_first_visitor_sees_a_finished_example(lab: Lab) -> None:
    lab.open()
    assert "Example" in lab.progress
    assert "Beats seasonal naive" in lab.verdict()
    assert lab.epoch == 150
    lab.wait_for(lambda: len(lab.points("loss")) == 150)
    expect(lab.button("Train")).to_be_enabled()
    for name in ("Pause", "Stop", "Reset"):
        expect(lab.button(name)).to_be_disabled()
    assert lab.page.errors == []


def test_train_on_air_passengers(lab: Lab, server: Server) -> None:
    lab.open("?epochs=400&speed=80")
    lab.train()
    lab.wait_for_epoch(1)
    expect(lab.button("Train")).to_be_disabled()
    # Live: the curves grow, the forecast and the hidden state move.
    before = lab.points("loss"), lab.points("forecast", 3), lab.hidden_state()
    lab.wait_for(lambda: len(lab.points("loss")) > len(before[0]))
    lab.expect_progress("Finished")
    # Nothing of TensorFlow in the server, all of it in its workers.
    assert not [name for name in loaded_libraries(server.pid) if "tensorflow" in name]
    assert any(
        "tensorflow" in name for pid in workers_of(server.pid) for name in loaded_libraries(pid)
    )
    after = lab.points("forecast", 3)
    assert len(after) == 58
    assert after != before[1]
    hidden = lab.hidden_state()
    assert (len(hidden), len(hidden[0])) == (32, 12)
    assert hidden != before[2]
    assert lab.tile("Epoch") == "400 / 400"
    assert lab.tile("Parameters") == "4,385"
    assert float(lab.tile("Validation RMSE")) < float(lab.tile("Seasonal naive"))
    assert "Beats seasonal naive by" in lab.verdict()
    # No room for more epochs, and none left out.
    lab.wait_for(lambda: not lab.points("loss", trace=4))
    ends, _ = lab.range("loss")
    assert ends[0] <= 0
    assert 400 <= ends[1] <= 420
    expect(lab.button("Train")).to_be_enabled()
    assert "run=" in lab.page.url
    assert "epochs=400" in lab.page.url
    assert lab.page.errors == []


def test_the_link_of_a_run_opens_it_for_somebody_else(
    lab: Lab, open_page: Callable[..., Page]
) -> None:
    lab.open("?epochs=20&hidden=8&cell=gru")
    lab.train()
    lab.expect_progress("Finished")
    verdict = lab.verdict()
    other = Lab(open_page(), lab.url).open(f"?run={lab.page.url.split('run=')[1].split('&')[0]}")
    assert other.verdict() == verdict
    other.wait_for(lambda: len(other.points("loss")) == 21)  # epoch 0 too
    expect(other.field("Hidden size")).to_have_value("8")
    assert other.points("loss") == lab.points("loss")
    # ... who does not find it among their own.
    other.page.get_by_role("link", name="Runs").click()
    expect(other.page.get_by_text("You have not trained anything yet.")).to_be_visible()
    lab.page.get_by_role("link", name="Runs").click()
    expect(lab.page.get_by_text("GRU 8×1 on AirPassengers")).to_be_visible()
    lab.page.get_by_role("button", name="Open").first.click()
    assert lab.verdict() == verdict


def test_the_same_link_trains_the_same_curve(lab: Lab, open_page: Callable[..., Page]) -> None:
    lab.open("?epochs=15&hidden=8&seed=3&series=sines&log=false")
    lab.train()
    lab.expect_progress("Finished")
    other = Lab(open_page(), lab.url).open("?epochs=15&hidden=8&seed=3&series=sines&log=false")
    other.train()
    for each in (lab, other):
        each.expect_progress("Finished")
        each.wait_for(lambda each=each: len(each.points("loss")) == 16)
    assert other.points("loss") == lab.points("loss")


@pytest.mark.parametrize(
    ("file", "rows", "value"), [("sunspots.csv", "309", "SUNACTIVITY"), ("sales.csv", "60", "Sold")]
)
def test_train_on_an_uploaded_table(
    lab: Lab, tmp_path: Path, file: str, rows: str, value: str
) -> None:
    path = ROOT / "sample_data" / file
    if not path.exists():
        path = tmp_path / file
        lines = [
            f"{2015 + i // 12}-{i % 12 + 1:02};{i % 5};{100 + i + 20 * (i % 12)}" for i in range(60)
        ]
        path.write_text("\n".join(["When;Shop;Sold", *lines]), encoding="utf-8-sig")
    lab.open("?series=table&epochs=20&hidden=8")
    expect(lab.page.get_by_text("No table yet: upload one")).to_be_visible()
    expect(lab.button("Train")).to_be_disabled()
    lab.upload(path)
    expect(lab.page.get_by_text(f"{rows} rows")).to_be_visible()
    if value == "Sold":
        lab.page.get_by_role("combobox", name="Value column").click()
        lab.page.get_by_role("option", name="Sold").click()
    expect(lab.button("Train")).to_be_enabled()
    lab.train()
    lab.expect_progress("Finished")
    lab.verdict()
    assert f"value={value}" in lab.page.url
    # The table is on the server: the link works in a fresh page, too.
    lab.page.reload()
    lab.verdict()
    expect(lab.page.get_by_text(f"{rows} rows")).to_be_visible()
    assert lab.page.errors == []


def table(*rows: str) -> bytes:
    return "\n".join(["year,value", *rows]).encode()


YEARS = range(1900, 1990)
BAD_TABLES = {
    "empty": (b"", "empty"),
    "binary": (bytes(range(256)) * 4, "neither text nor"),
    "words": (table("x,y", "z,w"), "No column holds numbers"),
    "short": (table("2001,1", "2002,2", "2003,3"), "timesteps"),
    "missing": (table(*(f"{year},{'' if year == 1907 else 3}" for year in YEARS)), "row 9"),
    "twice": (table(*(f"{year - (year > 1950)},3" for year in YEARS)), "rows 52 and 53"),
    "unsorted": (table(*(f"{year},3" for year in reversed(YEARS))), "not in order"),
}


def test_a_bad_table_gets_one_sentence_and_nothing_is_lost(lab: Lab, tmp_path: Path) -> None:
    lab.open("?series=table&hidden=8")
    for name, (data, sentence) in BAD_TABLES.items():
        path = tmp_path / f"{name}.csv"
        path.write_bytes(data)
        lab.upload(path)
        expect(lab.page.get_by_text(sentence).first, name).to_be_visible()
        expect(lab.button("Train"), name).to_be_disabled()
        expect(lab.field("Hidden size"), name).to_have_value("8")
        expect(lab.page.get_by_test_id("stException"), name).to_have_count(0)


# More of them are tried with the page alone.
BAD_LINKS = {
    "?hidden=0": "Hidden size (hidden) must be a whole number from 1 to 256. Received: 0.",
    f"?hidden={'9' * 400}": "must be a whole number from 1 to 256",
    "?cell=transformer": "must be one of lstm, gru, rnn",
}


def test_a_bad_link_gets_one_sentence_and_keeps_what_it_said(lab: Lab) -> None:
    for query, sentence in BAD_LINKS.items():
        lab.open(query)
        expect(lab.page.get_by_text(sentence).first, query).to_be_visible()
        expect(lab.button("Train"), query).to_be_disabled()
        lab.page.wait_for_timeout(300)
        assert query[1:] in lab.page.url.split("?")[1]


def test_a_learning_rate_too_large_ends_with_a_sentence(lab: Lab) -> None:
    lab.open("?learning-rate=100&optimizer=sgd&log=false&difference=none&scaling=none")
    lab.train()
    expect(lab.page.get_by_text("The loss became NaN or infinite in epoch")).to_be_visible(
        timeout=30_000
    )
    expect(lab.field("Learning rate")).to_have_value("100")
    expect(lab.button("Train")).to_be_enabled()


def test_the_classic_preset(lab: Lab) -> None:
    lab.open("?timesteps=6")
    lab.page.get_by_role("button", name="Start from a preset").click()
    lab.page.get_by_text("Classic stacked LSTM").click()
    expect(lab.page.get_by_text("50,851 parameters")).to_be_visible()
    expect(lab.field("Epochs")).to_have_value("10")
    expect(lab.field("Timesteps")).to_have_value("6")
    lab.train()
    lab.expect_progress("Finished: 10 epochs")
    assert lab.tile("Parameters") == "50,851"
