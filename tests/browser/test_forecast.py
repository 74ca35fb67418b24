"""The page Forecast in a browser: the verdict, its picture, another horizon, a download."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server


def drawn(page: Page, name: str) -> Locator:
    plot = page.locator(f".st-key-plot-{name} .js-plotly-plot")
    expect(plot.locator(".main-svg").first).to_be_visible()
    return plot


def points(plot: Locator, trace: int = -1) -> int:
    """Count a line's points; the network's is drawn last."""
    return plot.evaluate("(div, trace) => div.calcdata.at(trace).length", trace)


def test_the_verdict_comes_with_its_picture_and_its_files(
    page: Page, server: Server, tmp_path: Path
) -> None:
    page.goto(f"{server.url}/forecast")
    verdict = page.get_by_test_id("stAlert").first
    expect(verdict).to_contain_text("Beats seasonal naive by 57 % on the test part")
    assert points(drawn(page, "path")) == 58

    box = drawn(page, "path").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 768  # on a laptop, neither needs scrolling

    page.get_by_role("button", name="Why?").last.click()
    expect(page.get_by_text("Training and validation loss, epoch by epoch")).to_be_visible()
    assert points(drawn(page, "why"), 0) == 150

    page.get_by_role("radio", name="Into the future").check(force=True)
    page.get_by_role("spinbutton", name="Horizon (steps)").fill("30")
    page.keyboard.press("Enter")
    label = re.compile("Forecast of 30 steps, from .* thousand passengers")
    expect(page.locator(".st-key-plot-path .js-plotly-plot")).to_have_attribute("aria-label", label)
    assert points(drawn(page, "path")) == 30

    page.get_by_role("radio", name="Take it away").check(force=True)
    with page.expect_download() as started:
        page.get_by_role("button", name="Report (HTML)").click()
    report = tmp_path / "report.html"
    started.value.save_as(report)
    assert page.errors == [error for error in page.errors if "404" in error]

    # The report draws itself from the file alone.
    page.goto(report.as_uri())
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert page.locator(".js-plotly-plot").count() >= 7
    assert "Beats seasonal naive by 57 %" in page.inner_text("body")


def test_the_network_is_trained_anew_at_each_origin(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/forecast")
    page.get_by_role("radio", name="Backtest").check(force=True)
    page.get_by_role("combobox", name=re.compile("Fitted")).click()
    page.get_by_role("option", name=re.compile("Sliding")).click()
    expect(page.get_by_text("So far the baselines alone")).to_be_visible()
    page.get_by_role("spinbutton", name="Origins").fill("2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("All methods from the same 2 origins")).to_be_visible()
    baselines = drawn(page, "backtest").evaluate("div => div.calcdata.length")

    page.get_by_role("button", name="Train the network at each origin").click()
    # It comes to the picture of the baselines, and then to the end.
    plot = page.locator(".st-key-plot-backtest")
    page.wait_for_function(
        "([plot, lines]) => plot.querySelector('.js-plotly-plot').calcdata?.length === lines + 1",
        arg=[plot.element_handle(), baselines],
    )
    expect(page.get_by_role("button", name="Train the network at each origin")).to_be_hidden()
    assert points(drawn(page, "backtest")) == 2
    assert page.errors == [error for error in page.errors if "404" in error]


def test_nothing_is_wider_than_a_phone(open_page: Callable[..., Page], server: Server) -> None:
    page = open_page(width=390, height=844)
    page.goto(f"{server.url}/forecast")
    drawn(page, "path")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
