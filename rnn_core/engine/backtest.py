"""A network in a backtest: trained anew for each fit, then fed its own output."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import Experiment
from rnn_core.engine.trainer import Programs, Stopped, Trainer, Watcher
from rnn_core.forecast.backtest import Fit, FitPredict, Interrupted
from rnn_core.forecast.free_run import free_run
from rnn_core.records import EpochRecord, Snapshot
from rnn_core.windows import prepare_before


def network_fit_predict(
    experiment: Experiment,
    *,
    programs: Programs | None = None,
    should_stop: Callable[[], bool] | None = None,
    on_epoch: Callable[[int], None] | None = None,
) -> FitPredict:
    """Give what backtests the network of ``experiment``.

    ``should_stop`` is asked several times a second while it trains, ``on_epoch`` told the number of
    each epoch. Fits of the same size share
    one compiled program, so that a sliding window is compiled once. A fit raises ``SeriesError``
    where it has too little to train on, and ``TrainingError`` where the loss runs away.
    """
    programs = programs or Programs()

    def fit_predict(fit: Fit) -> NDArray[np.float64]:
        windows = prepare_before(experiment, fit.series, fit.end, start=fit.start)
        trainer = Trainer(experiment, windows, programs)
        if trainer.run(_Follower(should_stop, on_epoch)).stopped:
            raise Interrupted
        model = trainer.program.model
        return free_run(windows, model.predict_on_batch, np.array(fit.origins), fit.horizon)

    return fit_predict


class _Follower(Watcher):
    """A watcher that listens for stop and says how far it is."""

    def __init__(
        self,
        should_stop: Callable[[], bool] | None,
        on_epoch: Callable[[int], None] | None,
    ) -> None:
        self._should_stop = should_stop
        self._on_epoch = on_epoch

    def checkpoint(self) -> None:
        if self._should_stop is not None and self._should_stop():
            raise Stopped

    def on_epoch(self, record: EpochRecord, look: Callable[[], Snapshot]) -> None:
        if self._on_epoch is not None:
            self._on_epoch(record.epoch)
