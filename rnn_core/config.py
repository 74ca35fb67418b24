"""What a person can choose, as frozen dataclasses that validate themselves.

An :class:`Experiment` is all of it: which series, how it is cut and prepared, which network, how
it is trained. It is hashable, goes to JSON and back, to a URL's query and back, and two equal
experiments give the same training curve.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rnn_core.cells import CELLS, parameter_count
from rnn_core.messages import N_, ConfigError, Message
from rnn_core.options import Option, Section, option, options_of
from rnn_core.series.sources import SOURCES, TABLE

DIFFERENCES = {
    "none": N_("None"),
    "first": N_("First (value minus the one before)"),
    "seasonal": N_("Seasonal (value minus the one a season before)"),
}
SCALINGS = {
    "standard": N_("Standard (mean 0, deviation 1)"),
    "minmax": N_("Min-max (0 to 1)"),
    "none": N_("None"),
}
INITIALIZATIONS = {
    "keras": N_("Keras default"),
    "normal": N_("Random normal"),
    "orthogonal": N_("Orthogonal"),
    "identity": N_("Identity (plain RNN)"),
}
OPTIMIZERS = {
    "adam": N_("Adam"),
    "sgd": N_("SGD with momentum"),
    "rmsprop": N_("RMSprop"),
}
LOSSES = {
    "mse": N_("MSE (mean squared error)"),
    "mae": N_("MAE (mean absolute error)"),
    "huber": N_("Huber"),
}


@dataclass(frozen=True)
class SeriesConfig(Section):
    """Which series: a sample or a generator by its name, or a column of an uploaded table."""

    source: str = option(
        "airline",
        "series",
        N_("Series"),
        N_("What the network learns to forecast."),
        choices={name: source.label for name, source in SOURCES.items()},
    )
    table: str = option(
        "", "table", N_("Table"), N_("Content hash of the uploaded table."), max_length=64
    )
    value: str = option(
        "", "value", N_("Value column"), N_("The column to forecast; empty: the first numeric one.")
    )
    time: str = option(
        "", "time", N_("Time column"), N_("The column of dates; empty: guessed from the table.")
    )
    length: int = option(
        600,
        "length",
        N_("Length"),
        N_("How many values a generated series has."),
        low=50,
        high=20_000,
        step=50,
    )
    noise: float = option(
        0.1,
        "noise",
        N_("Noise"),
        N_("Deviation of the noise added to a generated series, in deviations of that series."),
        low=0.0,
        high=2.0,
        step=0.05,
    )
    seed: int = option(
        0,
        "series-seed",
        N_("Series seed"),
        N_("Another seed draws another series of the same kind."),
        low=0,
        high=2**31 - 1,
    )
    season: int = option(
        0,
        "season",
        N_("Season"),
        N_("Time steps after which the pattern repeats; 0: what is known of the series."),
        low=0,
        high=10_000,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.source == TABLE and not self.table:
            raise ConfigError(
                Message(
                    "config.no_table", N_("No table yet: upload one, or choose another series.")
                ),
                "table",
            )
        if self.source != TABLE and (self.table or self.value or self.time):
            raise ConfigError(
                Message(
                    "config.not_a_table",
                    N_(
                        "A table and its columns go with series 'table' only. "
                        "Received: series '{source}'."
                    ),
                    {"source": self.source},
                ),
                "series",
            )


@dataclass(frozen=True)
class WindowConfig(Section):
    """How the series is split in time, transformed, and cut into windows."""

    timesteps: int = option(
        12,
        "timesteps",
        N_("Timesteps"),
        N_("How many past values the network sees for one forecast (its look-back)."),
        low=2,
        high=512,
    )
    log: bool = option(
        True,
        "log",
        N_("Logarithm"),
        N_("Train on the logarithm: for series whose swings grow with their level."),
    )
    difference: str = option(
        "first",
        "difference",
        N_("Difference"),
        N_("Train on changes instead of values: takes a trend or a season out."),
        choices=DIFFERENCES,
    )
    scaling: str = option(
        "standard",
        "scaling",
        N_("Scaling"),
        N_("Fitted on the training part alone, so that nothing of the future leaks in."),
        choices=SCALINGS,
    )
    validation: float = option(
        0.07,
        "validation",
        N_("Validation part"),
        N_("Share of the series, right before the test part, held out to watch the training."),
        low=0.01,
        high=0.4,
        step=0.01,
    )
    test: float = option(
        0.33,
        "test",
        N_("Test part"),
        N_("Share of the series, its newest values, never seen in training: for the verdict."),
        low=0.01,
        high=0.5,
        step=0.01,
    )


@dataclass(frozen=True)
class ModelConfig(Section):
    """The network: stacked recurrent layers and one dense layer on the last time step."""

    cell: str = option(
        "lstm",
        "cell",
        N_("Cell"),
        N_("The kind of recurrent layer."),
        choices={name: cell.label for name, cell in CELLS.items()},
    )
    hidden_size: int = option(
        32, "hidden", N_("Hidden size"), N_("Units in each layer."), low=1, high=256
    )
    layers: int = option(
        1, "layers", N_("Layers"), N_("Recurrent layers on top of each other."), low=1, high=4
    )
    dropout: float = option(
        0.0,
        "dropout",
        N_("Dropout"),
        N_("Share of each layer's outputs that are switched off at random while training."),
        low=0.0,
        high=0.9,
        step=0.05,
    )
    initialization: str = option(
        "keras",
        "init",
        N_("Initialisation"),
        N_("How the recurrent and input weights start."),
        choices=INITIALIZATIONS,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.initialization == "identity" and self.cell != "rnn":
            raise ConfigError(
                Message(
                    "config.identity",
                    N_(
                        "Initialisation (init) 'identity' is for the plain RNN only. "
                        "Received: cell '{cell}'."
                    ),
                    {"cell": self.cell},
                ),
                "init",
            )

    @property
    def parameters(self) -> int:
        """Number of trainable weights for a series of one feature."""
        return parameter_count(self.cell, self.hidden_size, self.layers)


@dataclass(frozen=True)
class TrainConfig(Section):
    """How the network is trained."""

    optimizer: str = option("adam", "optimizer", N_("Optimizer"), "", choices=OPTIMIZERS)
    learning_rate: float = option(
        0.005,
        "learning-rate",
        N_("Learning rate"),
        N_("Size of a step; too large and the loss jumps or becomes NaN."),
        low=1e-6,
        high=100.0,
    )
    momentum: float = option(
        0.9,
        "momentum",
        N_("Momentum"),
        N_("Of SGD; the other optimizers have their own."),
        low=0.0,
        high=0.999,
        step=0.05,
    )
    batch_size: int = option(
        16,
        "batch-size",
        N_("Batch size"),
        N_("Windows to one step of the optimizer; 0: all of them, plain gradient descent."),
        low=0,
        high=100_000,
    )
    epochs: int = option(
        150,
        "epochs",
        N_("Epochs"),
        N_("How often the training part is gone through."),
        low=1,
        high=10_000,
    )
    loss: str = option("mse", "loss", N_("Loss"), N_("What training makes small."), choices=LOSSES)
    seed: int = option(
        0,
        "seed",
        N_("Seed"),
        N_("The same seed gives the same curve; another one shows how much is luck."),
        low=0,
        high=2**31 - 1,
    )
    clip: float = option(
        0.0,
        "clip",
        N_("Gradient clipping"),
        N_("Largest norm of the whole gradient; 0: no clipping."),
        low=0.0,
        high=1_000.0,
        step=0.5,
    )
    patience: int = option(
        0,
        "patience",
        N_("Early stopping"),
        N_(
            "Epochs without a better validation loss before training stops and the best weights "
            "are taken back; 0: no early stopping."
        ),
        low=0,
        high=10_000,
    )


@dataclass(frozen=True)
class Experiment:
    """All choices of one run."""

    series: SeriesConfig = field(default_factory=SeriesConfig)
    window: WindowConfig = field(default_factory=WindowConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    train: TrainConfig = field(default_factory=TrainConfig)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Experiment:
        """Make an experiment from values by option name; those left out take their default.

        Raises ``ConfigError`` for the first value that cannot be used and for names that no
        option has.
        """
        for name in values:
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
        for name, text in query.items():
            if name not in OPTIONS:
                raise _unknown(name)
            parsed[name] = OPTIONS[name].parse(text)
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
        except (ValueError, RecursionError) as error:
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


def _unknown(name: str) -> ConfigError:
    return ConfigError(
        Message(
            "config.unknown",
            N_("There is no option '{name}'. Known options: {known}."),
            {"name": name[:60], "known": ", ".join(OPTIONS)},
        ),
        name,
    )


def _not_an_object(name: str, received: Any) -> ConfigError:
    return ConfigError(
        Message(
            "config.object",
            N_("'{name}' must be a JSON object. Received: {received}."),
            {"name": name, "received": type(received).__name__},
        )
    )
