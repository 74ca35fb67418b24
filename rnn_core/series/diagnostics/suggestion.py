"""What a look into a series suggests for its preparation, each with its reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from rnn_core.config import OPTIONS, Experiment
from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.diagnostics.correlation import correlations, partial
from rnn_core.series.diagnostics.excerpt import NEGLIGIBLE, Excerpt, Floats, excerpt
from rnn_core.series.diagnostics.period import find_period
from rnn_core.series.diagnostics.spread import Spread, spread
from rnn_core.series.diagnostics.stationarity import KPSS_CRITICAL, level_statistic
from rnn_core.series.series import Series
from rnn_core.unprepared import check_size
from rnn_core.windows import split_in_time

LEAST, MOST = (int(OPTIONS["timesteps"].low or 0), int(OPTIONS["timesteps"].high or 0))
LEAST_LEVEL = 1e-300  # a bridged value is above 0 as its neighbours are, but for rounding
USUAL = 12
"""Timesteps where nothing asks for more."""

LAGS = 64
PATIENCE = 40
"""Epochs without a better validation loss, where a network can learn its windows by heart.

On the first two thirds of AirPassengers, Nile, US unemployment and the sunspots, cut again into
training and test, it made every error smaller; 20 epochs made no difference to 40.
"""
STANDS_OUT = 3.4  # of 64 values without correlation, chance lets one in twenty times come this far


@dataclass(frozen=True)
class Suggestion:
    """Option values by option name: ``season``, ``log``, ``difference`` and ``timesteps``.

    And ``patience`` where the network has more weights than windows. ``season`` is 0 where what is
    known of the series is to be kept. ``reasons`` gives one sentence for each name.
    """

    values: Mapping[str, Any]
    reasons: Mapping[str, Message]
    notes: tuple[Message, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))
        object.__setattr__(self, "reasons", MappingProxyType(dict(self.reasons)))

    def apply(self, experiment: Experiment) -> Experiment:
        """Give ``experiment`` with the suggested values in it."""
        return Experiment.from_values(experiment.values() | dict(self.values))


def suggest(series: Series, experiment: Experiment | None = None) -> Suggestion:
    """Suggest how to prepare ``series``, from its training part alone.

    ``experiment`` says how large the held-out parts and a batch are; left out, the defaults. What
    is suggested can be prepared: the logarithm only where every value is above 0, and no more
    timesteps than leave enough windows. Raises ``SeriesError`` where the training part has fewer
    than 8 known values, is missing more than half, or is too short for a batch, and for values of
    which no mean error could be told.
    """
    check_size(series)
    experiment = Experiment() if experiment is None else experiment
    end = max(0, split_in_time(len(series), experiment.window).validation)
    training = series.values[:end]
    part = excerpt(training)
    room = _Room(end, max(1, experiment.train.batch_size))
    season, season_reason = _season(training, series.season)
    log, log_reason = _log(series.values, spread(training, season))
    level = np.log(np.maximum(part.values, LEAST_LEVEL)) if log else part.values
    difference, difference_reason = _difference(level, season, room)
    lag = {"none": 0, "first": 1, "seasonal": season}[difference]
    most = room.timesteps(lag)
    if most < LEAST:
        raise _too_short(room)
    changes = dataclasses.replace(
        part,
        values=level[lag:] - level[:-lag] if lag else level,
        known=part.known[lag:] & part.known[:-lag] if lag else part.known,
    )
    timesteps, timesteps_reason = _timesteps(changes, season, most)
    values = {
        "season": 0 if season == series.season else season,
        "log": log,
        "difference": difference,
        "timesteps": timesteps,
    }
    reasons = {
        "season": season_reason,
        "log": log_reason,
        "difference": difference_reason,
        "timesteps": timesteps_reason,
    }
    windows = room.length - lag - timesteps
    if experiment.parameters > windows:
        values["patience"] = experiment.train.patience or PATIENCE
        reasons["patience"] = _patience(experiment.parameters, windows)
    return Suggestion(values, reasons, part.notes)


@dataclass(frozen=True)
class _Room:
    """What a training part of ``length`` values has room for."""

    length: int
    batch: int

    def timesteps(self, lag: int) -> int:
        """Give the most timesteps that leave half of the values, and a batch, as windows."""
        changes = self.length - lag
        return min(MOST, changes // 2, changes - self.batch)


def _season(training: Floats, known: int) -> tuple[int, Message]:
    """Give the season to go by: a weak one does not count against one that is known."""
    found = find_period(training)
    if found.steps and (found.certainty != "weak" or not known):
        return found.steps, found.message
    if known:
        text = N_("The season of {steps} steps is known of this series.")
        return known, Message("suggest.season_known", text, {"steps": known})
    return 0, found.message


def _log(values: Floats, swings: Spread) -> tuple[bool, Message]:
    """Take the logarithm where the swings grow; the held-out part is asked for its sign alone."""
    if swings.grows and float(np.nanmin(values)) <= 0:
        text = N_("The swings grow with the level, but values of 0 or below have no logarithm.")
        return False, Message("suggest.no_log", text)
    if swings.grows:
        return True, Message("suggest.log", N_("The swings grow with the level: logarithm."))
    return False, swings.message


def _difference(level: Floats, season: int, room: _Room) -> tuple[str, Message]:
    """Take differences of a series that wanders, or of a season no window can hold."""
    if room.timesteps(0) < season <= room.length // 3 and room.timesteps(season) >= LEAST:
        text = N_(
            "A window cannot hold the season of {steps} steps: seasonal difference, which brings "
            "the value a season before into every forecast."
        )
        return "seasonal", Message("suggest.seasonal", text, {"steps": season})
    if _wanders(_without_season(level, season)):
        return "first", Message("suggest.first", N_("The series wanders: first difference."))
    return "none", Message("suggest.none", N_("The series keeps to its level: no difference."))


def _wanders(level: Floats) -> bool:
    """Say whether KPSS rejects a level at 5 % and the changes spread less than the values.

    The second keeps noise that KPSS rejects by chance from being made noisier.
    """
    spread_out = float(level.std())
    if spread_out <= NEGLIGIBLE * float(np.abs(level).max()):
        return False
    return level_statistic(level) > KPSS_CRITICAL[1] and float(np.diff(level).std()) < spread_out


def _without_season(level: Floats, season: int) -> Floats:
    """Take out the means of the season's phases."""
    if not 2 <= season <= len(level) // 2:
        return level
    phases = np.arange(len(level)) % season
    left: Floats = level - (np.bincount(phases, level) / np.bincount(phases))[phases]
    return left


def _timesteps(part: Excerpt, season: int, most: int) -> tuple[int, Message]:
    """Take whole seasons, or as far back as values still tell something of their own."""
    if season > 1:
        wanted = season * -(-USUAL // season)
        if wanted <= most:
            text = N_("Season of {steps} steps: timesteps {steps} or more.")
            return wanted, Message("suggest.timesteps_season", text, {"steps": season})
        text = N_(
            "The season of {steps} steps does not fit: {most} timesteps are the most that leave "
            "enough windows to train on."
        )
        # Twice the usual, not all there is room for: what is short of a season gains nothing more.
        kept = min(most, 2 * USUAL)
        return kept, Message("suggest.timesteps_short", text, {"steps": season, "most": most})
    reach = _reach(part)
    chosen = min(max(USUAL, reach), most)
    if reach > USUAL:
        text = N_("Values up to {lag} steps back still tell something: {lag} timesteps.")
    elif reach:
        text = N_("Values more than {lag} steps back tell nothing new: {chosen} timesteps will do.")
    else:
        text = N_("Values tell nothing of those after them: {chosen} timesteps will do.")
    values = {"lag": min(reach, most) if reach > USUAL else reach, "chosen": chosen}
    return chosen, Message("suggest.timesteps", text, values)


def _patience(weights: int, windows: int) -> Message:
    text = N_(
        "{weights} weights learn from {windows} windows: early stopping, before they know them by "
        "heart; the best weights are taken back."
    )
    values = {"weights": f"{weights:,}", "windows": f"{windows:,}"}
    return Message("suggest.patience", text, values)


def _reach(part: Excerpt) -> int:
    """Give the last lag at which the PACF stands out, 0 if none does."""
    if part.is_constant:
        return 0
    pacf = partial(correlations(part, min(LAGS, len(part) // 4)))
    out = np.flatnonzero(np.abs(pacf) > STANDS_OUT / np.sqrt(part.known.sum()))
    return int(out[-1]) + 1 if len(out) else 0


def _too_short(room: _Room) -> SeriesError:
    return SeriesError(
        Message(
            "suggest.short",
            N_(
                "The training part has {length} values, too few for windows in batches of {batch}. "
                "Choose a smaller batch or a longer series."
            ),
            {"length": room.length, "batch": room.batch},
        )
    )
