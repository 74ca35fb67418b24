"""What is put into the page before Streamlit sends it."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message

from pages.ui.served import FOLDER, PLOTLY, EarlyPlotly

PAGE = "<!DOCTYPE html><html><head><title>é</title></head><body></body></html>"


def answer(
    app: ASGIApp, method: str = "GET", accept: str = "text/html,*/*;q=0.8"
) -> tuple[dict[str, str], bytes]:
    """Give headers and body of the answer that goes out."""
    sent: list[Message] = []

    async def receive() -> Message:
        return await asyncio.Future()  # nothing more comes from the browser

    async def send(message: Message) -> None:
        sent.append(message)

    asked = {"accept": accept, "accept-encoding": "gzip", "if-none-match": '"file"'}
    headers = [(name.encode(), value.encode()) for name, value in asked.items()]
    scope: dict[str, Any] = {"type": "http", "method": method, "path": "/", "headers": headers}
    asyncio.run(EarlyPlotly(app)(scope, receive, send))
    given = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return given, b"".join(each.get("body", b"") for each in sent[1:])


def test_a_page_loads_plotly_early() -> None:
    headers, body = answer(HTMLResponse(PAGE, headers={"ETag": '"file"', "Last-Modified": "then"}))
    before, _script, after = body.decode().partition("</script>")
    address = f"{FOLDER}/{PLOTLY}"
    link = f'<link rel="preload" fetchpriority="low" as="script" href="{address}">'
    assert before.startswith(f"<!DOCTYPE html><html><head>{link}<script>{{")
    assert f'const PLOTLY = "{address}"' in before
    assert "history.pushState = " in before
    assert re.sub("<link[^>]*>", "", after) == PAGE.partition("<head>")[2]
    assert headers["content-length"] == str(len(body))
    # They are of the file alone: a browser that has it may have it with another address.
    assert not {"etag", "last-modified"} & set(headers)


def test_a_page_is_asked_for_whole_and_unpacked() -> None:
    packing = GZipMiddleware(HTMLResponse(PAGE + " " * 2000), minimum_size=100)
    headers, body = answer(packing)
    assert "content-encoding" not in headers
    assert body.count(PLOTLY.encode()) == 2
    assert "content-encoding" in answer(packing, accept="*/*")[0]


def test_a_page_in_parts_is_put_together() -> None:
    parts = [PAGE[:20].encode(), PAGE[20:].encode()]

    async def pieces():
        for part in parts:
            yield part

    _headers, body = answer(StreamingResponse(pieces(), media_type="text/html"))
    assert body.count(b'rel="preload"') == 1
    assert body.count(b"</head>") == 1
    assert body.endswith(b"</html>")


def test_what_is_no_page_goes_out_as_it_is() -> None:
    assert answer(JSONResponse({"text": "<head>"}))[1] == b'{"text":"<head>"}'


def test_a_page_to_be_saved_goes_out_as_it_is() -> None:
    saved = HTMLResponse(PAGE, headers={"Content-Disposition": 'attachment; filename="a.html"'})
    assert answer(saved)[1] == PAGE.encode()


def test_a_page_that_is_only_asked_about_keeps_its_length() -> None:
    about = Response(media_type="text/html", headers={"Content-Length": "100"})
    headers, body = answer(about, "HEAD")
    assert (headers["content-length"], body) == ("100", b"")
