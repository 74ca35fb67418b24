import numpy as np
import pytest

from rnn_core.config import SeriesConfig
from rnn_core.series import load_series
from rnn_core.series.diagnostics import find_period
from rnn_core.series.diagnostics.period import repeated_share

AIRLINE = load_series(SeriesConfig()).values


def sine(period, length=400):
    return np.sin(2 * np.pi * np.arange(length) / period + 0.3)


def found_in(make, count=200):
    """The seasons found in ``count`` series of different seeds."""
    return np.array([find_period(make(np.random.default_rng([7, i]))).steps for i in range(count)])


@pytest.mark.parametrize("period", [2, 3, 4, 5, 7, 12, 24, 37, 52, 100])
def test_a_sine_has_its_period(period):
    found = find_period(sine(period))
    assert found.steps == period
    assert found.certainty == "clear"
    assert found.strength > 0.95


def test_a_season_of_no_whole_steps():
    assert find_period(sine(33.1)).steps == 33
    # 33 would be 5 steps off after 12 cycles; two cycles make 66.8.
    assert find_period(sine(33.4)).steps == 67


def test_airline():
    for values in (AIRLINE, AIRLINE[:86], np.log(AIRLINE)):
        found = find_period(values)
        assert (found.steps, found.certainty) == (12, "clear")
    said = str(find_period(AIRLINE).message)
    assert said == "Season of 12 steps, clear: 76 % of the changes repeat in each cycle."


def test_the_season_is_found_and_not_its_harmonics():
    steps = np.arange(600)
    values = np.sin(2 * np.pi * steps / 12.5) + 0.6 * np.sin(2 * np.pi * steps / 25)
    assert find_period(values).steps == 25
    pulses = np.where(steps % 30 == 0, 1.0, 0.0) + 0.05 * np.random.default_rng(0).normal(size=600)
    assert find_period(pulses).steps == 30


@pytest.mark.parametrize("length", [60, 300])
@pytest.mark.parametrize("integrated", [0, 1], ids=["white noise", "random walk"])
def test_chance_is_not_called_a_season(integrated, length):
    def make(random):
        values = random.normal(size=length)
        return values.cumsum() if integrated else values

    assert (found_in(make) > 0).mean() <= 0.03


def test_chance_with_gaps_is_not_called_a_season():
    def make(random):
        values = random.normal(size=200).cumsum()
        for start in random.integers(0, 180, 3):
            values[start : start + 15] = np.nan
        return values

    assert (found_in(make) > 0).mean() <= 0.03


@pytest.mark.parametrize("integrated", [0, 1], ids=["white noise", "random walk"])
def test_a_noisy_season_is_found(integrated):
    def make(random):
        noise = random.normal(size=240)
        season = 1.5 * np.sin(2 * np.pi * np.arange(240) / 12)
        return season + (0.5 * noise.cumsum() if integrated else noise)

    assert (found_in(make, 100) == 12).mean() >= 0.95


@pytest.mark.parametrize("trend", [
    lambda place: np.exp(3 * place), lambda place: 10 * place, lambda place: np.tanh(6 * place)
])  # fmt: skip
def test_a_smooth_trend_is_not_a_season(trend):
    place = np.linspace(-1, 1, 500)
    assert find_period(trend(place)).steps == 0
    noise = 0.1 * np.random.default_rng(2).normal(size=500)
    assert find_period(trend(place) + noise).steps == 0


@pytest.mark.parametrize(("values", "kind"), [
    (np.full(80, 2.0), "period.none"), (np.arange(80.0), "period.none"),
    (np.sin(np.arange(11)), "period.short"),
])  # fmt: skip
def test_nothing_to_find(values, kind):
    found = find_period(values)
    assert (found.steps, found.strength, found.certainty) == (0, 0.0, "none")
    assert found.message.kind == kind


def test_the_share_that_repeats_by_hand():
    random = np.random.default_rng(4)
    pattern, noise = random.normal(size=5), random.normal(size=1000) / 2
    values = np.tile(pattern - pattern.mean(), 200) + noise
    # The moving average over one cycle leaves the season as it is, and 4/5 of the noise.
    season, left = pattern.var(), 0.25 * 4 / 5
    assert repeated_share(values, 5) == pytest.approx(season / (season + left), abs=0.03)
    assert repeated_share(noise, 5) < 0.02
