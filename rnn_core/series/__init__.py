from rnn_core.series.load import load_series
from rnn_core.series.series import Series
from rnn_core.series.sources import SOURCES, TABLE
from rnn_core.series.table import Table, read_table

__all__ = ["SOURCES", "TABLE", "Series", "Table", "load_series", "read_table"]
