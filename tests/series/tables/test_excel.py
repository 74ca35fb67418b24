import numpy as np
import pytest

from rnn_core.series.tables.unpacking import CELL, PLACE, plain_places


def sheet(places):
    return b"".join(b'<row r="1"><c r="%s" s="1"><v>1</v></c></row>' % place for place in places)


def letters_of(column):
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def test_places_are_read_as_a_spreadsheet_names_them():
    random = np.random.default_rng(0)
    for _ in range(20):
        rows, columns = random.integers(1, [[1_048_577], [16_385]], size=(2, 50))
        places = [
            f"{letters_of(column)}{row}".encode() for row, column in zip(rows, columns, strict=True)
        ]
        assert plain_places(sheet(places)) == (50, rows.max(), columns.max())
    assert plain_places(b"<sheetData></sheetData>") == (0, 0, 0)


@pytest.mark.parametrize(
    "text",
    [b"<c><v>1</v></c>", b"<c t='s' r='A1'/>", b'<c r="a1"/>', b'<c r="A"/>', b'<c r="1"/>',
     b'<c r="ABCD1"/>', b'<c r="A1234567890123"/>', b'<c r="A1B"/>', b'<x:c r="A1"/>',
     b'<c r="A1"/><c s="1"/>', b'<c r="A', b'<c  r="A1"/>', b'<c\nr="A1"/>', b'<cols/>'],
)  # fmt: skip
def test_what_is_written_otherwise_is_left_to_the_general_way(text):
    assert plain_places(text) is None


def test_the_general_way_finds_what_the_fast_one_leaves():
    text = b"<c t='s' r='AB12'/><x:c r=\"C7\"/><c/>"
    assert len(CELL.findall(text)) == 3
    assert PLACE.findall(text) == [(b"AB", b"12"), (b"C", b"7")]
