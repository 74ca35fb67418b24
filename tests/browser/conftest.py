"""What tests of the running app share: the app's server, Chromium, and pages of it.

A page made by `page` or `open_page` carries `page.errors`, the list of what went wrong in it.
"""

import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, BrowserType, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCREENSHOTS = HERE / ".screenshots"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STORED = "local_storage,indexeddb,service_workers,cache_storage"
START_SECONDS = 60
STOP_SECONDS = 15
PAGE_SECONDS = 15

failed = pytest.StashKey[bool]()


class Server:
    """The app on a free loopback port, with a store and a log of its own in `folder`.

    A restarted server keeps its port and its store, so an open page can reconnect to it.
    """

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.store_url = f"sqlite:///{folder / 'runs.sqlite'}"
        self.log_path = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        if self._process:
            raise RuntimeError(f"The server is already running. Received: pid {self.pid}")
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        command += ["--server.port", str(self.port), "--server.address", "127.0.0.1"]
        command += ["--server.headless", "true"]
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | {"RNN_STORE_URL": self.store_url},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                code = self._process.poll()
                self.kill()
                raise RuntimeError(f"The server did not start (exit {code}):\n{self.log()}")
            time.sleep(0.1)

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/_stcore/health")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """End the server the way a user does, and by force if that takes too long."""
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None

    def kill(self) -> None:
        """End the server the way a crash does (SIGKILL)."""
        if self._process:
            self._process.kill()
            self._process.wait(STOP_SECONDS)
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def log(self) -> str:
        """The end of the log."""
        return self.log_path.read_text(errors="replace")[-4000:] if self.log_path.exists() else ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    in_browser = [item for item in items if HERE in item.path.parents]
    for item in in_browser:
        item.add_marker("browser")
    # Last: from the first browser test on, Playwright keeps an event loop running in the main
    # thread, and a test that calls asyncio.run there would fail.
    items[:] = [item for item in items if item not in in_browser] + in_browser


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.failed:
        item.stash[failed] = True
        if server := getattr(item, "funcargs", {}).get("server"):
            report.sections.append(("Server log", server.log()))
    return report


@pytest.fixture(scope="session")
def chromium_path() -> str:
    for name in (os.environ.get("CHROMIUM"), *CHROMIUM_NAMES):
        if name and (path := shutil.which(name)):
            return path
    reason = f"no Chromium: none of {', '.join(CHROMIUM_NAMES)} on PATH, nor CHROMIUM=path"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class Profiles:
    """Chromium profiles that outlive a test: the first page of each loads and compiles all scripts.

    That takes seconds. What tells one visitor from another is cleared away between two tests.
    """

    def __init__(self, chromium: BrowserType, executable: str, folder: Path) -> None:
        self._chromium = chromium
        self._executable = executable
        self._folder = folder
        self._profiles: list[BrowserContext] = []

    def profile(self, number: int, origin: str) -> BrowserContext:
        """Give a profile that `origin` has never been visited with, as far as a page can tell."""
        while len(self._profiles) <= number:
            profile = self._chromium.launch_persistent_context(
                self._folder / str(len(self._profiles)),
                executable_path=self._executable,
                args=CHROMIUM_ARGS,
                viewport={"width": 1366, "height": 768},
            )
            profile.set_default_timeout(PAGE_SECONDS * 1000)
            self._profiles.append(profile)
        profile = self._profiles[number]
        profile.clear_cookies()
        devtools = profile.new_cdp_session(profile.pages[0])
        devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": STORED})
        devtools.detach()
        return profile

    def close_pages(self) -> None:
        """Close all pages but the blank ones that keep the browsers open."""
        for profile in self._profiles:
            for page in profile.pages[1:]:
                page.close()

    def close(self) -> None:
        for profile in self._profiles:
            profile.close()


@pytest.fixture(scope="session")
def profiles(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Profiles]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=PAGE_SECONDS * 2000)
        folder = tmp_path_factory.mktemp("profiles")
        profiles = Profiles(playwright.chromium, chromium_path, folder)
        yield profiles
        profiles.close()


# It asks for chromium_path so that no server is started for tests that will be skipped.
@pytest.fixture(scope="session")
def shared_server(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


@pytest.fixture
def server(request: pytest.FixtureRequest, shared_server: Server) -> Iterator[Server]:
    """Give the one server of all tests; each has its own visitor, who sees nothing of the others.

    After a test that failed, what it left running must not keep the next one waiting.
    """
    if shared_server.pid is None:
        shared_server.start()
    yield shared_server
    if request.node.stash.get(failed, False):
        shared_server.stop()


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest, profiles: Profiles, server: Server
) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a blank page in a profile of its own, a visitor of its own.

    The server outlives it: a screenshot of a failure shows the page, not its lost connection. It
    takes the size of the page and what `Page.emulate_media` takes, such as `color_scheme`.
    """
    visitors: list[BrowserContext] = []

    def open_page(width: int = 1366, height: int = 768, **media: str) -> Page:
        visitor = profiles.profile(len(visitors), server.url)
        visitors.append(visitor)
        page = visitor.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**media)
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
        return page

    yield open_page

    if request.node.stash.get(failed, False):
        name = re.sub(r"[^\w-]+", "_", request.node.name)
        for i, page in enumerate(page for visitor in visitors for page in visitor.pages[1:]):
            with contextlib.suppress(PlaywrightError):  # the test's own failure says more
                page.screenshot(path=SCREENSHOTS / f"{name}-{i}.png")
    profiles.close_pages()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()
