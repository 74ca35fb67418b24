"""Some of a column's cells in place of all: a sample, or each different text once."""

from __future__ import annotations

from typing import Any

import numpy as np

SAMPLE = 1000
MANY = 10_000  # cells, for it to be worth while to look for those that are the same


def sample_of(cells: Any, size: int = SAMPLE) -> Any:
    """Give the first cells of a column and as many from all over it; all of a short one."""
    import pyarrow as pa

    if len(cells) <= 2 * size:
        return cells
    if isinstance(cells, np.ndarray):
        return cells[np.linspace(0, len(cells) - 1, 2 * size).astype(np.int64)]
    places = np.linspace(size, len(cells) - 1, size).astype(np.int64)
    return pa.concat_arrays([cells[:size], cells.take(pa.array(places))])


def once_each(cells: Any) -> Any | None:
    """Give many texts as a dictionary array, if most of them occur more than once; else None."""
    if len(cells) < MANY:
        return None
    coded = cells.dictionary_encode()
    return coded if 2 * len(coded.dictionary) <= len(cells) else None
