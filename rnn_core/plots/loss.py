"""The loss against the epoch."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Spec, Trace, drawn, trace
from rnn_core.plots.frame import Array, Translate, across, axis, figure, numbers
from rnn_core.records import BatchLosses

ROUND = (0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1)  # of a power of ten: where an axis ends
BUCKETS = 200  # of a curve, each drawn with its minimum and maximum: a panel has 300 pixels


@drawn
def loss_figure(
    epochs: Array,
    loss: Array,
    val_loss: Array,
    *,
    log: bool,
    best_epoch: int | None = None,
    batches: BatchLosses | None = None,
    ends: int | None = None,
    translate: Translate = str,
) -> Spec:
    """Draw training and validation loss, each of shape ``(epochs,)``, in scaled units.

    A NaN is a gap. ``best_epoch`` is marked on the validation curve, if it is among ``epochs``.
    ``batches`` are drawn between the last epoch and the one they belong to.
    While more epochs are to come, up to ``ends``, the axis has room for some of them: so it stays
    for a while as the curves grow. A point that nobody sees makes it: a range would undo a zoom.
    Curves of more than 400 epochs are thinned.
    """
    marked = np.flatnonzero(epochs == best_epoch) if best_epoch is not None else np.array([], int)
    best = (epochs[marked], val_loss[marked])
    room = [] if ends is None else [_room(int(epochs.max(initial=0)), ends)]
    level = loss[np.isfinite(loss)][: len(room)]
    epochs, loss, val_loss = thin_curve(epochs, loss, val_loss, points=BUCKETS)
    traces: list[Any] = [
        _line(epochs, loss, translate(N_("Training")), LIGHT.training_loss, 1.5),
        _line(epochs, val_loss, translate(N_("Validation")), LIGHT.validation_loss, 2),
        trace(
            "scatter",
            x=_whole(best[0]),
            y=numbers(best[1]),
            name=translate(N_("Best epoch")),
            mode="markers",
            marker={
                "size": 9,
                "color": LIGHT.background,
                "line": {"color": LIGHT.validation_loss, "width": 2},
            },
            hoverinfo="skip",
            showlegend=len(best[0]) > 0,
        ),
        _batches(batches, translate(N_("Batches of this epoch"))),
        trace(
            "scatter",
            x=numbers(room[: len(level)]),
            y=numbers(level),
            name=translate(N_("Epochs to come")),
            mode="lines",  # of a single point there is none to see
            hoverinfo="skip",
            showlegend=False,
        ),
    ]
    scale: dict[str, Any] = {"type": "linear", "rangemode": "tozero"}
    if log:
        scale = {"type": "log", "tickformat": "~g", "dtick": "D2"}
    return figure(
        traces,
        xaxis=across(translate(N_("Epoch")), rangemode="tozero"),
        # A zoom of one scale means nothing on the other.
        yaxis=axis(translate(N_("Loss (scaled units)")), uirevision=log, **scale),
    )


def loss_alt(epochs: Array, loss: Array, val_loss: Array, best_epoch: int | None = None) -> Message:
    """Say where both curves have come to."""
    if not len(epochs):
        return Message("loss_empty", N_("Loss against epoch; no epoch has been trained yet."))
    values: dict[str, object] = {
        "epoch": int(epochs[-1]),
        "first": f"{loss[0]:.3g}",
        "loss": f"{loss[-1]:.3g}",
    }
    known = np.flatnonzero(np.isfinite(val_loss))
    if not len(known):
        return Message(
            "loss_training",
            N_("Loss against epoch: training went from {first} to {loss} by epoch {epoch}."),
            values,
        )
    values["val_loss"] = f"{val_loss[known[-1]]:.3g}"
    if best_epoch is None:
        return Message(
            "loss",
            N_(
                "Loss against epoch: training went from {first} to {loss} by epoch {epoch}, "
                "validation is at {val_loss}."
            ),
            values,
        )
    return Message(
        "loss_best",
        N_(
            "Loss against epoch: training went from {first} to {loss} by epoch {epoch}, "
            "validation is at {val_loss} and was lowest at epoch {best}."
        ),
        values | {"best": best_epoch},
    )


def thin_curve(epochs: Array, *curves: Array, points: int = 500) -> tuple[Array, ...]:
    """Give at most ``2 * points + 2`` of the epochs, and each curve at those, in order.

    Of each bucket of neighbours the minimum and the maximum of the first curve stay, and so do
    the first and the last epoch. Buckets are a power of two wide and counted from the start, so
    what has been dropped does not come back as the curve grows; the points left out when the
    buckets double are the only ones to go.
    """
    count = len(epochs)
    if not curves or count <= 2 * points:
        return (epochs, *curves)
    width = 4
    while count > width * points:
        width *= 2
    full = -(-count // width) * width
    padding = (0, full - count)
    # A NaN is never an extreme; a bucket of nothing else gives its first place.
    first = np.asarray(curves[0], dtype=np.float64)
    low = np.pad(np.nan_to_num(first, nan=np.inf), padding, constant_values=np.inf)
    high = np.pad(np.nan_to_num(first, nan=-np.inf), padding, constant_values=-np.inf)
    starts = np.arange(0, full, width)
    kept = np.unique(
        [
            *(starts + low.reshape(-1, width).argmin(axis=1)),
            *(starts + high.reshape(-1, width).argmax(axis=1)),
            0,
            count - 1,
        ]
    )
    return (epochs[kept], *(curve[kept] for curve in curves))


def _room(epoch: int, ends: int) -> float:
    """Give the first round number that is past the epoch, but no more than the last epoch."""
    decade = 10.0 ** max(2, len(str(epoch)))
    return min(float(ends), next(step * decade for step in ROUND if step * decade > epoch))


def _line(epochs: Array, values: Array, name: str, colour: str, width: float) -> Trace:
    return trace(
        "scatter",
        x=_whole(epochs),
        y=numbers(values),
        name=name,
        mode="lines",
        line={"color": colour, "width": width},
        hovertemplate="%{y:.3~g}",
    )


def _batches(seen: BatchLosses | None, name: str) -> Trace:
    places, losses = np.array([]), np.array([], np.float32)
    if seen is not None:
        places = seen.epoch - 1 + np.arange(1, len(seen.losses) + 1) / seen.batches
        losses, places = thin_curve(seen.losses, seen.losses, places, points=BUCKETS // 2)[1:]
    return trace(
        "scatter",
        x=places.astype(np.float32),
        y=numbers(losses),
        name=name,
        mode="lines",
        line={"color": LIGHT.training_loss, "width": 1, "dash": "dot"},
        hovertemplate="%{y:.3~g}",
        showlegend=False,  # it comes and goes, and the legend's height with it
    )


def _whole(epochs: Array) -> Array:
    """Give epoch numbers as they travel."""
    return epochs.astype(np.uint16 if epochs.max(initial=0) < 2**16 else np.uint32)
