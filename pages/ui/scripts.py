"""The JavaScript modules of this folder, as the browser gets them, and where.

Loaded before the server answers, so it is light.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response

_BASE = (st.get_option("server.baseUrlPath") or "").strip("/")
BASE = f"/{_BASE}" if _BASE else ""
"""The address that all of the server's begin with."""
FOLDER = f"{BASE}/plotly"
"""Where the scripts are."""
_YEAR = 365 * 24 * 3600


class Script:
    """A module of this folder, with what only the server knows as constants before its text."""

    def __init__(self, name: str, **constants: object) -> None:
        lines = [f"const {constant} = {json.dumps(value)}" for constant, value in constants.items()]
        text = Path(__file__).with_name(name).read_text(encoding="utf-8")
        self._content = "\n".join([*lines, text]).encode()
        self.address = f"{name}?v={hashlib.sha256(self._content).hexdigest()[:12]}"
        """Where it is in the folder of scripts; it changes with the text."""

    def send(self, _request: Request) -> Response:
        """Answer with it."""
        return script_response(self._content)

    def component(self) -> str:
        """Give the code of a component that this is.

        Streamlit sends a component's code with every update: so it is short, and the rest a file.
        """
        return f"""
export default async (component) =>
  (await import(new URL("{FOLDER}/{self.address}", document.baseURI))).default(component)
"""


def script_response(content: bytes, headers: dict[str, str] | None = None) -> Response:
    """Answer with a script whose address changes with it."""
    # The addresses carry a version, so what they name never changes.
    caching = {"Cache-Control": f"public, max-age={_YEAR}, immutable", "Vary": "Accept-Encoding"}
    return Response(content, media_type="text/javascript", headers=caching | (headers or {}))


HAND = Script("hand.js")
"""What those share that go ahead of the page."""
