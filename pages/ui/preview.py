"""The picture of a series follows its sliders ahead of the page.

Streamlit's own way from a slider to a new picture is a run of the page's script, which draws all
that depends on the series and all that does not. So the browser asks for the picture alone.
"""

from __future__ import annotations

import dataclasses
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pages.ui.i18n import locale, speaking
from pages.ui.plot import DRAW
from pages.ui.scripts import HAND, Script
from rnn_core.config import OPTIONS, SeriesConfig
from rnn_core.messages import RnnError
from rnn_core.series import Series, load_series
from rnn_core.series.generators import GENERATORS, read_parameters, write_parameters

PREVIEW = Script("preview.js", PLOTS=DRAW.address, HAND=HAND.address)
"""The module that asks for pictures."""
OFFERED = "preview_offered"
SHARED = ("length", "noise", "outliers", "gaps")
HEAD_START_SECONDS = 0.08  # in which the picture is asked for, made and drawn

_component = st.components.v2.component(
    "rnn_preview",
    html="<i hidden></i>",
    js=PREVIEW.component(),
    isolate_styles=False,
)


@dataclass(eq=False)
class Preview:
    """How the series of ``config`` is drawn with other settings: a figure's JSON text and words."""

    config: SeriesConfig
    draw: Callable[[Series], tuple[str, str]]
    locale: str = field(default_factory=locale)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))


# Each is held by its session alone, and goes with it.
_offered: WeakValueDictionary[str, Preview] = WeakValueDictionary()


def sliders(config: SeriesConfig) -> dict[str, str]:
    """Give the keys of the sliders that shape a series, each with what it sets."""
    name = config.source
    own = GENERATORS[name].parameters if name in GENERATORS else ()
    return {f"parameter-{name}-{option.name}": option.name for option in own} | {
        f"data-{name}": name for name in SHARED
    }


def setting(config: SeriesConfig) -> str:
    """Say where the sliders stand in a series, in one way for page and preview."""
    return "|".join([config.parameters, *(f"{getattr(config, name):.9g}" for name in SHARED)])


def offer(config: SeriesConfig, draw: Callable[[Series], tuple[str, str]], *, plot: str) -> None:
    """Let the picture of the series of ``config``, the plot with that key, follow its sliders.

    The server needs `routes`.
    """
    preview = Preview(config, draw)
    before = st.session_state.get(OFFERED)
    if isinstance(before, Preview) and _fixed(before.config) == _fixed(config):
        preview.token = before.token  # who asked before this run is answered, too
    st.session_state[OFFERED] = preview
    _offered[preview.token] = preview
    data = {"token": preview.token, "sliders": list(sliders(config)), "plot": plot}
    _component(key="preview", data=data, height=0)


def give_way() -> None:
    """Let the picture of a slider that was just moved go first.

    Beside a run of the page's script, and what the browser makes of it, it takes three times as
    long.
    """
    preview = st.session_state.get(OFFERED)
    if isinstance(preview, Preview) and preview.config.source == st.session_state.choices["series"]:
        time.sleep(HEAD_START_SECONDS)


def _fixed(config: SeriesConfig) -> SeriesConfig:
    """Give what the sliders leave as it is: with it a picture's token stays."""
    still = {name: OPTIONS[name].default for name in SHARED} | {"parameters": ""}
    return dataclasses.replace(config, **still)


def send_preview(request: Request) -> Response:
    """Answer a page whose sliders are being moved."""
    preview = _offered.get(request.path_params["token"])
    if preview is None:
        return Response(status_code=404)
    try:
        config = changed(preview.config, request.query_params)
    except RnnError:
        return Response(status_code=400)
    try:
        with speaking(preview.locale):
            # Not among what is kept for all sessions: a slider goes through many series.
            figure, alt = preview.draw(load_series(config))
    except RnnError:  # the page says what is wrong with it
        return Response(status_code=404)
    answer = {"figure": figure, "alt": alt, "setting": setting(config)}
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def changed(config: SeriesConfig, texts: Mapping[str, str]) -> SeriesConfig:
    """Give ``config`` with its sliders as in ``texts``, by their keys; ``ConfigError`` if wrong."""
    said = {name: texts[key] for key, name in sliders(config).items() if key in texts}
    shared = {name: OPTIONS[name].parse(said.pop(name)) for name in SHARED if name in said}
    if config.source in GENERATORS:
        values = read_parameters(config.source, config.parameters)
        for option in GENERATORS[config.source].parameters:
            if option.name in said:
                values[option.name] = option.parse(said[option.name])
        shared["parameters"] = write_parameters(config.source, values)
    return dataclasses.replace(config, **shared)
