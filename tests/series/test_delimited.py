import pytest

from rnn_core.messages import SeriesError
from rnn_core.series import delimited
from rnn_core.series.delimited import decode, read_grid, sniff


def test_rows_keep_the_numbers_they_have_in_the_file():
    grid = read_grid(b'a,b\n1,2\n\n3,"two\nlines"\n , \n')
    assert grid.cells.tolist() == [["a", "b"], ["1", "2"], ["3", "two\nlines"]]
    assert grid.numbers.tolist() == [1, 2, 4]
    assert grid.first == ["a", "b"]


def test_a_blank_line_within_a_single_column_is_a_missing_value():
    assert read_grid(b"a\n1\n\n3\n\n\n").cells.tolist() == [["a"], ["1"], [""], ["3"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end(end):
    assert read_grid(f"a,b{end}1,2{end}".encode()).cells.tolist() == [["a", "b"], ["1", "2"]]


def test_more_rows_than_are_read_at_a_time():
    grid = read_grid(b"x\n" + b"".join(b"%d\n" % number for number in range(1234)))
    assert [int(cell) for cell in grid.cells[1:, 0]] == list(range(1234))


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1;2\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a;b\n1,5;2,5\n", ";"),
        ("a, in s;b\n1;2\n", ";"),
        ('"a;b",c\n1,2\n', ","),
        ('"a";"b"\n1;2\n', ";"),
        ("a\n1\n", ","),
        ("a,b\n1,2\n3\n", ","),
    ],
)
def test_the_delimiter_is_found(text, delimiter):
    assert sniff(text) == delimiter


def test_encodings():
    assert decode("\ufeffgrün".encode()) == decode("grün".encode()) == "grün"
    assert decode("5 €".encode("cp1252")) == "5 €"
    assert decode(b"\xe4\x81") == "ä\x81"  # 0x81 is not in Windows-1252


def refused(data):
    with pytest.raises(SeriesError) as caught:
        read_grid(data)
    return caught.value.message


@pytest.mark.parametrize("data", [b"", b"\n\n", b" \n", b"\xef\xbb\xbf", b",,\n,,\n", b"\x1a"])
def test_nothing_in_it(data):
    assert refused(data).kind == "series.empty"


@pytest.mark.parametrize(
    "data",
    [b"a,b\n1,\x002\n", b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04x", "a\n1\n".encode("utf-16")],
)
def test_not_text(data):
    assert refused(data).kind == "series.binary"


@pytest.mark.parametrize(
    ("data", "row", "cells"),
    [(b"a,b\n1,2\n3\n", 3, 1), (b"a,b\n1,2,3\n", 2, 3), (b"a,b\n1,2\n\n3,4\n5,\n6,7,8\n", 6, 3)],
)
def test_ragged_rows(data, row, cells):
    message = refused(data)
    assert message.kind == "series.ragged"
    assert message.values == {"row": row, "cells": cells, "width": 2}


@pytest.mark.parametrize(
    "data", [b'a,b\n1,2\n3,"4\n5,6\n', b'a,b\n1,2\n"3"x,4\n', b'a,b\n1,2\n"' + b"x" * 200_000]
)
def test_quotation_marks_that_do_not_match(data):
    message = refused(data)
    assert message.kind == "series.quotes"
    assert message.values["row"] == 3


def test_too_many_bytes():
    message = refused(b"x\n" + b"1\n" * 26_000_000)
    assert message.kind == "series.too_large"
    assert message.values == {"size": "52.0", "limit": 50}


def test_too_many_rows(monkeypatch):
    assert delimited.MAX_ROWS == 2_000_000
    monkeypatch.setattr(delimited, "MAX_ROWS", 1_000)
    assert len(read_grid(b"x\n" + b"1\n" * 1_000).cells) == 1_001
    message = refused(b"x\n" + b"1\n" * 1_001)
    assert message.kind == "series.too_many_rows"
    assert message.values == {"limit": "1,000"}


def test_too_many_columns():
    assert read_grid(b",".join([b"1"] * 1_000)).cells.shape == (1, 1_000)
    message = refused(b",".join([b"1"] * 1_001))
    assert message.kind == "series.too_many_columns"
    assert message.values == {"columns": "1,001", "limit": "1,000"}
