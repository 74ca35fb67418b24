"""The cookie that tells one browser from another."""

from __future__ import annotations

import asyncio

import pytest
from starlette.responses import PlainTextResponse

from pages.ui.visitor import COOKIE, VisitorCookie

PAGE = "text/html,*/*"


def set_cookie(accept: str = PAGE, cookie: str = "") -> str | None:
    """Ask the middleware for a page; gives the cookie that its answer sets, if any."""
    headers = [(b"accept", accept.encode()), (b"cookie", cookie.encode())]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}
    answers = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        answers.append(message)

    asyncio.run(VisitorCookie(PlainTextResponse("page"))(scope, receive, send))
    assert answers[0]["status"] == 200
    found = [value.decode() for name, value in answers[0]["headers"] if name == b"set-cookie"]
    assert len(found) <= 1
    return found[0] if found else None


def test_a_first_page_brings_a_cookie_that_nobody_can_guess_or_read() -> None:
    cookies = {set_cookie() for _ in range(20)}
    assert len(cookies) == 20
    for cookie in cookies:
        assert cookie is not None
        assert cookie.startswith(f"{COOKIE}=")
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_a_browser_that_has_one_keeps_it() -> None:
    assert set_cookie(cookie=f"{COOKIE}={'a' * 32}") is None


@pytest.mark.parametrize("others", ['prefs={"a": 1}', "a/b=1", "user@x=1", "=", ";;;"])
def test_other_cookies_of_the_host_do_no_harm(others: str) -> None:
    assert set_cookie(cookie=f"{others}; {COOKIE}={'a' * 32}") is None
    assert set_cookie(cookie=others) is not None


def test_what_is_no_cookie_of_ours_is_replaced() -> None:
    assert set_cookie(cookie=f"{COOKIE}=x") is not None


def test_files_bring_no_cookie() -> None:
    assert set_cookie(accept="*/*") is None
