"""How the time of an epoch grows with the timesteps and with the number of windows."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from rnn_core.bench.cases import Case
from rnn_core.bench.race import contestants, race

BASE = Case("lstm", 32, 1, 24, 32, 512)
FACTORS = (1, 2, 4, 8)


def growth(field: str) -> tuple[list[float], float]:
    """Give the seconds of an epoch at each factor of ``field``, and the fitted exponent.

    The exponent is the slope of the line through the logarithms, by least squares.
    """
    seconds = []
    for factor in FACTORS:
        case = dataclasses.replace(BASE, **{field: factor * getattr(BASE, field)})
        with contestants(["ours"]) as runners:
            seconds.append(race(case, runners)["ours"].epoch)
    return seconds, exponent(FACTORS, seconds)


def exponent(factors: Sequence[float], seconds: Sequence[float]) -> float:
    """Fit ``seconds = a factor^exponent``."""
    return float(np.polyfit(np.log(factors), np.log(seconds), 1)[0])
