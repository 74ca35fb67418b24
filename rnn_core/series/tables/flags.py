"""Letters behind numbers by which statistical offices qualify them, as "2.5 b" for a break."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rnn_core.series.tables.signs import is_unit

FLAGGED = re.compile(r"(:|[+-]?[0-9][0-9.,]*)\s?([bcdefinprsuz]{1,3})")


def without_flag(cell: str) -> str:
    """Give a number, or the colon for none, without the flag behind it; else the cell as it is.

    The letters are those of Eurostat, https://ec.europa.eu/eurostat/data/database/information.
    """
    found = FLAGGED.fullmatch(cell)
    return found[1] if found else cell


def are_flags(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the letters behind the numbers of a table's rows qualify them.

    They are a unit where all of them can be one, none stands behind a colon for no number, and each
    row with any has them behind most of its cells that are filled.
    """
    for row in rows:
        found = [match for cell in row if cell and (match := FLAGGED.fullmatch(cell))]
        if any(match[1] == ":" or not is_unit(match[2]) for match in found):
            return True
        if found and 2 * len(found) <= sum(map(bool, row)):
            return True
    return False
