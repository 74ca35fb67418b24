"""Which columns of a table are the values, the times, an index or names of series: the guesses."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.series.tables.cells import taken
from rnn_core.series.tables.counted import counted_form
from rnn_core.series.tables.forms import FORMS
from rnn_core.series.tables.grid import text_of
from rnn_core.series.tables.kinds import Kinds, numbers_of, times_of
from rnn_core.series.tables.names import is_named_as_time
from rnn_core.series.tables.sampling import sample_of

INDEX_WORDS = ("", "index", "id", "no", "no.", "nr", "nr.", "row", "#", "unnamed: 0", "n", "obs")
NAMING = ("id", "ids", "code", "nr", "no", "num", "number", "key", "zip", "plz", "uuid", "objectid")
COUNTING = ("record", "rec", "recnum", "index", "obs", "seq", "sequence", "sample", "row")
MOST_CANDIDATES = 8
LEAST_STEPS = 6  # that are equal, to take a column for an axis
LAST_UNNAMED = 1  # place, for years whose column is not called so, among numbers
LEAST_KNOWN = 3  # values, to say that a column stays the same


def guess_time(names: Sequence[str], columns: Sequence[Any], kinds: Kinds) -> str:
    """Choose the column of times; "" if none looks it.

    Plain numbers can be years, or seconds, by chance: they have to increase, or be called so. A
    column of numbers is left for the values.
    """
    ranked = []
    for name, form in kinds.times.items():
        if not any(other != name for other in kinds.numeric):
            continue
        named = is_named_as_time(name)
        place = names.index(name)
        if not FORMS[form.name].plain:
            stays = len(columns[place]) > 1 and _stays_the_same(columns[place])
            ranked.append((4 if stays else 0 if named else 1, place, name))
            continue
        times = times_of(columns[place], form)
        steps = np.diff(times).astype(np.int64)
        certain = form.name in ("year", "compact", "stamp")
        even = len(steps) > 0 and float(np.abs(steps - np.median(steps)).max()) < 0.2 * steps.max()
        first = all(other not in kinds.numeric for other in names[:place])
        certain = certain and (first or form.name != "year" or place <= LAST_UNNAMED)
        if (steps > 0).all() and (certain or named or (place == 0 and even)):
            ranked.append((2, place, name))
        elif named:
            ranked.append((3, place, name))
    return min(ranked)[2] if ranked else ""


def _stays_the_same(cells: Any) -> bool:
    """Whether a column holds one and the same time everywhere, as that of a file's last update."""
    sample = sample_of(cells)
    if isinstance(sample, np.ndarray):
        return bool((sample == sample[0]).all())
    return len(sample.unique()) == 1


def find_index(names: Sequence[str], columns: Sequence[Any], kinds: Kinds) -> str:
    """Give the first column's name if it only counts the rows, from 0 or 1; else ""."""
    numeric = kinds.numeric
    if not names or names[0] not in numeric or len(numeric) < 2 or not len(columns[0]):
        return ""
    if names[0].casefold() not in INDEX_WORDS and names[0] != "column 1":
        return ""
    values = numbers_of(columns[0], kinds.style)
    counted = np.arange(len(values)) + values[0]
    return names[0] if values[0] in (0, 1) and np.array_equal(values, counted) else ""


def codes_of(cells: Any) -> tuple[NDArray[np.int64], list[str]]:
    """Give a column as numbers of its different texts, in the order in which they come."""
    if isinstance(cells, np.ndarray):
        known, places = np.unique(cells, return_inverse=True)
        return places.astype(np.int64), [text_of(value) for value in known.tolist()]
    coded = cells.dictionary_encode()
    codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, coded.dictionary.to_pylist()


def joined_ids(columns: Sequence[Any]) -> Any:
    """Give one text for each row, of the texts of two columns."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = [
        pa.array(list(map(text_of, cells.tolist())), pa.string())
        if isinstance(cells, np.ndarray)
        else cells
        for cells in columns
    ]
    return pc.binary_join_element_wise(*texts, " + ")


def guess_value(
    names: Sequence[str],
    columns: Sequence[Any],
    kinds: Kinds,
    passed: set[str],
    time: str,
    kept: NDArray[np.bool_] | None,
) -> str:
    """Choose the column of values: the first with numbers, but for those that say little.

    ``kept`` ``(rows,)`` are the rows of one series, None if there is but one. What says little is a
    column that stays the same in them or only says yes or no, one that is called a code, one that
    is called a time and goes one way, and, in a table without times, a first one that goes up by
    equal steps.
    """
    free = [name for name in kinds.numeric if name not in passed]
    if len(free) < 2:
        return free[0] if free else ""

    def says_little(name: str) -> bool:
        values = numbers_of(sample_of(taken(columns[names.index(name)], kept)), kinds.style)
        known = values[np.isfinite(values)]
        words = re.findall(r"[^\W\d_]+", re.sub("([a-z])([A-Z])", r"\1 \2", name))
        if len(known) < LEAST_KNOWN:
            return False
        folded = [word.casefold() for word in words]
        if set(folded) & set(NAMING) or np.isin(known, (0, 1)).all():
            return True
        if set(folded) & set(COUNTING) and (known == known[0] + np.arange(len(known))).all():
            return True
        if (known == known[0]).all() or counted_form(known) == "decimal-year":
            return True
        if is_named_as_time(name) and _goes_one_way(known):
            return True
        if time or name != names[0]:
            return False
        with np.errstate(over="ignore", invalid="ignore"):
            steps = np.diff(known)
        even = (
            len(steps) > LEAST_STEPS
            and steps[0] > 0
            and np.isfinite(steps).all()
            and np.allclose(steps, steps[0], rtol=1e-3, atol=0)
        )
        return bool(even)

    return next((name for name in free if not says_little(name)), free[0])


def _goes_one_way(values: NDArray[np.float64]) -> bool:
    """Whether values never fall or never rise, as years beside months do."""
    return bool((values[1:] >= values[:-1]).all() or (values[1:] <= values[:-1]).all())


def guess_id(
    names: Sequence[str],
    columns: Sequence[Any],
    kinds: Kinds,
    time: str,
    times: NDArray[np.datetime64],
) -> tuple[str, ...]:
    """Choose the columns that say of which series a row is; none if the times need none.

    With them, no time may occur twice. Two are taken where one is not enough.
    """
    if len(times) > 1 and (times[1:] > times[:-1]).all():
        return ()
    timed = ~np.isnat(times)  # rows without a time are of no series
    distinct, order = np.unique(times[timed], return_inverse=True)
    if len(distinct) == len(order):
        return ()
    skipped = {time, *time.split(" + ")}
    others = [name for name in names if name not in skipped and name not in kinds.times]
    ranked = [name for name in others if name not in kinds.numeric]
    ranked += [name for name in others if name in kinds.numeric]
    found: dict[str, tuple[NDArray[np.int64], int]] = {}
    for name in ranked[:MOST_CANDIDATES]:
        cells = taken(columns[names.index(name)], None if timed.all() else timed)
        codes, known = codes_of(cells)
        if not 1 < len(known) <= len(codes) / 2:
            continue
        if name in kinds.numeric and not _names(numbers_of(cells, kinds.style), codes, len(known)):
            continue  # hardly any value occurs twice: measured, not named
        if _tells_apart(order, codes, len(known)):
            return (name,)
        found[name] = codes, len(known)
    for first, second in itertools.combinations(found, 2):
        (codes, size), (more, sizes) = found[first], found[second]
        if _tells_apart(order, codes * np.int64(sizes) + more, size * sizes):
            return first, second
    return ()


def _names(values: NDArray[np.float64], codes: NDArray[np.int64], known: int) -> bool:
    """Whether numbers name series: few, or whole ones that occur equally often."""
    if 10 * known <= len(codes):
        return True
    whole = bool((values == np.floor(values)).all())
    return whole and len(set(np.bincount(codes).tolist())) == 1 and 3 * known <= len(codes)


def _tells_apart(order: NDArray[np.int64], codes: NDArray[np.int64], known: int) -> bool:
    """Whether no time, by its place in ``order``, occurs twice with the same code."""
    together = order * np.int64(known) + codes
    return len(np.unique(together)) == len(together)
