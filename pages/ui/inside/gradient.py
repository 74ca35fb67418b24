"""Gradient through time, and what the forecast depends on."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui import session
from pages.ui.i18n import _, say
from pages.ui.inside.picture import show
from pages.ui.inside.scene import Scene, columns, tell
from pages.ui.inside.states import input_label
from rnn_core.config import Experiment
from rnn_core.inside.memory import gradient_flow, memory
from rnn_core.plots import (
    dependence_alt,
    dependence_figure,
    gradient_alt,
    gradient_figure,
)
from rnn_core.plots.drawn import Spec
from rnn_core.presets import VANISHING


def gradient(scenes: Sequence[Scene]) -> None:
    """Draw |∂loss/∂h| and |∂output/∂x|, and say how far back they reach."""
    for place, scene in zip(columns(scenes), scenes, strict=True):
        with place:
            _gradient(scene)
    _lesson()


def _lesson() -> None:
    """Offer the settings in which a gradient is seen to vanish."""
    with st.container(horizontal=True, vertical_alignment="center"):
        asked = st.button(
            _(VANISHING.label),
            key="inside-lesson",
            icon=":material/school:",
            on_click=session.choose,
            args=(Experiment.from_values(VANISHING.values).values(),),
        )
        st.caption(
            _(
                "{help} It sets the Lab's choices; train it there, then an LSTM or a GRU on the "
                "same, and put them side by side here."
            ).format(help=_(VANISHING.help))
        )
    if asked:
        st.switch_page("lab.py")


def _gradient(scene: Scene) -> None:
    finding = gradient_flow(scene.inspection.dloss_dh)[scene.layer].said
    remembered = memory(scene.inspection.doutput_dx)
    tell(scene, say(finding) + " " + say(remembered.said))
    show(scene, "gradient", _gradient_picture, height=390)
    several = ""
    if (count := scene.network.features) > 1:
        several = " " + _(
            "That is over all {count} channels of a time step together, of which the line shows "
            "the first."
        ).format(count=count)
    st.caption(
        _(
            "Above: how much the loss of this forecast would change with h at each time step, on a "
            "scale of powers of ten. A curve that falls to the left: the older a step, the less of "
            "it can be learnt from. Below: how much the forecast changes with each input."
        )
        + several
    )
    show(scene, "dependence", _dependence_picture, height=260)


def _gradient_picture(scene: Scene) -> tuple[Spec, str]:
    derivatives = scene.inspection.dloss_dh
    flows = gradient_flow(derivatives)
    names = [_("Layer {number}").format(number=number) for number in range(1, len(flows) + 1)]
    norms = {name: flow.norm for name, flow in zip(names, flows, strict=True)}
    figure = gradient_figure.spec(
        scene.reading.times,
        derivatives[scene.layer],
        norms,
        power_range=scene.ranges.powers,
        label=_("|∂loss/∂h| of layer {number}, unit by unit").format(number=scene.layer + 1),
        unit_order=scene.order(),
        step=scene.step,
        translate=_,
    )
    return figure, say(gradient_alt(norms, flows[scene.layer].said))


def _dependence_picture(scene: Scene) -> tuple[Spec, str]:
    remembered = memory(scene.inspection.doutput_dx)
    figure = dependence_figure.spec(
        scene.reading.times,
        scene.reading.inputs[:, 0],
        remembered.influence,
        limit=scene.ranges.dependence,
        memory=remembered.length,
        input_label=input_label(scene.reading, _("Input")),
        step=scene.step,
        translate=_,
    )
    # Time step under time step: the figure above has a colour bar.
    figure["layout"]["margin"] |= {"l": 58, "r": 52}
    return figure, say(dependence_alt(remembered.influence, remembered.said))
