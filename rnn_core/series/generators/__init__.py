"""Series made from a formula: a registry of generators, their parameters, and the making."""

from rnn_core.series.generators.generate import generate
from rnn_core.series.generators.generator import Generator
from rnn_core.series.generators.parameters import (
    check_parameters,
    read_parameters,
    write_parameters,
)
from rnn_core.series.generators.registry import GENERATORS

__all__ = [
    "GENERATORS",
    "Generator",
    "check_parameters",
    "generate",
    "read_parameters",
    "write_parameters",
]
