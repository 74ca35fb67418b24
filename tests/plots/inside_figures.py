"""The figures of a network's inside, drawn for tests."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnn_core.messages import Message
from rnn_core.plots import (
    dependence_figure,
    eigenvalues_figure,
    epochs_figure,
    gates_figure,
    gradient_figure,
    histograms_figure,
    states_figure,
    trajectory_figure,
    unit_map_figure,
    unit_signals_figure,
    weight_shares,
    weights_figure,
)

FINDING = Message("finding", "It is so.")
EPOCHS = np.array([1, 2, 5, 20, 150])


def random(*shape: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def states_of(steps: int, units: int, **options: Any) -> go.Figure:
    values = np.tanh(random(steps, units))
    labels = {"symbol": "c", "label": "Layer 1", "limit": 2.0}
    return states_figure(np.arange(-steps, 0), values, **(labels | options))


def gates_of(steps: int, units: int, **options: Any) -> go.Figure:
    gates = {name: 1 / (1 + np.exp(-random(steps, units, seed=s))) for s, name in enumerate("ifo")}
    gates["g"] = np.tanh(random(steps, units))
    return gates_figure(np.arange(-steps, 0), gates, label="Layer 1", **options)


def gradient_of(steps: int, units: int, **options: Any) -> go.Figure:
    powers = 10.0 ** np.linspace(-9, 0, steps)
    labels = {"power_range": (-8.0, 0.0), "label": "Layer 1"}
    norms = {"RNN": powers, "LSTM": np.sqrt(powers)}
    derivative = powers[:, None] * random(steps, units)
    return gradient_figure(np.arange(-steps, 0), derivative, norms, **(labels | options))


def dependence_of(steps: int = 12, **options: Any) -> go.Figure:
    times, values = np.arange(-steps, 0), np.linspace(0, 1, steps)
    labels = {"limit": 2.0, "memory": 4, "input_label": "Input"}
    return dependence_figure(times, -values, values, **(labels | options))


def weights_of(rows: int = 5, columns: int = 7, **options: Any) -> go.Figure:
    labels = {"label": "W_hh", "row_label_text": "From unit", "column_label_text": "To unit"}
    return weights_figure(random(rows, columns), limit=1.5, **labels, **options)


def histograms_of(**options: Any) -> go.Figure:
    middles, shares = weight_shares([random(50, seed=e) for e in range(5)], limit=2.0)
    return histograms_figure(EPOCHS, middles, shares, label="W_hh", **options)


def eigenvalues_of(**options: Any) -> go.Figure:
    values = {"i": random(6) + 1j * random(6, seed=4), "f": random(6) + 0j}
    return eigenvalues_figure(values, limit=2.5, **options)


def epochs_of(**options: Any) -> go.Figure:
    curves = {"Layer 1": np.array([1.0, 2, 3, 4, 5]), "Layer 2": np.array([5.0, 5, 5, 5, 4])}
    return epochs_figure(EPOCHS, curves, quantity="Spectral radius", **options)


def trajectory_of(**options: Any) -> go.Figure:
    path = random(40, 2)
    labels = {"ranges": ((-3, 3), (-4, 4)), "explained": (0.6, 0.25), "colour_label": "Step"}
    return trajectory_figure(path, np.arange(40), **(labels | options))


def solid_of(**options: Any) -> go.Figure:
    labels = {"ranges": ((-3, 3),) * 3, "explained": (0.6, 0.25, 0.1), "colour_label": "Step"}
    labels["components"] = (1, 2, 3)
    return trajectory_figure(random(40, 3), np.arange(40), step=3, **(labels | options))


def correlations_of(**options: Any) -> go.Figure:
    signals = {"Input": np.tanh(random(6)), "Level": np.tanh(random(6, seed=4))}
    return unit_signals_figure(signals, label="Layer 1", **options)


def map_of(**options: Any) -> go.Figure:
    places = np.tanh(random(6, 2))
    return unit_map_figure(places, np.linspace(0, 1, 6), strength_label="%", off=[2], **options)
