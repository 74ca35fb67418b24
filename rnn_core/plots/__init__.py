"""Figures: arrays in, ``plotly.graph_objects.Figure`` out, and one sentence that says the same.

Figures are built in the colours of ``rnn_core.palette.LIGHT``; see there for the dark. Arrays
travel as base64, so they are float32 or small integers; only moments need float64. Titles are
left to the page.
"""

from rnn_core.plots.coverage import coverage_alt, coverage_figure
from rnn_core.plots.errors import (
    backtest_alt,
    backtest_figure,
    horizon_error_alt,
    horizon_error_figure,
)
from rnn_core.plots.fan import (
    fan_alt,
    fan_figure,
    seeds_forecast_alt,
    seeds_forecast_figure,
)
from rnn_core.plots.forecast import forecast_alt, forecast_figure
from rnn_core.plots.hidden import hidden_alt, hidden_figure
from rnn_core.plots.lag import lag_alt, lag_figure
from rnn_core.plots.loss import loss_alt, loss_figure, thin_curve
from rnn_core.plots.seeds import seeds_loss_alt, seeds_loss_figure

__all__ = [
    "backtest_alt",
    "backtest_figure",
    "coverage_alt",
    "coverage_figure",
    "fan_alt",
    "fan_figure",
    "forecast_alt",
    "forecast_figure",
    "hidden_alt",
    "hidden_figure",
    "horizon_error_alt",
    "horizon_error_figure",
    "lag_alt",
    "lag_figure",
    "loss_alt",
    "loss_figure",
    "seeds_forecast_alt",
    "seeds_forecast_figure",
    "seeds_loss_alt",
    "seeds_loss_figure",
    "thin_curve",
]
