"""Gradient through time, and what the forecast depends on."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui.i18n import _, say
from pages.ui.inside.scene import Scene, columns
from pages.ui.plot import plot
from rnn_core.inside.memory import gradient_flow, memory
from rnn_core.plots import (
    dependence_alt,
    dependence_figure,
    gradient_alt,
    gradient_figure,
)


def gradient(scenes: Sequence[Scene]) -> None:
    """Draw |∂loss/∂h| and |∂output/∂x|, and say how far back they reach."""
    for place, scene in zip(columns(scenes), scenes, strict=True):
        with place:
            _gradient(scene)


def _gradient(scene: Scene) -> None:
    inspection, reading = scene.inspection, scene.reading
    flows = gradient_flow(inspection.dloss_dh)
    remembered = memory(inspection.doutput_dx)
    finding = flows[scene.layer].said
    st.markdown(say(finding) + " " + say(remembered.said))
    names = [_("Layer {number}").format(number=number) for number in range(1, len(flows) + 1)]
    norms = {name: flow.norm for name, flow in zip(names, flows, strict=True)}
    plot(
        gradient_figure(
            reading.times,
            inspection.dloss_dh[scene.layer],
            norms,
            power_range=scene.ranges.powers,
            label=_("|∂loss/∂h| of layer {number}, unit by unit").format(number=scene.layer + 1),
            unit_order=scene.order(),
            step=scene.step,
            translate=_,
        ),
        key=scene.key("gradient"),
        height=390,
        alt=say(gradient_alt(norms, finding)),
    )
    st.caption(
        _(
            "Above: how much the loss of this forecast would change with h at each time step, on a "
            "scale of powers of ten. A curve that falls to the left: the older a step, the less of "
            "it can be learnt from. Below: how much the forecast changes with each input."
        )
    )
    dependence = dependence_figure(
        reading.times,
        reading.inputs[:, 0],
        remembered.influence,
        limit=scene.ranges.dependence,
        memory=remembered.length,
        input_label=_("Input"),
        step=scene.step,
        translate=_,
    )
    plot(
        # Time step under time step: the figure above has a colour bar.
        dependence.update_layout(margin={"l": 58, "r": 52}),
        key=scene.key("dependence"),
        height=260,
        alt=say(dependence_alt(remembered.influence, remembered.said)),
    )
