from rnn_core.series.generators import GENERATORS, generate, read_parameters, write_parameters
from rnn_core.series.load import load_series
from rnn_core.series.series import Series
from rnn_core.series.sources import SOURCES, TABLE
from rnn_core.series.tables import NUMBERED, Problem, Reading, Report, Table, read_table
from rnn_core.series.treatment import Treatment

__all__ = [
    "GENERATORS",
    "NUMBERED",
    "SOURCES",
    "TABLE",
    "Problem",
    "Reading",
    "Report",
    "Series",
    "Table",
    "Treatment",
    "generate",
    "load_series",
    "read_parameters",
    "read_table",
    "write_parameters",
]
