import numpy as np
import pytest

from rnn_core.config import SeriesConfig
from rnn_core.messages import SeriesError
from rnn_core.series import Series, Treatment, load_series
from rnn_core.series.treatment import DUPLICATES, EVERY, MISSING, ORDER, STEPS, treat

NAN = float("nan")


def series(values, times=None, covariates=None):
    times = np.arange(len(values)) if times is None else np.array(times, "datetime64[s]")
    more = {}
    if covariates is not None:
        more = {"covariates": np.array(covariates, float)[:, None], "covariate_names": ("c",)}
    return Series("x", np.array(values, float), times, **more)


def refused(given, *arguments, **treatment):
    with pytest.raises(SeriesError) as caught:
        treat(given, Treatment(**treatment), *arguments)
    return caught.value.message


def test_nothing_is_treated_unless_it_is_chosen():
    given = series([1, 2, 4], ["2020-01", "2020-02", "2020-04"])
    treated = treat(given, Treatment())
    assert treated.values.tolist() == [1, 2, 4]
    assert treated.times.tolist() == given.times.tolist()
    assert refused(series([1, NAN])).kind == "series.missing"
    assert refused(series([1, 2], ["2020", "2020"])).kind == "series.duplicate_times"
    assert refused(series([1, 2], ["2021", "2020"])).kind == "series.unsorted_times"


def test_a_refusal_names_the_rows_of_the_file():
    rows = np.array([5, 7, 9, 11])
    message = refused(series([1, NAN, 3, NAN]), rows)
    assert message.values == {"column": "x", "row": 7, "count": 2}
    given = series([1, 2, 3, 4], ["2020", "2021", "2020", "2022"])
    message = refused(given, rows, "when")
    assert message.values == {"column": "when", "count": 1, "first": 5, "second": 9}


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("interpolate", [2, 3, 4, 8]),
        ("forward", [2, 2, 4, 8, 8]),
        ("drop", [2, 4, 8]),
        ("leave", [NAN, 2, NAN, 4, 8, NAN]),
    ],
)
def test_missing_values(how, expected):
    treated = treat(series([NAN, 2, NAN, 4, 8, NAN]), Treatment(missing=how))
    np.testing.assert_array_equal(treated.values, expected)


def test_a_line_is_drawn_over_time_and_not_over_rows():
    days = ["2020-01-01", "2020-01-02", "2020-01-11"]
    treated = treat(series([0, NAN, 10], days), Treatment(missing="interpolate"))
    assert treated.values.tolist() == [0, 1, 10]


def test_covariates_are_treated_along():
    given = series([1, 2, NAN, 4], None, [1, NAN, 3, 4])
    assert treat(given, Treatment(missing="drop")).covariates.tolist() == [[1], [4]]
    filled = treat(given, Treatment(missing="interpolate"))
    assert filled.values.tolist() == [1, 2, 3, 4]
    assert filled.covariates.tolist() == [[1], [2], [3], [4]]
    assert refused(series([1, 2], None, [1, NAN])).values["column"] == "c"


@pytest.mark.parametrize(
    ("how", "expected"),
    [("first", [1, 2, 5]), ("last", [1, NAN, 5]), ("mean", [1, 3, 5]), ("sum", [1, 6, 5])],
)
def test_duplicates(how, expected):
    given = series([1, 2, 4, NAN, 5], ["2020", "2021", "2021", "2021", "2022"])
    treated = treat(given, Treatment(duplicates=how, missing="leave"))
    np.testing.assert_array_equal(treated.values, expected)
    assert treated.times.astype("datetime64[Y]").astype(str).tolist() == ["2020", "2021", "2022"]


def test_order_and_duplicates_together_keep_the_files_order_among_equals():
    given = series([9, 1, 2], ["2021", "2020", "2020"])
    treated = treat(given, Treatment(order="sort", duplicates="last"))
    assert treated.values.tolist() == [2, 9]


def test_missing_steps_are_inserted_by_the_calendar():
    ends = ["2020-01-31", "2020-02-29", "2020-04-30", "2020-05-31"]
    treated = treat(series([1, 2, 4, 5], ends), Treatment(steps="insert", missing="interpolate"))
    assert len(treated) == 5
    assert treated.times.astype("datetime64[D]").astype(str).tolist()[3:] == ends[2:]
    assert 2 < treated.values[2] < 4
    hours = ["2020-01-01T00", "2020-01-01T01", "2020-01-01T04", "2020-01-01T05"]
    treated = treat(series([1, 2, 5, 6], hours), Treatment(steps="insert", missing="interpolate"))
    assert treated.values.tolist() == [1, 2, 3, 4, 5, 6]
    assert treated.time_unit == "hour"


def test_a_time_off_the_regular_step_is_refused():
    hours = ["2020-01-01T00:00", "2020-01-01T01:00", "2020-01-01T02:00", "2020-01-01T02:30"]
    message = refused(series([1, 2, 3, 4], hours), steps="insert")
    assert message.kind == "series.odd_step"
    assert message.values["row"] == 4


def test_an_insertion_that_would_never_end_is_refused():
    seconds = ["2000-01-01T00:00:00", "2000-01-01T00:00:01", "2020-01-01T00:00:00"]
    message = refused(series([1, 2, 3], seconds), steps="insert")
    assert message.kind == "series.too_many_steps"


@pytest.mark.parametrize(
    ("how", "expected"),
    [("mean", [2, NAN, 8]), ("sum", [6, NAN, 16]), ("last", [3, NAN, 9])],
)
def test_values_are_joined_to_months(how, expected):
    days = ["2020-01-01", "2020-01-03", "2020-01-20", "2020-03-05", "2020-03-30", "2020-03-31"]
    given = series([1, 2, 3, 7, 9, NAN], days)
    treated = treat(given, Treatment(steps=how, every="month", missing="leave"))
    np.testing.assert_array_equal(treated.values, expected)
    months = treated.times.astype("datetime64[D]").astype(str).tolist()
    assert months == ["2020-01-01", "2020-02-01", "2020-03-01"]
    assert (treated.time_unit, treated.season) == ("month", 12)


def test_weeks_begin_on_monday():
    days = np.arange("2020-01-01", "2020-01-29", dtype="datetime64[D]")  # a Wednesday
    treated = treat(series(np.ones(28), days), Treatment(steps="sum", every="week"))
    assert treated.values.tolist() == [5, 7, 7, 7, 2]
    assert str(treated.times[0].astype("datetime64[D]")) == "2019-12-30"


def test_joined_values_agree_with_pandas():
    import pandas as pd

    generator = np.random.default_rng(4)
    times = np.datetime64("2019-11-03", "s") + np.sort(generator.choice(40_000_000, 500, False))
    values = generator.normal(size=500)
    frame = pd.Series(values, pd.DatetimeIndex(times))
    for every, rule in (("day", "D"), ("week", "W-MON"), ("month", "MS"), ("quarter", "QS")):
        weekly = {"closed": "left", "label": "left"} if every == "week" else {}
        expected = frame.resample(rule, **weekly).mean()
        treated = treat(
            series(values, times), Treatment(steps="mean", every=every, missing="leave")
        )
        np.testing.assert_allclose(treated.values, expected.to_numpy())
        np.testing.assert_array_equal(treated.times, expected.index.to_numpy())


def test_the_unit_is_the_one_next_to_the_usual_step():
    times = np.datetime64("2020-01-01") + np.array([0, 90, 200, 290, 400, 1500]).astype("m8[m]")
    treated = treat(series(np.ones(6), times), Treatment(steps="sum", missing="leave"))
    assert treated.times.astype("datetime64[D]").astype(str).tolist() == [
        "2020-01-01",
        "2020-01-02",
    ]


def test_parts_of_a_second_are_treated_as_other_steps():
    every = np.datetime64("2023-12-31T23:59:59.800", "us") + 100_000 * np.arange(12)
    given = Series("x", np.arange(12.0), every)
    assert given.times.dtype == "datetime64[us]"
    some = Series("x", np.delete(given.values, [3, 7, 8]), np.delete(every, [3, 7, 8]))
    filled = treat(some, Treatment(steps="insert", missing="interpolate"))
    np.testing.assert_array_equal(filled.times, every)
    np.testing.assert_allclose(filled.values, given.values, rtol=1e-12)
    assert filled.time_unit == "tenth of a second"
    for unit in ("second", "auto"):
        seconds = treat(given, Treatment(steps="sum", every=unit))
        assert seconds.values.tolist() == [0 + 1, sum(range(2, 12))]
        assert [str(time) for time in seconds.times] == [
            "2023-12-31T23:59:59",
            "2024-01-01T00:00:00",
        ]
    twice = Series("x", np.arange(3.0), every[[0, 1, 1]])
    assert refused(twice).kind == "series.duplicate_times"


def test_nothing_left_is_refused():
    assert refused(series([NAN, NAN]), missing="drop").kind == "series.nothing_left"


@pytest.mark.parametrize("name", ["missing", "duplicates", "order", "steps", "every"])
@pytest.mark.parametrize("value", ["", "guess", None, 3])
def test_choices_that_there_are_not(name, value):
    with pytest.raises(SeriesError, match=f"'{name}' must be one of") as caught:
        Treatment(**{name: value})
    assert "refuse" in str(caught.value) or "auto" in str(caught.value) or name == "steps"


def test_every_choice_is_an_option_of_the_experiment():
    for name, choices in (
        ("missing", MISSING), ("duplicates", DUPLICATES), ("order", ORDER), ("steps", STEPS),
        ("every", EVERY),
    ):  # fmt: skip
        for choice in choices:
            assert getattr(SeriesConfig(**{name: choice}).treatment, name) == choice


def test_the_experiments_choice_also_treats_samples():
    config = SeriesConfig(source="airline", steps="sum", every="year")
    yearly = load_series(config)
    assert len(yearly) == 12
    assert yearly.values.sum() == load_series(SeriesConfig()).values.sum()
    assert yearly.time_unit == "year"


def test_values_on_a_line_are_told_from_those_that_were_measured():
    given = series([NAN, 2, NAN, 4, 8, NAN])
    assert treat(given, Treatment(missing="interpolate")).drawn.tolist() == [0, 1, 0, 0]
    for how in ("forward", "drop", "leave"):
        assert not treat(given, Treatment(missing=how)).drawn.any()
    days = ["2020-01-01", "2020-01-02", "2020-01-04"]
    steps = Treatment(steps="insert", missing="interpolate")
    once = treat(series([1, 2, 4], days), steps)
    assert once.drawn.tolist() == [0, 0, 1, 0]
    # Treated again, for gaps put in, what was drawn before stays so.
    assert treat(once, steps).drawn.tolist() == [0, 0, 1, 0]
    beside = series([1, 2, 3], covariates=[1, NAN, 3])
    assert treat(beside, Treatment(missing="interpolate")).drawn.tolist() == [0, 1, 0]
