"""Scrubbing goes ahead of the page: the browser asks for the pictures of another epoch by itself.

Streamlit's own way from a key to a new picture is a run of the page's fragment, and most of its
time is spent on what stays as it is. So the fragment leaves word of how its pictures are made at
another epoch, the browser draws them at once, and the words follow with the fragment.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pages.ui.i18n import locale, speaking
from pages.ui.inside.opened import in_step
from pages.ui.plot import DRAW
from pages.ui.scripts import HAND, Script
from rnn_core.messages import RnnError

AHEAD = Script("ahead.js", PLOTS=DRAW.address, HAND=HAND.address)
"""The module that asks for pictures."""
KEY = "inside-ahead"
OFFERED = "inside_offered"
HEARD = "inside_heard"  # how often the browser has told where it is

_component = st.components.v2.component(
    "rnn_ahead",
    html="<i hidden></i>",
    js=AHEAD.component(),
    isolate_styles=False,
)


@dataclass(eq=False)
class Ahead:
    """How the pictures that the page shows are made at any of the epochs ``kept``.

    ``pictures`` gives, by a plot's key, a figure's JSON text and its words for an epoch; what they
    are ``made_of`` besides is compared, so that one who asks knows what is still true. The one
    ``before`` still answers.
    """

    kept: tuple[int, ...]
    pictures: dict[str, Callable[[int], tuple[str, str]]] = field(default_factory=dict)
    made_of: dict[str, Hashable] = field(default_factory=dict)
    locale: str = field(default_factory=locale)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    before: Ahead | None = None


# Each is held by its session alone, and goes with it.
_offered: WeakValueDictionary[str, Ahead] = WeakValueDictionary()


def offer(
    ahead: Ahead,
    *,
    shown: int,
    chosen: int,
    slid: int,
    led: bool,
    on_epoch: Callable[[int], None],
) -> None:
    """Let the browser go ahead of the epoch that is ``shown``; keys count from the ``chosen`` one.

    ``slid`` is how often the slider is said to have chosen: the browser knows when no hand did.
    ``on_epoch`` is called with an epoch to which a key or a button has led, or, while the page
    itself moves the slider (``led``), a hand on the slider. The server needs `routes`.
    """
    before = st.session_state.get(OFFERED)
    if isinstance(before, Ahead) and (before.made_of, before.kept, before.locale) == (
        ahead.made_of,
        ahead.kept,
        ahead.locale,
    ):
        ahead.token, ahead.before = before.token, before.before
    elif isinstance(before, Ahead):
        before.before = None
        ahead.before = before  # a question may be on its way
    st.session_state[OFFERED] = ahead
    _offered[ahead.token] = ahead

    kept = ahead.kept

    def came() -> None:
        state = st.session_state
        state[HEARD] = state.get(HEARD, 0) + 1  # also where it changes nothing else of the answer
        epoch = state[KEY].epoch
        if isinstance(epoch, int):  # one that a live run has dropped meanwhile, perhaps
            on_epoch(in_step(kept, epoch))

    data = {"token": ahead.token, "epochs": kept, "shown": shown, "chosen": chosen, "slid": slid}
    data |= {"led": led, "heard": st.session_state.get(HEARD, 0)}
    _component(key=KEY, data=data, height=0, on_epoch_change=came)


def send_pictures(request: Request) -> Response:
    """Answer a page that asks for its pictures at another epoch."""
    ahead = _offered.get(request.path_params["token"])
    try:
        epoch = int(request.query_params.get("epoch", ""))
    except ValueError:
        return Response(status_code=400)
    if ahead is None:
        return Response(status_code=404)
    if epoch not in ahead.kept:  # any more: a live run drops some
        return Response(status_code=204)
    found = {}
    try:
        with speaking(ahead.locale):
            for key, picture in ahead.pictures.items():
                figure, alt = picture(epoch)
                found[key] = {"figure": figure, "alt": alt, "epoch": epoch}
    except RnnError:  # the run is gone, or this epoch of it: the page says so itself
        return Response(status_code=204)
    return JSONResponse(found, headers={"Cache-Control": "no-store"})
