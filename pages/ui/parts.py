"""The parts of Streamlit's own script: asked for early, and sent from memory.

A page needs a hundred of them before it is whole. Read from the disk each takes the server some
milliseconds, in other threads; from memory a fraction of that.

Loaded before the server answers, so it is light.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import streamlit as st
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.ui.scripts import BASE, script_response

FOLDER = Path(st.__file__).parent / "static" / "static" / "js"
ADDRESS = "/static/js/"
# What a page's first widgets are loaded with, one of each kind after the other.
FIRST = (
    "Html", "Selectbox", "PageLink", "ButtonGroup", "NumberInput", "Checkbox", "MenuButton",
    "Button", "BidiComponent",
)  # fmt: skip
IMPORTED = re.compile(r"""\b(?:from|import)["']\./([^"']+[.]js)["']""")
MOST_HELD = 200


class Parts:
    """ASGI middleware: answers with a part, and passes all else on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let Streamlit do it."""
        answer = None
        if scope["type"] == "http" and scope["method"] == "GET":
            base, found, name = scope["path"].rpartition(ADDRESS)
            if found and base == BASE and name in _names():
                answer = _part(name)
        await (answer or self._app)(scope, receive, send)


@lru_cache(maxsize=1)  # there is one page
def early(page: str) -> str:
    """Give what loads the parts of a first page's widgets behind those that ``page`` names.

    A widget's part is otherwise asked for when the first of its kind is drawn, and what that rests
    on when it has come.
    """
    named = set(re.findall(rf"{ADDRESS}([^\"']+[.]js)", page))
    wanted: dict[str, None] = {}
    waiting = [part.name for kind in FIRST for part in sorted(FOLDER.glob(f"{kind}.*.js"))]
    while waiting:
        name = waiting.pop(0)
        if name not in named and name not in wanted and (FOLDER / name).is_file():
            wanted[name] = None
            waiting += IMPORTED.findall((FOLDER / name).read_text(encoding="utf-8"))
    return "".join(
        f'<link rel="modulepreload" fetchpriority="low" crossorigin href=".{ADDRESS}{name}">'
        for name in wanted
    )


@cache
def _names() -> frozenset[str]:
    return frozenset(part.name for part in FOLDER.glob("*.js"))


@lru_cache(maxsize=MOST_HELD)
def _part(name: str) -> Response:
    return script_response((FOLDER / name).read_bytes())
