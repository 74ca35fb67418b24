"""A trained network's forecasts of the test part beside all baselines, and what they are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rnn_core.forecast.accuracy import (
    Accuracy,
    accuracy_by_step,
    mape_warning,
    mase_scale,
    mase_warning,
    skill,
    truth_of,
)
from rnn_core.forecast.baselines import BASELINES, BaselineForecast, baseline_forecasts
from rnn_core.forecast.free_run import Step, first_origin, free_run, own_bounds, usable
from rnn_core.forecast.intervals import (
    Coverage,
    Intervals,
    calibrate,
    intervals_message,
    measure_coverage,
    own_message,
)
from rnn_core.forecast.lagged import LagProfile, Slid, lag_profile
from rnn_core.forecast.significance import Comparison, diebold_mariano
from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.series import Series
from rnn_core.windows import Indices, Windows

Floats = NDArray[np.float64]

NETWORK = "network"  # beside the names of the baselines
# Of the many-step forecasts of a part, evenly spread, so that it takes seconds.
MOST_ORIGINS = 300
MOST_STEPS = 20_000  # of all origins together
FEWEST_ORIGINS = 60  # for the longest horizon


@dataclass(frozen=True, eq=False)
class Judged:
    """Forecasts ``(k, horizon)`` by the network and the baselines, from the same origins ``(k,)``.

    ``truth`` ``(k, horizon)`` is NaN where a point does not count: beyond the series, or outside
    of the part that is judged. ``scale`` is that of MASE.
    """

    origins: Indices
    truth: Floats
    forecast: Floats
    baselines: Mapping[str, BaselineForecast]
    scale: float

    @property
    def horizon(self) -> int:
        """Number of steps ahead."""
        return int(self.truth.shape[1])

    @cached_property
    def accuracy(self) -> Mapping[str, list[Accuracy]]:
        """Errors of each step ahead, by the name of the baseline; the network's come first."""
        return {
            name: accuracy_by_step(self.truth, forecast, self.scale)
            for name, forecast in self._forecasts().items()
        }

    def skill(self, step: int = 0) -> tuple[str, float] | None:
        """Give the best naive baseline, by RMSE ``step`` (from 0), and the skill against it."""
        naive = {
            name: errors[step].rmse
            for name, errors in self.accuracy.items()
            if name in BASELINES and BASELINES[name].naive
        }
        return skill(self.accuracy[NETWORK][step].rmse, naive)

    def compare(self, baseline: str, step: int = 0) -> Comparison | None:
        """Test whether the network differs from a baseline; None where that has no forecast."""
        forecast = self.baselines[baseline].forecast
        if forecast is None:
            return None
        truth = self.truth[:, step]
        with np.errstate(invalid="ignore"):
            return diebold_mariano(
                truth - self.forecast[:, step], truth - forecast[:, step], step + 1
            )

    @property
    def mape_warning(self) -> Message | None:
        """Why MAPE should not be trusted here."""
        return mape_warning(self.truth)

    @property
    def mase_warning(self) -> Message | None:
        """Why there is no MASE here."""
        return mase_warning(self.scale)

    def _forecasts(self) -> dict[str, Floats]:
        found = {NETWORK: self.forecast}
        for name, baseline in self.baselines.items():
            if baseline.forecast is not None:
                found[name] = baseline.forecast
        return found


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What a network's forecasts of the test part are worth, one step ahead and many.

    ``one_step`` judges every point of the test part, ``ahead`` forecasts over the whole horizon
    (from at most 300 origins, evenly spread, fewer for a horizon of more than 66 steps).
    ``intervals`` ``(levels, horizon)`` come from the validation part, or from the network where it
    gives quantiles, and ``coverage`` from the test part. ``slid`` are the forecasts one step ahead
    and, of a longer horizon, those of its last step, to be slid back over the truth. ``future``
    ``(horizon,)`` goes on from the end of the series, and ``future_baselines``, fitted on the whole
    series, beside it.
    """

    one_step: Judged
    ahead: Judged
    intervals: Intervals
    coverage: Coverage
    slid: tuple[Slid, ...]
    future: Floats
    future_baselines: Mapping[str, BaselineForecast]

    @property
    def lag(self) -> LagProfile | None:
        """How the forecast one step ahead fits the truth when it is slid back."""
        return self.slid[0].profile

    @property
    def copied(self) -> Slid:
        """The first forecast that is a lagged copy; where none is, that of one step ahead."""
        copies = (each for each in self.slid if each.profile and each.profile.lagged_copy)
        return next(copies, self.slid[0])

    @property
    def own_message(self) -> Message | None:
        """Which intervals are the network's own quantiles."""
        return own_message(self.intervals)

    @property
    def intervals_message(self) -> Message | None:
        """Which intervals the validation part is too short for."""
        return intervals_message(self.intervals)


def evaluate(windows: Windows, step: Step, horizon: int) -> Evaluation:
    """Forecast with ``step`` and judge it against the baselines, up to ``horizon`` steps ahead.

    Baselines are fitted on the training part, as the network is. Origins with a missing value in
    their window are left out; where one is among the last values, the future is NaN. Raises
    ``SeriesError`` for a horizon out of bounds, and where no window of the test part is whole.
    """
    series, split = windows.series, windows.split
    log = windows.transform.log
    future = free_run(windows, step, np.array([split.length]), horizon)[0]
    before_test = _origins(windows, first_origin(windows), split.validation, split.test, horizon)
    calibration = free_run(windows, step, before_test, horizon)
    intervals = calibrate(
        _truth_within(series, before_test, horizon, split.validation, split.test),
        calibration,
        log=log,
    )
    if windows.quantiles:
        intervals = replace(intervals, own=min(horizon, windows.steps))
    # A baseline's parameters know the training part: no origin may lie in it.
    origins = _origins(windows, split.validation, split.test, split.length, horizon)
    ahead = _judge(windows, step, origins, horizon)
    whole = usable(windows, windows.test)
    if not len(whole):
        raise SeriesError(
            Message(
                "evaluate.gaps",
                N_(
                    "No window of {timesteps} timesteps in the test part is without a missing "
                    "value. Fill the gaps of the series, or choose fewer timesteps."
                ),
                {"timesteps": windows.timesteps},
            )
        )
    one_step = _judge(windows, step, whole, 1)
    return Evaluation(
        one_step=one_step,
        ahead=ahead,
        intervals=intervals,
        coverage=measure_coverage(
            intervals, ahead.truth, ahead.forecast, own_bounds(windows, step, origins)
        ),
        slid=(
            _slid(series, one_step.origins, 1, one_step.forecast[:, 0]),
            *([_last_step(windows, step, ahead)] if horizon > 1 else []),
        ),
        future=future,
        future_baselines=baseline_forecasts(
            series, np.array([split.length]), horizon, fit_end=split.length
        ),
    )


def _judge(windows: Windows, step: Step, origins: Indices, horizon: int) -> Judged:
    series, split = windows.series, windows.split
    return Judged(
        origins=origins,
        truth=_truth_within(series, origins, horizon, split.test, split.length),
        forecast=free_run(windows, step, origins, horizon),
        baselines=baseline_forecasts(series, origins, horizon, fit_end=split.validation),
        scale=mase_scale(series.values[: split.validation], series.season),
    )


def _last_step(windows: Windows, step: Step, ahead: Judged) -> Slid:
    """Give the forecasts of the last step, from the newest origins, all that there are."""
    horizon, length = ahead.horizon, windows.split.length
    last = length - horizon + 1
    earliest = max(windows.split.validation, windows.split.test - horizon + 1)
    origins = usable(windows, np.arange(max(earliest, last - _most(horizon)), max(earliest, last)))
    known = np.flatnonzero(np.isin(ahead.origins, origins))
    forecast = ahead.forecast[known]
    if len(known) < len(origins):
        forecast = free_run(windows, step, origins, horizon)
    return _slid(windows.series, origins, horizon, forecast[:, -1])


def _slid(series: Series, origins: Indices, step: int, forecast: Floats) -> Slid:
    """Lay forecasts ``(k,)`` from ``origins`` out over the places between, NaN where none is."""
    if not len(origins):
        return Slid(step, origins, np.empty(0), np.empty(0), None)
    places = np.arange(origins[0], origins[-1] + 1) + step - 1
    laid = np.full(len(places), np.nan)
    laid[origins - origins[0]] = forecast
    truth, before = series.values[places], series.values[places - step]
    # A network that ran away is no gap.
    profile = lag_profile(truth, laid, before, step) if np.isfinite(forecast).all() else None
    return Slid(step, places, truth, laid, profile)


def _most(horizon: int) -> int:
    return max(FEWEST_ORIGINS, min(MOST_ORIGINS, MOST_STEPS // horizon))


def _origins(windows: Windows, earliest: int, start: int, end: int, horizon: int) -> Indices:
    """Give the origins whose forecasts reach into ``[start, end)``, not too many of them."""
    origins = usable(windows, np.arange(max(earliest, start - horizon + 1), end))
    kept = np.linspace(0, len(origins) - 1, min(_most(horizon), len(origins)))
    return origins[np.round(kept).astype(np.int64)]


def _truth_within(series: Series, origins: Indices, horizon: int, start: int, end: int) -> Floats:
    places = origins[:, None] + np.arange(horizon)
    inside = (places >= start) & (places < end)
    return np.where(inside, truth_of(series, origins, horizon), np.nan)
