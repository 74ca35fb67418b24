"""Whose runs are whose: a random cookie, because a reload makes a new Streamlit session."""

from __future__ import annotations

import secrets
from http.cookies import SimpleCookie
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
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
    if isinstance(cookie, str) and 16 <= len(cookie) <= 64:  # not what somebody made up
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


def _headers(scope: Scope) -> Any:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _asks_for_page(scope: Scope) -> bool:
    return scope["method"] == "GET" and "text/html" in _headers(scope).get("accept", "")


def _has_cookie(scope: Scope) -> bool:
    return COOKIE in SimpleCookie(_headers(scope).get("cookie", ""))
