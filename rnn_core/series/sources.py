"""Where a series can come from: the samples, the generators, and a table someone uploads.

Only names and words, so that the configuration can import it without reading any data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rnn_core.messages import N_

TABLE = "table"


@dataclass(frozen=True)
class Source:
    """One entry of the list of series a person chooses from.

    ``season`` is the number of time steps after which the pattern repeats, 0 if there is none or
    it is not known; ``time_unit`` is the word for one time step, ``unit`` that for the values.
    """

    label: str
    kind: Literal["sample", "generator", "table"]
    season: int = 0
    unit: str = ""
    time_unit: str = N_("step")


SOURCES: Mapping[str, Source] = {
    "airline": Source(N_("AirPassengers"), "sample", 12, N_("thousand passengers"), N_("month")),
    "sunspots": Source(N_("Sunspots"), "sample", 11, N_("sunspot number"), N_("year")),
    "nile": Source(N_("Nile flow"), "sample", 0, N_("100 million m³"), N_("year")),
    "sines": Source(N_("Sum of sines"), "generator", 25),
    "mackey-glass": Source(N_("Mackey-Glass"), "generator"),
    "ar": Source(N_("AR(2)"), "generator"),
    TABLE: Source(N_("Uploaded table"), "table"),
}
