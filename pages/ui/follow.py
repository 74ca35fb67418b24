"""The browser follows a run that goes on: five times a second it asks for what is new.

A request for news costs the server a few milliseconds; a run of the page's script costs it thirty,
and the browser twice as many, however little changes: so the script runs only where a button or a
sentence changes, that is, where the run's state does.
"""

from __future__ import annotations

import json

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pages.ui import status
from pages.ui.i18n import locale, speaking
from pages.ui.panels import PANELS, Shown, version
from pages.ui.plot import DRAW
from pages.ui.prepared import windows_of
from pages.ui.runtime import store
from pages.ui.scripts import Script
from pages.ui.watch import awaited, watched
from rnn_core.messages import RnnError
from rnn_core.plots.drawn import to_json

FOLLOW = Script("follow.js", PLOTS=DRAW.address)
"""The module that asks for news."""

_component = st.components.v2.component(
    "rnn_follow",
    html="<i hidden></i>",
    js=FOLLOW.component(),
    isolate_styles=False,
)


def follow(shown: Shown, speed: float) -> None:
    """Keep the panels, the progress and the tiles of a run up to date while more is to come.

    When its state changes, the page's script runs again. The server needs `routes`.
    """
    run = shown.run
    if not awaited(run):
        return
    asked = {"log": int(shown.log), "layer": shown.layer, "speed": speed, "locale": locale()}
    data = {"run": run.id, "state": run.state.value, "asked": asked}
    _component(key="follow", data=data, height=0, on_changed_change=lambda: None)


def send_news(request: Request) -> Response:
    """Answer a page that asks for what is new of a run."""
    asked = request.query_params
    try:
        layer, speed = int(asked.get("layer", 0)), float(asked.get("speed", 0))
        have = json.loads(asked.get("have", "{}"))
        known = have if isinstance(have, dict) else {}
    except ValueError:
        return Response(status_code=400)
    with speaking(asked.get("locale", "en")):
        found = news(
            request.path_params["run_id"],
            log=asked.get("log") == "1",
            layer=layer,
            speed=speed,
            have=known,
        )
    if found is None:
        return Response(status_code=404)
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


def news(
    run_id: str, *, log: bool, layer: int, speed: float, have: dict[str, str]
) -> dict[str, object] | None:
    """Give what a page shows of a run, or None if there is nothing to show.

    Of the pictures only those of which the page does not ``have`` the version.
    """
    run = store().run(run_id)
    if run is None or not 0 <= layer < run.experiment.model.layers:
        return None
    try:
        windows = windows_of(run.experiment)
    except RnnError:  # its table is gone
        return None
    shown = Shown(run, windows, watched(run), log=log, layer=layer)
    share, text = status.progress(shown, speed)
    plots = {}
    for key, panel in PANELS.items():
        current = version(key, shown)
        if have.get(key) != current:
            figure, alt = panel.draw(shown)
            plots[key] = {"figure": to_json(figure), "alt": alt, "version": current}
    return {
        "state": run.state.value,
        "awaited": awaited(run),
        "progress": {"percent": round(100 * share, 1), "text": text},
        "tiles": [value for _label, value, _tip in status.tiles(shown)],
        "plots": plots,
    }
