"""Where a series can come from: the samples, the generators, and a table someone uploads.

Only names and words, so that the configuration can import it without reading any data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rnn_core.messages import N_
from rnn_core.series.generators import GENERATORS

TABLE = "table"


@dataclass(frozen=True)
class Source:
    """One entry of the list of series a person chooses from.

    ``season`` is the number of time steps after which the pattern repeats, 0 if there is none or
    it is not known (of a generator: at its default parameters); ``time_unit`` is the word for one
    time step, ``unit`` that for the values. ``about`` says what it is, ``provenance`` who measured
    or published it, ``licence`` on what terms it may be passed on, ``challenge`` what makes it
    hard for a network. An uploaded table has none of these.
    """

    label: str
    kind: Literal["sample", "generator", "table"]
    season: int = 0
    unit: str = ""
    time_unit: str = N_("step")
    about: str = ""
    provenance: str = ""
    licence: str = ""
    challenge: str = ""


_PUBLIC_DOMAIN = N_("Public domain")
_FACTS = N_("Published facts, no licence claimed")

SAMPLES: Mapping[str, Source] = {
    "airline": Source(
        N_("AirPassengers"),
        "sample",
        12,
        N_("thousand passengers"),
        N_("month"),
        about=N_("Passengers of international airlines, monthly, 1949 to 1960."),
        provenance="Box & Jenkins, Time Series Analysis: Forecasting and Control, 1976, series G",
        licence=_FACTS,
        challenge=N_(
            "It grows, and its swings grow with it: the test part lies above all that was learnt "
            "from."
        ),
    ),
    "sunspots": Source(
        N_("Sunspots"),
        "sample",
        11,
        N_("sunspot number"),
        N_("year"),
        about=N_("Sunspot activity, yearly, 1700 to 2008."),
        provenance="NOAA National Geophysical Data Center, in statsmodels",
        licence=_PUBLIC_DOMAIN,
        challenge=N_(
            "The cycle takes 9 to 14 years and its peaks differ: no fixed season fits for long."
        ),
    ),
    "nile": Source(
        N_("Nile flow"),
        "sample",
        0,
        N_("100 million m³"),
        N_("year"),
        about=N_("Flow of the Nile at Aswan, yearly, 1871 to 1970."),
        provenance="Cobb, The problem of the Nile, Biometrika 65, 1978, in statsmodels",
        licence=_PUBLIC_DOMAIN,
        challenge=N_(
            "A hundred values, mostly noise, and one drop of the level in 1898: there is little to "
            "learn."
        ),
    ),
    "co2": Source(
        N_("CO₂ at Mauna Loa"),
        "sample",
        52,
        N_("ppm"),
        N_("week"),
        about=N_("Carbon dioxide in the air at Mauna Loa, weekly, 1958 to 2001."),
        provenance="Keeling & Whorf, Scripps Institution of Oceanography and CDIAC, 2004, in "
        "statsmodels",
        licence=_PUBLIC_DOMAIN,
        challenge=N_(
            "Weeks are missing, some of them in a row, and a year has 52.18 weeks, so that the "
            "season drifts."
        ),
    ),
    "shampoo": Source(
        N_("Shampoo sales"),
        "sample",
        0,
        N_("sales"),
        N_("month"),
        about=N_("Sales of a shampoo, monthly, over three years."),
        provenance="Makridakis, Wheelwright & Hyndman, Forecasting: Methods and Applications, 1998",
        licence=_FACTS,
        challenge=N_("Only 36 values, with a steep and noisy rise at the end: far too few."),
    ),
    "elnino": Source(
        N_("El Niño sea temperature"),
        "sample",
        12,
        N_("°C"),
        N_("month"),
        about=N_("Sea surface temperature off Peru (Niño 1+2), monthly, 1950 to 2010."),
        provenance="NOAA National Weather Service, ERSST.V3B, in statsmodels",
        licence=_PUBLIC_DOMAIN,
        challenge=N_(
            "The season is easy; El Niño, every two to seven years, is what seasonal naive misses."
        ),
    ),
    "unemployment": Source(
        N_("US unemployment"),
        "sample",
        0,
        N_("%"),
        N_("quarter"),
        about=N_("Unemployment rate of the USA, seasonally adjusted, quarterly, 1959 to 2009."),
        provenance="U.S. Bureau of Labor Statistics, in statsmodels",
        licence=_PUBLIC_DOMAIN,
        challenge=N_(
            "It rises fast and falls slowly, and recessions are rare: repeating the last value is "
            "hard to beat."
        ),
    ),
    "seattle": Source(
        N_("Seattle temperature"),
        "sample",
        365,
        N_("°C"),
        N_("day"),
        about=N_("Highest temperature of the day in Seattle, 2012 to 2015."),
        provenance="NOAA, in vega_datasets",
        licence=_PUBLIC_DOMAIN,
        challenge=N_(
            "The season is far longer than a window, and from day to day the weather has its way."
        ),
    ),
    "rain": Source(
        N_("Seattle rain"),
        "sample",
        0,
        N_("mm"),
        N_("day"),
        about=N_("Precipitation of the day in Seattle, 2012 to 2015."),
        provenance="NOAA, in vega_datasets",
        licence=_PUBLIC_DOMAIN,
        challenge=N_(
            "More than half of the days are 0 and a few are floods: neither a mean nor a log fits."
        ),
    ),
}

SOURCES: Mapping[str, Source] = {
    **SAMPLES,
    **{
        name: Source(
            generator.label,
            "generator",
            generator.season(generator.defaults),
            provenance=generator.source,
            challenge=generator.memory,
        )
        for name, generator in GENERATORS.items()
    },
    TABLE: Source(N_("Uploaded table"), "table"),
}
