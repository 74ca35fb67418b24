"""Inside, as a person scrubs through it: by slider, key and click, of a finished and a live run."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.browser.conftest import Server
from tests.browser.lab import Lab

ARROW = {"previous": "ArrowLeft", "next": "ArrowRight"}


class Inside(Lab):
    """The page Inside, reached as a visitor does."""

    def enter(self) -> Inside:
        self.page.get_by_role("link", name="Inside").click()
        expect(self.plot("hidden")).to_be_visible()
        return self

    def plot(self, name: str) -> Locator:
        return self.page.locator(f".st-key-plot-inside-{name} .js-plotly-plot")

    @property
    def heading(self) -> str:
        return self.page.get_by_text(re.compile("epoch .* of .* · time step")).inner_text()

    @property
    def epoch_shown(self) -> int:
        found = re.search(r"epoch (\d+) of", self.heading)
        assert found is not None
        return int(found[1])

    def wait_for_heading(self, pattern: str) -> None:
        self.wait_for(lambda: re.search(pattern, self.heading))

    def show(self, view: str) -> None:
        self.page.get_by_role("radio", name=view, exact=True).click()

    def draw_around(self, plot: str) -> None:
        """Drag around all that a plot shows."""
        area = self.plot(plot).locator(".nsewdrag")
        area.scroll_into_view_if_needed()
        box = area.bounding_box()
        assert box is not None
        left, top = box["x"] + 3, box["y"] + 3
        right, bottom = left + box["width"] - 6, top + box["height"] - 6
        mouse = self.page.mouse
        mouse.move(left, top)
        mouse.down()
        for x, y in ((right, top), (right, bottom), (left, bottom), (left, top + 4)):
            mouse.move(x, y, steps=3)
        mouse.up()

    def slider(self, name: str) -> Locator:
        return self.page.get_by_role("slider", name=name)

    def hidden_state(self) -> list[list[float]]:
        rows: list[list[float]] = self.plot("hidden").evaluate(
            "div => Array.from(div.calcdata[1][0].z, row => Array.from(row))"
        )
        return rows


@pytest.fixture
def inside(page: Page, server: Server) -> Iterator[Inside]:
    inside = Inside(page, server.url)
    inside.open()
    yield inside.enter()
    assert page.errors == []


def test_scrub_by_key_and_by_slider(inside: Inside) -> None:
    inside.wait_for_heading("epoch 150 of 150 · time step 12 of 12")
    newest = inside.hidden_state()
    inside.page.keyboard.press("ArrowLeft")
    inside.wait_for_heading("epoch 143 of 150")
    inside.wait_for(lambda: inside.hidden_state() != newest)
    inside.page.keyboard.press("ArrowRight")
    inside.wait_for_heading("epoch 150 of 150")
    inside.wait_for(lambda: inside.hidden_state() == newest)
    # With the focus on a slider a key moves that slider alone, by one.
    inside.slider("Epoch").focus()
    inside.page.keyboard.press("ArrowLeft")
    inside.wait_for_heading("epoch 143 of 150")
    inside.page.keyboard.press("Home")
    inside.wait_for_heading("epoch 1 of 150")
    inside.slider("Time step").focus()
    inside.page.keyboard.press("ArrowLeft")
    inside.wait_for_heading("epoch 1 of 150 · time step 11 of 12")
    # A view that was clicked leaves the keys to the epochs; one reached by keys does not.
    for epoch, (view, plot) in enumerate((("State space", "space"), ("Weights", "weights")), 2):
        inside.show(view)
        expect(inside.plot(plot)).to_be_visible()
        inside.page.keyboard.press("ArrowRight")
        inside.wait_for_heading(f"epoch {epoch} of 150")
    inside.page.get_by_role("radio", name="Weights", exact=True).focus()
    inside.page.keyboard.press("ArrowRight")
    expect(inside.page.get_by_role("radio", name="State space", exact=True)).to_be_focused()
    inside.wait_for_heading("epoch 3 of 150")


# Notes each hidden state that is drawn, by the sum of its cells.
NOTE = """(div) => {
  window.drawn = []
  const note = () => {
    const sum = div.calcdata[1][0].z.map((row) => Array.from(row)).flat().reduce((a, b) => a + b)
    if (window.drawn.at(-1) !== sum) window.drawn.push(sum)
  }
  note()
  new MutationObserver(note).observe(div, { subtree: true, attributes: true, childList: true })
}"""


class Line:
    """What the page says to the server, which can be held up for a while."""

    def __init__(self, page: Page) -> None:
        self.waiting: list[str | bytes] = []
        self.held = False
        page.route_web_socket(re.compile("_stcore/stream"), self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        self._server = socket.connect_to_server()
        socket.on_message(self._said)

    def _said(self, message: str | bytes) -> None:
        self.waiting.append(message)
        if not self.held:
            self.release()

    def release(self) -> None:
        self.held = False
        while self.waiting:
            self._server.send(self.waiting.pop(0))


def test_pictures_move_before_the_page_hears_of_it(page: Page, server: Server) -> None:
    line = Line(page)
    inside = Inside(page, server.url)
    inside.open()
    inside.enter()
    inside.wait_for_heading("epoch 150 of 150")
    inside.plot("hidden").evaluate(NOTE)
    line.held = True
    page.keyboard.press("ArrowLeft")
    inside.wait_for(lambda: page.evaluate("window.drawn.length") == 2)
    inside.wait_for(lambda: line.waiting)  # now the page wants to tell
    assert "epoch 150 of 150" in inside.heading
    line.release()
    inside.wait_for_heading("epoch 143 of 150")
    for _ in range(9):
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(60)
    inside.wait_for_heading("epoch 100 of 150")
    expect(inside.slider("Epoch")).to_have_attribute("aria-valuetext", "100")
    # Never back to where it was, however late the page's own pictures came.
    drawn = page.evaluate("window.drawn")
    assert len(set(drawn)) == len(drawn) > 2
    ends = inside.hidden_state()
    inside.slider("Epoch").focus()
    page.keyboard.press("ArrowRight")
    inside.wait_for_heading("epoch 104 of 150")
    page.keyboard.press("ArrowLeft")
    inside.wait_for_heading("epoch 100 of 150")
    inside.wait_for(lambda: inside.hidden_state() == ends)
    assert page.errors == []


def test_a_click_right_after_a_key_leaves_the_epoch_that_the_key_chose(
    page: Page, server: Server
) -> None:
    line = Line(page)
    inside = Inside(page, server.url)
    inside.open()
    with page.expect_response(re.compile("/ahead/.*epoch=143")):  # where one may go from here
        inside.enter()
    inside.wait_for_heading("epoch 150 of 150")
    line.held = True
    page.keyboard.press("ArrowLeft")
    inside.wait_for(lambda: line.waiting)  # the page wants to tell
    inside.show("State space")  # and says besides that the slider is at 150
    inside.wait_for(lambda: len(line.waiting) > 1)
    page.keyboard.press("ArrowLeft")
    line.release()
    expect(inside.plot("space")).to_be_visible()
    inside.wait_for_heading("epoch 137 of 150")
    page.wait_for_timeout(1000)
    inside.wait_for_heading("epoch 137 of 150")
    expect(inside.slider("Epoch")).to_have_attribute("aria-valuetext", "137")
    # A hand that goes back there is believed, as soon as the page has come.
    inside.slider("Epoch").focus()
    page.keyboard.press("End")
    inside.wait_for_heading("epoch 150 of 150")
    page.wait_for_timeout(1000)
    inside.wait_for_heading("epoch 150 of 150")
    assert page.errors == []


def test_a_key_that_leads_nowhere_leaves_the_next_one_its_way(inside: Inside) -> None:
    inside.wait_for_heading("epoch 150 of 150")
    inside.page.wait_for_timeout(1000)  # the scripts are there
    inside.page.keyboard.press("ArrowRight")
    inside.page.wait_for_timeout(1000)
    inside.page.keyboard.press("ArrowLeft")
    inside.wait_for_heading("epoch 143 of 150")
    expect(inside.slider("Epoch")).to_have_attribute("aria-valuetext", "143")


def test_a_picture_that_does_not_come_leaves_none_of_another_epoch(
    page: Page, server: Server
) -> None:
    only = re.compile(r"/ahead/[^?]+\?epoch=(?!143$)")
    page.route(only, lambda route: route.fulfill(status=404))
    inside = Inside(page, server.url)
    inside.open()
    inside.enter()
    inside.wait_for_heading("epoch 150 of 150")
    page.keyboard.press("ArrowLeft")
    inside.wait_for_heading("epoch 143 of 150")
    drawn_ahead = inside.hidden_state()
    page.keyboard.press("ArrowRight")
    inside.wait_for_heading("epoch 150 of 150")
    inside.slider("Epoch").focus()
    for _ in range(2):  # the page comes to where the slider rests, past the one drawn ahead
        page.keyboard.press("ArrowLeft")
    inside.wait_for(lambda: not re.search("epoch 1(50|43) of", inside.heading))
    inside.wait_for(lambda: inside.hidden_state() != drawn_ahead)


def test_play_goes_through_the_epochs(inside: Inside) -> None:
    inside.page.keyboard.press("p")
    inside.wait_for_heading("epoch 3 of 150")
    inside.page.keyboard.press("p")
    expect(inside.page.get_by_role("button", name="Play")).to_be_visible()


def test_a_clicked_cell_is_shown_in_numbers(inside: Inside) -> None:
    heatmap = inside.plot("hidden").locator(".nsewdrag[data-subplot=xy2]")
    # The first unit at the first time step.
    heatmap.click(position={"x": 10, "y": 2})
    expect(inside.page.get_by_text("Unit 1 of layer 1 at time step 1 (")).to_be_visible()
    formulas = inside.page.locator(".katex-display")
    expect(formulas.first).to_be_visible()
    assert formulas.count() == 14  # four gates, c, h and the output; with letters, with numbers
    expect(inside.page.locator(".katex-error")).to_have_count(0)


def test_a_unit_switched_off_changes_the_forecast_at_once(inside: Inside) -> None:
    inside.show("Units")
    expect(inside.page.get_by_text("No unit is switched off")).to_be_visible()
    inside.wait_for(lambda: inside.plot("without").count() and inside.points("without", 1))
    before = inside.points("without", 1)
    off = inside.page.get_by_role("combobox", name="Units of layer 1 switched off")
    off.fill("12")
    off.press("Enter")
    expect(inside.page.get_by_text("Units switched off: 1.")).to_be_visible()
    inside.wait_for(lambda: inside.points("without", 1) != before)
    # A line drawn around all units on the map; then around them again.
    inside.draw_around("map")
    expect(inside.page.get_by_text("Units switched off: 32.")).to_be_visible()
    expect(inside.plot("map").locator(".selectionlayer path")).to_have_count(0)
    inside.draw_around("map")
    expect(inside.page.get_by_text("No unit is switched off")).to_be_visible()
    inside.wait_for(lambda: inside.points("without", 1) == before)


def test_a_live_run_is_followed(page: Page, server: Server) -> None:
    inside = Inside(page, server.url)
    inside.open("?epochs=2000&speed=10&hidden=8&cell=gru")
    inside.train()
    inside.wait_for_epoch(2)
    inside.enter()
    first = inside.heading
    inside.wait_for(lambda: inside.heading != first)
    follow = inside.page.get_by_role("switch", name="Follow")
    # Whoever looks at something else goes on following, whoever moves the slider does not.
    for view, plot in (("Weights", "weights"), ("Cell state and gates", "gates")) * 2:
        inside.show(view)
        inside.wait_for(lambda plot=plot: inside.plot(plot).count())
        expect(follow).to_be_checked()
    inside.show("Hidden state")
    inside.slider("Epoch").focus()
    inside.page.keyboard.press("ArrowLeft")
    expect(follow).not_to_be_checked()
    inside.page.get_by_text("Follow", exact=True).click()
    expect(follow).to_be_checked()
    newest = inside.heading
    inside.wait_for(lambda: inside.heading != newest)
    inside.page.keyboard.press("ArrowLeft")
    expect(follow).not_to_be_checked()
    inside.page.wait_for_timeout(1000)  # the switch is drawn before what follows it
    stays = inside.epoch_shown
    inside.page.wait_for_timeout(1500)
    # Not the newest, which is some 15 epochs on; a neighbour where this one had to make room.
    assert abs(inside.epoch_shown - stays) < 8
    # Beside it the example, which has ended, at the same share of its epochs.
    page.get_by_role("combobox", name="Beside it").click()
    page.get_by_role("option").filter(has_text="Example").click()
    expect(inside.plot("hidden-beside")).to_be_visible()
    expect(inside.page.get_by_text(re.compile("epoch .* of .* · time step"))).to_have_count(2)
    inside.show("Units")
    inside.wait_for(lambda: inside.plot("without-beside").count())
    expect(inside.page.get_by_text("No unit is switched off")).to_have_count(2)
    page.get_by_role("link", name="Lab").click()
    inside.press("Stop")
    inside.expect_progress("Ended|Finished|Stopped")
    assert page.errors == []
