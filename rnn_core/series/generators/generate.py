"""From the name of a generator to a series, as long and as noisy as wanted."""

from __future__ import annotations

import numpy as np

from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.generators.parameters import check_parameters
from rnn_core.series.generators.registry import GENERATORS
from rnn_core.series.series import Series


def generate(
    name: str, length: int, noise: float = 0.0, seed: int = 0, **parameters: int | float
) -> Series:
    """Make a series of ``length`` values by the generator ``name``, a key of ``GENERATORS``.

    ``noise`` is the deviation of the Gaussian noise that is added to the values (never to the
    covariates), in deviations of the clean series. Series and noise draw from separate random
    streams, so that turning the noise up leaves the series underneath as it is. The same
    arguments give the same values, bit for bit.

    Raises ``ConfigError`` for a parameter that the generator has not or that is out of its
    bounds, and ``SeriesError`` where parameters that are allowed one by one make no series.
    """
    generator = GENERATORS[name]
    chosen = check_parameters(name, parameters)
    clean_stream, noise_stream = np.random.default_rng(seed).spawn(2)
    made = generator.make(length, clean_stream, **chosen).reshape(length, -1)
    clean = made[:, 0]
    if not np.isfinite(made).all():
        raise SeriesError(
            Message(
                "generator.runs_away",
                N_(
                    "{series} runs away to infinity with these parameters: bring them closer to "
                    "their defaults."
                ),
                {"series": Message("label", generator.label)},
            )
        )
    return Series(
        name=generator.label,
        values=clean + noise * clean.std() * noise_stream.standard_normal(length),
        times=np.arange(length),
        season=generator.season(chosen),
        covariates=made[:, 1:],
        covariate_names=generator.covariates,
    )
