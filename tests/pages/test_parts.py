from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
import streamlit
from starlette.responses import PlainTextResponse
from starlette.types import Message

from pages.ui import parts
from pages.ui.parts import FIRST, FOLDER, Parts, early

PAGE = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
ANY = next(FOLDER.glob("Selectbox.*.js"))


def answer(path: str, method: str = "GET") -> tuple[dict[str, str], bytes]:
    """Give headers and body of what is answered, by Streamlit ("passed on") or for it."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "method": method, "path": path, "headers": []}
    asyncio.run(Parts(PlainTextResponse("passed on"))(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return headers, b"".join(each.get("body", b"") for each in sent[1:])


@pytest.mark.parametrize("base", ["", "/base"])
def test_a_part_is_sent_for_good(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "BASE", base)
    headers, body = answer(f"{base}/static/js/{ANY.name}")
    assert body == ANY.read_bytes()
    assert headers["content-type"].startswith("text/javascript")
    assert headers["content-length"] == str(len(body))
    assert "immutable" in headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    ["/", "/static/js/", "/static/js/none.js", "/static/js/../../index.html", "/static/js/../x.js",
     f"/static/{ANY.name}", "/static/js/..", "/static/js/%2e%2e/a.js",
     f"/app/static/js/{ANY.name}"],
)  # fmt: skip
def test_all_else_is_passed_on(path: str) -> None:
    assert answer(path)[1] == b"passed on"


def test_what_is_only_asked_about_is_passed_on() -> None:
    assert answer(f"/static/js/{ANY.name}", "HEAD")[1] == b"passed on"


def test_the_first_widgets_parts_and_what_they_rest_on_are_asked_for_once() -> None:
    asked = re.findall(r'href="\./static/js/([^"]+)"', early(PAGE))
    assert {name.partition(".")[0] for name in asked} >= set(FIRST)
    assert len(set(asked)) == len(asked)
    there = set(asked) | set(re.findall(r"static/js/([^\"]+)\"", PAGE))
    for name in asked:
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert set(re.findall(r'from"\./([^"]+\.js)"', text)) <= there
    assert not set(asked) & set(re.findall(r"static/js/([^\"]+)\"", PAGE))
