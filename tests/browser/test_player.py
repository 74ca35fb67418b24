"""The buttons, the keys, and a page that is left, reloaded, opened twice or cut off."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.lab import Lab
from tests.browser.processes import alive, workers_of

LONG = "?epochs=10000&hidden=8"


@pytest.fixture
def lab(page: Page, server: Server) -> Lab:
    return Lab(page, server.url)


# As long, but with a pace that leaves the machine to the browsers.
CALM = "?epochs=10000&hidden=8&speed=20"


def start(lab: Lab, query: str = CALM) -> None:
    lab.open(query)
    lab.train()
    lab.wait_for_epoch(2)


def stop(lab: Lab) -> None:
    lab.press("Stop")
    lab.expect_progress("Ended after epoch")


@pytest.mark.parametrize("how", ["click", "key"])
def test_every_button(lab: Lab, how: str) -> None:
    keys = {"Train": "t", "Pause": "p", "Resume": "p", "Step": "s", "Stop": "x", "Reset": "z"}

    def act(name: str) -> None:
        expect(lab.button(name)).to_be_enabled()
        if how == "click":
            lab.press(name)
        else:
            lab.page.keyboard.press(keys[name])

    lab.open(LONG)
    act("Train")
    lab.wait_for(lambda: lab.run_id)
    lab.wait_for_epoch(2)
    act("Pause")
    lab.expect_progress("Paused after epoch")
    lab.page.wait_for_timeout(500)
    held = lab.epoch
    assert f"after epoch {held:,} of" in lab.progress
    lab.page.wait_for_timeout(500)
    assert lab.epoch == held
    for steps in (1, 2):
        act("Step")
        lab.wait_for(lambda steps=steps: lab.epoch == held + steps)
    lab.page.wait_for_timeout(300)
    assert lab.epoch == held + 2
    act("Resume")
    lab.wait_for_epoch(held + 10)
    act("Stop")
    lab.expect_progress("Ended after epoch")
    lab.verdict()
    assert len(lab.points("loss")) <= 1002
    act("Reset")
    lab.expect_progress("Example")
    lab.wait_for(lambda: "run=" not in lab.page.url)
    assert "epochs=10000" in lab.page.url
    # A step from nothing trains one epoch of a new network.
    act("Step")
    lab.expect_progress("Paused after epoch 1 of 10,000")
    stop(lab)
    assert lab.page.errors == []


def test_speed_slows_the_epochs_down_for_a_class(lab: Lab) -> None:
    lab.open("?epochs=10000&hidden=8&speed=5")
    lab.train()
    lab.wait_for_epoch(2)
    first, begun = lab.epoch, time.monotonic()
    lab.page.wait_for_timeout(3000)
    rate = (lab.epoch - first) / (time.monotonic() - begun)
    assert 2 < rate < 7
    lab.page.get_by_role("combobox", name="Speed").click()
    lab.page.get_by_role("option", name="Full speed").click()
    before = lab.epoch
    lab.wait_for(lambda: lab.epoch > before + 50, seconds=10)
    stop(lab)


def test_reload_page_switch_and_second_tab_lose_nothing(
    lab: Lab, open_page: Callable[..., Page]
) -> None:
    start(lab)
    lab.page.reload()
    lab.wait_for_epoch(5)
    seen = lab.epoch
    lab.page.get_by_role("link", name="Runs").click()
    expect(lab.page.get_by_text("LSTM 8×1 on AirPassengers").first).to_be_visible()
    lab.page.get_by_role("link", name="Lab").click()
    lab.wait_for(lambda: lab.epoch > seen)
    expect(lab.field("Hidden size")).to_have_value("8")
    tab = Lab(lab.page.context.new_page(), lab.url)
    tab.page.goto(lab.page.url)
    tab.wait_for(lambda: tab.epoch > seen)
    # What one tab does, the other shows.
    tab.press("Pause")
    lab.expect_progress("Paused")
    lab.press("Resume")
    tab.expect_progress("left")
    stop(tab)
    lab.expect_progress("Ended")
    lab.wait_for(lambda: lab.points("loss") == tab.points("loss"))


def test_somebody_else_can_watch_a_run_but_not_end_it(
    lab: Lab, open_page: Callable[..., Page]
) -> None:
    start(lab)
    other = Lab(open_page(), lab.url)
    other.page.goto(lab.page.url)
    other.wait_for_epoch(2)
    for name in ("Pause", "Stop"):
        expect(other.button(name)).to_be_disabled()
    expect(other.button("Train")).to_be_enabled()
    other.press("Reset")
    other.expect_progress("Example")
    before = lab.epoch
    lab.wait_for_epoch(before + 5)
    stop(lab)


def test_an_empty_list_of_runs_keeps_the_choices(lab: Lab) -> None:
    lab.open("?hidden=48")
    lab.page.get_by_role("link", name="Runs").click()
    expect(lab.page.get_by_text("You have not trained anything yet.")).to_be_visible()
    lab.wait_for(lambda: "hidden=48" in lab.page.evaluate("location.search"))
    lab.page.reload()
    lab.page.get_by_role("link", name="Go to the Lab").click()
    expect(lab.field("Hidden size")).to_have_value("48")
    # A switch to another page is one step back.
    lab.wait_for(lambda: "hidden=48" in lab.page.evaluate("location.search"))
    lab.page.go_back()
    expect(lab.page.get_by_text("You have not trained anything yet.")).to_be_visible()


def test_a_closed_tab_lets_the_run_finish(lab: Lab, open_page: Callable[..., Page]) -> None:
    lab.open("?epochs=60&hidden=8&speed=20")
    lab.train()
    link = lab.page.url
    lab.page.close()
    time.sleep(4)
    again = Lab(open_page(), lab.url)
    again.page.goto(link)
    again.expect_progress("Finished: 60 epochs")
    again.verdict()


def test_a_dropped_connection_is_taken_up_again(lab: Lab) -> None:
    # A route of our own between page and server, which can be cut.
    cut: list[Callable[[], None]] = []

    def between(socket) -> None:
        server = socket.connect_to_server()
        socket.on_message(server.send)
        server.on_message(socket.send)
        cut.append(lambda: socket.close(code=4000))

    lab.page.route_web_socket("**/_stcore/stream", between)
    start(lab)
    before = lab.epoch
    cut[-1]()
    lab.wait_for(lambda: len(cut) > 1)
    lab.wait_for(lambda: lab.epoch > before + 5)
    assert "run=" in lab.page.url
    stop(lab)


def test_updates_keep_the_plots_their_size_and_the_zoom(lab: Lab) -> None:
    start(lab)
    names = ("forecast", "loss", "hidden")
    for name in names:
        lab.plot(name).evaluate("div => { div.mark = 1 }")
    boxes = {name: lab.plot(name).bounding_box() for name in names}
    for name in ("forecast", "loss"):
        box = boxes[name]
        lab.page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.5)
        lab.page.mouse.down()
        lab.page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.5, steps=5)
        lab.page.mouse.up()
        lab.wait_for(lambda name=name: not lab.range(name)[1])
    zoomed = lab.range("forecast"), lab.range("loss")
    before = lab.epoch
    lab.wait_for(lambda: lab.epoch > before + 30)  # at least seven updates
    assert (lab.range("forecast"), lab.range("loss")) == zoomed
    for name in names:
        assert lab.plot(name).evaluate("div => div.mark") == 1
        assert lab.plot(name).bounding_box() == boxes[name]
    stop(lab)
    assert lab.page.errors == []


def test_more_runs_than_workers_wait_in_line(lab: Lab, open_page: Callable[..., Page]) -> None:
    workers = os.cpu_count() or 1
    labs = [lab, *(Lab(open_page(), lab.url) for _ in range(workers))]
    for each in labs:
        each.open(CALM)
    *running, last = labs
    for each in running:
        each.train()
        each.wait_for_epoch(2)
    last.train()
    last.expect_progress("Waiting for a free training process: place 1")
    stop(lab)
    last.wait_for_epoch(2)
    for each in (*running[1:], last):
        stop(each)


def test_a_killed_worker_shows_its_cause_and_the_next_train_works(lab: Lab, server: Server) -> None:
    start(lab)
    for pid in workers_of(server.pid):
        os.kill(pid, signal.SIGKILL)
    expect(lab.page.get_by_text("ended from outside (SIGKILL")).to_be_visible()
    assert len(lab.points("loss")) >= 2
    expect(lab.button("Train")).to_be_enabled()
    lab.train()
    lab.wait_for_epoch(2)
    expect(lab.page.get_by_text("ended from outside (SIGKILL")).to_have_count(0)
    stop(lab)


def test_a_killed_server_leaves_no_orphan_and_says_so_afterwards(lab: Lab, server: Server) -> None:
    start(lab)
    link = lab.page.url
    workers = workers_of(server.pid)
    assert workers
    server.kill()
    deadline = time.monotonic() + 5
    while any(alive(pid) for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    server.start()
    lab.page.goto(link)
    expect(lab.page.get_by_text("The server stopped while this run was going on")).to_be_visible()
    assert lab.epoch >= 2
    lab.train()
    lab.wait_for_epoch(1)
    stop(lab)
