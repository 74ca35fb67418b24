from rnn_core.series.tables.read import read_table
from rnn_core.series.tables.reading import Reading
from rnn_core.series.tables.report import PROBLEMS, Problem, Report
from rnn_core.series.tables.table import NUMBERED, Table

__all__ = ["NUMBERED", "PROBLEMS", "Problem", "Reading", "Report", "Table", "read_table"]
