"""What a generator of series is: a formula, its parameters, and the words about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.options import Option

Floats = NDArray[np.float64]


def no_season(parameters: Mapping[str, Any]) -> int:
    """Give 0: the pattern does not repeat after a known number of steps."""
    return 0


@dataclass(frozen=True)
class Generator:
    """One entry of the registry.

    ``make(length, random, **parameters)`` gives the clean series, shape ``(length,)``; where there
    are ``covariates`` the shape is ``(length, 1 + k)``, the series first and then each of the k
    channels that go with it. It draws from ``random`` alone. ``formula`` is TeX, ``source`` the
    paper or book it stands in, ``memory`` one line on what a network has to remember here.
    ``season`` gives the number of steps after which the pattern repeats, 0 for none, from the
    parameters.

    Raises ``ValueError`` where two parameters have one name or a default is out of its bounds.
    """

    label: str
    make: Callable[..., Floats]
    formula: str
    source: str
    memory: str
    parameters: tuple[Option, ...] = ()
    season: Callable[[Mapping[str, Any]], int] = no_season
    covariates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [parameter.name for parameter in self.parameters]
        if len(set(names)) < len(names):
            raise ValueError(f"Each parameter needs a name of its own. Received: {names}.")
        for parameter in self.parameters:
            parameter.check(parameter.default)  # a ConfigError is a ValueError

    @property
    def defaults(self) -> dict[str, int | float]:
        """The parameters as they are when nothing is chosen."""
        return {parameter.name: parameter.default for parameter in self.parameters}


def parameter(
    name: str,
    default: int | float,
    label: str,
    help: str,
    low: float,
    high: float,
    step: float = 1,
) -> Option:
    """Describe a parameter; a whole number where the default is one. Bounds are inclusive."""
    return Option(name, label, type(default), default, help, low, high, step)
