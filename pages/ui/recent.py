"""What was computed last, kept for all sessions, and forgotten when its table is deleted."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")

_ALL: list[Recent] = []


class Recent(Generic[Value]):
    """The last ``size`` values, each by what it was computed from.

    A value is computed outside the lock: two sessions that ask at once may both compute it.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[tuple[Hashable, ...], Value] = OrderedDict()
        self._lock = threading.Lock()
        _ALL.append(self)

    def get(self, key: tuple[Hashable, ...], make: Callable[[], Value]) -> Value:
        """Give the value of a key, computed now if it is not kept; what it raises is not kept."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        made = make()
        with self._lock:
            self._values[key] = made
            while len(self._values) > self._size:
                self._values.popitem(last=False)
        return made

    def forget(self, digest: str) -> None:
        """Let go of what was computed from a table."""
        with self._lock:
            for key in [key for key in self._values if any(_is_of(part, digest) for part in key)]:
                del self._values[key]

    def __len__(self) -> int:
        return len(self._values)


def forget_table(digest: str) -> None:
    """Let go of all that any session computed from a table that is deleted."""
    for recent in _ALL if digest else ():
        recent.forget(digest)


def _is_of(part: Hashable, digest: str) -> bool:
    """Whether a part of a key is a table, its digest, or a series or an experiment with it."""
    series = getattr(part, "series", part)
    return digest in (part, getattr(part, "digest", ""), getattr(series, "table", ""))
