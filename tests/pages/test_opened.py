"""The networks that are kept open, within a bound for all of them together."""

from __future__ import annotations

from pages.ui.inside.opened import Kept, Key
from tests.inside.networks import network

SMALL, LARGE = network("rnn", units=3), network("rnn", units=30)
BYTES = sum(array.nbytes for array in SMALL.arrays)


def key(epoch: int) -> Key:
    return ("sqlite://", "a run", 0.0, epoch)


def test_those_used_longest_ago_are_given_up() -> None:
    kept = Kept(3 * BYTES)
    for epoch in range(3):
        kept.keep(key(epoch), SMALL)
    assert kept.get(key(0)) is SMALL
    kept.keep(key(3), SMALL)
    assert kept.get(key(1)) is None
    assert [kept.get(key(epoch)) is SMALL for epoch in (0, 2, 3)] == [True] * 3


def test_one_kept_again_counts_once() -> None:
    kept = Kept(3 * BYTES)
    for _again in range(9):
        kept.keep(key(0), SMALL)
    kept.keep(key(1), SMALL)
    kept.keep(key(2), SMALL)
    assert len(kept) == 3


def test_the_last_one_is_kept_however_large_it_is() -> None:
    kept = Kept(3 * BYTES)
    kept.keep(key(0), SMALL)
    kept.keep(key(1), LARGE)
    assert kept.get(key(0)) is None
    assert kept.get(key(1)) is LARGE
    kept.keep(key(2), SMALL)
    assert kept.get(key(1)) is None
    kept.keep(key(3), SMALL)
    assert len(kept) == 2
