"""The forecast without the units that are switched off."""

from __future__ import annotations

import dataclasses
from functools import lru_cache

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.ui.i18n import _, say
from pages.ui.inside.picture import show
from pages.ui.inside.scene import Scene
from rnn_core.inside.ablation import Ablation, ablation, held_out_forecast
from rnn_core.inside.network import BLOCKS, Network
from rnn_core.palette import LIGHT
from rnn_core.plots import forecast_alt, forecast_figure, thin_curve
from rnn_core.plots.drawn import Spec, trace
from rnn_core.plots.frame import numbers, positions
from rnn_core.windows import Windows

OFF = "inside-off"
FORECAST_SECONDS = 0.12  # what one forecast of held-out values may take
LEAST_FORECASTS = 8
POINTS = 250


def off_key(scene: Scene) -> str:
    """Give the key under which the units of this run that are off are known, counted from 1."""
    return f"{OFF}-{scene.run.id}-{scene.layer}{scene.side}"


def without(scene: Scene) -> None:
    """Draw the list of units that are switched off, and error and forecast without them."""
    count = scene.network.layers[scene.layer].units
    key = off_key(scene)
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
    off = tuple(sorted(int(unit) - 1 for unit in chosen))
    found = _ablation(scene.network, windows, scene.layer, off)
    st.markdown(say(found.said))
    if some:
        st.caption(
            _("Measured on the newest {count} held-out values.").format(
                count=f"{len(windows.held_out):,}"
            )
        )
    show(scene, "without", _forecast_picture, off, height=260)
    targets = windows.held_out
    shown = thin_curve(targets, windows.series.values[targets], points=POINTS)[0]
    if len(shown) < len(targets):
        st.caption(
            _("Drawn by {shown} of {count} points, each peak kept.").format(
                shown=f"{len(shown):,}", count=f"{len(targets):,}"
            )
        )


@lru_cache(maxsize=4)
def _before(net: Network, windows: Windows) -> NDArray[np.float64]:
    return held_out_forecast(net, windows)


@lru_cache(maxsize=8)
def _ablation(net: Network, windows: Windows, layer: int, off: tuple[int, ...]) -> Ablation:
    return ablation(net, windows, {layer: off}, _before(net, windows))


def _affordable(windows: Windows, net: Network) -> tuple[Windows, bool]:
    """Give windows with so many held-out values as can be forecast at once, and whether few."""
    layer = net.layers[-1]
    products = 2 * 2 * layer.units * layer.units * len(BLOCKS[layer.cell]) * len(net.layers)
    each = windows.timesteps * (products / 2e10 + len(net.layers) * layer.units * 2e-8)
    most = max(LEAST_FORECASTS, int(FORECAST_SECONDS / each))
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


def _forecast_picture(scene: Scene, off: tuple[int, ...]) -> tuple[Spec, str]:
    windows, _some = _affordable(scene.windows, scene.network)
    found = _ablation(scene.network, windows, scene.layer, off)
    series, targets = windows.series, windows.held_out
    shown, truth, forecast, before = thin_curve(
        targets, series.values[targets], found.forecast, found.before, points=POINTS
    )
    lead = np.arange(max(0, targets[0] - max(12, len(targets) // 3)), targets[0])
    lead, history = thin_curve(lead, series.values[lead], points=50)
    unit = _(series.unit)
    parts = len(windows.test) and len(windows.validation)
    boundary = int(np.searchsorted(shown, windows.test[0])) if parts else None
    figure = forecast_figure.spec(
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
    if off:
        figure["data"].append(
            trace(
                "scatter",
                x=positions(series.times[shown]),
                y=numbers(before),
                name=_("With all units"),
                mode="lines",
                line={"color": LIGHT.persistence, "width": 1, "dash": "dash"},
                hovertemplate="%{y:.4~g}",
            )
        )
    return figure, say(forecast_alt(truth, forecast, unit=unit))
