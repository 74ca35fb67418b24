"""The page Data in a browser: real-looking files, a drawing, and training on each."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.lab import Lab

QUICK = "epochs=2&hidden=4&log=false"


class Data(Lab):
    """The app, opened on the page Data."""

    def open(self, query: str = "") -> Data:
        super().open(query)
        self.page.get_by_role("link", name="Data", exact=True).click()
        expect(self.to_lab).to_be_visible()
        return self

    @property
    def to_lab(self):
        return self.page.get_by_role("button", name="Train on this series")

    def choose(self, label: str, option: str) -> None:
        wanted = self.page.get_by_role("option", name=option, exact=True)

        def is_open() -> bool:
            """Open the list; what the server still sends may close it again."""
            if not wanted.is_visible():
                self.page.get_by_role("combobox", name=label).click()
                self.page.wait_for_timeout(300)
            return wanted.is_visible()

        self.wait_for(is_open)
        wanted.click()

    def length(self) -> int:
        return int(self.plot("series").evaluate("div => div.calcdata[0].length"))

    def train_here(self) -> None:
        expect(self.to_lab).to_be_enabled()
        self.to_lab.click()
        expect(self.button("Train")).to_be_enabled()
        self.train()
        self.expect_progress("Finished")


def german(folder: Path) -> Path:
    """Make an export with comments, decimal commas and two empty cells."""
    path = folder / "Netzlast.csv"
    lines = ["# Messstelle 7", "Datum;Last [MW];Ort"]
    for day in range(150):
        value = f"{1200 + 200 * math.sin(day * 2 * math.pi / 7):.1f}".replace(".", ",")
        value = "" if day in (30, 31) else value
        lines.append(f"{1 + day % 28:02}.{1 + day // 28:02}.2023;{value};Köln")
    path.write_text("\n".join(lines), encoding="cp1252")
    return path


def american(folder: Path) -> Path:
    """Make a table without names whose dates can be read day first or month first."""
    path = folder / "visits.tsv"
    rows = [f"{1 + month % 12}/1/{2000 + month // 12}\t{300 + 40 * (month % 12)}.5\t{month % 4}"
            for month in range(120)]  # fmt: skip
    path.write_text("\n".join(rows))
    return path


@pytest.fixture
def data(page: Page, server: Server) -> Data:
    return Data(page, server.url)


def test_two_files_are_corrected_and_trained_on(data: Data, tmp_path: Path) -> None:
    data.open(f"?series=table&{QUICK}")
    data.upload(german(tmp_path))
    expect(data.page.get_by_text("Netzlast.csv: Delimited text")).to_be_visible()
    expect(data.page.get_by_text("Missing values: 2 (rows 33, 34)")).to_be_visible()
    expect(data.to_lab).to_be_disabled()
    data.choose("Missing values", "Draw a line between the neighbours")
    data.train_here()
    assert "missing-values=interpolate" in data.page.url
    data.page.get_by_role("link", name="Data", exact=True).click()
    expect(data.to_lab).to_be_visible()  # the Lab has a place for files, too
    data.upload(american(tmp_path))
    expect(data.page.get_by_text("visits.tsv: Delimited text")).to_be_visible()
    data.wait_for(lambda: data.length() == 120)
    data.page.get_by_text("Correct how it is read").click()
    data.choose("Ambiguous dates", "Month first")
    data.wait_for(lambda: "day_first%3Dno" in data.page.url)
    data.wait_for(lambda: data.length() == 120)
    data.train_here()
    assert data.page.errors == []


def test_a_drawing_is_a_series_like_any_other(data: Data) -> None:
    data.open(f"?{QUICK}")
    data.page.get_by_role("radio", name="Draw").click()
    pad = data.page.get_by_role("slider", name="Your series")
    box = pad.bounding_box()
    middle = box["y"] + box["height"] / 2
    mouse = data.page.mouse
    mouse.move(box["x"] + 1, middle)
    mouse.down()
    for step in range(61):
        mouse.move(box["x"] + box["width"] * step / 60, middle - 80 * math.sin(step / 3))
    mouse.up()
    data.wait_for(lambda: "table=" in data.page.url)
    expect(data.plot("series")).to_be_visible()
    assert data.length() == 200
    drawn = data.points("series")
    assert max(drawn) > 80
    assert min(drawn) < 20
    # And by keys: the pointer was last on the last point.
    before = data.page.url
    pad.focus()
    for key in ("Home", "Shift+ArrowUp", "ArrowUp"):
        data.page.keyboard.press(key)
    said = pad.get_attribute("aria-valuetext")
    assert said.startswith("Point 1 of 200: ")
    data.wait_for(lambda: data.page.url != before)
    data.wait_for(lambda: abs(data.points("series")[0] - float(said.split(": ")[1])) < 1e-3)
    data.train_here()
    assert data.page.errors == []


def test_a_zoom_gets_its_detail_back(data: Data) -> None:
    data.open(f"?series=ar&length=20000&{QUICK}")

    def shown() -> int:
        return data.plot("series").evaluate(
            "div => div.calcdata[0].filter(p => p.x > 5000 && p.x < 6000).length"
        )

    expect(data.plot("series")).to_be_visible()
    data.wait_for(lambda: 0 < shown() < 300)
    data.plot("series").evaluate("div => { Plotly.relayout(div, 'xaxis.range', [5000, 6000]) }")
    data.wait_for(lambda: shown() == 999)
    low, high = data.plot("series").evaluate("div => div._fullLayout.xaxis.range")
    assert (low, high) == (5000, 6000)
