import numpy as np
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel

from rnn_core.config import Experiment, SeriesConfig
from rnn_core.forecast.baselines import (
    BASELINES,
    baseline_forecasts,
    carried_forward,
    persistence,
    seasonal_naive,
)
from rnn_core.forecast.ets import Ets, values_for_season
from rnn_core.messages import Message, SeriesError
from rnn_core.series import Series, load_series

VALUES = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0]


def series(season):
    return Series("test", VALUES, np.arange(8), season=season)


def test_persistence_repeats_the_value_before():
    assert persistence(series(0), np.array([1, 4, 7])).tolist() == [3.0, 1.0, 2.0]


def test_seasonal_naive_repeats_the_value_one_season_before():
    assert seasonal_naive(series(3), np.array([3, 4, 7])).tolist() == [3.0, 1.0, 5.0]


def test_with_a_season_of_one_both_are_the_same():
    targets = np.arange(1, 8)
    expected = persistence(series(1), targets).tolist()
    assert seasonal_naive(series(1), targets).tolist() == expected


@pytest.mark.parametrize(("season", "first"), [(0, 4), (5, 4), (8, 7)])
def test_without_a_season_in_reach_there_is_no_seasonal_naive(season, first):
    assert seasonal_naive(series(season), np.arange(first, 8)) is None


def test_a_season_may_reach_back_to_the_first_value():
    assert seasonal_naive(series(4), np.arange(4, 8)).tolist() == VALUES[:4]


def forecasts(values, season, origins, horizon, fit_end, *names):
    series = Series("test", values, np.arange(len(values)), season=season)
    return baseline_forecasts(
        series, np.array(origins), horizon, fit_end=fit_end, names=names or None
    )


def airline():
    return load_series(Experiment().series)


def test_the_simple_ones_by_hand():
    found = forecasts([1, 3, 2, 6, 9, 4], 2, [3, 5], 3, 3, "persistence", "mean", "drift",
                      "seasonal_naive")  # fmt: skip
    assert list(found) == ["persistence", "mean", "drift", "seasonal_naive"]
    assert found["persistence"].forecast.tolist() == [[2, 2, 2], [9, 9, 9]]
    assert found["mean"].forecast.tolist() == [[2, 2, 2], [4.2, 4.2, 4.2]]
    assert found["drift"].forecast.tolist() == [[2.5, 3, 3.5], [11, 13, 15]]
    assert found["seasonal_naive"].forecast.tolist() == [[3, 2, 3], [6, 9, 6]]


def test_one_step_ahead_they_are_the_one_step_baselines():
    series = airline()
    targets = np.arange(96, 144)
    found = baseline_forecasts(series, targets, 1, fit_end=86)
    for name, one_step in (("persistence", persistence), ("seasonal_naive", seasonal_naive)):
        np.testing.assert_array_equal(found[name].forecast[:, 0], one_step(series, targets))


@pytest.mark.parametrize("name", BASELINES)
@pytest.mark.parametrize("season", [0, 12])
def test_nothing_at_or_after_an_origin_is_read(name, season):
    values = airline().values
    origins = [96, 120, 131]
    together = forecasts(values, season, origins, 15, 90, name)[name].forecast
    if together is None:
        assert (name, season) == ("seasonal_naive", 0)
        return
    assert together.shape == (3, 15)
    for row, origin in zip(together, origins, strict=True):
        hidden = values.copy()
        hidden[origin:] = np.nan
        alone = forecasts(hidden, season, [origin], 15, 90, name)[name].forecast[0]
        np.testing.assert_allclose(alone, row, rtol=1e-12)


@pytest.mark.parametrize("name", BASELINES)
def test_parameters_are_fitted_on_the_training_part_alone(name):
    values = airline().values
    other = values.copy()
    other[90:] = other[90:][::-1]
    # Where the origin is at the end of the training part nothing else can matter.
    one, two = (forecasts(v, 12, [90], 12, 90, name)[name].forecast for v in (values, other))
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(("season", "log"), [(12, False), (0, False), (12, True)])
def test_theta_is_that_of_statsmodels(season, log):
    values = np.log(airline().values) - 5.5 if log else airline().values  # additive below zero
    found = forecasts(values, season, [120], 24, 120, "theta")["theta"].forecast[0]
    model = ThetaModel(values[:120], period=season or None, deseasonalize=season > 0)
    np.testing.assert_allclose(found, model.fit().forecast(24), rtol=1e-9)


def test_the_level_of_theta_follows_the_truth():
    values = airline().values
    fitted = ThetaModel(values[:100], deseasonalize=False).fit()
    alpha, slope = fitted.params["alpha"], fitted.params["b0"]
    level = values[0]
    for value in values[1:110]:
        level = alpha * value + (1 - alpha) * level
    expected = level + slope / 2 * (np.arange(3) + (1 - (1 - alpha) ** 110) / alpha)
    found = forecasts(values, 0, [105, 110], 3, 100, "theta")["theta"].forecast
    np.testing.assert_allclose(found[1], expected, rtol=1e-9)


@pytest.mark.parametrize("series", ["airline", "nile", "ar"])
@pytest.mark.parametrize("origin", [80, 95])
def test_ets_is_that_of_statsmodels_with_its_states_carried_on(series, origin):
    loaded = load_series(SeriesConfig(source=series))
    forecaster = Ets(loaded.values[:80], loaded.season)
    found = forecaster(loaded.values, np.array([origin]), 30)[0]
    model = ETSModel(
        loaded.values[:origin], initialization_method="known", **forecaster._form,
        **forecaster._starts,
    )  # fmt: skip
    expected = model.smooth(forecaster._params).forecast(30)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_the_form_of_ets_is_the_one_with_the_smallest_aicc():
    values = airline().values[:96]
    chosen = Ets(values, 12)._form
    best = min(
        (
            ETSModel(values, error=error, trend=trend, damped_trend=damped, seasonal=seasonal,
                     seasonal_periods=12 if seasonal else None,
                     initialization_method="heuristic").fit(disp=False).aicc,
            (error, trend, damped, seasonal),
        )
        for error, seasonal in (("add", None), ("add", "add"), ("mul", "mul"))
        for trend, damped in ((None, False), ("add", False), ("add", True))
    )  # fmt: skip
    assert best[1] == tuple(chosen[key] for key in ("error", "trend", "damped_trend", "seasonal"))


@pytest.mark.parametrize(("name", "season", "length", "kind"), [
    ("seasonal_naive", 0, 20, "baseline.no_season"),
    ("seasonal_naive", 21, 20, "baseline.long_season"),
    ("theta", 0, 9, "baseline.short"),
    ("ets", 4, 9, "baseline.short"),
    ("drift", 0, 1, "baseline.short"),
])  # fmt: skip
def test_what_cannot_be_used_says_why(name, season, length, kind):
    values = np.random.default_rng(0).normal(size=length + 2)
    found = forecasts(values, season, [length], 2, length, name)[name]
    assert found.forecast is None
    assert found.reason.kind == kind
    assert Message.from_json(found.reason.to_json()) == found.reason
    assert str(length) in str(found.reason) or kind == "baseline.no_season"


@pytest.mark.parametrize("name", ["theta", "ets"])
def test_a_constant_series_leaves_nothing_to_fit(name):
    found = forecasts(np.full(30, 7.0), 4, [24], 2, 24, name)[name]
    assert str(found.reason) == "Nothing to fit: all values known are the same, 7."


@pytest.mark.parametrize("name", ["theta", "ets"])
def test_long_series_are_fitted_on_their_newest_values(name):
    t = np.arange(3000)
    values = 10 + np.sin(t * np.pi / 6) + 0.1 * np.random.default_rng(0).normal(size=3000)
    found = forecasts(values, 12, [2600, 2700], 3, 2500, name)[name]
    assert str(found.note) == "Fitted on the newest 2,000 of the 2,500 values known."
    newest = forecasts(values[500:], 12, [2100, 2200], 3, 2000, name)[name]
    assert newest.note is None
    np.testing.assert_allclose(found.forecast, newest.forecast, rtol=1e-9)


@pytest.mark.parametrize("name", ["theta", "ets"])
def test_a_season_that_is_not_seen_twice_is_left_out_and_said(name):
    values = np.random.default_rng(0).normal(size=40)
    found = forecasts(values, 16, [30], 3, 30, name)[name]
    assert "one of 16 steps takes 32 values to fit, and there are 30." in str(found.note)
    without = forecasts(values, 0, [30], 3, 30, name)[name]
    np.testing.assert_array_equal(found.forecast, without.forecast)


@pytest.mark.parametrize("name", BASELINES)
@pytest.mark.parametrize("values", [
    np.arange(1.0, 61), np.arange(60) % 12 + 1.0, np.r_[1.0, np.zeros(59)],
    np.where(np.arange(60) % 2, -1.0, 1.0), 1e-9 * (np.arange(60) % 12 + 1),
    1e12 * (np.arange(60) % 12 + 1),
], ids=["line", "period", "zeros", "alternating", "tiny", "huge"])  # fmt: skip
def test_odd_series_give_numbers_and_no_warnings(name, values):
    found = forecasts(values, 12, [40, 50, 60], 5, 40, name)[name].forecast
    assert found.shape == (3, 5)
    assert np.isfinite(found).all()
    assert np.abs(found).max() < 100 * np.abs(values).max()


@pytest.mark.parametrize(("origins", "horizon"), [([3], 1), ([9], 1), ([5], 0), ([], 1)])
def test_origins_outside_of_the_series_are_refused(origins, horizon):
    with pytest.raises(ValueError, match="origins must lie from 4 to 8"):
        forecasts(VALUES, 0, np.array(origins, int), horizon, 4)


def test_a_missing_value_is_the_last_one_known():
    values = np.array([np.nan, 2.0, 3.0, np.nan, np.nan, 7.0, np.nan])
    assert carried_forward(values).tolist() == [2, 2, 3, 3, 3, 7, 7]
    assert carried_forward(values[1:3]) is not None
    with pytest.raises(SeriesError, match="All values of the series are missing"):
        carried_forward(np.full(3, np.nan))


@pytest.mark.parametrize("name", BASELINES)
def test_gaps_are_bridged_and_said(name):
    values = airline().values.copy()
    values[[20, 21, 95]] = np.nan
    found = forecasts(values, 12, [96], 12, 90, name)[name]
    assert np.isfinite(found.forecast).all()
    assert "each of 3 missing ones" in str(found.note)
    filled = values.copy()
    filled[20:22], filled[95] = values[19], values[94]
    expected = forecasts(filled, 12, [96], 12, 90, name)[name].forecast
    np.testing.assert_array_equal(found.forecast, expected)


@pytest.mark.parametrize("season", [2, 3, 4, 7, 12])
def test_ets_takes_a_season_as_soon_as_its_states_can_be_worked_out(season):
    values = 10 + np.tile(np.arange(float(season)), 20) + 0.1 * np.sin(np.arange(20.0 * season))
    least = values_for_season(season)
    assert Ets(values[:least], season)._form["seasonal"]
    assert Ets(values[: least - 1], season)._form["seasonal"] is None
    short = forecasts(values, season, [least - 1], 2, least - 1, "ets")["ets"]
    assert short.note.kind == "baseline.without_season"
