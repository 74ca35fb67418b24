"""The loss of several seeds."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnn_core.messages import N_, Message
from rnn_core.palette import LIGHT
from rnn_core.plots.drawn import Spec, drawn, trace
from rnn_core.plots.fan import filled
from rnn_core.plots.frame import Array, Translate, across, axis, figure, numbers
from rnn_core.plots.loss import thin_curve


@drawn
def seeds_loss_figure(
    loss: tuple[Array, Array, Array],
    val_loss: tuple[Array, Array, Array],
    *,
    log: bool,
    translate: Translate = str,
) -> Spec:
    """Draw median, lowest and highest loss ``(epochs,)`` of several seeds, in scaled units."""
    epochs = np.arange(1, len(loss[0]) + 1)
    bands: list[Any] = []
    medians: list[Any] = []
    for curves, name, colour, fill in (
        (loss, translate(N_("Training")), LIGHT.training_loss, LIGHT.training_part),
        (val_loss, translate(N_("Validation")), LIGHT.validation_loss, LIGHT.validation_part),
    ):
        x, median, low, high = thin_curve(epochs, *curves, points=200)
        x = x.astype(np.uint16)
        for edge in filled(x, low, high, name=name, fill=fill, edge=colour):
            edge["showlegend"] = False
            bands.append(edge)
        medians.append(
            trace(
                "scatter",
                x=x,
                y=numbers(median),
                name=name,
                mode="lines",
                line={"color": colour, "width": 2},
                hovertemplate="%{y:.3~g}",
                legendgroup=name,
            )
        )
    scale: dict[str, Any] = {"type": "linear", "rangemode": "tozero"}
    if log:
        scale = {"type": "log", "tickformat": "~g", "dtick": "D2"}
    return figure(
        bands + medians,  # no band may hide a line
        xaxis=across(translate(N_("Epoch")), rangemode="tozero"),
        yaxis=axis(translate(N_("Loss (scaled units)")), uirevision=log, **scale),
    )


def seeds_loss_alt(val_loss: tuple[Array, Array, Array], *, count: int) -> Message:
    """Say how far the seeds lie apart at the end."""
    known = np.flatnonzero(np.isfinite(val_loss[0]))
    if not len(known):
        return Message("seeds_loss_empty", N_("Loss of several seeds; none has been trained yet."))
    median, low, high = (f"{curve[known[-1]]:.3g}" for curve in val_loss)
    return Message(
        "seeds_loss",
        N_(
            "Loss of {count} seeds: at epoch {epoch} the validation loss lies between {low} and "
            "{high}, the median at {median}."
        ),
        {
            "count": count,
            "epoch": int(known[-1]) + 1,
            "low": low,
            "high": high,
            "median": median,
        },
    )
