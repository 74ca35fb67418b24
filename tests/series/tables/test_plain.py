"""What is read many rows at a time is what is read row by row, in every file there is to try."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rnn_core.messages import SeriesError
from rnn_core.series import Reading
from rnn_core.series.tables import delimited, numerals, plain
from rnn_core.series.tables.grid import column_of, text_of
from rnn_core.series.tables.json_table import read_json

sys.path.insert(0, str(Path(__file__).parent))
from corpus import cases

CASES = [
    case
    for case in cases()
    if 0 < len(case.data) < 100_000 and not case.data.startswith((b"PK", b"PAR1"))
]
CELLS = st.one_of(
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(
        ["", " ", "\t", "a b", " 1", "2 ", "\ufeff", "\xa0", "\x85", "\u2028", "\x0b", "#", "# x",
         "//", "'", "''", "\\", "\\n", "\\,", "1\r", "é", "x" * 140_000]
    ),
)  # fmt: skip


def read(data, choices):
    try:
        grid = delimited.read_text(data, Reading.of(choices))
    except SeriesError as error:
        return error.message.to_json()
    cells = [column.to_pylist() for column in grid.columns]
    return grid.names, cells, grid.numbers.tolist(), grid.passed_over, grid.header_row


def both(data, choices=None):
    """Read in both ways; tells whether the rows were taken many at a time."""
    taken = []

    def counted(*given):
        found = plain.plain_columns(*given)
        taken.append(found is not None)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "LEAST_BYTES", 0)
        patch.setattr(delimited, "plain_columns", counted)
        at_once = read(data, choices or {})
        patch.setattr(delimited, "plain_columns", lambda *given: None)
        assert read(data, choices or {}) == at_once
    return any(taken)


def test_every_file_of_the_corpus_is_read_alike():
    assert sum(both(case.data, case.choices) for case in CASES) > len(CASES) / 4


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=2, max_size=5),
    delimiter=st.sampled_from(plain.ONE_SIGN),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    last=st.sampled_from(["", "\n", "\n\n\n", "\r\n", "\n \n", "\n\x1a"]),
)
@example([["a", "b"], ["1", "2"], ["\ufeff3", "4"]], ",", "\n", "")
@example([["\ufeff\ufeffa", "b"], ["1", "2"]], ",", "\n", "")
@example([["1", "2"], ["3", "x" * 140_000]], ",", "\n", "")
@example([["1", "2"], ["3"], ["4", "5"]], ",", "\r\n", "\n")
@example([["#", "0"], ["0", ""]], ",", "\n", "")
@example([["1", "2"], ["", ""], ["4", "5"]], ";", "\n", "\n")
def test_odd_texts_are_read_alike(rows, delimiter, end, last):
    both((end.join(delimiter.join(row) for row in rows) + last).encode())


def test_a_plain_text_is_taken_at_once():
    lines = ["time,value", *(f"2020-01-{day:02},{day / 8}" for day in range(1, 29))]
    for end in ("\n", "\r\n"):
        assert both(end.join(lines).encode())
        assert both((end.join(lines) + 2 * end).encode())
    assert not both("\r".join(lines).encode())
    assert not both("\n".join([*lines, '"2020-01-29",4']).encode())
    assert not both("\n".join([*lines[:9], "", *lines[9:]]).encode())
    assert not both("\n".join([*lines, "# the end"]).encode())


@pytest.mark.parametrize(
    "cells",
    [
        ["1", "-2.5", ".5", "3.", "1e3", "2E-4"],
        ["1", "nan"],
        ["1", "-inf"],
        ["1", "Infinity"],
        ["1", "1e999"],
        ["1", ""],
        ["1", "+2"],
        ["1", "0x10"],
        ["1", "1_0"],
        ["1", "1d2"],
        ["1", "1 "],
        ["1", "1e"],
        ["1", "1e+"],
        ["1", "٣"],
        ["1", "-"],
        ["1", "--1"],
        ["1", "1.2.3"],
        [],
    ],
)
def test_numbers_are_cast_at_once_only_if_each_is_plain(cells, monkeypatch):
    import pyarrow as pa

    texts = pa.array(cells, pa.string())
    at_once, lost = numerals.parse_numbers(texts)
    monkeypatch.setattr(numerals, "_all_plain", lambda cells: None)
    singly, lost_singly = numerals.parse_numbers(texts)
    np.testing.assert_array_equal(at_once, singly)
    np.testing.assert_array_equal(lost, lost_singly)


def test_texts_of_json_lose_their_blanks_as_one_at_a_time():
    signs = [chr(code) for code in (*range(0xD800), *range(0xE000, 0x10000))]
    texts = [f"{sign}a{sign}" for sign in signs]
    assert column_of([*texts, None, ""]).to_pylist() == [*map(text_of, texts), "", ""]
    assert column_of([" a", "b\ud800"]).to_pylist() == ["a", "b"]


def test_names_of_records_come_in_the_order_in_which_they_are_met():
    for records, names in (
        ([{"b": 1, "a": 2}, {"a": 3, "b": 4}], ["b", "a"]),
        ([{"b": 1}, {"a": 3, "b": 4}, {"c": 5}], ["b", "a", "c"]),
    ):
        assert list(read_json(json.dumps(records).encode(), Reading()).names) == names
