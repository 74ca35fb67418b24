import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_core.config import SeriesConfig
from rnn_core.series import Series, load_series, read_table
from rnn_core.series.disturbances import disturb, with_gaps, with_outliers

SOURCES = ["airline", "nile", "ar", "narma", "copy"]
TABLE_BYTES = ("x\n" + "\n".join(str(value % 17) for value in range(400))).encode()


def loaded(source, **chosen):
    if source == "table":
        table = read_table(TABLE_BYTES)
        return load_series(SeriesConfig(source="table", table=table.digest, **chosen), table)
    return load_series(SeriesConfig(source=source, **chosen))


@pytest.mark.parametrize("source", [*SOURCES, "table"])
def test_the_share_asked_for_is_missing_and_the_rest_is_as_it_was(source):
    whole = loaded(source)
    for share in (0.01, 0.13, 0.5):
        series = loaded(source, gaps=share)
        missing = np.isnan(series.values)
        assert missing.sum() == round(share * len(whole))
        assert (series.values[~missing] == whole.values[~missing]).all()
        assert (series.times == whole.times).all()
        assert (series.covariates == whole.covariates).all()


@pytest.mark.parametrize("source", [*SOURCES, "table"])
def test_the_share_asked_for_are_outliers_and_the_rest_is_as_it_was(source):
    whole = loaded(source)
    for share in (0.01, 0.05, 0.2):
        moved = loaded(source, outliers=share).values != whole.values
        assert moved.sum() == round(share * len(whole))


@pytest.mark.parametrize("source", SOURCES)
def test_turning_one_up_leaves_the_others_as_they_are(source):
    gaps = np.isnan(loaded(source, gaps=0.2).values)
    both = loaded(source, gaps=0.2, outliers=0.1)
    assert (np.isnan(both.values) == gaps).all()
    with_outliers_alone = loaded(source, outliers=0.1).values
    assert (both.values[~gaps] == with_outliers_alone[~gaps]).all()


@pytest.mark.parametrize("what", ["gaps", "outliers"])
def test_a_larger_share_keeps_what_a_smaller_one_had(what):
    whole = loaded("nile").values
    few, many = (loaded("nile", **{what: share}).values for share in (0.05, 0.2))
    changed = few != whole
    assert changed.sum() == 5
    assert (many != whole).sum() == 20
    assert np.array_equal(many[changed], few[changed], equal_nan=True)


def test_noise_and_what_is_underneath_stay_as_they_are():
    clean = loaded("ar", noise=0.3, length=500)
    disturbed = loaded("ar", noise=0.3, length=500, outliers=0.1, gaps=0.1)
    same = disturbed.values == clean.values
    assert same.sum() >= 500 - 100


def test_another_seed_disturbs_other_places():
    one, other = (np.isnan(loaded("airline", gaps=0.2, seed=seed).values) for seed in (0, 1))
    assert (one != other).any()
    again = np.isnan(loaded("airline", gaps=0.2, seed=1).values)
    assert (again == other).all()


def test_nothing_chosen_is_nothing_done():
    series = loaded("airline")
    assert disturb(series, 0.0, 0.0, 0) is series


def test_outliers_are_3_to_5_deviations_off_to_either_side():
    values = np.random.default_rng(0).normal(-3, 2, 20_000)
    moved = with_outliers(values, 0.1, np.random.default_rng(1))
    steps = ((moved - values) / values.std())[moved != values]
    assert len(steps) == 2_000
    assert 3 <= np.abs(steps).min() < 3.05
    assert 4.95 < np.abs(steps).max() <= 5
    assert (steps > 0).mean() == pytest.approx(0.5, abs=0.05)


def test_a_series_above_0_stays_above_0_and_its_logarithm_is_moved():
    values = np.exp(np.random.default_rng(0).normal(2, 0.5, 5_000))
    moved = with_outliers(values, 0.2, np.random.default_rng(1))
    steps = (np.log(moved / values) / np.log(values).std())[moved != values]
    assert len(steps) == 1_000
    assert moved.min() > 0
    assert np.abs(steps).min() >= 3 - 1e-9
    assert np.abs(steps).max() <= 5 + 1e-9


def test_gaps_are_stretches_of_five_steps_on_average():
    missing = np.isnan(with_gaps(np.zeros(20_000), 0.05, np.random.default_rng(2)))
    begins = missing & ~np.concatenate([[False], missing[:-1]])
    assert missing.sum() == 1_000
    # A little more than 5: some of them touch.
    assert missing.sum() / begins.sum() == pytest.approx(5.2, abs=0.8)
    first, second = missing[:10_000].sum(), missing[10_000:].sum()
    assert 350 < first < 650
    assert first + second == 1_000


def test_values_missing_before_stay_missing_and_become_no_outliers():
    values = np.array([1.0, np.nan, 2.0, 3.0, np.nan, 5.0] * 50)
    moved = with_outliers(values, 0.5, np.random.default_rng(0))
    assert (np.isnan(moved) == np.isnan(values)).all()
    assert (moved[~np.isnan(moved)] > 0).all()
    empty = np.full(10, np.nan)
    assert np.isnan(with_outliers(empty, 0.5, np.random.default_rng(0))).all()


@given(
    st.lists(st.floats(allow_infinity=False), min_size=1, max_size=40),
    st.floats(0, 0.2),
    st.floats(0, 0.5),
)
def test_of_any_series_comes_a_series_without_infinity(values, outliers, gaps):
    series = Series("x", values, np.arange(len(values)))
    with np.errstate(over="ignore", invalid="ignore"):
        disturbed = disturb(series, outliers, gaps, 3)
    assert not np.isinf(disturbed.values).any()
    assert disturbed.values.shape == series.values.shape
