"""How the pages look: sizes, themes, and what a screen reader finds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.lab import Lab

VIEWS = (
    "Cell state and gates",
    "Gradient through time",
    "Weights",
    "State space",
    "Units",
    "One step",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_laptop_the_main_parts_need_no_scrolling(
    open_page: Callable[..., Page], server: Server, scheme: str
) -> None:
    lab = Lab(open_page(color_scheme=scheme), server.url).open()
    lab.verdict()
    for name in ("forecast", "loss", "hidden"):
        box = lab.plot(name).bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 768
    verdict = lab.page.get_by_test_id("stAlert").first.bounding_box()
    assert verdict["y"] + verdict["height"] <= 768


@pytest.mark.parametrize("width", [390, 768, 1366, 1920])
def test_nothing_is_wider_than_the_window(
    open_page: Callable[..., Page], server: Server, width: int
) -> None:
    lab = Lab(open_page(width=width, height=844), server.url).open()
    lab.verdict()
    assert lab.page.evaluate("document.documentElement.scrollWidth") <= width
    for name in ("forecast", "loss", "hidden"):
        box = lab.plot(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        svg = lab.plot(name).locator(".main-svg").first.bounding_box()
        assert abs(svg["width"] - box["width"]) <= 1


def test_no_page_is_wider_than_a_phone(open_page: Callable[..., Page], server: Server) -> None:
    page = open_page(width=390, height=844, color_scheme="dark")
    for place, words in {
        "data?series=lorenz": "What the network sees",
        "data?series=table": "No table is open yet.",
        "forecast": "Beats seasonal naive",
        "runs": "You have not trained anything yet.",
        "inside": "epoch 150 of 150",
    }.items():
        page.goto(f"{server.url}/{place}")
        expect(page.get_by_text(words).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, place
    for view in VIEWS:
        page.get_by_role("radio", name=view).click()
        expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, view
    # Streamlit's frontend finds out by such requests what part of an address is a page.
    assert [error for error in page.errors if "404" not in error] == []


def test_every_plot_says_in_words_what_it_shows(page: Page, server: Server) -> None:
    lab = Lab(page, server.url).open()
    lab.verdict()
    for name, words in {
        "forecast": "the forecast is off by",
        "loss": "training went from",
        "hidden": "changes most",
    }.items():
        label = lab.plot(name).get_attribute("aria-label")
        assert label is not None
        assert words in label
        assert lab.plot(name).get_attribute("role") == "img"


def test_colours_follow_the_theme(open_page: Callable[..., Page], server: Server) -> None:
    lines = {}
    for scheme in ("light", "dark"):
        lab = Lab(open_page(color_scheme=scheme), server.url).open()
        lines[scheme] = lab.plot("forecast").evaluate("div => div.data[3].line.color")
        scale = lab.plot("hidden").evaluate("div => div.data[1].colorscale[3][1]")
        ground = lab.page.locator("[data-testid=stApp]").evaluate(
            "element => getComputedStyle(element).backgroundColor"
        )
        red, green, blue = (int(scale[i : i + 2], 16) for i in (1, 3, 5))
        assert ground == f"rgb({red}, {green}, {blue})"
    assert lines["light"] != lines["dark"]


def test_the_layer_can_be_chosen(page: Page, server: Server) -> None:
    lab = Lab(page, server.url).open("?layers=2&hidden=6&epochs=5")
    lab.train()
    lab.expect_progress("Finished")
    first = lab.hidden_state()
    page.get_by_role("radio", name="Layer 2").check(force=True)
    expect(lab.plot("hidden").get_by_text("Unit of layer 2")).to_be_visible()
    second = lab.hidden_state()
    assert len(first) == len(second) == 6
    assert first != second


def test_the_loss_has_a_log_scale(page: Page, server: Server) -> None:
    lab = Lab(page, server.url).open()
    page.locator("label").filter(has_text="Log scale").click()
    lab.wait_for(lambda: lab.plot("loss").evaluate("div => div.layout.yaxis.type") == "log")
