"""Rolling-origin backtests: the same forecast made again and again, as if each origin were today.

Tashman, Out-of-sample tests of forecasting accuracy: an analysis and review, International Journal
of Forecasting 16, 2000. What makes the forecasts is a function, so that a network in a worker, a
baseline and a test are driven alike.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import BacktestConfig, Experiment
from rnn_core.config.backtest import WINDOWS
from rnn_core.forecast.accuracy import (
    Accuracy,
    accuracy,
    accuracy_by_step,
    mase_scale,
    truth_of,
)
from rnn_core.forecast.baselines import BASELINES, FIT_AT_MOST, carried_forward
from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.series import Series

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

LEAST_TO_FIT = 24  # values, before the first origin of a backtest that fits anew
SEASONS_TO_FIT = 3


@dataclass(frozen=True)
class Fit:
    """One fit and the forecasts to be made with it: ``series.values[start:end]`` may be fitted on.

    ``origins`` ``(k,)`` are indices into the series; at each, ``values[:origin]`` may be read.
    """

    series: Series
    start: int
    end: int
    origins: tuple[int, ...]
    horizon: int


class Interrupted(Exception):  # noqa: N818 - it is no error
    """Raised by what fits when it was told to stop: the backtest ends with what there is."""


FitPredict = Callable[[Fit], Floats]
"""Fit, then forecast from each origin: ``(k, horizon)`` in the units of the series."""


@dataclass(frozen=True, eq=False)
class Plan:
    """Where a backtest forecasts from, ``origins`` ``(k,)`` in time order, and what it fits on."""

    origins: Indices
    horizon: int
    window: str
    refit: bool

    def fits(self, series: Series) -> Iterator[Fit]:
        """Give the fits, one an origin or, not refitted, a single one before the earliest."""
        origins = [int(origin) for origin in self.origins]
        if not self.refit:
            yield Fit(series, 0, origins[0], tuple(origins), self.horizon)
            return
        for origin in origins:
            start = origin - origins[0] if self.window == "sliding" else 0
            yield Fit(series, start, origin, (origin,), self.horizon)


@dataclass(frozen=True, eq=False)
class Backtest:
    """What became of a plan: ``forecast`` and ``truth`` ``(k, horizon)`` for ``origins`` ``(k,)``.

    Fewer origins than planned where it was stopped.
    """

    plan: Plan
    origins: Indices
    forecast: Floats
    truth: Floats
    scale: float

    @property
    def complete(self) -> bool:
        """Whether no origin is missing."""
        return len(self.origins) == len(self.plan.origins)

    def first(self, count: int) -> Backtest:
        """Give what it came to at the first ``count`` origins."""
        return dataclasses.replace(
            self,
            origins=self.origins[:count],
            forecast=self.forecast[:count],
            truth=self.truth[:count],
        )

    def at(self, kept: NDArray[np.bool_]) -> Backtest:
        """Give what it came to at the ``kept`` ``(k,)`` origins."""
        return dataclasses.replace(
            self,
            origins=self.origins[kept],
            forecast=self.forecast[kept],
            truth=self.truth[kept],
        )

    def by_origin(self) -> list[Accuracy]:
        """Errors over the horizon from each origin."""
        return [
            accuracy(truth, forecast, self.scale)
            for truth, forecast in zip(self.truth, self.forecast, strict=True)
        ]

    def by_step(self) -> list[Accuracy]:
        """Errors over the origins at each step ahead."""
        return accuracy_by_step(self.truth, self.forecast, self.scale)


def plan_backtest(
    series: Series,
    *,
    folds: int,
    horizon: int,
    least: int,
    window: str = "expanding",
    refit: bool = True,
    stride: int = 0,
) -> Plan:
    """Lay ``folds`` origins, ``stride`` apart (0: the horizon), the last with a whole horizon left.

    ``least`` is the number of values that a fit needs. Raises ``SeriesError`` with the numbers
    where the series is too short, and ``ValueError`` for arguments that make no sense.
    """
    if folds < 1 or horizon < 1 or least < 1 or stride < 0 or window not in WINDOWS:
        raise ValueError(
            "folds, horizon and least must be at least 1, stride at least 0 and window one of "
            f"{', '.join(WINDOWS)}. Received: {folds}, {horizon}, {least}, {stride}, {window!r}."
        )
    apart = stride or horizon
    first = len(series) - horizon - (folds - 1) * apart
    if first < least:
        raise _too_short(len(series), folds, horizon, apart, least)
    return Plan(first + apart * np.arange(folds), horizon, window, refit)


def refitted_plan(experiment: Experiment, series: Series, config: BacktestConfig) -> Plan:
    """Lay the origins of a backtest that trains the network anew at each.

    Before the first there is room to train on: a batch of windows beside the validation part, and
    three seasons where the series has them. Raises ``SeriesError`` where there is no room.
    """
    window = experiment.window
    lag = {"none": 0, "first": 1, "seasonal": series.season}[window.difference]
    windows = lag + window.timesteps + max(1, experiment.train.batch_size)
    least = max(LEAST_TO_FIT, math.ceil((windows + 1) / (1 - window.validation)))
    seasons = SEASONS_TO_FIT * series.season
    if seasons + config.folds * config.horizon <= len(series):
        least = max(least, seasons)
    return plan_backtest(
        series,
        folds=config.folds,
        horizon=config.horizon,
        least=least,
        window=config.window,
        refit=True,
    )


def run_backtest(
    series: Series,
    plan: Plan,
    fit_predict: FitPredict,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Backtest:
    """Forecast from each origin of ``plan``.

    ``on_progress`` is called with the number of origins done and planned, ``should_stop`` before
    each fit; True ends the backtest with what there is, as :class:`Interrupted` does. The scale of
    MASE comes from the values before the earliest origin.
    """
    done = 0
    forecasts: list[Floats] = []
    for fit in plan.fits(series):
        if should_stop is not None and should_stop():
            break
        try:
            forecast = np.asarray(fit_predict(fit), np.float64)
        except Interrupted:
            break
        if forecast.shape != (len(fit.origins), plan.horizon):
            raise ValueError(
                f"fit_predict must give {(len(fit.origins), plan.horizon)} forecasts. "
                f"Received: {forecast.shape}."
            )
        forecasts.append(forecast)
        done += len(fit.origins)
        if on_progress is not None:
            on_progress(done, len(plan.origins))
    found = np.concatenate(forecasts) if forecasts else np.empty((0, plan.horizon))
    return backtest_of(series, plan, found)


def backtest_of(series: Series, plan: Plan, forecast: Floats) -> Backtest:
    """Put forecasts ``(k, horizon)`` from the first k origins of ``plan`` beside their truth."""
    origins = plan.origins[: len(forecast)]
    return Backtest(
        plan=plan,
        origins=origins,
        forecast=forecast,
        truth=truth_of(series, origins, plan.horizon),
        scale=mase_scale(series.values[: plan.origins[0]], series.season),
    )


def baseline_fit_predict(name: str) -> FitPredict:
    """Give what backtests the baseline ``name``; a fit of it may raise ``SeriesError``."""
    baseline = BASELINES[name]

    def fit_predict(fit: Fit) -> Floats:
        start = max(fit.start, fit.end - FIT_AT_MOST) if baseline.bounded else fit.start
        values = carried_forward(fit.series.values[start:])
        known = values[: fit.end - start]
        reason = baseline.shortfall(known, fit.series.season)
        if reason is not None:
            raise SeriesError(reason)
        forecaster = baseline.fit(known, fit.series.season)
        return forecaster(values, np.array(fit.origins) - start, fit.horizon)

    return fit_predict


def _too_short(length: int, folds: int, horizon: int, apart: int, least: int) -> SeriesError:
    needed = least + horizon + (folds - 1) * apart
    possible = max(0, 1 + (length - least - horizon) // apart)
    values = {
        "length": f"{length:,}",
        "folds": folds,
        "horizon": horizon,
        "least": f"{least:,}",
        "needed": f"{needed:,}",
        "possible": possible,
    }
    if not possible:
        return SeriesError(
            Message(
                "backtest.too_short",
                N_(
                    "Too little data for a backtest: {least} values to fit on and {horizon} steps "
                    "ahead of them are more than the {length} of the series. Choose a shorter "
                    "horizon or fewer timesteps."
                ),
                values,
            )
        )
    return SeriesError(
        Message(
            "backtest.folds",
            N_(
                "Too little data for {folds} origins with {horizon} steps each: that needs "
                "{needed} values, and the series has {length}. There is room for {possible}."
            ),
            values,
        )
    )
