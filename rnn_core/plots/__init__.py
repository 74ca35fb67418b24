"""Figures: arrays in, ``plotly.graph_objects.Figure`` out, and one sentence that says the same.

Figures are built in the colours of ``rnn_core.palette.LIGHT``; see there for the dark. Arrays
travel as base64, so they are float32 or small integers; only moments need float64. Titles are
left to the page.
"""

from rnn_core.plots.forecast import forecast_alt, forecast_figure
from rnn_core.plots.hidden import hidden_alt, hidden_figure
from rnn_core.plots.loss import loss_alt, loss_figure, thin_curve

__all__ = [
    "forecast_alt",
    "forecast_figure",
    "hidden_alt",
    "hidden_figure",
    "loss_alt",
    "loss_figure",
    "thin_curve",
]
