"""Figures: arrays in, ``plotly.graph_objects.Figure`` out, and one sentence that says the same.

Plain dicts that say the same take a tenth of the time: ``loss_figure.spec(…)`` gives them, and
:func:`rnn_core.plots.drawn.to_json` writes them.

Figures are built in the colours of ``rnn_core.palette.LIGHT``; see there for the dark. Arrays
travel as base64, so they are float32 or small integers; only moments need float64. Titles are
left to the page.
"""

from rnn_core.plots.cells import step_in_column, thin_steps
from rnn_core.plots.correlation import correlation_alt, correlation_figure
from rnn_core.plots.coverage import coverage_alt, coverage_figure
from rnn_core.plots.curves import epochs_alt, epochs_figure
from rnn_core.plots.decomposition import decomposition_alt, decomposition_figure
from rnn_core.plots.distribution import distribution_alt, distribution_figure
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
from rnn_core.plots.gradient import (
    decades,
    dependence_alt,
    dependence_figure,
    gradient_alt,
    gradient_figure,
)
from rnn_core.plots.hidden import hidden_alt, hidden_figure
from rnn_core.plots.lag import lag_alt, lag_figure
from rnn_core.plots.loss import loss_alt, loss_figure, thin_curve
from rnn_core.plots.seeds import seeds_loss_alt, seeds_loss_figure
from rnn_core.plots.series import series_alt, series_figure
from rnn_core.plots.space import path_ranges, trajectory_alt, trajectory_figure
from rnn_core.plots.spectrum import spectrum_alt, spectrum_figure
from rnn_core.plots.states import gates_alt, gates_figure, states_alt, states_figure
from rnn_core.plots.thin import index_range, missing_stretches, thin_series
from rnn_core.plots.together import together_alt, together_figure
from rnn_core.plots.units import (
    unit_map_alt,
    unit_map_figure,
    unit_signals_alt,
    unit_signals_figure,
)
from rnn_core.plots.weights import (
    eigenvalues_alt,
    eigenvalues_figure,
    histograms_alt,
    histograms_figure,
    weight_shares,
    weights_alt,
    weights_figure,
)
from rnn_core.plots.window import window_alt, window_figure

__all__ = [
    "backtest_alt",
    "backtest_figure",
    "correlation_alt",
    "correlation_figure",
    "coverage_alt",
    "coverage_figure",
    "decades",
    "decomposition_alt",
    "decomposition_figure",
    "dependence_alt",
    "dependence_figure",
    "distribution_alt",
    "distribution_figure",
    "eigenvalues_alt",
    "eigenvalues_figure",
    "epochs_alt",
    "epochs_figure",
    "fan_alt",
    "fan_figure",
    "forecast_alt",
    "forecast_figure",
    "gates_alt",
    "gates_figure",
    "gradient_alt",
    "gradient_figure",
    "hidden_alt",
    "hidden_figure",
    "histograms_alt",
    "histograms_figure",
    "horizon_error_alt",
    "horizon_error_figure",
    "index_range",
    "lag_alt",
    "lag_figure",
    "loss_alt",
    "loss_figure",
    "missing_stretches",
    "path_ranges",
    "seeds_forecast_alt",
    "seeds_forecast_figure",
    "seeds_loss_alt",
    "seeds_loss_figure",
    "series_alt",
    "series_figure",
    "spectrum_alt",
    "spectrum_figure",
    "states_alt",
    "states_figure",
    "step_in_column",
    "thin_curve",
    "thin_series",
    "thin_steps",
    "together_alt",
    "together_figure",
    "trajectory_alt",
    "trajectory_figure",
    "unit_map_alt",
    "unit_map_figure",
    "unit_signals_alt",
    "unit_signals_figure",
    "weight_shares",
    "weights_alt",
    "weights_figure",
    "window_alt",
    "window_figure",
]
