import numpy as np
import pytest

from rnn_core.config import SeriesConfig
from rnn_core.messages import SeriesError
from rnn_core.series import SOURCES, TABLE, load_series, read_table
from rnn_core.series.generators import generate

TABLE_BYTES = b"when,x,y\n2020-01,1,10\n2020-02,2,20\n2020-03,3,30\n"


@pytest.mark.parametrize("source", [name for name in SOURCES if name != TABLE])
def test_every_source_can_be_loaded_and_brings_its_season(source):
    series = load_series(SeriesConfig(source=source))
    assert series.name == SOURCES[source].label
    assert series.season == SOURCES[source].season


def test_the_default_is_the_airline_sample():
    assert load_series(SeriesConfig()).values[:3].tolist() == [112, 118, 132]


def test_a_generator_gets_length_noise_and_seed():
    config = SeriesConfig(source="ar", length=123, noise=0.4, seed=9)
    expected = generate("ar", 123, 0.4, 9)
    assert load_series(config).values.tobytes() == expected.values.tobytes()


def test_a_generator_gets_its_parameters():
    config = SeriesConfig(source="mackey-glass", length=100, parameters="tau=30,n=8")
    expected = generate("mackey-glass", 100, 0.1, 0, tau=30, n=8.0)
    assert load_series(config).values.tobytes() == expected.values.tobytes()
    assert expected.values.tobytes() != generate("mackey-glass", 100, 0.1).values.tobytes()


def test_the_season_of_a_generator_follows_its_parameters():
    series = load_series(SeriesConfig(source="sines", parameters="period=40"))
    assert series.season == 40


def test_a_generators_further_channels_come_along():
    series = load_series(SeriesConfig(source="adding", gaps=0.1, season=5))
    assert series.covariate_names == ("number", "marker")
    assert series.covariates.shape == (600, 2)


def test_weights_that_make_no_series_are_refused_when_it_is_loaded():
    with pytest.raises(SeriesError, match="runs away"):
        load_series(SeriesConfig(source="ar", parameters="phi1=2"))


def test_a_season_overrides_what_is_known():
    series = load_series(SeriesConfig(season=6))
    assert (series.season, series.time_unit, len(series)) == (6, "month", 144)


def test_the_columns_of_a_table_are_those_chosen():
    table = read_table(TABLE_BYTES)
    config = SeriesConfig(source=TABLE, table=table.digest, value="y", time="when", season=5)
    series = load_series(config, table)
    assert series.values.tolist() == [10, 20, 30]
    assert series.times[1] == np.datetime64("2020-02")
    assert series.season == 5


@pytest.mark.parametrize("table", [None, read_table(b"x\n1\n2\n")])
def test_a_table_that_is_gone_or_another_is_asked_for_again(table):
    config = SeriesConfig(source=TABLE, table=read_table(TABLE_BYTES).digest)
    with pytest.raises(SeriesError, match="upload it again") as caught:
        load_series(config, table)
    assert caught.value.message.kind == "series.table_gone"
