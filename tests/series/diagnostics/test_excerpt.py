import numpy as np
import pytest

from rnn_core.messages import SeriesError
from rnn_core.series.diagnostics.excerpt import LONGEST, excerpt, without_trend


def test_values_are_scaled_and_gaps_are_bridged_by_lines():
    part = excerpt([0.0, 2, np.nan, np.nan, 8, 4, 2, 0, -4, 1])
    np.testing.assert_allclose(part.values * part.scale, [0, 2, 4, 6, 8, 4, 2, 0, -4, 1])
    assert part.scale == 8
    assert part.missing == 2
    assert part.known.tolist() == [True, True, False, False] + [True] * 6
    assert str(*part.notes) == "Missing values, 2 of 10, are bridged by straight lines here."


def test_what_is_missing_at_the_ends_is_cut_off():
    part = excerpt([np.nan, np.inf, *range(10), -np.inf])
    assert (part.start, len(part), part.length) == (2, 10, 10)
    assert part.missing == 0


def test_of_a_long_series_the_newest_values_are_taken():
    part = excerpt(np.arange(1, LONGEST + 101))
    assert (part.start, len(part)) == (100, LONGEST)
    assert part.values[-1] * part.scale == LONGEST + 100
    assert str(*part.notes) == "Looked at 20,000 of 20,100 values, the newest."


@pytest.mark.parametrize(("values", "said"), [
    ([], "There are 0 known values, and looking into a series takes at least 8."),
    ([np.nan] * 50, "There are 0 known values"),
    (range(7), "There are 7 known values"),
    ([*range(8), *[np.nan] * 30, 1], "Of 39 values 30 are missing, more than half"),
])  # fmt: skip
def test_refusals(values, said):
    with pytest.raises(SeriesError, match=said):
        excerpt(list(values))


def test_a_table_is_not_a_series():
    with pytest.raises(ValueError, match="one-dimensional"):
        excerpt(np.zeros((9, 2)))


@pytest.mark.parametrize(("values", "constant"), [
    (np.zeros(9), True),
    (np.full(9, 0.1) + 0.2, True),
    (np.full(9, 1e308) * np.where(np.arange(9) % 2, 1, -1), False),
    (np.arange(9) * 5e-324, False),
])  # fmt: skip
def test_constant_at_any_size(values, constant):
    assert excerpt(values).is_constant is constant


def test_a_trend_is_taken_out_as_by_polyfit():
    values = np.random.default_rng(1).normal(size=50).cumsum()
    steps = np.arange(50)
    for degree in (1, 3):
        expected = values - np.polyval(np.polyfit(steps, values, degree), steps)
        np.testing.assert_allclose(without_trend(values, degree), expected, atol=1e-9)
