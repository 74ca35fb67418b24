"""The page Data in a browser: real-looking files, a drawing, and training on each."""

from __future__ import annotations

import datetime
import json
import math
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.lab import Lab

QUICK = "epochs=2&hidden=4&log=false"


class Data(Lab):
    """The app, opened on the page Data."""

    def open(self, query: str = "") -> Data:
        super().open(query)
        self.back()
        return self

    @property
    def to_lab(self):
        return self.page.get_by_role("button", name="Train on this series")

    def back(self) -> None:
        """Come back from the Lab, which has a place for files, too."""
        self.page.get_by_role("link", name="Data", exact=True).click()
        expect(self.to_lab).to_be_visible()

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

    def correct(self, label: str, option: str, mark: str) -> None:
        """Choose another way to read the table, and wait until the link says it."""
        field = self.page.get_by_role("combobox", name=label)
        if not field.is_visible():
            self.page.get_by_text("Correct how it is read").click()
        self.choose(label, option)
        self.wait_for(lambda: mark in self.page.url)

    def length(self) -> int:
        return len(self.points("series"))

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


def report(folder: Path) -> Path:
    """Make a workbook with a title page, titles, two columns and a total below them."""
    book = openpyxl.Workbook()
    book.active.append(["Report of 2023"])
    sheet = book.create_sheet("Data")
    for row in (["Sales by month"], [], ["Month", "North", "South"]):
        sheet.append(row)
    for month in range(120):
        when = datetime.datetime(2010 + month // 12, 1 + month % 12, 1)
        sheet.append([when, 50 + month % 12, 90 - month % 12])
    sheet.append(["Total", 6660, 10140])
    path = folder / "report.xlsx"
    book.save(path)
    return path


def readings(folder: Path) -> Path:
    """Make the answer of a service: two stations' readings, one after the other."""
    found = [
        {"station": station, "time": f"2023-01-{1 + hour // 24:02}T{hour % 24:02}:00Z",
         "main": {"temp": level + math.sin(hour * math.pi / 12)}}
        for station, level in (("Köln", 5), ("Bonn", 20)) for hour in range(120)
    ]  # fmt: skip
    path = folder / "readings.json"
    path.write_text(json.dumps({"status": "ok", "results": found}), encoding="utf-8")
    return path


def statistics(folder: Path) -> Path:
    """Make an agency's table: a row for each country, a column for each month, -999 for none."""
    months = [f"{2010 + month // 12}M{1 + month % 12:02}" for month in range(120)]
    rows = [["geo", *months]]
    for geo, level in (("AT", 100), ("CH", 200)):
        cells = [f"{level + month % 12},5" for month in range(120)]
        rows.append([geo, *cells[:7], "-999", *cells[8:]])
    path = folder / "statistics.txt"
    path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-16")
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
    data.back()
    data.upload(american(tmp_path))
    expect(data.page.get_by_text("visits.tsv: Delimited text")).to_be_visible()
    data.wait_for(lambda: data.length() == 120)
    data.correct("Ambiguous dates", "Month first", "day_first%3Dno")
    data.wait_for(lambda: data.length() == 120)
    data.train_here()
    assert data.page.errors == []


def test_three_more_files_are_corrected_and_trained_on(data: Data, tmp_path: Path) -> None:
    data.open(f"?series=table&{QUICK}")
    data.upload(report(tmp_path))
    expect(data.page.get_by_text("report.xlsx: Excel")).to_be_visible()
    expect(data.page.get_by_text("names in row 3 · 120 rows, 3 columns")).to_be_visible()
    data.choose("Value column", "South")
    data.wait_for(lambda: data.points("series")[:1] == [90])
    data.train_here()
    data.back()
    data.upload(readings(tmp_path))
    expect(data.page.get_by_text("readings.json: JSON")).to_be_visible()
    data.wait_for(lambda: data.length() == 120)
    data.correct("Which of the series", "Bonn", "id_value%3DBonn")
    data.wait_for(lambda: data.points("series")[:1] == [20])
    data.train_here()
    data.back()
    data.upload(statistics(tmp_path))
    expect(data.page.get_by_text("statistics.txt: Delimited text")).to_be_visible()
    expect(data.page.get_by_text("· Each row is a series ·")).to_be_visible()
    data.wait_for(lambda: min(data.points("series"), default=0) == -999)
    drawn = data.plot("series").element_handle()
    data.page.get_by_text("Correct how it is read").click()
    data.page.get_by_label("A further sign for missing").fill("-999")
    data.page.keyboard.press("Enter")
    expect(data.page.get_by_text("Missing values: 1 (row 9)")).to_be_visible()
    data.choose("Missing values", "Carry the last value forward")
    data.wait_for(lambda: min(data.points("series"), default=0) == 100.5)
    assert drawn.evaluate("div => div.isConnected"), "the picture was taken away in between"
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
    data.wait_for(lambda: data.length() == 200)
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
    first = pytest.approx(float(said.split(": ")[1]), abs=1e-3)
    data.wait_for(lambda: data.points("series")[:1] == [first])
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


def test_the_picture_follows_a_slider_before_the_page_does(data: Data) -> None:
    data.open("?series=damped")
    slider = data.page.get_by_role("slider", name="Period p")
    data.wait_for(lambda: data.length() == 600)
    before = data.points("series")
    link = data.page.url
    box = slider.locator("xpath=ancestor::*[contains(@class, 'stSlider')]").bounding_box()
    thumb = slider.bounding_box()
    mouse = data.page.mouse
    mouse.move(thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2)
    mouse.down()
    mouse.move(box["x"] + box["width"] / 2, thumb["y"] + thumb["height"] / 2, steps=5)
    data.wait_for(lambda: data.points("series") not in ([], before))
    assert data.page.url == link, "the page has not heard of it"
    mouse.up()
    data.wait_for(lambda: f"period%3D{slider.get_attribute('aria-valuetext')}" in data.page.url)
    # What was drawn ahead is what the page draws, and gives way to another series at once.
    ahead = data.points("series")
    data.page.wait_for_timeout(2500)
    assert data.points("series") == ahead
    slider.press("ArrowRight")
    data.choose("Series", "Lorenz x")
    data.wait_for(lambda: data.points("series") and max(data.points("series")) > 10)
    assert data.page.errors == []
