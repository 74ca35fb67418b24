"""``train``: an experiment in, a trained network and its scores out; for scripts and notebooks."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from rnn_core.config import Experiment
from rnn_core.engine.trainer import Stopped, Trainer, Watcher
from rnn_core.forecast.diagnoses import Conclusion, Finding, conclude, diagnose
from rnn_core.forecast.evaluate import Evaluation, evaluate
from rnn_core.forecast.evidence import gather
from rnn_core.forecast.metrics import Scores, score
from rnn_core.forecast.verdict import verdict
from rnn_core.messages import Message
from rnn_core.records import EpochRecord, Snapshot
from rnn_core.series import Series, load_series
from rnn_core.windows import Windows, prepare


@dataclass(frozen=True, eq=False)
class TrainingResult:
    """A finished training: ``test_forecast`` ``(k,)`` belongs to ``windows.test``."""

    experiment: Experiment
    records: list[EpochRecord]
    scores: Scores
    verdict: Message
    seconds: float
    model: keras.Model
    windows: Windows
    test_forecast: NDArray[np.float64]

    @property
    def history(self) -> dict[str, list[float]]:
        """One value an epoch, by the names Keras uses."""
        return {
            name: [getattr(record, name) for record in self.records]
            for name in ("loss", "mae", "val_loss", "val_mae")
        }

    def evaluate(self, horizon: int = 12) -> Evaluation:
        """Judge forecasts up to ``horizon`` steps ahead, with intervals, beside all baselines."""
        return evaluate(self.windows, self._step, horizon)

    def diagnose(self, evaluation: Evaluation) -> tuple[Conclusion, list[Finding]]:
        """Say how it came out and why, what to do next, and all that was noticed."""
        loss, val_loss = (np.array(self.history[name]) for name in ("loss", "val_loss"))
        evidence = gather(self.experiment, self.windows, loss, val_loss, evaluation)
        findings = diagnose(evidence)
        return conclude(evidence, findings), findings

    def _step(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        following: NDArray[np.float32] = self.model.predict_on_batch(batch)
        return following

    def to_dict(self) -> dict[str, Any]:
        """Give the plain form that JSON keeps: None where a figure is no number."""
        return {
            "experiment": self.experiment.to_dict(),
            "history": {name: [_known(x) for x in xs] for name, xs in self.history.items()},
            "metrics": {"test": {n: _known(x) for n, x in self.scores.to_dict().items()}},
            "verdict": str(self.verdict),
            "seconds": self.seconds,
            "parameters": int(self.model.count_params()),
        }


def train(
    experiment: Experiment,
    on_epoch: Callable[[EpochRecord], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    *,
    series: Series | None = None,
) -> TrainingResult:
    """Train ``experiment`` and score its one-step forecasts of the test part.

    ``on_epoch`` is called with each epoch's record, ``should_stop`` several times a second; True
    ends the training with what was learnt so far. ``series`` takes the place of the series that
    the experiment names (an uploaded table's, say).

    Raises ``ConfigError``, ``SeriesError`` or ``TrainingError`` with a sentence that says what to
    change.
    """
    windows = prepare(experiment, series if series is not None else load_series(experiment.series))
    trainer = Trainer(experiment, windows)
    watcher = _Caller(on_epoch, should_stop)
    outcome = trainer.run(watcher)
    forecast = outcome.final.forecast[len(windows.validation) :]
    scores = score(windows.series, windows.test, forecast)
    return TrainingResult(
        experiment,
        watcher.records,
        scores,
        verdict(scores),
        outcome.seconds,
        trainer.program.model,
        windows,
        forecast,
    )


def _known(value: float | None) -> float | None:
    # JSON has no NaN: there is no loss without a value to validate on, and a network may run away.
    return value if value is not None and math.isfinite(value) else None


class _Caller(Watcher):
    """A watcher that keeps the records and calls the caller's functions."""

    def __init__(
        self,
        on_epoch: Callable[[EpochRecord], None] | None,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        self.records: list[EpochRecord] = []
        self._on_epoch = on_epoch
        self._should_stop = should_stop

    def checkpoint(self) -> None:
        if self._should_stop is not None and self._should_stop():
            raise Stopped

    def on_epoch(self, record: EpochRecord, look: Callable[[], Snapshot]) -> None:
        self.records.append(record)
        if self._on_epoch is not None:
            self._on_epoch(record)
