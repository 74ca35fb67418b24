"""Whose runs are whose: a random cookie, because a reload makes a new Streamlit session."""

from __future__ import annotations

import secrets

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "rnn_visitor"
YEAR_SECONDS = 365 * 24 * 3600


class VisitorCookie:
    """ASGI middleware: gives a browser that has none a cookie with its first page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the cookie to the answer where it is due."""
        if scope["type"] != "http" or not _asks_for_page(scope) or _has_cookie(scope):
            await self._app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", _new_cookie())
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def visitor() -> str:
    """Give the visitor's name, which nobody else can guess; without cookies, the session's."""
    cookie = st.context.cookies.get(COOKIE)
    if isinstance(cookie, str) and _usable(cookie):
        return cookie
    if "visitor" not in st.session_state:
        st.session_state.visitor = secrets.token_urlsafe(24)
    name: str = st.session_state.visitor
    return name


def _new_cookie() -> str:
    return (
        f"{COOKIE}={secrets.token_urlsafe(24)}; Path=/; Max-Age={YEAR_SECONDS}; "
        "HttpOnly; SameSite=Lax"
    )


def _asks_for_page(scope: Scope) -> bool:
    return scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")


def _has_cookie(scope: Scope) -> bool:
    # Starlette reads cookies as browsers write them; the standard library's reader gives up on
    # those of other applications on the same host.
    return _usable(HTTPConnection(scope).cookies.get(COOKIE))


def _usable(cookie: object) -> bool:
    return isinstance(cookie, str) and 16 <= len(cookie) <= 64
