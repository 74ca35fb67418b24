import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from rnn_core.plots import index_range, missing_stretches, thin_series


def walk(length, seed=0):
    return np.random.default_rng(seed).normal(size=length).cumsum()


def runs_of_missing(values):
    """First and last index of each missing stretch, found one by one."""
    runs, start = [], None
    for index, known in enumerate([*np.isfinite(values), True]):
        if not known and start is None:
            start = index
        elif known and start is not None:
            runs.append((start, index - 1))
            start = None
    return runs


def test_a_short_series_is_drawn_whole():
    np.testing.assert_array_equal(thin_series(walk(2000)), np.arange(2000))


@pytest.mark.parametrize("length", [2001, 3000, 50_000, 500_001])
def test_a_long_one_keeps_its_ends_and_extremes(length):
    values = walk(length)
    values[[length // 3, length // 2]] = 1e4, -1e4
    kept = thin_series(values)
    assert len(kept) <= 2000
    assert len(kept) > 900
    assert (np.diff(kept) > 0).all()
    assert (kept[0], kept[-1]) == (0, length - 1)
    assert {length // 3, length // 2} <= set(kept.tolist())


def test_every_pixel_keeps_its_extremes():
    values = walk(100_000)
    kept = thin_series(values, points=2004)  # 4 are kept for the ends
    drawn = values[kept]
    for bucket in np.array_split(np.arange(100_000), 500):  # two buckets of the thinning each
        inside = (kept >= bucket[0] - 100) & (kept <= bucket[-1] + 100)
        assert drawn[inside].max() >= values[bucket].max()
        assert drawn[inside].min() <= values[bucket].min()


def test_zoom_gets_the_detail_back():
    values = walk(200_000)
    kept = thin_series(values, start=100_000, stop=101_200)
    np.testing.assert_array_equal(
        kept[(kept >= 100_000) & (kept < 101_200)], 100_000 + np.arange(1200)
    )
    # And what lies around is still there, in outline.
    assert (kept < 100_000).sum() > 90
    assert (kept >= 101_200).sum() > 90
    assert len(kept) <= 2000


def test_wide_gaps_stay_and_narrow_ones_close():
    values = walk(100_000)
    values[40_000:60_000] = np.nan
    values[::1000] = np.nan
    kept = thin_series(values)
    assert len(kept) <= 2000
    drawn = values[kept]
    gap = np.flatnonzero(np.isnan(drawn) & (kept > 30_000) & (kept < 70_000))
    assert len(gap) == 1
    assert (kept[gap - 1], kept[gap + 1]) == (39_999, 60_001)
    assert np.isnan(drawn).sum() <= 2  # the wide one, and the very first value


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    values=arrays.arrays(np.float64, st.integers(0, 900)),
    points=st.integers(128, 400),
    ends=st.tuples(st.integers(-5, 1000), st.integers(-5, 1000)),
)
def test_never_more_points_and_always_in_order(values, points, ends):
    kept = thin_series(values, points=points, start=ends[0], stop=ends[1])
    assert len(kept) <= points
    assert (np.diff(kept) > 0).all()
    assert not len(kept) or (kept[0] >= 0 and kept[-1] < len(values))
    assert (len(kept) == 0) == (len(values) == 0)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([0.0, np.nan, np.inf]), max_size=60))
def test_missing_stretches_are_all_found(values):
    found = missing_stretches(np.array(values))
    assert sorted(found) == runs_of_missing(values)
    lengths = [last - first for first, last in found]
    assert lengths == sorted(lengths, reverse=True)


def test_too_few_points():
    with pytest.raises(ValueError, match=r"at least 128. Received: 127"):
        thin_series(walk(9), points=127)


def test_only_the_longest_stretches():
    values = np.zeros(1000)
    values[::10] = np.nan
    values[500:520] = np.nan
    assert missing_stretches(values, most=2) == [(500, 520), (0, 0)]


def test_what_an_axis_of_steps_shows():
    assert index_range(np.arange(100), 10.2, 20.7) == (10, 22)
    assert index_range(np.arange(100), 20.7, 10.2) == (10, 22)
    assert index_range(np.arange(100), -7, 500) == (0, 100)


@pytest.mark.parametrize(("low", "high"), [
    ("1950-01-15", "1950-06-20 12:30:00.25"),
    (-629_510_400_000.0, -615_987_000_000.0),
])  # fmt: skip
def test_what_an_axis_of_moments_shows(low, high):
    months = np.datetime64("1950-01") + np.arange(24)
    # February to June, and one neighbour on either side.
    assert index_range(months.astype("datetime64[s]"), low, high) == (0, 7)


def test_a_text_that_is_no_moment():
    with pytest.raises(ValueError, match="Error parsing datetime"):
        index_range(np.array(["1950-01", "1950-02"], "datetime64[s]"), "yesterday", "1950-02")
