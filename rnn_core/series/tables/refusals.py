"""How much of a table is read, and what is said of one that cannot be."""

from __future__ import annotations

from collections.abc import Sequence

from rnn_core.messages import N_, Message, SeriesError

MAX_BYTES = 50_000_000
MAX_ROWS = 2_000_000
MAX_COLUMNS = 1_000
MAX_CELLS = 50_000_000  # of formats in which a small file can stand for many cells
LONGEST_QUOTE = 60
LISTED_NAMES = 20


def refuse(kind: str, template: str, **values: object) -> SeriesError:
    """Make the error for one whole sentence; its kind is put below ``series.``."""
    return SeriesError(Message(f"series.{kind}", template, values))


def quote(text: object) -> str:
    """Give a text from a file at a length that fits into a sentence."""
    plain = str(text)
    return plain if len(plain) <= LONGEST_QUOTE else plain[: LONGEST_QUOTE - 1] + "…"


def listed(names: Sequence[str]) -> str:
    """Give names with commas between them, the first twenty of many."""
    shown = [quote(name) for name in names[:LISTED_NAMES]]
    return ", ".join(shown if len(names) <= LISTED_NAMES else [*shown, "…"])


def too_large(size: int) -> SeriesError:
    """Say that a file has more than ``MAX_BYTES``."""
    return refuse(
        "too_large",
        N_("The file has {size} MB, more than the {limit} MB allowed: upload a part."),
        size=f"{size / 1e6:.1f}",
        limit=MAX_BYTES // 1_000_000,
    )


def empty() -> SeriesError:
    """Say that there is nothing in a file."""
    return refuse(
        "empty",
        N_("The file is empty: upload a table with a header row and a column of numbers."),
    )


def too_many_rows() -> SeriesError:
    """Say that a table is longer than ``MAX_ROWS``."""
    return refuse(
        "too_many_rows",
        N_("The table has more than {limit} rows: upload a part of it."),
        limit=f"{MAX_ROWS:,}",
    )


def too_many_columns(columns: int) -> SeriesError:
    """Say that a table is wider than ``MAX_COLUMNS``."""
    return refuse(
        "too_many_columns",
        N_(
            "The table has {columns} columns, more than the {limit} allowed: upload only the "
            "columns you need."
        ),
        columns=f"{columns:,}",
        limit=f"{MAX_COLUMNS:,}",
    )


def unpacks_too_large(limit: int) -> SeriesError:
    """Say that a packed file would need too much memory."""
    return refuse(
        "unpacks_too_large",
        N_(
            "The file unpacks to more than the {limit} MB allowed: upload a part of it, or save "
            "it as CSV."
        ),
        limit=f"{limit / 1e6:,.0f}",
    )


def damaged(form: str, reason: object) -> SeriesError:
    """Say that a file of a known format cannot be read."""
    return refuse(
        "damaged",
        N_(
            "The file looks like {form} but cannot be read ({reason}): save it again, or as CSV, "
            "and upload that."
        ),
        form=form,
        reason=quote(" ".join(str(reason).split()) or type(reason).__name__),
    )


def decimal_commas(row: int, cells: int, width: int) -> SeriesError:
    """Say that the commas between cells cannot be told from those in numbers."""
    return refuse(
        "decimal_commas",
        N_(
            "Cells in row {row}: {cells}, but {width} in the header. Are there decimal commas in a "
            "file whose cells are separated by commas? Put such numbers in quotation marks, or "
            "separate the cells by semicolons."
        ),
        row=row,
        cells=cells,
        width=width,
    )


def ragged(row: int, cells: int, width: int) -> SeriesError:
    """Say that a row has another number of cells than the header."""
    return refuse(
        "ragged",
        N_(
            "Cells in row {row}: {cells}, but {width} in the header or most rows; give every row "
            "as many cells, or choose another delimiter."
        ),
        row=row,
        cells=cells,
        width=width,
    )
