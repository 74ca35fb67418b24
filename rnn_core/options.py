"""One description of every field a person can set: its name, bounds, choices and words.

The dataclasses of :mod:`rnn_core.config` are made of these, and the page's widgets, the URL and
the command line are derived from them, so that a bound stands in one place.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rnn_core.messages import N_, ConfigError, Message

KIND = "option"  # the key under which a dataclass field keeps its Option
# NUL ends a text in some databases, and half a surrogate pair has no UTF-8.
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Option:
    """A field as a person meets it.

    ``name`` is its name in a URL and, behind ``--``, on the command line. ``low`` and ``high`` are
    inclusive. ``choices`` maps each value that is allowed to its label.
    """

    name: str
    label: str
    type: type
    default: Any
    help: str = ""
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: Mapping[str, str] | None = None
    max_length: int = 200

    def parse(self, text: str) -> Any:
        """Read the value from a URL or a command line; ``ConfigError`` if it is none.

        What is no text is the value itself, if it can be one.
        """
        if not isinstance(text, str):
            return self.check(text)
        try:
            if self.type is bool:
                return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
            return self.type(text)
        except (ValueError, KeyError, OverflowError):
            raise self._refuse(text) from None

    def text(self, value: Any) -> str:
        """Write the value so that :meth:`parse` reads the same one."""
        return str(value).lower() if self.type is bool else str(value)

    def check(self, value: Any) -> Any:
        """Give the value in the field's type, or raise ``ConfigError``."""
        if self.type is float and type(value) in (int, float):
            try:
                value = float(value) + 0.0  # no minus zero: equal to zero, but written otherwise
            except OverflowError:
                raise self._refuse(value) from None
        if type(value) is not self.type or not self._allows(value):
            raise self._refuse(value)
        return value

    def _allows(self, value: Any) -> bool:
        if self.choices is not None:
            return value in self.choices
        if self.type is str:
            return len(value) <= self.max_length and not UNWRITABLE.search(value)
        if self.type is bool:
            return True
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        # In this order: a huge whole number cannot be asked whether it is finite.
        return low <= value <= high and math.isfinite(value)

    def _refuse(self, value: Any) -> ConfigError:
        try:
            received = repr(value)
        except (ValueError, RecursionError):  # thousands of digits, or of brackets
            received = type(value).__name__
        received = received if len(received) <= 60 else received[:57] + "..."
        values: dict[str, object] = {
            "field": Message("label", self.label),
            "option": self.name,
            "received": received,
        }
        if self.choices is not None:
            kind = "config.choice"
            template = N_("{field} ({option}) must be one of {choices}. Received: {received}.")
            values["choices"] = ", ".join(self.choices)
        elif self.type is bool:
            kind = "config.boolean"
            template = N_("{field} ({option}) must be true or false. Received: {received}.")
        elif self.type is str:
            kind = "config.text"
            template = N_(
                "{field} ({option}) must be a text of at most {high} characters. "
                "Received: {received}."
            )
            values["high"] = self.max_length
        elif self.type is int:
            kind = "config.whole_number"
            template = N_(
                "{field} ({option}) must be a whole number from {low} to {high}. "
                "Received: {received}."
            )
            values |= {"low": f"{self.low:,}", "high": f"{self.high:,}"}
        else:
            kind = "config.number"
            template = N_(
                "{field} ({option}) must be a number from {low} to {high}. Received: {received}."
            )
            values |= {"low": f"{self.low:g}", "high": f"{self.high:g}"}
        return ConfigError(Message(kind, template, values), self.name)


def option(
    default: Any,
    name: str,
    label: str,
    help: str = "",
    *,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    choices: Mapping[str, str] | None = None,
    max_length: int = 200,
) -> Any:
    """Declare a dataclass field that carries its :class:`Option`."""
    described = Option(
        name, label, type(default), default, help, low, high, step, choices, max_length
    )
    return dataclasses.field(default=default, metadata={KIND: described})


class Section:
    """Base of the frozen dataclasses whose every field is an :func:`option`."""

    def __post_init__(self) -> None:
        for name, described in options_of(type(self)).items():
            object.__setattr__(self, name, described.check(getattr(self, name)))


def options_of(section: type) -> dict[str, Option]:
    """Give a section's options by the name of the dataclass field."""
    return {field.name: field.metadata[KIND] for field in dataclasses.fields(section)}
