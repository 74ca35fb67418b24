"""What preparation does to a network on the sample series, judged as the M4 competition did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnn_core.config import Experiment, SeriesConfig
from rnn_core.engine.backtest import network_fit_predict
from rnn_core.engine.trainer import Programs
from rnn_core.forecast.accuracy import smape
from rnn_core.forecast.backtest import Fit, FitPredict, baseline_fit_predict
from rnn_core.messages import N_, Message
from rnn_core.reproduce.adjusted import deseasonalised, detrended
from rnn_core.reproduce.results import Progress, Result, Row
from rnn_core.series import Series, load_series

# Steps ahead by the time unit, as in the competition.
HORIZONS = {"year": 6, "quarter": 8, "month": 18, "week": 13, "day": 14}
RNN, NAIVE2 = 21.152, 13.564


@dataclass(frozen=True)
class Preparation:
    """What is done to a series before the network sees it: options, and what is taken out first."""

    label: str
    options: Callable[[Series], Mapping[str, Any]]
    around: tuple[Callable[[FitPredict], FitPredict], ...] = ()


def _options(log: bool, difference: str, scaling: str) -> Callable[[Series], Mapping[str, Any]]:
    def options(series: Series) -> Mapping[str, Any]:
        # Without a season, the change since the value before stands in for that since last year's.
        fallback = "first" if difference == "seasonal" and not series.season else difference
        positive = bool(series.values.min() > 0)
        return {"log": log and positive, "difference": fallback, "scaling": scaling}

    return options


PREPARATIONS: Mapping[str, Preparation] = {
    "raw": Preparation(N_("none, not even scaled"), _options(False, "none", "none")),
    "m4": Preparation(
        N_("M4's: season and trend taken out, not scaled"),
        _options(False, "none", "none"),
        (deseasonalised, detrended),
    ),
    "scaled": Preparation(N_("scaled"), _options(False, "none", "standard")),
    "log": Preparation(N_("log, scaled"), _options(True, "none", "standard")),
    "difference": Preparation(N_("difference, scaled"), _options(False, "first", "standard")),
    "log-difference": Preparation(
        N_("log, difference, scaled"), _options(True, "first", "standard")
    ),
    "log-seasonal": Preparation(
        N_("log, seasonal difference, scaled"), _options(True, "seasonal", "standard")
    ),
    "deseasonalised": Preparation(
        N_("season taken out, scaled"), _options(False, "none", "standard"), (deseasonalised,)
    ),
    "deseasonalised-difference": Preparation(
        N_("season taken out, log, difference, scaled"),
        _options(True, "first", "standard"),
        (deseasonalised,),
    ),
}
NETWORK: Mapping[str, Any] = {
    "cell": "rnn",
    "hidden": 6,
    "init": "keras",
    "timesteps": 3,
    "optimizer": "rmsprop",
    "learning-rate": 0.001,
    "batch-size": 1,
    "epochs": 100,
}


@dataclass(frozen=True)
class Plan:
    """What is run. ``rain`` is left out: most of it is 0, of which nothing is a percentage."""

    series: tuple[str, ...] = (
        "airline", "sunspots", "nile", "co2", "shampoo", "elnino", "unemployment", "seattle",
    )  # fmt: skip
    preparations: tuple[str, ...] = tuple(PREPARATIONS)
    seeds: int = 3
    options: Mapping[str, Any] = field(default_factory=dict)


def run(plan: Plan = Plan(), progress: Progress = print) -> Result:
    """Forecast the end of each series once from each preparation, network and seed."""
    programs = Programs()
    samples = {
        name: load_series(SeriesConfig(source=name, missing="interpolate")) for name in plan.series
    }
    rows = [row for name in REFERENCES for row in _reference(name, samples)]
    for name in plan.preparations:
        found = []
        for series in samples.values():
            scores = [
                score(series, _network(plan, PREPARATIONS[name], series, seed, programs))
                for seed in range(plan.seeds)
            ]
            found.append(scores)
            told = ", ".join(f"{each:.1f}" for each in scores)
            progress(f"{name}, {series.name}: {told}")
        label = Message(
            "row.network",
            N_("RNN: {preparation}"),
            {"preparation": Message("label", PREPARATIONS[name].label)},
        )
        rows += _line(label, samples, found, RNN if name == "m4" else None)
    return Result(
        "m4",
        Message("measure", N_("sMAPE of one forecast of the last values of each series, %")),
        tuple(rows),
        (
            Message(
                "settings",
                N_(
                    "The last values are forecast once, on the network's own output: 18 months, "
                    "8 quarters, 6 years, 13 weeks or 14 days, as in the competition; the mean "
                    "over {series} sample series, {seeds} seeds."
                ),
                {"series": len(samples), "seeds": plan.seeds},
            ),
            Message(
                "settings.m4",
                N_(
                    "The network is M4's: a plain RNN of 6 units, 3 timesteps, RMSprop with a "
                    "learning rate of 0.001, batches of 1, 100 epochs."
                ),
            ),
        ),
        tuple(range(plan.seeds)),
    )


def score(series: Series, fit_predict: FitPredict) -> float:
    """Give the sMAPE of the last values, forecast from all that lies before."""
    horizon = HORIZONS[series.time_unit]
    end = len(series) - horizon
    forecast = fit_predict(Fit(series, 0, end, (end,), horizon))
    return smape(series.values[end:], forecast[0])


REFERENCES: Mapping[str, tuple[str, Callable[[Series], FitPredict], float | None]] = {
    "naive2": (
        N_("Naive2: season taken out, last value repeated"),
        lambda series: deseasonalised(baseline_fit_predict("persistence")),
        NAIVE2,
    ),
    "seasonal": (
        N_("Seasonal naive (persistence without a season)"),
        lambda series: baseline_fit_predict("seasonal_naive" if series.season else "persistence"),
        None,
    ),
}


def _reference(name: str, samples: Mapping[str, Series]) -> list[Row]:
    label, make, published = REFERENCES[name]
    found = [[score(series, make(series))] for series in samples.values()]
    return _line(Message("row.reference", label), samples, found, published)


def _line(
    label: Message,
    samples: Mapping[str, Series],
    found: list[list[float]],
    published: float | None,
) -> list[Row]:
    """Give the mean over the series, for each seed, then each series in a column of its own."""
    means = tuple(float(np.mean(of_seed)) for of_seed in zip(*found, strict=True))
    each = [
        Row(label, tuple(scores), column=series.name)
        for series, scores in zip(samples.values(), found, strict=True)
    ]
    return [Row(label, means, published), *each]


def _network(
    plan: Plan, prepared: Preparation, series: Series, seed: int, programs: Programs
) -> FitPredict:
    experiment = Experiment.from_values(
        {**NETWORK, **prepared.options(series), "seed": seed, **plan.options}
    )
    fit_predict = network_fit_predict(experiment, programs=programs)
    for around in reversed(prepared.around):
        fit_predict = around(fit_predict)
    return fit_predict
