"""What is put into the page before Streamlit sends it."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message

from pages.ui.served import FOLDER, PLOTLY, EarlyPlotly

PAGE = "<!DOCTYPE html><html><head><title>é</title></head><body></body></html>"


def answer(app: ASGIApp, method: str = "GET") -> tuple[dict[str, str], bytes]:
    """Give headers and body of the answer that goes out."""
    sent: list[Message] = []

    async def receive() -> Message:
        return await asyncio.Future()  # nothing more comes from the browser

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "method": method, "path": "/", "headers": []}
    asyncio.run(EarlyPlotly(app)(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return headers, b"".join(each.get("body", b"") for each in sent[1:])


def test_a_page_loads_plotly_before_all_else() -> None:
    headers, body = answer(HTMLResponse(PAGE))
    before, _script, after = body.decode().partition("</script>")
    address = f"{FOLDER}/{PLOTLY}"
    assert before.startswith(
        f'<!DOCTYPE html><html><head><script async id="rnn-plotly" src="{address}"'
    )
    assert after == PAGE.partition("<head>")[2]
    assert headers["content-length"] == str(len(body))


def test_a_page_in_parts_is_put_together() -> None:
    parts = [PAGE[:20].encode(), PAGE[20:].encode()]

    async def pieces():
        for part in parts:
            yield part

    _headers, body = answer(StreamingResponse(pieces(), media_type="text/html"))
    assert body.count(b"rnn-plotly") == 1
    assert body.endswith(b"</html>")


def test_what_is_no_page_goes_out_as_it_is() -> None:
    assert answer(JSONResponse({"text": "<head>"}))[1] == b'{"text":"<head>"}'
    packed = Response(b"<head>", media_type="text/html", headers={"Content-Encoding": "gzip"})
    assert answer(packed)[1] == b"<head>"


def test_a_page_that_is_only_asked_about_keeps_its_length() -> None:
    about = Response(media_type="text/html", headers={"Content-Length": "100"})
    headers, body = answer(about, "HEAD")
    assert (headers["content-length"], body) == ("100", b"")
