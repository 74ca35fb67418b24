"""State space: the way of the hidden state through its principal components."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from pages.ui.i18n import _, say
from pages.ui.inside import opened
from pages.ui.inside.picture import show
from pages.ui.inside.scene import Scene, columns, series_said, settle, tell
from rnn_core.inside.space import trajectory_said
from rnn_core.plots import path_ranges, trajectory_alt, trajectory_figure
from rnn_core.plots.drawn import Spec

AXES = "inside-axes"
COLOUR = "inside-colour"
CHOICES = {"1-2": (1, 2), "1-3": (1, 3), "2-3": (2, 3), "3d": (1, 2, 3)}


def space(scenes: Sequence[Scene]) -> None:
    """Draw the path of h while the network reads the whole series."""
    with st.container(horizontal=True):
        units = min(scene.network.layers[scene.layer].units for scene in scenes)
        possible = [name for name, chosen in CHOICES.items() if max(chosen) <= units]
        if not possible:
            st.info(_("One unit has no plane to move in."))
            return
        settle(AXES, possible, possible[0])
        name = st.segmented_control(
            _("Components"),
            possible,
            required=True,
            format_func=lambda name: _named(CHOICES[name]),
            key=AXES,
            persist_state="session",
            help=_(
                "The axes along which h moves most, fitted to all epochs together. All three at "
                "once can be turned by dragging; two at a time are the same path from one side."
            ),
        )
        seasonal = all(scene.windows.series.season > 1 for scene in scenes)
        by_season = False
        if seasonal:
            settle(COLOUR, (True, False), True)
            by_season = st.toggle(_("Colour by season"), key=COLOUR, persist_state="session")
    if len(scenes) > 1:
        st.caption(
            _(
                "Each run has axes of its own, fitted to its own states: compare the shapes, not "
                "the places."
            )
        )
    for place, scene in zip(columns(scenes), scenes, strict=True):
        with place:
            _space(scene, CHOICES[str(name)], season=by_season)


def _named(components: tuple[int, ...]) -> str:
    if len(components) == 3:
        return _("All three (3-D)")
    return _("{first} and {second}").format(first=components[0], second=components[1])


def _space(scene: Scene, components: tuple[int, ...], *, season: bool) -> None:
    reading = scene.series_reading
    fitted = opened.paths(scene.run, scene.kept, reading, scene.layer)
    h = opened.states(scene.network, reading)[scene.layer]
    path = fitted.space.project(h)
    length = scene.windows.series.season
    said = trajectory_said(path, length, fitted.space.share(h))
    tell(
        scene,
        _("{found} {read} A dot is a time step.").format(found=say(said), read=series_said(scene)),
    )
    if len(fitted.paths) < len(scene.kept):
        st.caption(
            _("The axes are fitted to {shown} of the {kept} epochs kept.").format(
                shown=len(fitted.paths), kept=len(scene.kept)
            )
        )
    show(scene, "space", _picture, components, season, height=440)


def _picture(scene: Scene, components: tuple[int, ...], season: bool) -> tuple[Spec, str]:
    reading = scene.series_reading
    fitted = opened.paths(scene.run, scene.kept, reading, scene.layer)
    h = opened.states(scene.network, reading)[scene.layer]
    path = fitted.space.project(h)
    length = scene.windows.series.season
    columns_shown = [number - 1 for number in components]
    explained = fitted.space.explained[columns_shown]
    figure = trajectory_figure.spec(
        path[:, columns_shown],
        (reading.steps % length) / length if season else np.arange(len(path)) + 1,
        ranges=path_ranges(*fitted.paths, components=components),
        explained=[float(share) for share in explained],
        colour_label=_("Season") if season else _("Time step"),
        components=components,
        season=season,
        step=reading.step_of(int(scene.reading.steps[scene.step])),
        translate=_,
    )
    said = trajectory_said(path, length, fitted.space.share(h))
    return figure, say(trajectory_alt(path, said))
