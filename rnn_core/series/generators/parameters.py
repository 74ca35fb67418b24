"""The parameters of a generator as one text, ``tau=23,beta=0.3``, and as a dict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rnn_core.messages import N_, ConfigError, Message
from rnn_core.series.generators.generator import Generator
from rnn_core.series.generators.registry import GENERATORS

OPTION = "parameters"  # the option of an experiment that a refusal names
LONGEST_QUOTE = 60


def read_parameters(name: str, text: str) -> dict[str, int | float]:
    """Read a text into all parameters of the generator ``name``, defaults where it says nothing.

    Raises ``ConfigError`` for a text that is no list of ``name=number``, for a parameter that the
    generator has not or that is given twice, and for a number out of its bounds.
    """
    generator = GENERATORS[name]
    known = {parameter.name: parameter for parameter in generator.parameters}
    values: dict[str, Any] = {}
    for part in text.split(",") if text.strip() else ():
        key, equals, number = (piece.strip() for piece in part.partition("="))
        if not equals or key in values:
            raise _unreadable(part, generator)
        if key not in known:
            raise _unknown(key, generator)
        try:
            values[key] = known[key].parse(number)
        except ConfigError as error:
            raise ConfigError(error.message, OPTION) from error
    return check_parameters(name, values)


def write_parameters(name: str, values: Mapping[str, Any]) -> str:
    """Write what differs from the defaults of the generator ``name``, in its order.

    :func:`read_parameters` reads the same values from it. Raises ``ConfigError`` as
    :func:`check_parameters` does.
    """
    chosen = check_parameters(name, values)
    return ",".join(
        f"{parameter.name}={parameter.text(chosen[parameter.name])}"
        for parameter in GENERATORS[name].parameters
        if chosen[parameter.name] != parameter.default
    )


def check_parameters(name: str, values: Mapping[str, Any]) -> dict[str, int | float]:
    """Give all parameters of the generator ``name``, those left out at their default.

    Raises ``ConfigError`` for one that it has not and for a value out of its bounds.
    """
    generator = GENERATORS[name]
    checked = generator.defaults
    known = {parameter.name: parameter for parameter in generator.parameters}
    for key, value in values.items():
        if key not in known:
            raise _unknown(key, generator)
        try:
            checked[key] = known[key].check(value)
        except ConfigError as error:
            raise ConfigError(error.message, OPTION) from error
    return checked


def _unknown(name: str, generator: Generator) -> ConfigError:
    return ConfigError(
        Message(
            "config.unknown_parameter",
            N_("{series} has no parameter '{name}'. Its parameters: {known}."),
            {
                "series": Message("label", generator.label),
                "name": _quote(name),
                "known": _names(generator),
            },
        ),
        OPTION,
    )


def _unreadable(part: str, generator: Generator) -> ConfigError:
    return ConfigError(
        Message(
            "config.parameters",
            N_(
                "Parameters (parameters) must be name=number, each name once, with commas between "
                "them. Names: {known}. Received: '{received}'."
            ),
            {"known": _names(generator), "received": _quote(part)},
        ),
        OPTION,
    )


def _names(generator: Generator) -> str:
    return ", ".join(generator.defaults)


def _quote(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 3] + "..."
