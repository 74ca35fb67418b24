"""Plotly figures that are updated in place: zoom, hover and legend outlive new data."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path

import pandas  # noqa: F401 - see below
import plotly
import plotly.graph_objects as go
import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rnn_core.palette import DARK, LIGHT, swap

# Plotly uses pandas as soon as another thread has begun to import it, even half done: it has to be
# there before the first figure.
_YEAR = 365 * 24 * 3600
_PLOTLY = f"plotly.min.js?v={plotly.__version__}"
_DRAW = "\n".join(
    [
        f"const DARK = {json.dumps(swap(LIGHT, DARK))}",
        f"const PLOTLY = {json.dumps(_PLOTLY)}",
        Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    ]
)
_VERSION = hashlib.sha256(_DRAW.encode()).hexdigest()[:12]
_BASE = (st.get_option("server.baseUrlPath") or "").strip("/")
FOLDER = f"/{_BASE}/plotly" if _BASE else "/plotly"
"""Where the scripts are."""
SCRIPT = f"plot.js?v={_VERSION}"
"""The module that draws, in that folder."""


def component_script(name: str) -> str:
    """Give the code of a component whose module of that name is in the folder.

    Streamlit sends a component's code with every update: so it is short, and the rest is a file.
    """
    return f"""
export default async (component) =>
  (await import(new URL("{FOLDER}/{name}", document.baseURI))).default(component)
"""


_component = st.components.v2.component(
    "rnn_plot",
    html='<div class="rnn-plot" role="img"></div>',
    css="""
.rnn-plot { width: 100%; background: var(--st-background-color);
  color: var(--st-text-color); font-family: var(--st-font); overflow: hidden; }
.rnn-clicks .nsewdrag { cursor: pointer; }
""",
    js=component_script(SCRIPT),
    isolate_styles=False,  # Plotly's own styles are in the document's head
)


def plot(
    figure: go.Figure,
    *,
    key: str,
    height: int,
    alt: str,
    version: str | None = None,
    zooms: bool = False,
    on_cell: Callable[[int, int], None] | None = None,
) -> None:
    """Show a figure, ``height`` pixels high; ``alt`` says it in words.

    With a ``version``, what the figure is of, it is kept up to date where a run is followed.
    With ``zooms`` a new zoom runs the script, or the fragment around this, again: see `zoomed`.
    ``on_cell`` is called, before the page is drawn again, with row and column of a heatmap's cell
    that was clicked; row counts as drawn, from the first. The server needs `plotly_routes`.
    """
    data: dict[str, object] = {"figure": figure.to_json(), "height": height, "alt": alt}
    if version is not None:
        data |= {"name": key, "version": version}
    told: dict[str, Callable[[], None]] = {}
    if zooms:
        data["revision"] = figure.layout.xaxis.uirevision
        told["on_shown_change"] = lambda: None
    if on_cell is not None:

        def clicked() -> None:
            cell = st.session_state[key].cell
            if cell:
                on_cell(int(cell["row"]), int(cell["column"]))

        data["clicks"] = True
        told["on_cell_change"] = clicked
    _component(key=key, data=data, height=height, **told)


def zoomed(key: str, revision: str | None) -> tuple[float | str, float | str] | None:
    """Give the ends of the horizontal axis as someone has zoomed it, None for all of it.

    ``revision`` is that of the axis to be drawn: a zoom of another one does not count.
    """
    shown = dict(st.session_state.get(key) or {}).get("shown")
    if not isinstance(shown, dict) or shown.get("of") != revision:
        return None
    ends = shown.get("range")
    usable = isinstance(ends, list) and len(ends) == 2
    if not usable or not all(isinstance(end, int | float | str) for end in ends):
        return None
    return ends[0], ends[1]


def plotly_routes() -> list[Route]:
    """Give the routes to plotly.js and to the code that draws with it, for ``st.App``."""
    return [
        Route(f"{FOLDER}/plotly.min.js", _send_plotly),
        Route(f"{FOLDER}/plot.js", _send_draw),
    ]


class PreloadPlotly:
    """ASGI middleware: lets the browser fetch plotly.js while Streamlit's own scripts load."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        # The first visitor should not wait for the packing.
        threading.Thread(target=_plotly_gzipped, daemon=True).start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and name the script in the answer to one for a page."""

        async def send_with_link(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("link", f"<{FOLDER}/{_PLOTLY}>; rel=preload; as=script")
            await send(message)

        await self._app(scope, receive, send_with_link if scope["type"] == "http" else send)


def _send_plotly(request: Request) -> Response:
    if "gzip" in request.headers.get("accept-encoding", ""):
        return script_response(_plotly_gzipped(), {"Content-Encoding": "gzip"})
    return script_response(_plotly())


def _send_draw(request: Request) -> Response:
    return script_response(_DRAW.encode())


def script_response(content: bytes, headers: dict[str, str] | None = None) -> Response:
    """Answer with a script whose address changes with it."""
    # The addresses carry a version, so what they name never changes.
    caching = {"Cache-Control": f"public, max-age={_YEAR}, immutable", "Vary": "Accept-Encoding"}
    return Response(content, media_type="text/javascript", headers=caching | (headers or {}))


def _plotly() -> bytes:
    return (resources.files("plotly") / "package_data" / "plotly.min.js").read_bytes()


@cache
def _plotly_gzipped() -> bytes:
    return gzip.compress(_plotly(), 6)
