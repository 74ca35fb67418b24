"""Series and experiments that windows are prepared from, in all combinations of choices."""

import numpy as np

from rnn_core.config import Experiment
from rnn_core.series import Series, load_series

AIRLINE = load_series(Experiment().series)


def experiment(**values):
    return Experiment.from_values({name.replace("_", "-"): value for name, value in values.items()})


def series_of(values, season=0):
    return Series("test", values, np.arange(len(values)), season=season)


PREPARATIONS = [
    {"log": log, "difference": difference, "scaling": scaling, "timesteps": timesteps}
    for log in (False, True)
    for difference in ("none", "first", "seasonal")
    for scaling in ("none", "standard", "minmax")
    for timesteps in (2, 12)
]


PREPARATIONS += [
    {"difference": difference, "strategy": "direct", "horizon": 5}
    for difference in ("none", "first", "seasonal")
]
