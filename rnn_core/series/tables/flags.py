"""Letters behind numbers by which statistical offices qualify them, as "2.5 b" for a break."""

from __future__ import annotations

import re

FLAGGED = re.compile(r"(:|[+-]?[0-9][0-9.,]*)\s?[bcdefinprsuz]{1,3}")


def without_flag(cell: str) -> str:
    """Give a number, or the colon for none, without the flag behind it; else the cell as it is.

    The letters are those of Eurostat, https://ec.europa.eu/eurostat/data/database/information.
    """
    found = FLAGGED.fullmatch(cell)
    return found[1] if found else cell
