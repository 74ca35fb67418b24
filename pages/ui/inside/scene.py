"""What one column of the page shows: a run at an epoch, reading something, at a time step."""

from __future__ import annotations

from collections.abc import Container, Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.ui.i18n import _, plain
from pages.ui.inside import opened
from pages.ui.inside.ahead import Ahead
from pages.ui.inside.followed import unit_order
from pages.ui.inside.opened import Ranges, in_step
from pages.ui.inside.reading import Reading, read_said, series_of, window_of
from pages.ui.run_title import title
from rnn_core.inside.inspection import Inspection
from rnn_core.inside.network import Network
from rnn_core.inside.units import ORDERS
from rnn_core.records import kept_epochs, kept_weights
from rnn_core.runs.store import Run
from rnn_core.windows import Windows

ORDER = "inside-order"
VIEW = "inside-view"
STEP = "inside-step"
UNIT = "inside-unit"


@dataclass(frozen=True, eq=False)
class Scene:
    """A run's ``network`` after ``epoch``, one of those ``kept`` or the newest.

    ``layer`` and ``step`` count from 0. ``ranges`` are the same for all scenes side by side. Units
    are ordered by ``order_by`` as found in the epoch ``order_base``. ``ahead`` is told of pictures.
    ``side`` is added to the keys of widgets and figures; the run beside another, which is in the
    epoch ``lead``, goes ``pace`` times as far as that.
    """

    run: Run
    windows: Windows
    kept: tuple[int, ...]
    epoch: int
    network: Network
    reading: Reading
    step: int
    layer: int
    ranges: Ranges
    order_by: str
    order_base: int
    ahead: Ahead
    lead: int
    pace: float = 1.0
    side: str = ""

    @property
    def frame(self) -> Hashable:
        """All that a picture of the scene is made of beside the epoch."""
        of = opened.key_of(self.run, 0), self.kept, self.pace
        order = self.order_by, self.order_base
        return of, self.windows, self.reading, self.step, self.layer, self.ranges, order

    def at(self, lead: int) -> Scene:
        """Give the same scene at another epoch of the run that leads."""
        epoch = in_step(self.kept, self.pace * lead)
        net = opened.network(self.run, epoch)
        return replace(self, epoch=epoch, network=net, lead=lead)

    @property
    def inspection(self) -> Inspection:
        """What the network does while it reads."""
        return opened.inspected(self.network, self.reading, self.run.experiment.train.loss)

    @property
    def layer_label(self) -> str:
        """Name the layer."""
        return _("Layer {number}").format(number=self.layer + 1)

    @property
    def series_reading(self) -> Reading:
        """The whole series, whatever is read otherwise."""
        return whole_series(self.windows, self.network)

    def order(self) -> NDArray[np.int64]:
        """Give the units of the layer in the chosen order, found in the last epoch kept."""
        reading = self.series_reading if ORDERS[self.order_by].series else self.reading
        key = opened.key_of(self.run, self.order_base)
        return unit_order(self.order_by, key, reading, self.layer)

    def key(self, name: str) -> str:
        """Give the key of a figure or widget of this scene."""
        return f"plot-inside-{name}{self.side}"


def settle(key: str, options: Container[object], default: object) -> None:
    """Let a widget's choice be one that there is, before the widget is drawn."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = default


def whole_series(windows: Windows, net: Network) -> Reading:
    """Give the whole series, as far as the network can read it at once."""
    return series_of(windows, sum(layer.units for layer in net.layers))


def read(windows: Windows, net: Network, target: int | None) -> Reading:
    """Give the window of a target, or the whole series where there is none."""
    return whole_series(windows, net) if target is None else window_of(windows, target)


def series_said(scene: Scene) -> str:
    """Say how much of the series is read, unless the heading has said so already."""
    return "" if scene.reading.cut else read_said(scene.series_reading)


def order_choice() -> None:
    """Draw the choice of the units' order."""
    st.selectbox(
        _("Order of units"),
        list(ORDERS),
        format_func=lambda name: _(ORDERS[name].label),
        key=ORDER,
        persist_state="session",
        help=_(
            "Found in the last epoch that is kept, and held while the epochs go by. By season, "
            "level, change or input: those that follow it most closely come first, as far as the "
            "series can be read in one go."
        ),
    )


def chosen_order(run: Run, kept: Sequence[int]) -> tuple[str, int]:
    """Give the order of units that is chosen, and in which epoch it is to be found."""
    # A live run has no last epoch yet: its order is held from the first look on, however often it
    # is paused, and found once more when it has ended.
    bases: dict[tuple[str, bool], int] = st.session_state.setdefault("inside_bases", {})
    base = bases.setdefault((run.id, run.state.live), _newest_to_stay(run, kept))
    return st.session_state.get(ORDER, "as-is"), base


def _newest_to_stay(run: Run, kept: Sequence[int]) -> int:
    """Give the newest epoch that is kept for good: of a live run others are dropped one day."""
    if not run.state.live:
        return kept[-1]
    experiment = run.experiment
    planned = kept_epochs(experiment.train.epochs, kept_weights(experiment.parameters))
    return max(planned.intersection(kept), default=kept[-1])


def columns(scenes: Sequence[Scene]) -> list[st.delta_generator.DeltaGenerator]:
    """Give a place for each scene, of several each under its heading."""
    if len(scenes) == 1:
        return [st.container()]
    places = list(st.columns(len(scenes), gap="small"))
    for place, scene in zip(places, scenes, strict=True):
        with place:
            heading(scene)
    return places


def tell(scene: Scene, finding: str) -> None:
    """Say what is seen in the picture below; it stays where it is as the words change."""
    with st.container(key=f"inside-finding{scene.side}"):
        st.markdown(finding)


def heading(scene: Scene) -> None:
    """Say whose inside is seen, at which epoch, and which of its outputs."""
    st.markdown(
        _("**{run}** · epoch {epoch} of {epochs} · time step {step} of {steps}").format(
            run=plain(title(scene.run)),
            epoch=f"{scene.epoch:,}",
            epochs=f"{scene.run.experiment.train.epochs:,}",
            step=f"{scene.step + 1:,}",
            steps=f"{len(scene.reading.steps):,}",
        )
    )
    if scene.reading.cut:
        st.caption(read_said(scene.reading))
    if scene.windows.quantiles:
        st.caption(
            _(
                "It gives {count} quantiles of each step: here its forecast and output are the "
                "median of the next step; the loss is of all."
            ).format(count=len(scene.windows.quantiles))
        )
    elif scene.windows.steps > 1:
        st.caption(
            _(
                "It says {count} steps at once: here its forecast and output are the first of "
                "them, the next step; the loss is of all whose truth is known."
            ).format(count=scene.windows.steps)
        )
