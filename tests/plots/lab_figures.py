"""The three figures of the Lab, drawn for tests, and what was sent of a figure."""

import json
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnn_core.plots import forecast_figure, hidden_figure

NONE = np.array([])


def curves(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    noise = np.random.default_rng(3).random((2, count))
    epochs = np.arange(1, count + 1)
    return epochs, np.exp(-epochs / 60) + noise[0] / 50, np.exp(-epochs / 70) + noise[1] / 20


def forecast_of(count: int, **changes: Any) -> go.Figure:
    months = np.datetime64("1955-01") + np.arange(count + 24)
    values = 300 + 100 * np.sin(np.arange(count + 24) * np.pi / 6)
    arguments = {
        "times": months[24:],
        "truth": values[24:],
        "forecast": values[24:] + 5,
        "history_times": months[:24],
        "history": values[:24],
        "boundary": count // 2,
        "persistence": values[23:-1],
        "seasonal_naive": values[12:-12],
        "unit": "thousand passengers",
        "time_label": "Month",
    }
    return forecast_figure(**(arguments | changes))


def hidden_of(steps: int, units: int, **options: Any) -> go.Figure:
    times, inputs, hidden = np.arange(-steps, 0), np.linspace(-1, 1, steps), states(steps, units)
    labels = {"layer_label": "Layer 1", "input_label": "Input"}
    return hidden_figure(times, inputs, hidden, **labels, **options)


def states(steps: int, units: int) -> np.ndarray:
    return np.tanh(np.random.default_rng(5).normal(size=(steps, units)))


def trace(fig: go.Figure, name: str) -> Any:
    return next(trace for trace in fig.data if trace.name == name)


def sent_arrays(fig: go.Figure) -> list[tuple[str, Any]]:
    """Name and value of every x, y and z as it is in the JSON text."""
    plain = json.loads(fig.to_json())
    return [
        (axis, trace[axis]) for trace in plain["data"] for axis in ("x", "y", "z") if axis in trace
    ]
