"""Units: what each one follows, which move alike, and a picture to switch them off in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from pages.ui.i18n import _, plain, say
from pages.ui.inside import opened
from pages.ui.inside.followed import table
from pages.ui.inside.picture import show
from pages.ui.inside.scene import Scene, columns, series_said, settle, tell
from pages.ui.inside.without import off_key, without
from rnn_core.inside.units import INPUT, UnitTable, unit_places
from rnn_core.messages import N_
from rnn_core.plots import (
    unit_map_alt,
    unit_map_figure,
    unit_signals_alt,
    unit_signals_figure,
)
from rnn_core.plots.drawn import Spec

DRAG = "inside-drag"
DRAGS = {"lasso": N_("Lasso"), "select": N_("Box"), "pan": N_("Click only")}
SEASON = N_("Season")


def units(scenes: Sequence[Scene]) -> None:
    """Draw what the units follow, and the forecast without those that are switched off."""
    several = len(scenes) > 1
    drag = _drag() if several else ""  # one choice for all, above them
    for place, scene in zip(columns(scenes), scenes, strict=True):
        with place:
            tell(
                scene,
                _("{found} Measured over one long reading. {read}").format(
                    found=plain(say(_table_of(scene).said)), read=series_said(scene)
                ),
            )
            _signals(scene)
            across = [st.container(), st.container()] if several else st.columns(2, gap="small")
            with across[0]:
                _map(scene, drag or _drag())
            with across[1]:
                without(scene)


def _table_of(scene: Scene) -> UnitTable:
    return table(scene.network, scene.series_reading, scene.layer)


def _signals(scene: Scene) -> None:
    order, switch = scene.order(), _switch(scene)
    show(
        scene,
        "signals",
        _signals_picture,
        height=190,
        on_cell=lambda _row, column, _trace: switch([int(order[column])]),
    )
    st.caption(
        _(
            "Input: what is read, prepared. Level and Change: of the series itself. Season: how "
            "well two waves of the season explain the unit, from 0 to 1. Click a unit to switch "
            "it off or on."
        )
    )


def _signals_picture(scene: Scene) -> tuple[Spec, str]:
    followed = _table_of(scene)
    shown = dict(followed.correlations)
    if followed.season is not None:
        shown[SEASON] = np.sqrt(followed.season)
    figure = unit_signals_figure.spec(
        shown,
        unit_order=scene.order(),
        label=_("Correlation of each unit of layer {number} with …").format(number=scene.layer + 1),
        translate=_,
    )
    return figure, say(unit_signals_alt(shown, followed.said))


def _drag() -> str:
    settle(DRAG, DRAGS, "lasso")
    return str(
        st.segmented_control(
            _("Switch units off on the map by"),
            list(DRAGS),
            required=True,
            format_func=lambda name: _(DRAGS[name]),
            key=DRAG,
            persist_state="session",
            help=_(
                "Draw around units to switch them off, or around units that are off to switch "
                "them on again. A click takes one unit; the list of units does the same by keys."
            ),
        )
    )


def _map(scene: Scene, drag: str) -> None:
    """Draw the units where those that move alike lie together, to be drawn around."""
    count = scene.network.layers[scene.layer].units
    chosen = st.session_state.get(off_key(scene), [])
    off = tuple(unit - 1 for unit in chosen if unit <= count)
    show(scene, "map", _map_picture, off, drag, height=330, on_points=_switch(scene))
    st.caption(
        _(
            "A dot is a unit. Those that move alike lie together, those that mirror each other "
            "face to face, and in the middle lies what goes with neither component of the state "
            "space. A cross is a unit that is switched off."
        )
    )


def _map_picture(scene: Scene, off: tuple[int, ...], drag: str) -> tuple[Spec, str]:
    followed, reading = _table_of(scene), scene.series_reading
    fitted = opened.paths(scene.run, scene.kept, reading, scene.layer)
    h = opened.states(scene.network, reading)[scene.layer]
    places = unit_places(h, fitted.space.project(h))
    if followed.season is not None:
        strength, label = np.sqrt(followed.season), _("Season")
    else:
        strength, label = np.abs(followed.correlations[INPUT]), _("|r| with input")
    figure = unit_map_figure.spec(
        places, strength, off=off, strength_label=label, drag=drag, translate=_
    )
    return figure, say(unit_map_alt(places, off))


def _switch(scene: Scene) -> Callable[[list[int]], None]:
    """Give what switches units, counted from 0, off, or on again where all of them are off."""
    key = off_key(scene)

    def switch(units: list[int]) -> None:
        chosen = {unit + 1 for unit in units}
        off = set(st.session_state.get(key, []))
        st.session_state[key] = sorted(off - chosen if chosen <= off else off | chosen)

    return switch
