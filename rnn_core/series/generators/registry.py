"""All generators by name, in the order in which they are listed."""

from __future__ import annotations

from collections.abc import Mapping

from rnn_core.series.generators.chaotic import CHAOTIC
from rnn_core.series.generators.generator import Generator
from rnn_core.series.generators.memory import MEMORY
from rnn_core.series.generators.periodic import PERIODIC
from rnn_core.series.generators.stochastic import STOCHASTIC

GENERATORS: Mapping[str, Generator] = {**PERIODIC, **STOCHASTIC, **CHAOTIC, **MEMORY}
