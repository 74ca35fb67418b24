"""A run's forecasts, judged once for all sessions: evaluation, findings, paths, backtests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from pages.ui.prepared import windows_of
from pages.ui.recent import Recent
from pages.ui.runtime import records, store
from rnn_core.config import BacktestConfig, Experiment
from rnn_core.forecast.backtest import (
    Backtest,
    FitPredict,
    Plan,
    baseline_fit_predict,
    plan_backtest,
    refitted_plan,
    run_backtest,
)
from rnn_core.forecast.baselines import BASELINES
from rnn_core.forecast.diagnoses import Conclusion, Finding, conclude, diagnose
from rnn_core.forecast.evaluate import NETWORK, Evaluation, evaluate
from rnn_core.forecast.evidence import gather
from rnn_core.forecast.free_run import Step, free_run
from rnn_core.forecast.paths import MODES, Path
from rnn_core.inside.network import Network
from rnn_core.inside.passes import predict
from rnn_core.inside.stored import stored_network
from rnn_core.messages import Message, SeriesError
from rnn_core.runs.store import Run
from rnn_core.windows import Windows


@dataclass(frozen=True)
class Question:
    """What is asked of a run: with the weights after which epoch, how far, which season."""

    run_id: str
    epoch: int
    horizon: int
    season: int


@dataclass(frozen=True, eq=False)
class Judged:
    """The answer: everything a view shows of a run's forecasts."""

    question: Question
    experiment: Experiment
    windows: Windows
    network: Network
    evaluation: Evaluation
    findings: tuple[Finding, ...]
    conclusion: Conclusion

    @property
    def step(self) -> Step:
        """Forecast the next value for each of some windows."""
        return lambda batch: predict(self.network, batch)


@dataclass(frozen=True, eq=False)
class Backtests:
    """What each method came to, and of those that cannot be fitted, why; by their names."""

    found: dict[str, Backtest]
    refused: dict[str, Message]


def epoch_to_judge(run: Run) -> int:
    """Give the epoch whose weights make the run's forecasts: the best, or the newest kept.

    Raises ``ConfigError`` where no weights are kept, or the network cannot be read.
    """
    if run.best_epoch is not None and records().weights(run.id, run.best_epoch) is not None:
        return run.best_epoch
    return stored_network(store(), run)[0]


def judge(run: Run, epoch: int, horizon: int, season: int) -> Judged:
    """Judge a run; raises ``RnnError`` where it cannot be."""
    question = Question(run.id, epoch, horizon, season)
    return _judge(store().url, question, run.experiment)


def path_of(judged: Judged, mode: str) -> Path:
    """Give the forecasts of one of ``MODES``."""
    return _path(store().url, judged.question, judged.experiment, mode)


def plan_of(judged: Judged, config: BacktestConfig | None, folds: int) -> Plan:
    """Lay the origins of a backtest; raises ``SeriesError`` where there is no room for them.

    Without ``config`` the network is the one that was trained, so that no origin may lie before the
    test part.
    """
    series, horizon = judged.windows.series, judged.question.horizon
    if config is None:
        least = judged.windows.split.test
        return plan_backtest(series, folds=folds, horizon=horizon, least=least, refit=False)
    # The season chosen on the page is for the baselines; the network was prepared with its own.
    return refitted_plan(judged.experiment, windows_of(judged.experiment).series, config)


def backtests_of(
    judged: Judged,
    config: BacktestConfig | None,
    folds: int,
    on_progress: Callable[[float], None],
) -> Backtests:
    """Backtest the baselines, and, fitted once, the network; some cannot be fitted.

    ``on_progress`` is told the share that is done, from 0 to 1, after each fit. What it raises ends
    the backtest there, and of what had been done before each method that was through is kept.
    Raises ``SeriesError`` as :func:`plan_of`.
    """
    plan = plan_of(judged, config, folds)
    names = [*([NETWORK] if config is None else []), *BASELINES]
    found = Backtests({}, {})
    for place, name in enumerate(names):

        def made(name: str = name, place: int = place) -> Backtest | Message:
            try:
                return run_backtest(
                    judged.windows.series,
                    plan,
                    _fit_predict(judged, name),
                    on_progress=lambda done, total: on_progress(
                        (place + done / total) / len(names)
                    ),
                )
            except SeriesError as error:
                return error.message

        key = (store().url, judged.question, judged.experiment, config, folds, name)
        backtest = _backtests.get(key, made)
        if isinstance(backtest, Backtest):
            found.found[name] = backtest
        else:
            found.refused[name] = backtest
    return found


_backtests: Recent[Backtest | Message] = Recent(16 * (1 + len(BASELINES)))

# The store's address is part of the key: what one store has, another may not.


@lru_cache(maxsize=16)
def _judge(url: str, question: Question, experiment: Experiment) -> Judged:
    run = store().run(question.run_id)
    assert run is not None
    windows = windows_of(experiment)
    if question.season != windows.series.season:
        windows = replace(windows, series=replace(windows.series, season=question.season))
    _, network = stored_network(store(), run, question.epoch if _kept(question) else None)
    with np.errstate(all="ignore"):  # a network that ran away is for the verdict to tell
        evaluation = evaluate(windows, lambda batch: predict(network, batch), question.horizon)
        curve = records().epochs(run.id)
        evidence = gather(experiment, windows, curve["loss"], curve["val_loss"], evaluation)
        findings = diagnose(evidence)
        conclusion = conclude(evidence, findings)
    return Judged(question, experiment, windows, network, evaluation, tuple(findings), conclusion)


@lru_cache(maxsize=32)
def _path(url: str, question: Question, experiment: Experiment, mode: str) -> Path:
    judged = _judge(url, question, experiment)
    with np.errstate(all="ignore"):
        return MODES[mode].path(judged.windows, judged.step, judged.evaluation)


def _fit_predict(judged: Judged, name: str) -> FitPredict:
    if name != NETWORK:
        return baseline_fit_predict(name)
    return lambda fit: free_run(judged.windows, judged.step, np.array(fit.origins), fit.horizon)


def _kept(question: Question) -> bool:
    return records().weights(question.run_id, question.epoch) is not None
