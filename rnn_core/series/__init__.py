from rnn_core.series.generators import GENERATORS, generate, read_parameters, write_parameters
from rnn_core.series.load import load_series
from rnn_core.series.series import Series
from rnn_core.series.sources import SOURCES, TABLE
from rnn_core.series.table import Table, read_table

__all__ = [
    "GENERATORS",
    "SOURCES",
    "TABLE",
    "Series",
    "Table",
    "generate",
    "load_series",
    "read_parameters",
    "read_table",
    "write_parameters",
]
