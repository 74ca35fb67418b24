"""Look before you train: what a series is like, and what that suggests for its preparation.

Each look takes values ``(n,)`` in which NaN and infinity are missing, and gives a frozen result
with arrays and sentences, or raises one ``SeriesError``. Of very long series the newest stretch is
looked at, and ``notes`` says so.
"""

from rnn_core.series.diagnostics.correlation import Autocorrelation, autocorrelation
from rnn_core.series.diagnostics.decomposition import Decomposition, decompose
from rnn_core.series.diagnostics.period import Period, find_period
from rnn_core.series.diagnostics.spectrum import Spectrum, spectrum
from rnn_core.series.diagnostics.spread import Spread, spread
from rnn_core.series.diagnostics.stationarity import Stationarity, stationarity
from rnn_core.series.diagnostics.suggestion import Suggestion, suggest

__all__ = [
    "Autocorrelation",
    "Decomposition",
    "Period",
    "Spectrum",
    "Spread",
    "Stationarity",
    "Suggestion",
    "autocorrelation",
    "decompose",
    "find_period",
    "spectrum",
    "spread",
    "stationarity",
    "suggest",
]
