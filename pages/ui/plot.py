"""Plotly figures that are updated in place: zoom, hover and legend outlive new data."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui.once import once
from pages.ui.scripts import Script
from pages.ui.served import PLOTLY
from rnn_core.palette import DARK, LIGHT, swap
from rnn_core.plots.drawn import Spec, to_json

REDRAW = Script("redraw.js")
DRAW = Script("plot.js", DARK=swap(LIGHT, DARK), PLOTLY=PLOTLY, REDRAW=REDRAW.address)
"""The module that draws."""

_component = st.components.v2.component(
    "rnn_plot",
    html='<div class="rnn-plot" role="img"></div>',
    css="""
.rnn-plot { width: 100%; background: var(--st-background-color);
  color: var(--st-text-color); font-family: var(--st-font); overflow: hidden; }
.rnn-clicks .nsewdrag { cursor: pointer; }
.rnn-picks .nsewdrag { cursor: crosshair; }
""",
    js=DRAW.component(),
    isolate_styles=False,  # Plotly's own styles are in the document's head
)


def plot(
    figure: Spec | str,
    *,
    key: str,
    height: int,
    alt: str,
    version: str | None = None,
    run: str = "",
    epoch: int | None = None,
    setting: str | None = None,
    zooms: bool = False,
    on_cell: Callable[[int, int, int], None] | None = None,
    on_points: Callable[[list[int]], None] | None = None,
) -> None:
    """Show a figure, or its JSON text, ``height`` pixels high; ``alt`` says it in words.

    With a ``version``, what the figure is of, it is kept up to date where ``run`` is followed.
    With the ``epoch``, or the ``setting``, that it shows, what was drawn ahead of it stays until
    the page is there, too.
    With ``zooms`` a new zoom runs the script, or the fragment around this, again: see `zoomed`.
    ``on_cell`` is called, before the page is drawn again, with row and column of a heatmap's cell
    that was clicked, counted as drawn, and with the number of its trace. ``on_points`` is called so
    with the numbers of the first trace's points that were clicked, or drawn around where the
    figure's ``dragmode`` is a lasso or a box. The server needs `routes`.
    """
    text = figure if isinstance(figure, str) else to_json(figure)
    data: dict[str, object] = {"figure": text, "height": height, "alt": alt}
    if epoch is not None:
        data |= {"name": key, "epoch": epoch}
    if setting is not None:
        data |= {"name": key, "setting": setting}
    if version is not None:
        data |= {"name": key, "version": version, "run": run}
    told: dict[str, Callable[[], None]] = {}
    if zooms and not isinstance(figure, str):
        data["revision"] = figure["layout"]["xaxis"].get("uirevision")
        told["on_shown_change"] = lambda: None
    if on_cell is not None:

        def clicked() -> None:
            cell = st.session_state[key].cell
            if cell:
                on_cell(int(cell["row"]), int(cell["column"]), int(cell["trace"]))

        data["clicks"] = True
        told["on_cell_change"] = once(clicked)
    if on_points is not None:

        def chosen() -> None:
            points = st.session_state[key].points
            if points:
                on_points([int(point) for point in points])

        data["picks"] = True
        told["on_points_change"] = once(chosen)
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
