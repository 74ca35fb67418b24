"""What the server sends beside Streamlit's own pages: scripts, the news of runs, pictures.

Loaded before the server answers, so it is light: what makes an answer is loaded with the first one.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from functools import cache
from importlib import import_module
from operator import attrgetter
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.ui import parts, plotly_script
from pages.ui.scripts import FOLDER, HAND, script_response

PLOTLY = f"{plotly_script.NAME}?v={plotly_script.VERSION}"
"""Plotly's own script, in that folder."""


def routes() -> list[Route]:
    """Give the routes for ``st.App``."""
    return [
        Route(f"{FOLDER}/{plotly_script.NAME}", _send_plotly),
        Route(f"{FOLDER}/plot.js", _later("pages.ui.plot", "DRAW.send")),
        Route(f"{FOLDER}/redraw.js", _later("pages.ui.plot", "REDRAW.send")),
        Route(f"{FOLDER}/follow.js", _later("pages.ui.follow", "FOLLOW.send")),
        Route(f"{FOLDER}/hand.js", HAND.send),
        Route(f"{FOLDER}/ahead.js", _later("pages.ui.inside.ahead", "AHEAD.send")),
        Route(f"{FOLDER}/ahead/{{token}}", _later("pages.ui.inside.ahead", "send_pictures")),
        Route(f"{FOLDER}/preview.js", _later("pages.ui.preview", "PREVIEW.send")),
        Route(f"{FOLDER}/preview/{{token}}", _later("pages.ui.preview", "send_preview")),
        Route(f"{FOLDER}/news/{{run_id}}", _later("pages.ui.follow", "send_news")),
    ]


class EarlyPlotly:
    """ASGI middleware: lets the browser run plotly.js while it waits for the first script run.

    That takes it a second or so. Asked for by the first plot alone, the script would keep the page
    from answering just when it is there; run before Streamlit's own, it would keep them waiting.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        # The first visitor should not wait for the packing.
        threading.Thread(target=plotly_script.gzipped, daemon=True).start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and put the script into the answer if that is a page."""
        if scope["type"] != "http" or not _wants_page(scope):
            await self._app(scope, receive, send)
            return
        page: _Page | None = None

        async def send_with_script(message: Message) -> None:
            nonlocal page
            if message["type"] == "http.response.start" and _is_page(message):
                page = _Page(message)
            elif page is None:
                await send(message)
            elif page.whole(message):
                for part in page.messages():
                    await send(part)

        await self._app(_unpacked(scope), receive, send_with_script)


class _Page:
    """A page of HTML as it gathers, until it is whole."""

    def __init__(self, start: Message) -> None:
        self._start = start
        self._body = b""

    def whole(self, message: Message) -> bool:
        self._body += message.get("body", b"")
        return not message.get("more_body", False)

    def messages(self) -> list[Message]:
        """Give the answer, with our script before all others and Streamlit's parts after them."""
        body = self._body.replace(b"<head>", f"<head>{_early()}".encode(), 1)
        parts_early = parts.early(self._body.decode()) if self._body else ""
        body = body.replace(b"</head>", f"{parts_early}</head>".encode(), 1)
        headers = MutableHeaders(scope=self._start)
        if "content-length" in headers and self._body:  # that of a HEAD is left as it is
            headers["content-length"] = str(len(body))
        # They are of the file, which stays when Plotly's address changes.
        for name in ("etag", "last-modified"):
            del headers[name]
        return [self._start, {"type": "http.response.body", "body": body}]


def _wants_page(scope: Scope) -> bool:
    return "text/html" in Headers(scope=scope).get("accept", "")


def _unpacked(scope: Scope) -> Scope:
    """Give a request for a page of its own: neither packed nor one that the browser may have."""
    unwanted = (b"accept-encoding", b"if-none-match", b"if-modified-since")
    kept = [header for header in scope["headers"] if header[0].lower() not in unwanted]
    return {**scope, "headers": kept}


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    html = headers.get("content-type", "").startswith("text/html")
    return html and "attachment" not in headers.get("content-disposition", "")  # a report, say


@cache
def _early() -> str:
    """Give what loads plotly.js early, should it not, the first plot does; and `history.js`."""
    code, history = (
        Path(__file__).with_name(name).read_text(encoding="utf-8")
        for name in ("early.js", "history.js")
    )
    address = f"{FOLDER}/{PLOTLY}"
    script = f"<script>{{const PLOTLY = {json.dumps(address)}\n{code}}}\n{{{history}}}</script>"
    return f'<link rel="preload" fetchpriority="low" as="script" href="{address}">{script}'


def _later(module: str, name: str) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        made: Response = attrgetter(name)(import_module(module))(request)
        return made

    return answer


def _send_plotly(request: Request) -> Response:
    if "gzip" in request.headers.get("accept-encoding", ""):
        return script_response(plotly_script.gzipped(), {"Content-Encoding": "gzip"})
    return script_response(plotly_script.script())
