import numpy as np
import pytest

from rnn_core.series.columns import has_header, is_numeric, is_time, parse_numbers, unique_names


def cells(*texts):
    return np.array(texts, dtype=np.dtypes.StringDType())


def test_numbers_and_what_is_missing_and_what_is_neither():
    values, missing = parse_numbers(cells("1", "-2.5", "1e3", "", "NA", "nan", "abc", "1,5", "inf"))
    assert values.tolist()[:3] == [1, -2.5, 1000]
    assert np.isnan(values).tolist() == [0, 0, 0, 1, 1, 1, 1, 1, 0]
    assert missing.tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0]
    assert values[-1] == np.inf


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (["Date", "Passengers"], True),
        (["country", "1990", "1991"], True),
        (["", "x"], True),
        (["1", "2.5"], False),
        (["1949-01", "112"], False),
        (["1949-01", ""], False),
        (["", ""], True),
    ],
)
def test_a_header_has_a_word_in_it(first, expected):
    assert has_header(first) is expected


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (["x", "x", "x"], ("x", "x (2)", "x (3)")),
        (["x", "x (2)", "x"], ("x", "x (2)", "x (3)")),
        (["x", "x", "x (2)"], ("x", "x (2)", "x (2) (2)")),
        (["", "b", ""], ("column 1", "b", "column 3")),
        (["column 2", ""], ("column 2", "column 2 (2)")),
        (["two\nlines", "=1+1", "<b>"], ("two lines", "=1+1", "<b>")),
        (["n" * 500], ("n" * 100,)),
    ],
)
def test_names_are_unique_and_of_one_line(first, expected):
    assert unique_names(first) == expected


def test_one_bad_cell_does_not_make_a_column_another_kind():
    assert is_numeric(cells("1", "2", "x"))
    assert not is_numeric(cells("1", "x", "y"))
    assert not is_numeric(cells("", "NA"))
    assert is_time(cells("2020-01-01", "2020-01-02", "soon"))
    assert not is_time(cells("soon", "later", "2020-01-02"))
    assert is_time(cells("1871", "1872"))
    assert not is_time(cells("1871", "1872", "650"))
