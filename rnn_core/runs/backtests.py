"""What a backtest in a worker has come to, as the store keeps it."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from rnn_core.forecast.backtest import Backtest, Plan, backtest_of
from rnn_core.runs.tasks import Task, Tasks
from rnn_core.series import Series


def pack_forecasts(forecast: NDArray[np.float64]) -> bytes:
    """Write forecasts ``(k, horizon)`` from the first k origins."""
    buffer = io.BytesIO()
    np.save(buffer, forecast, allow_pickle=False)
    return buffer.getvalue()


def stored_backtest(tasks: Tasks, task: Task, series: Series, plan: Plan) -> Backtest | None:
    """Read what a task has come to so far, or None where no origin is done yet."""
    packed = tasks.result(task.id)
    if packed is None:
        return None
    return backtest_of(series, plan, np.load(io.BytesIO(packed), allow_pickle=False))
