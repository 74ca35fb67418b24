"""A pad on which a series is drawn by hand; what is drawn is kept as a table like any other."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import streamlit as st

from pages.ui import session, uploads
from pages.ui.choosing import DRAWING, hold
from pages.ui.i18n import _
from pages.ui.prepared import table_of
from pages.ui.recent import forget_table
from pages.ui.runtime import store
from pages.ui.visitor import visitor
from rnn_core.messages import SeriesError

LEAST, USUAL, MOST = 50, 200, 500
MIDDLE, HIGH = 50.0, 100.0
KEY = "drawing-pad"

_component = st.components.v2.component(
    "rnn_draw",
    html="""
<div class="rnn-draw" role="slider" tabindex="0" aria-valuemin="0" aria-valuemax="100"
  aria-valuenow="50">
<svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
<path d="M0 25H1000M0 50H1000M0 75H1000"/><polyline/></svg><i class="rnn-draw-dot"></i></div>
""",
    css="""
.rnn-draw { position: relative; height: 220px; cursor: crosshair; touch-action: none;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); }
.rnn-draw:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.rnn-draw svg { width: 100%; height: 100%; display: block; overflow: visible; }
.rnn-draw path { stroke: var(--st-border-color); stroke-width: 1; fill: none;
  vector-effect: non-scaling-stroke; }
.rnn-draw polyline { stroke: var(--st-primary-color); stroke-width: 2; fill: none;
  vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.rnn-draw-dot { position: absolute; width: 10px; height: 10px; margin: -5px; border-radius: 50%;
  background: var(--st-primary-color); pointer-events: none; }
""",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,  # the theme's variables reach it in the page
)


def pad() -> None:
    """Draw the pad, the number of its points, and the button that clears it."""
    values = _drawn_before()
    count = USUAL if values is None else len(values)
    if values is None:
        count = st.session_state.get("data-points") or USUAL
    flat = np.full(count, MIDDLE)
    # The pad takes what comes from here when the stamp is a new one.
    stamp = f"{st.session_state.get('data-cleared', 0)} {count}"
    st.caption(
        _(
            "Draw over the line with the mouse or a finger. With keys: left and right choose a "
            "point, up and down move it, with Shift by ten."
        )
    )
    _component(
        key=KEY,
        data={
            "values": (flat if values is None else values).tolist(),
            "stamp": stamp,
            "label": _("Your series"),
            "said": _("Point {point} of {points}: {value}"),
        },
        height=224,
        on_drawn_change=_drawn,
    )
    hold("data-points", count)
    st.slider(
        _("Points"),
        LEAST,
        MOST,
        step=10,
        key="data-points",
        on_change=_resize,
        help=_("How many values the series has. A drawing is stretched to fit."),
    )
    st.button(
        _("Clear"),
        key="clear-drawing",
        on_click=_clear,
        disabled=values is None,
        icon=":material/ink_eraser:",
    )


def _drawn_before() -> np.ndarray | None:
    """Give the values of the drawing that is chosen, None where nothing is drawn yet."""
    digest = st.session_state.choices["table"]
    if not digest:
        return None
    try:
        table = table_of(digest, st.session_state.choices["reading"])
        return None if table is None else table.series().values
    except SeriesError:
        return None


def _drawn() -> None:
    """Take over what the pad says; it comes from a browser, so that anything may be in it."""
    drawn = dict(st.session_state.get(KEY) or {}).get("drawn")
    if not isinstance(drawn, list) or not LEAST <= len(drawn) <= MOST:
        return
    if all(isinstance(value, int | float) and math.isfinite(value) for value in drawn):
        _keep(np.clip(np.array(drawn, dtype=np.float64), 0, HIGH))


def _resize() -> None:
    values = _drawn_before()
    if values is not None:
        places = np.linspace(0, len(values) - 1, st.session_state["data-points"])
        _keep(np.interp(places, np.arange(len(values)), values))


def _clear() -> None:
    _forget(st.session_state.choices["table"])
    st.session_state["data-cleared"] = st.session_state.get("data-cleared", 0) + 1
    st.session_state["data-wanted"] = "drawing"
    session.choose({name: "" for name in session.TABLE_OPTIONS})


def _keep(values: np.ndarray) -> None:
    before = st.session_state.choices["table"]
    text = "value\n" + "".join(f"{value:.1f}\n" for value in values)
    table = uploads.take(text.encode(), DRAWING)
    if table is not None and before != table.digest:
        _forget(before)


def _forget(digest: str) -> None:
    """Forget a drawing that another takes the place of, unless a run was made with it."""
    if not digest or store().runs_with(visitor(), digest):
        return
    if any(u.digest == digest and u.filename == DRAWING for u in store().tables_of(visitor())):
        store().delete_table(visitor(), digest)
        forget_table(digest)
