"""The Lab's three pictures of a run: forecast, loss, hidden state."""

from __future__ import annotations

import numpy as np

from pages.ui.i18n import _, say
from pages.ui.plot import plot
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
from rnn_core.runs.store import Run
from rnn_core.windows import Windows

TOP_HEIGHT = 205
HIDDEN_HEIGHT = 215
FORECAST_POINTS = 250  # half as many buckets as points drawn at the most
HIDDEN_CELLS = 12_000  # of the heatmap, in one update


def forecast_panel(windows: Windows, seen: Watched) -> None:
    """Draw forecast, truth and baselines over the held-out part, in the series' units."""
    series, targets = windows.series, windows.held_out
    forecast = seen.look.forecast if seen.look else np.full(len(targets), np.nan)
    nothing = np.full(len(targets), np.nan)
    seasonal = seasonal_naive(series, targets)
    _kept, truth, forecast, repeated, seasonal_thin, shown = thin_curve(
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
    figure = forecast_figure(
        series.times[shown],
        truth,
        forecast,
        history_times=series.times[lead],
        history=history,
        boundary=int(np.searchsorted(shown, windows.test[0])),
        persistence=repeated,
        seasonal_naive=None if seasonal is None else seasonal_thin,
        unit=unit,
        time_label=_(series.time_unit).capitalize(),
        translate=_,
    )
    plot(
        figure,
        key="plot-forecast",
        height=TOP_HEIGHT,
        alt=say(forecast_alt(truth, forecast, unit=unit)),
    )


def loss_panel(run: Run, seen: Watched, *, log: bool) -> None:
    """Draw training and validation loss over the epochs."""
    nothing = np.empty(0)
    epochs, loss, val_loss = (
        seen.curve.get(name, nothing) for name in ("epoch", "loss", "val_loss")
    )
    figure = loss_figure(
        epochs,
        loss,
        val_loss,
        log=log,
        best_epoch=run.best_epoch,
        batches=seen.batches,
        translate=_,
    )
    plot(
        figure,
        key="plot-loss",
        height=TOP_HEIGHT,
        alt=say(loss_alt(epochs, loss, val_loss, run.best_epoch)),
    )


def hidden_panel(run: Run, windows: Windows, seen: Watched, *, layer: int) -> None:
    """Draw the last window's input over the hidden state of a layer (from 0) that it leads to."""
    units, timesteps = run.experiment.model.hidden_size, windows.timesteps
    target = int(windows.held_out[-1])
    steps = np.arange(target - timesteps, target)
    hidden = seen.look.hidden[layer] if seen.look else np.empty((timesteps, 0), np.float32)
    stride = hidden_stride(timesteps, units)
    layer_label = _("Unit of layer {number}").format(number=layer + 1)
    figure = hidden_figure(
        windows.series.times[steps][::stride],
        windows.z[steps][::stride],
        hidden[::stride],
        unit_order=np.arange(0, hidden.shape[1], stride),
        layer_label=layer_label,
        input_label=_("Input (scaled)"),
        translate=_,
    )
    plot(
        figure,
        key="plot-hidden",
        height=HIDDEN_HEIGHT,
        alt=say(hidden_alt(hidden, layer_label=layer_label)),
    )


def hidden_stride(timesteps: int, units: int) -> int:
    """Say how many units and time steps one drawn cell stands for; 1: all are drawn."""
    stride = 1
    while -(-timesteps // stride) * -(-units // stride) > HIDDEN_CELLS:
        stride += 1
    return stride
