from rnn_core.series.tables.reading import Reading
from rnn_core.series.tables.table import NUMBERED, Problem, Report, Table, read_table

__all__ = ["NUMBERED", "Problem", "Reading", "Report", "Table", "read_table"]
