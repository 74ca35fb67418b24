"""The Lab as a test drives it: what a person does and reads there, in their words."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

SECONDS = 30


class Lab:
    """A page of the app that shows the Lab."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self, query: str = "") -> Lab:
        self.page.goto(f"{self.url}/{query}")
        expect(self.button("Train")).to_be_visible(timeout=SECONDS * 1000)
        drawn = self.page.locator(".js-plotly-plot .main-svg").first
        expect(drawn).to_be_visible(timeout=SECONDS * 1000)
        return self

    def button(self, name: str) -> Locator:
        """Give one of the player's buttons; Streamlit's own header can have a Stop, too."""
        return self.page.get_by_role("button", name=re.compile(rf"^{name} Shortcut \w$"))

    def field(self, label: str) -> Locator:
        return self.page.get_by_role("spinbutton", name=label)

    def press(self, name: str) -> None:
        self.button(name).click()

    @property
    def run_id(self) -> str:
        found = re.search(r"[?&]run=([\w-]+)", self.page.url)
        return found[1] if found else ""

    def train(self, how: str = "Train") -> None:
        """Press Train, or Step, and wait until the page shows the new run."""
        before = self.run_id
        self.press(how)
        self.wait_for(lambda: self.run_id not in ("", before))

    @property
    def progress(self) -> str:
        return self.page.locator(".rnn-progress").inner_text()

    @property
    def epoch(self) -> int:
        return int(self.tile("Epoch").split("/")[0].replace(",", ""))

    def tile(self, label: str) -> str:
        tile = self.page.locator(".rnn-tiles > div").filter(
            has=self.page.get_by_text(label, exact=True)
        )
        return tile.locator("b").inner_text()

    def plot(self, name: str) -> Locator:
        return self.page.locator(f".st-key-plot-{name} .js-plotly-plot")

    def expect_progress(self, pattern: str, seconds: float = SECONDS) -> None:
        expect(self.page.locator(".rnn-progress")).to_contain_text(
            re.compile(pattern), timeout=seconds * 1000
        )

    def wait_for_epoch(self, epoch: int) -> None:
        self.wait_for(lambda: self.epoch >= epoch)

    def wait_for(self, condition: Callable[[], object], seconds: float = SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain: {self.page.inner_text('body')}"
            self.page.wait_for_timeout(50)

    def points(self, name: str, trace: int = 0) -> list[float]:
        """Give the y values that a plot has drawn, NaN left out; none before it is drawn."""
        values: list[float] = self.plot(name).evaluate(
            "(div, trace) => (div.calcdata?.[trace] ?? []).map(p => p.y).filter(Number.isFinite)",
            trace,
        )
        return values

    def range(self, name: str) -> tuple[list[float], bool]:
        """Give the ends of a plot's horizontal axis, and whether it takes them from the data."""
        code = "div => [div._fullLayout.xaxis.range, div._fullLayout.xaxis.autorange]"
        ends, of_data = self.plot(name).evaluate(code)
        return ends, of_data

    def hidden_state(self) -> list[list[float]]:
        """Give the heatmap's values, a row for each unit."""
        rows: list[list[float]] = self.plot("hidden").evaluate(
            "div => Array.from(div._fullData[1].z, row => Array.from(row))"
        )
        return rows

    def upload(self, path: Path) -> None:
        # A field that is just being drawn anew would take a file and forget it.
        at_rest = self.page.locator("[data-test-script-state=notRunning]")
        expect(at_rest).to_have_count(1, timeout=SECONDS * 1000)
        self.page.locator("input[type=file]").set_input_files(path)

    def verdict(self) -> str:
        alert = self.page.get_by_test_id("stAlert").filter(has_text="on the test part (RMSE")
        expect(alert).to_be_visible(timeout=SECONDS * 1000)
        return alert.inner_text()
