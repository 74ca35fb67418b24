"""The Lab's three pictures of a run: forecast, loss, hidden state."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np

from pages.ui.i18n import _, say
from pages.ui.watch import Watched
from rnn_core.forecast.baselines import persistence, seasonal_naive
from rnn_core.plots import (
    forecast_alt,
    forecast_figure,
    hidden_alt,
    hidden_figure,
    loss_alt,
    loss_figure,
    thin_curve,
)
from rnn_core.plots.drawn import Spec
from rnn_core.runs.store import Run
from rnn_core.windows import Windows

FORECAST_POINTS = 250  # half as many buckets as points drawn at the most
HIDDEN_CELLS = 12_000  # of the heatmap, in one update


@dataclass(frozen=True)
class Shown:
    """What a panel shows of a run: how the viewer wants it, and what there is to see."""

    run: Run
    windows: Windows
    seen: Watched
    log: bool  # scale of the loss
    layer: int  # of the hidden state, from 0


@dataclass(frozen=True)
class Panel:
    """One picture: its height in pixels, how it is drawn, and what it is drawn of.

    ``draw`` gives the figure and its words. Where ``version`` is as before, so is the picture.
    """

    height: int
    draw: Callable[[Shown], tuple[Spec, str]]
    version: Callable[[Shown], Hashable]


def forecast_panel(shown: Shown) -> tuple[Spec, str]:
    """Draw forecast, truth and baselines over the held-out part, in the series' units."""
    windows, seen = shown.windows, shown.seen
    series, targets = windows.series, windows.held_out
    forecast = seen.look.forecast if seen.look else np.full(len(targets), np.nan)
    nothing = np.full(len(targets), np.nan)
    seasonal = seasonal_naive(series, targets)
    _kept, truth, forecast, repeated, seasonal_thin, kept = thin_curve(
        targets,
        series.values[targets],
        forecast,
        persistence(series, targets),
        nothing if seasonal is None else seasonal,
        targets,
        points=FORECAST_POINTS,
    )
    lead = np.arange(max(0, targets[0] - max(12, len(targets) // 3)), targets[0])
    lead, history = thin_curve(lead, series.values[lead], points=50)
    unit = _(series.unit)
    figure = forecast_figure.spec(
        series.times[kept],
        truth,
        forecast,
        history_times=series.times[lead],
        history=history,
        boundary=int(np.searchsorted(kept, windows.test[0])),
        persistence=repeated,
        seasonal_naive=None if seasonal is None else seasonal_thin,
        unit=unit,
        time_label=_(series.time_unit).capitalize(),
        translate=_,
    )
    return figure, say(forecast_alt(truth, forecast, unit=unit))


def loss_panel(shown: Shown) -> tuple[Spec, str]:
    """Draw training and validation loss over the epochs."""
    run, seen = shown.run, shown.seen
    nothing = np.empty(0)
    epochs, loss, val_loss = (
        seen.curve.get(name, nothing) for name in ("epoch", "loss", "val_loss")
    )
    figure = loss_figure.spec(
        epochs,
        loss,
        val_loss,
        log=shown.log,
        best_epoch=run.best_epoch,
        batches=seen.batches,
        ends=run.experiment.train.epochs if run.state.live else None,
        translate=_,
    )
    return figure, say(loss_alt(epochs, loss, val_loss, run.best_epoch))


def hidden_panel(shown: Shown) -> tuple[Spec, str]:
    """Draw the last window's input over the hidden state of a layer that it leads to."""
    windows, seen, layer = shown.windows, shown.seen, shown.layer
    units, timesteps = shown.run.experiment.model.hidden_size, windows.timesteps
    target = int(windows.held_out[-1])
    steps = np.arange(target - timesteps, target)
    hidden = seen.look.hidden[layer] if seen.look else np.empty((timesteps, 0), np.float32)
    stride = hidden_stride(timesteps, units)
    layer_label = _("Unit of layer {number}").format(number=layer + 1)
    figure = hidden_figure.spec(
        windows.series.times[steps][::stride],
        windows.z[steps][::stride],
        hidden[::stride],
        unit_order=np.arange(0, hidden.shape[1], stride),
        layer_label=layer_label,
        input_label=_("Input (scaled)"),
        translate=_,
    )
    said = hidden_alt(hidden, layer_label=_("Layer {number}").format(number=layer + 1))
    return figure, say(said)


def hidden_stride(timesteps: int, units: int) -> int:
    """Say how many units and time steps one drawn cell stands for; 1: all are drawn."""
    stride = 1
    while -(-timesteps // stride) * -(-units // stride) > HIDDEN_CELLS:
        stride += 1
    return stride


def _look(shown: Shown) -> Hashable:
    return shown.seen.look.epoch if shown.seen.look else None


def _losses(shown: Shown) -> Hashable:
    batches = shown.seen.batches
    return shown.seen.epochs, len(batches.losses) if batches else 0, shown.run.best_epoch, shown.log


PANELS = {
    "plot-forecast": Panel(205, forecast_panel, _look),
    "plot-loss": Panel(205, loss_panel, _losses),
    "plot-hidden": Panel(215, hidden_panel, lambda shown: (_look(shown), shown.layer)),
}


def version(key: str, shown: Shown) -> str:
    """Say what a panel's picture is of, so that nobody is sent one that they have."""
    return str(PANELS[key].version(shown))
