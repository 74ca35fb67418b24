"""Units: what each one follows, and the forecast without some of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from pages.ui.i18n import _, say
from pages.ui.inside import opened
from pages.ui.inside.scene import Scene, columns
from pages.ui.inside.states import CHANGE, INPUT, LEVEL, phase_of
from pages.ui.plot import plot
from rnn_core.inside.ablation import Ablation, ablation, held_out_forecast
from rnn_core.inside.network import BLOCKS, Network
from rnn_core.inside.units import UnitTable, unit_table
from rnn_core.messages import N_
from rnn_core.palette import LIGHT
from rnn_core.plots import (
    forecast_alt,
    forecast_figure,
    thin_curve,
    unit_signals_alt,
    unit_signals_figure,
)
from rnn_core.plots.frame import numbers, positions
from rnn_core.windows import Windows

OFF = "inside-off"
SEASON = N_("Season")
FORECAST_SECONDS = 0.5
POINTS = 250


def units(scenes: Sequence[Scene]) -> None:
    """Draw what the units follow, and the forecast without those that are switched off."""
    places = columns(scenes)
    for place, scene in zip(places, scenes, strict=True):
        with place:
            table = _table(scene)
            st.markdown(
                _("{found} Measured while the network reads the whole series in one go.").format(
                    found=say(table.said)
                )
            )
            _signals(scene, table)
            _switched_off(scene)


def _table(scene: Scene) -> UnitTable:
    reading = scene.series_reading
    values = scene.windows.series.values
    signals = {
        INPUT: reading.inputs[:, 0],
        LEVEL: values[reading.steps],
        CHANGE: values[reading.steps] - values[np.maximum(reading.steps - 1, 0)],
    }
    h = opened.states(scene.network, reading)[scene.layer]
    return unit_table(h, signals, phase_of(reading))


def _signals(scene: Scene, table: UnitTable) -> None:
    order = scene.order()
    shown = dict(table.correlations)
    if table.season is not None:
        shown[SEASON] = np.sqrt(table.season)

    def clicked(_row: int, column: int) -> None:
        """Switch a unit off, or on again."""
        key = _key(scene)
        unit = int(order[column]) + 1
        off = list(st.session_state.get(key, []))
        st.session_state[key] = [each for each in off if each != unit] or []
        if unit not in off:
            st.session_state[key] = sorted([*off, unit])

    plot(
        unit_signals_figure(
            shown,
            unit_order=order,
            label=_("Correlation of each unit of layer {number} with …").format(
                number=scene.layer + 1
            ),
            translate=_,
        ),
        key=scene.key("signals"),
        height=190,
        alt=say(unit_signals_alt(shown, table.said)),
        on_cell=clicked,
    )
    st.caption(
        _(
            "Input: what is read, prepared. Level and Change: of the series itself. Season: how "
            "well two waves of the season explain the unit, from 0 to 1. Click a unit to switch "
            "it off or on."
        )
    )


def _key(scene: Scene) -> str:
    return f"{OFF}-{scene.layer}{scene.side}"


def _switched_off(scene: Scene) -> None:
    count = scene.network.layers[scene.layer].units
    key = _key(scene)
    # A network of another size has other units.
    kept = [unit for unit in st.session_state.get(key, []) if unit <= count]
    if kept != st.session_state.get(key, []):
        st.session_state[key] = kept
    chosen = st.multiselect(
        _("Units of layer {number} switched off").format(number=scene.layer + 1),
        range(1, count + 1),
        key=key,
        persist_state="session",
        placeholder=_("None: choose units to see the forecast without them"),
    )
    windows, some = _affordable(scene.windows, scene.network)
    off = {scene.layer: [int(unit) - 1 for unit in chosen]}
    found = ablation(scene.network, windows, off, _before(scene.network, windows))
    st.markdown(say(found.said))
    if some:
        st.caption(
            _("Measured on the newest {count} held-out values.").format(
                count=f"{len(windows.held_out):,}"
            )
        )
    _forecast(scene, windows, found, switched=bool(chosen))


@lru_cache(maxsize=4)
def _before(net: Network, windows: Windows) -> NDArray[np.float64]:
    return held_out_forecast(net, windows)


def _affordable(windows: Windows, net: Network) -> tuple[Windows, bool]:
    """Give windows with so many held-out values as can be forecast at once, and whether few."""
    layer = net.layers[-1]
    products = 2 * 2 * layer.units * layer.units * len(BLOCKS[layer.cell]) * len(net.layers)
    each = windows.timesteps * (products / 2e10 + len(net.layers) * layer.units * 2e-8)
    most = max(20, int(FORECAST_SECONDS / each))
    if len(windows.held_out) <= most:
        return windows, False
    return _newest(windows, most), True


@lru_cache(maxsize=8)
def _newest(windows: Windows, most: int) -> Windows:
    held_out = windows.held_out[-most:]
    first = windows.test[0] if len(windows.test) else len(windows.z)
    return dataclasses.replace(
        windows, validation=held_out[held_out < first], test=held_out[held_out >= first]
    )


def _forecast(scene: Scene, windows: Windows, found: Ablation, *, switched: bool) -> None:
    series, targets = windows.series, windows.held_out
    shown, truth, forecast, before = thin_curve(
        targets, series.values[targets], found.forecast, found.before, points=POINTS
    )
    lead = np.arange(max(0, targets[0] - max(12, len(targets) // 3)), targets[0])
    lead, history = thin_curve(lead, series.values[lead], points=50)
    unit = _(series.unit)
    boundary = int(np.searchsorted(shown, windows.test[0])) if len(windows.test) else None
    figure = forecast_figure(
        series.times[shown],
        truth,
        forecast,
        history_times=series.times[lead],
        history=history,
        boundary=boundary,
        unit=unit,
        time_label=_(series.time_unit).capitalize(),
        translate=_,
    )
    if switched:
        figure.add_trace(
            go.Scatter(
                x=positions(series.times[shown]),
                y=numbers(before),
                name=_("With all units"),
                mode="lines",
                line={"color": LIGHT.persistence, "width": 1, "dash": "dash"},
                hovertemplate="%{y:.4~g}",
            )
        )
    plot(
        figure,
        key=scene.key("without"),
        height=230,
        alt=say(forecast_alt(truth, forecast, unit=unit)),
    )
