"""Units: in which order to show them, and what each one follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.inside.activations import Floats
from rnn_core.messages import N_, Message

STILL = 0.01  # a unit whose h stays within this range never moves
CARRIES = 0.5  # a unit carries what explains at least this share of its variance
HARMONICS = 2  # waves of a season that a unit's h is compared with
NAMED = 6  # at most so many units are named in a sentence
INPUT, LEVEL, CHANGE = N_("Input"), N_("Level"), N_("Change")
"""Signals that units are compared with: what is read, the series' value, and its change."""

Order = NDArray[np.int64]


def as_they_are(h: Floats) -> Order:
    """Number the units of ``h`` ``(timesteps, units)`` as the layer does."""
    return np.arange(h.shape[1])


def by_peak(h: Floats) -> Order:
    """Sort units by the time step at which they are farthest from their mean."""
    away = np.abs(h - h.mean(axis=0))
    return np.argsort(away.argmax(axis=0), kind="stable")


def by_cluster(h: Floats) -> Order:
    """Sort units so that those that move alike lie side by side.

    The leaves of a tree of average linkage (Sokal & Michener, 1958) over the distance
    1 - correlation; where two branches meet, the ends that are most alike come together. Units
    that never move come last.
    """
    units = h.shape[1]
    moving = np.flatnonzero(~still_units(h))
    distances = 1 - _correlations(h[:, moving], h[:, moving])
    branches = _average_linkage(distances)
    order = moving[branches]
    return np.concatenate([order, np.setdiff1d(np.arange(units), order)])


@dataclass(frozen=True, eq=False)
class UnitTable:
    """What each unit follows, every array ``(units,)``.

    ``correlations`` by signal, from -1 to 1. ``season`` is the share of h's variance that the
    calendar phase explains (its first ``HARMONICS`` waves), None where no season or less than two
    of them were seen. ``still``: h stays within ``STILL``.
    """

    correlations: Mapping[str, Floats]
    season: Floats | None
    still: NDArray[np.bool_]
    said: Message


def by_season(table: UnitTable) -> Order:
    """Sort units by what the season explains of them, most first; as they are without a season."""
    if table.season is None:
        return np.arange(len(table.still))
    return np.argsort(-np.where(table.still, -1, table.season), kind="stable")


def by_signal(table: UnitTable, signal: str) -> Order:
    """Sort units by how closely they follow a signal or its mirror image, closest first."""
    strength = np.abs(table.correlations[signal])
    return np.argsort(-np.where(table.still, -1, strength), kind="stable")


@dataclass(frozen=True)
class UnitOrder:
    """An order of units: find it once, in one epoch, and hold it over all epochs.

    ``find`` takes h ``(timesteps, units)`` and the table of it, with ``INPUT``, ``LEVEL`` and
    ``CHANGE`` among its signals. ``series``: to be found over the series rather than a window of
    it, which may be too short to tell a season.
    """

    label: str
    find: Callable[[Floats, UnitTable], Order]
    series: bool = False


ORDERS: Mapping[str, UnitOrder] = {
    "as-is": UnitOrder(N_("As they are"), lambda h, _table: as_they_are(h)),
    "peak": UnitOrder(N_("By activation peak"), lambda h, _table: by_peak(h)),
    "cluster": UnitOrder(N_("By clustering"), lambda h, _table: by_cluster(h)),
    "season": UnitOrder(N_("By season"), lambda _h, table: by_season(table), series=True),
    "level": UnitOrder(N_("By level"), lambda _h, table: by_signal(table, LEVEL), series=True),
    "change": UnitOrder(N_("By change"), lambda _h, table: by_signal(table, CHANGE), series=True),
    "input": UnitOrder(N_("By input"), lambda _h, table: by_signal(table, INPUT), series=True),
}
"""The orders there are, by name."""


def still_units(h: Floats) -> NDArray[np.bool_]:
    """Give which units of ``(timesteps, units)`` never move."""
    still: NDArray[np.bool_] = np.ptp(h, axis=0) < STILL
    return still


def unit_table(
    h: Floats,
    signals: Mapping[str, Floats],
    phase: Floats | None = None,
) -> UnitTable:
    """Find what the units of ``h`` ``(timesteps, units)`` follow.

    ``signals`` are ``(timesteps,)`` each, by name: the input, the level of the series, its change.
    A correlation with what never changes is 0, and of a signal steps count that are known: a change
    has none where the value before is missing. ``phase`` ``(timesteps,)`` is the time in seasons:
    it grows by 1 from one season to the next, by 1/12 a month of a year.
    """
    correlations = {
        name: _where_known(np.asarray(signal, np.float64), h) for name, signal in signals.items()
    }
    enough = phase is not None and len(h) > 2 * HARMONICS + 1 and _span(phase) >= 2
    season = _explained_by(phase, h) if enough and phase is not None else None
    still = still_units(h)
    return UnitTable(correlations, season, still, _said(correlations, season, still))


def unit_places(h: Floats, path: Floats) -> Floats:
    """Place the units of ``h`` ``(timesteps, units)`` on a map: ``(units, 2)``, from -1 to 1.

    A unit's place are its correlations with the first two components of ``path`` ``(timesteps,
    components)``, the way of all units together (Gabriel, The biplot graphic display of matrices,
    1971). Units that move alike lie together, those that mirror each other face to face, and one
    that never moves in the middle.
    """
    places = np.zeros((h.shape[1], 2))
    shown = path[:, :2]
    places[:, : shown.shape[1]] = _correlations(h, shown)
    places[still_units(h)] = 0
    return places


def _span(phase: Floats) -> float:
    """Give how many seasons a regular phase goes through."""
    return float(phase[-1] - phase[0]) * len(phase) / max(1, len(phase) - 1)


def _explained_by(phase: Floats, h: Floats) -> Floats:
    angles = 2 * np.pi * np.asarray(phase, np.float64)[:, None] * np.arange(1, HARMONICS + 1)
    waves = np.concatenate([np.ones((len(h), 1)), np.cos(angles), np.sin(angles)], axis=1)
    centred = np.asarray(h, np.float64) - h.mean(axis=0, dtype=np.float64)
    fitted = waves @ np.linalg.lstsq(waves, centred, rcond=None)[0]
    left = np.square(centred - fitted).sum(axis=0)
    whole = np.square(centred).sum(axis=0)
    share: Floats = np.clip(
        1 - np.divide(left, whole, out=np.ones_like(left), where=whole > 0), 0, 1
    )
    return share


def _where_known(signal: Floats, h: Floats) -> Floats:
    known = np.isfinite(signal)
    if known.sum() < 2:
        return np.zeros(h.shape[1])
    found: Floats = _correlations(signal[known, None], h[known])[0]
    return found


def _correlations(left: Floats, right: Floats) -> Floats:
    """Correlate the columns of ``(n, a)`` and ``(n, b)``: ``(a, b)``, 0 for a constant."""

    def standard(values: Floats) -> Floats:
        centred = values.astype(np.float64) - values.mean(axis=0, dtype=np.float64)
        norms = np.sqrt(np.square(centred).sum(axis=0))
        # What rounding leaves of a constant is no movement.
        moves = norms > 1e-9 * np.sqrt(len(values)) * np.abs(values).max(axis=0, initial=0)
        standardised: Floats = np.divide(
            centred, norms, out=np.zeros_like(centred), where=moves & (norms > 0)
        )
        return standardised

    found: Floats = np.clip(standard(left).T @ standard(right), -1, 1)
    return found


def _average_linkage(distances: Floats) -> Order:
    """Give the leaves of the tree of ``(n, n)`` distances, in its order."""
    count = len(distances)
    if not count:
        return np.zeros(0, np.int64)
    between = distances.astype(np.float64).copy()
    np.fill_diagonal(between, np.inf)
    branches: dict[int, list[int]] = {index: [index] for index in range(count)}
    sizes = np.ones(count)
    while len(branches) > 1:
        first, second = sorted(divmod(int(between.argmin()), count))
        branches[first] = _joined(branches[first], branches.pop(second), distances)
        mean = sizes[first] * between[first] + sizes[second] * between[second]
        mean /= sizes[first] + sizes[second]
        sizes[first] += sizes[second]
        between[first] = between[:, first] = mean
        between[first, first] = np.inf
        between[second] = between[:, second] = np.inf
    return np.array(branches.popitem()[1])


def _joined(left: list[int], right: list[int], distances: Floats) -> list[int]:
    ways = [(a, b) for a in (left, left[::-1]) for b in (right, right[::-1])]
    a, b = min(ways, key=lambda way: float(distances[way[0][-1], way[1][0]]))
    return a + b


def _said(
    correlations: Mapping[str, Floats], season: Floats | None, still: NDArray[np.bool_]
) -> Message:
    """Say which units carry the season, which follow each signal, and which stand still."""
    moving = ~still
    found = []
    if season is not None and len(carriers := _strongest(season, moving)):
        found.append(_carry(carriers))
    following: dict[tuple[int, ...], list[str]] = {}  # what is prepared may be the level itself
    for name, correlation in correlations.items():
        followers = _strongest(np.square(correlation), moving)
        following.setdefault(tuple(int(unit) for unit in followers), []).append(name)
    found += [_follow(names, units) for units, names in following.items() if units]
    if not found:
        found.append(_closest(correlations, season, moving))
    if still.any():
        found.append(_idle(np.flatnonzero(still)))
    whole, *others = found
    for each in others:
        whole = Message("inside.units", "{found} {more}", {"found": whole, "more": each})
    return whole


def _strongest(share: Floats, moving: NDArray[np.bool_]) -> Order:
    chosen = np.flatnonzero((share >= CARRIES) & moving)
    return chosen[np.argsort(-share[chosen], kind="stable")]


def _carry(units: Order) -> Message:
    if len(units) == 1:
        template = N_("Unit {units} carries the season.")
    else:
        template = N_("Units {units} carry the season.")
    return Message("inside.units.season", template, {"units": named(units)})


def _follow(signals: Sequence[str], units: Sequence[int]) -> Message:
    if len(units) == 1:
        template = N_("Unit {units} follows this: {signal}.")
    else:
        template = N_("Units {units} follow this: {signal}.")
    called, *others = [_signal(name) for name in signals]
    for each in others:
        called = Message("signals", "{some}, {more}", {"some": called, "more": each})
    values: dict[str, object] = {"units": named(units), "signal": called}
    return Message("inside.units.follow", template, values)


def _closest(
    correlations: Mapping[str, Floats], season: Floats | None, moving: NDArray[np.bool_]
) -> Message:
    shares = [(_signal(name), np.square(found)) for name, found in correlations.items()]
    if season is not None:
        shares.append((Message("signal", N_("Season")), season))
    if not moving.any() or not shares:
        return Message("inside.units.mixed", N_("No unit follows one thing alone."))
    moved = [(signal, np.where(moving, share, -1.0)) for signal, share in shares]
    signal, share = max(moved, key=lambda each: float(each[1].max()))
    unit = int(share.argmax())
    return Message(
        "inside.units.closest",
        N_(
            "No unit follows one thing alone. The closest is unit {unit}, {share} % of whose "
            "movement goes with this: {signal}."
        ),
        {"unit": unit + 1, "share": round(100 * float(share[unit])), "signal": signal},
    )


def _signal(name: str) -> Message:
    # What a person called a channel of a table is no template.
    of_ours = name in (INPUT, LEVEL, CHANGE)
    return Message("signal", name if of_ours else "{name}", {"name": name})


def _idle(units: Order) -> Message:
    if len(units) == 1:
        template = N_("Unit {units} never moves.")
    else:
        template = N_("Units {units} never move.")
    return Message("inside.units.still", template, {"units": named(units)})


def named(units: Sequence[int] | Order) -> Message:
    """Name units counted from 0 as a person counts, from 1: "3, 7 and 12"."""
    numbers = [str(int(unit) + 1) for unit in units[:NAMED]]
    if len(units) > NAMED:
        return Message(
            "inside.units.many",
            N_("{some} and {more} more"),
            {"some": ", ".join(numbers), "more": len(units) - NAMED},
        )
    if len(numbers) < 2:
        return Message("inside.units.one", "{one}", {"one": "".join(numbers)})
    return Message(
        "inside.units.few",
        N_("{some} and {last}"),
        {"some": ", ".join(numbers[:-1]), "last": numbers[-1]},
    )
