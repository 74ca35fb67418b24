"""Where a table stands among the rows of a file: its header, a row of units, its first row."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rnn_core.messages import N_
from rnn_core.series.tables import refusals
from rnn_core.series.tables.flags import without_flag
from rnn_core.series.tables.forms import LONGEST, form_of_text
from rnn_core.series.tables.names import is_named_as_time
from rnn_core.series.tables.numerals import BODY, MISSING
from rnn_core.series.tables.reading import NONE

TOP_ROWS = 60  # how far down a header is looked for
FACT = 2  # cells, of a name and what it is
LEAST_STEPS = 3  # cells, to take them for ones that count
COMMENTS = ("#", "//", "%")
RULE = re.compile(r"[\s|+:=-]*(?:--|==)[\s|+:=-]*")  # drawn below a header


@dataclass(frozen=True)
class Layout:
    """Where a table lies among rows: its width, its header, the first row below that."""

    width: int
    header: int | None  # place among the rows looked at
    names: tuple[str, ...]
    units: tuple[str, ...]
    body: int


def lay_out(
    rows: Sequence[Sequence[str]], numbers: Sequence[int], chosen: str, delimiter: str = ""
) -> Layout:
    """Find the table among the first rows of a file.

    ``numbers`` are the rows' numbers in the file, ``chosen`` the header's, "none" or "".
    ``SeriesError`` for a header not there, or one with fewer names than the rows have cells.
    """
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    if chosen and chosen != NONE:
        if int(chosen) not in numbers:
            raise refusals.refuse(
                "no_header",
                N_(
                    "The header cannot be row {row}: choose one of the first rows that is not "
                    "empty, {first} to {last}."
                ),
                row=int(chosen),
                first=numbers[0],
                last=numbers[-1],
            )
        header = numbers.index(int(chosen))
        below = [len(row) for row in rows[header + 1 :]]
        width = Counter(below).most_common(1)[0][0] if below else len(rows[header])
        width = max(width, len(rows[header]))
        return _below(rows, header, width)
    top = next(place for place, row in enumerate(rows) if len(row) == width)
    above = rows[top - 1] if top else []
    if above and numbers[top] - numbers[top - 1] > 1:
        above = []  # a blank line between: nothing that belongs to the table
    if chosen == NONE:
        return Layout(width, None, ("",) * width, (), top)
    if delimiter == "," and _is_cut_at_decimals(above, rows[top:], width):
        raise refusals.decimal_commas(numbers[top], width, len(above))
    if above and len(above) == width - 1 and all(map(is_word, above)):
        return _below(rows, top - 1, width)  # one name fewer: an index without one
    if len(above) > 1 and not has_header(rows[top], rows[top + 1 :]):
        raise refusals.ragged(numbers[top], width, len(above))
    top = _below_facts(rows, numbers, top, width)
    top = _below_notes(rows, numbers, _below_titles(rows, top, width), width)
    if not (has_header(rows[top], rows[top + 1 :]) or _has_groups(rows, top, width)):
        return Layout(width, None, ("",) * width, (), top)
    return _below(rows, top, width)


def _is_cut_at_decimals(names: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether numbers with decimal commas were cut in two by commas between the cells.

    Then each name but that of the times stands for two whole numbers. A header without a name for
    the first column is another thing: its first name is none of times, or no time is below it, or
    what is below its first name goes up by equal steps, as no whole parts of numbers do.
    """
    if len(names) < 2 or not all(map(is_word, names)) or not is_named_as_time(names[0]):
        return False
    whole = re.compile("[+-]?[0-9]+")
    cut = [row[-2 * (len(names) - 1) :] for row in rows if len(row) == width]
    timed = any(form_of_text(row[0]) for row in rows if len(row) == width)
    if width == len(names) + 1 and _goes_up_evenly([row[1] for row in rows if len(row) == width]):
        return False
    return (
        (width == 2 * len(names) or (width == 2 * len(names) - 1 and timed))
        and bool(cut)
        and all(whole.fullmatch(cell) for row in cut for cell in row)
        and all(row[1::2] == [cell.lstrip("+-") for cell in row[1::2]] for row in cut)
    )


def _goes_up_evenly(cells: Sequence[str]) -> bool:
    """Whether cells are three whole numbers or more that go up by one and the same step."""
    if len(cells) < LEAST_STEPS or not all(re.fullmatch("-?[0-9]{1,9}", cell) for cell in cells):
        return False
    numbers = [int(cell) for cell in cells]
    step = numbers[1] - numbers[0]
    return step > 0 and numbers == list(range(numbers[0], numbers[-1] + 1, step))


def _below_facts(
    rows: Sequence[Sequence[str]], numbers: Sequence[int], top: int, width: int
) -> int:
    """Pass over facts, each a name and what it is, above a blank line, a header and numbers."""
    facts = itertools.takewhile(
        lambda place: is_word(rows[place][0]) and sum(map(bool, rows[place])) <= FACT,
        range(top, len(rows) - 1),
    )
    below = [place + 1 for place in facts if numbers[place + 1] - numbers[place] > 1]
    headers = (
        place
        for place in reversed(below)
        if place + 1 < len(rows)
        and len(rows[place]) == width
        and all(map(is_word, rows[place]))
        and not any(map(is_word, rows[place + 1]))
    )
    return next(headers, top)


def _below_titles(rows: Sequence[Sequence[str]], top: int, width: int) -> int:
    """Pass over empty rows and titles, one text alone, where a header comes below them."""
    below = next(
        (place for place in range(top, len(rows) - 1) if not _is_title(rows[place], width)), top
    )
    named = 2 * sum(map(bool, rows[below])) >= width and len(rows[below]) == width
    return below if named and has_header(rows[below], rows[below + 1 :]) else top


def _below_notes(
    rows: Sequence[Sequence[str]], numbers: Sequence[int], top: int, width: int
) -> int:
    """Pass over rows of words, such as "Station, Berlin", above one that names times."""
    words = list(
        itertools.takewhile(
            lambda place: len(rows[place]) == width and not any(map(_is_number, rows[place])),
            range(top, len(rows) - 1),
        )
    )
    names = [place for place in words if any(map(is_named_as_time, rows[place]))]
    if names and names[0] > top and rows[top][0] and all(rows[names[0]]):
        return names[0]
    # Below a blank line, unless there is one below every row.
    gaps = [place for place in words[1:] if numbers[place] - numbers[place - 1] > 1]
    every = len(rows) > 3 and numbers[-1] - numbers[-2] > 1
    return gaps[-1] if gaps and not every and all(rows[gaps[-1]]) else top


def _is_title(row: Sequence[str], width: int) -> bool:
    """Whether a row holds nothing but one text, where others hold more."""
    filled = [cell for cell in row if cell]
    said = [cell for cell in filled if not cell[:1].isalpha()]  # "Created 01.02.2024" is a title
    return width > 1 and len(filled) <= 1 and not any(map(_is_number, said))


def _below(rows: Sequence[Sequence[str]], header: int, width: int) -> Layout:
    names = [*rows[header]]
    if len(names) == width - 1 and header + 1 < len(rows):
        last_empty = all(len(row) == width and not row[-1] for row in rows[header + 1 :])
        names = [*names, ""] if last_empty else ["", *names]
    names += [""] * (width - len(names))
    if (
        header + 2 < len(rows)
        and len(rows[header + 1]) == width
        and _is_second_header(names, rows[header + 1], rows[header + 2 :])
    ):
        names = _both(names, rows[header + 1])
        header += 1
    names[0] = names[0].lstrip("#").strip() if names[0].startswith("# ") else names[0]
    body = header + 1
    units: tuple[str, ...] = ()
    if (
        body < len(rows) - 1
        and len(rows[body]) == width
        and _is_units(rows[body], rows[body + 1 :])
    ):
        units, body = tuple(rows[body]), body + 1
    return Layout(width, header, tuple(names), units, body)


def _has_groups(rows: Sequence[Sequence[str]], top: int, width: int) -> bool:
    """Whether a row has names for groups, which may be years, over one that names all columns."""
    below = rows[top + 1 : top + 2]
    return (
        bool(below)
        and len(below[0]) == width
        and not all(rows[top])
        and _is_second_header(rows[top], below[0], rows[top + 2 :])
    )


def _is_second_header(
    names: Sequence[str], row: Sequence[str], below: Sequence[Sequence[str]]
) -> bool:
    """Whether a row names the columns under a row with names for groups of them.

    A group has no name over the first column, or its name over each of its columns.
    """
    if not names[0] and all(map(is_word, row)):
        return any(names) and has_header(row, below)
    named, both = [name for name in names if name], _both(names, row)
    again = len(set(named)) < len(named) and len(set(both)) == len(both)
    return again and any(row) and all(is_word(cell) for cell in row if cell)


def _both(groups: Sequence[str], names: Sequence[str]) -> list[str]:
    """Put the name of a group, which stands over its first column, before each name in it."""
    joined, group = [], ""
    for over, name in zip(groups, names, strict=True):
        group = over or group
        joined.append(f"{group} {name}".strip())
    return joined


def _is_units(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row below the header holds words alone, over columns of numbers or times."""
    filled = [(place, cell) for place, cell in enumerate(row) if cell]
    if not filled or not all(is_word(cell) for _, cell in filled):
        return False
    over = [
        any(len(line) > place and _is_number(line[place]) for line in below[:5])
        for place, _ in filled
    ]
    return any(over) and all(len(cell) <= 30 for _, cell in filled)


def has_header(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Tell whether a row names the columns.

    It does if it has a word where numbers or times stand below, or nothing but words where there
    is no number in the table at all.
    """
    if not any(first) or _counts(first, below):
        return True
    words = [place for place, cell in enumerate(first) if is_word(cell)]
    if below and _are_times(first, below):
        return True
    if not words:
        return False
    if not below:
        return True
    numeric = [
        place
        for place in range(len(first))
        if _mostly_numbers([row[place] for row in below if len(row) > place])
    ]
    if not numeric:
        return True
    return (
        any(place in words for place in numeric)
        or not any(first[place] for place in numeric)
        or (
            words == list(range(len(words)))
            and _increasing_numbers([first[place] for place in numeric])
        )
    )


def _are_times(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row has times side by side, and the rows below it have none in their place."""
    places = [place for place, cell in enumerate(first) if cell and form_of_text(cell)]
    if len(places) < 3 or places != list(range(places[0], len(first))):
        return False
    if all(first[place].isdigit() for place in places):
        return False  # numbers, for all that is known
    beneath = [row[place] for row in below[:5] for place in places if len(row) > place]
    return not any(form_of_text(cell) and not cell.isdigit() for cell in beneath)


def _counts(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether names are numbers from 0 over numbers of another kind, as pandas writes them."""
    named = list(first[1:] if first and not first[0] else first)
    fractions = any("." in cell for row in below[:5] for cell in row)
    return bool(
        below
        and named == [str(place) for place in range(len(named))]
        and (len(named) > 1 or not first[0])
        and (fractions or not first[0])
    )


def _increasing_numbers(cells: Sequence[str]) -> bool:
    """Whether cells are whole numbers that go up by one: years or numbers as names of columns."""
    if len(cells) < 2 or not all(re.fullmatch("[0-9]{1,4}", cell) for cell in cells):
        return False
    numbers = [int(cell) for cell in cells]
    return all(after == before + 1 for before, after in itertools.pairwise(numbers))


def _mostly_numbers(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.lower() not in MISSING]
    return 2 * sum(not is_word(without_flag(cell)) for cell in filled) > len(filled)


def _is_number(cell: str) -> bool:
    return bool(cell) and not is_word(cell) and cell.lower() not in MISSING


def is_word(cell: str) -> bool:
    """Tell whether a cell is neither empty nor a number nor a time."""
    if cell.lower() in MISSING or (len(cell) < 40 and BODY.match(cell.replace("−", "-"))):
        return False
    if re.fullmatch(r"(?i)[+-]?(inf|infinity|[0-9.,]+e[+-]?[0-9]+)", cell):
        return False
    if len(cell) > LONGEST or not re.search(r"[0-9]", cell):
        return True
    return not form_of_text(cell)
