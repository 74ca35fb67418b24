from rnn_core.series.load import load_series
from rnn_core.series.series import Series
from rnn_core.series.sources import SOURCES, TABLE
from rnn_core.series.tables import NUMBERED, Problem, Reading, Report, Table, read_table
from rnn_core.series.treatment import Treatment

__all__ = [
    "NUMBERED",
    "SOURCES",
    "TABLE",
    "Problem",
    "Reading",
    "Report",
    "Series",
    "Table",
    "Treatment",
    "load_series",
    "read_table",
]
