"""All choices of one run, and their way to JSON, a URL and back."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rnn_core.cells import parameter_count
from rnn_core.config.model import ModelConfig
from rnn_core.config.series import SeriesConfig
from rnn_core.config.train import TrainConfig
from rnn_core.config.window import WindowConfig
from rnn_core.messages import N_, ConfigError, Message
from rnn_core.options import Option, options_of


@dataclass(frozen=True)
class Experiment:
    """All choices of one run."""

    series: SeriesConfig = field(default_factory=SeriesConfig)
    window: WindowConfig = field(default_factory=WindowConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    train: TrainConfig = field(default_factory=TrainConfig)

    def __post_init__(self) -> None:
        for name, section in SECTIONS.items():
            received = getattr(self, name)
            if not isinstance(received, section):
                raise ConfigError(
                    Message(
                        "config.section",
                        N_("'{name}' must be a {expected}. Received: {received}."),
                        {
                            "name": name,
                            "expected": section.__name__,
                            "received": type(received).__name__,
                        },
                    ),
                    name,
                )

    @property
    def outputs(self) -> int:
        """How many values the network says at once: of each step one, or its quantiles."""
        return self.window.steps * max(1, len(self.train.quantiles))

    @property
    def parameters(self) -> int:
        """Number of trainable weights; every covariate is one more feature."""
        model, features = self.model, 1 + len(self.series.covariate_names)
        return parameter_count(model.cell, model.hidden_size, model.layers, features, self.outputs)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Experiment:
        """Make an experiment from values by option name; those left out take their default.

        Raises ``ConfigError`` for the first value that cannot be used and for names that no
        option has.
        """
        for name in _names(values):
            if name not in OPTIONS:
                raise _unknown(name)
        sections: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
        for name, value in values.items():
            section, attribute = _PLACES[name]
            sections[section][attribute] = value
        return cls(**{name: SECTIONS[name](**chosen) for name, chosen in sections.items()})

    def values(self) -> dict[str, Any]:
        """Give every choice by option name."""
        return {
            name: getattr(getattr(self, section), attribute)
            for name, (section, attribute) in _PLACES.items()
        }

    def to_query(self) -> dict[str, str]:
        """Give what differs from the default, as texts for a URL's query."""
        return {
            name: OPTIONS[name].text(value)
            for name, value in self.values().items()
            if value != OPTIONS[name].default
        }

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Experiment:
        """Read what :meth:`to_query` wrote; ``ConfigError`` as in :meth:`from_values`."""
        parsed = {}
        for name in _names(query):
            if name not in OPTIONS:
                raise _unknown(name)
            parsed[name] = OPTIONS[name].parse(query[name])
        return cls.from_values(parsed)

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """Give the nested plain form that JSON keeps."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, plain: Any) -> Experiment:
        """Read what :meth:`to_dict` gave; sections and fields left out take their default."""
        if not isinstance(plain, dict):
            raise _not_an_object("experiment", plain)
        sections = {}
        for name, chosen in plain.items():
            if name not in SECTIONS:
                raise _unknown(str(name))
            if not isinstance(chosen, dict):
                raise _not_an_object(name, chosen)
            known = options_of(SECTIONS[name])
            for attribute in chosen:
                if attribute not in known:
                    raise _unknown(f"{name}.{attribute}")
            sections[name] = SECTIONS[name](**chosen)
        return cls(**sections)

    def to_json(self) -> str:
        """Give the canonical JSON text: every field, sorted, without spaces."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Experiment:
        """Read a JSON text; ``ConfigError`` if it is not one or a field cannot be used."""
        try:
            plain = json.loads(text)
        except (TypeError, ValueError, RecursionError) as error:
            raise ConfigError(
                Message(
                    "config.json",
                    N_("The experiment is not JSON: {reason}."),
                    {"reason": str(error)},
                )
            ) from error
        return cls.from_dict(plain)

    @property
    def digest(self) -> str:
        """A stable hash of all choices, 16 hexadecimal digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]


SECTIONS: Mapping[str, type[Any]] = {
    "series": SeriesConfig,
    "window": WindowConfig,
    "model": ModelConfig,
    "train": TrainConfig,
}
_PLACES: Mapping[str, tuple[str, str]] = {
    described.name: (section, attribute)
    for section, cls in SECTIONS.items()
    for attribute, described in options_of(cls).items()
}
OPTIONS: Mapping[str, Option] = {
    described.name: described for cls in SECTIONS.values() for described in options_of(cls).values()
}


def _names(given: Any) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise ConfigError(
            Message(
                "config.mapping",
                N_("An experiment's options must be given by their names. Received: {received}."),
                {"received": type(given).__name__},
            )
        )
    return given


def _unknown(name: object) -> ConfigError:
    return ConfigError(
        Message(
            "config.unknown",
            N_("There is no option '{name}'. Known options: {known}."),
            {"name": str(name)[:60], "known": ", ".join(OPTIONS)},
        ),
        str(name),
    )


def _not_an_object(name: str, received: Any) -> ConfigError:
    return ConfigError(
        Message(
            "config.object",
            N_("'{name}' must be a JSON object. Received: {received}."),
            {"name": name, "received": type(received).__name__},
        )
    )
