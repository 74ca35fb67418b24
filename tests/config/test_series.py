"""The options of a table and of a generator, which go with these alone."""

import pytest

from rnn_core.cells import parameter_count
from rnn_core.config import Experiment, SeriesConfig
from tests.config.experiments import OF_TABLE, refused


@pytest.mark.parametrize("name", OF_TABLE)
def test_the_fields_of_a_table_count_too(name):
    value = {"covariates": '["x"]', "reading": "header=2"}.get(name, "x")
    table = {"series": "table", "table": "0a"}
    one, other = Experiment.from_values(table), Experiment.from_values({**table, name: value})
    assert one != other
    assert one.digest != other.digest
    assert other.to_query()[name] == value


@pytest.mark.parametrize("text", ["x", "[1]", "{}", '[""]', "[" * 2000, "null"])
def test_covariates_are_a_list_of_names(text):
    error = refused(SeriesConfig, source="table", table="0a", covariates=text)
    assert error.option == "covariates"
    spaced = SeriesConfig(source="table", table="0a", covariates='["x", "y","x"]')
    assert spaced.covariates == '["x","y"]'
    assert spaced.covariate_names == ("x", "y")


@pytest.mark.parametrize(
    "text", ["x", "header", "header=0", "sheet=a&header=1", "colour=red", "decimal=,", "header=01"]
)
def test_a_reading_is_in_one_form(text):
    error = refused(SeriesConfig, source="table", table="0a", reading=text)
    assert error.option == "reading"


def test_the_parameters_of_a_generator_count_too():
    one = Experiment.from_values({"series": "lorenz"})
    other = Experiment.from_values({"series": "lorenz", "parameters": "rho=30"})
    assert one != other
    assert one.digest != other.digest
    assert other.to_query() == {"series": "lorenz", "parameters": "rho=30.0"}
    assert Experiment.from_json(other.to_json()) == other


@pytest.mark.parametrize("text", ["beta=0.3,tau=23", "tau=23,beta=0.3,n=10", " tau = 23,beta=.3"])
def test_parameters_are_kept_in_one_form(text):
    config = SeriesConfig(source="mackey-glass", parameters=text)
    assert config.parameters == "tau=23,beta=0.3"
    assert config == SeriesConfig(source="mackey-glass", parameters="tau=23,beta=0.3")
    assert SeriesConfig(source="mackey-glass", parameters="tau=17").parameters == ""


@pytest.mark.parametrize(
    ("source", "text", "sentence"),
    [
        ("airline", "tau=23", "Received: series 'airline'."),
        ("mackey-glass", "tau=1", "from 2 to 100. Received: 1."),
        ("mackey-glass", "rho=28", "Its parameters: tau, beta, gamma, n."),
        ("mackey-glass", "tau", "Received: 'tau'."),
        ("sines", "x" * 201, "at most 200 characters"),
    ],
)
def test_parameters_that_the_source_does_not_take_are_refused(source, text, sentence):
    error = refused(SeriesConfig, source=source, parameters=text)
    assert error.option == "parameters"
    assert sentence in str(error)


def test_an_uploaded_table_takes_no_parameters():
    error = refused(SeriesConfig, source="table", table="0a", parameters="tau=23")
    assert error.message.kind == "config.not_a_generator"


def test_an_experiment_of_before_there_were_parameters_is_what_it_was():
    old = '{"series": {"source": "mackey-glass", "length": 600, "noise": 0.1, "seed": 0}}'
    assert Experiment.from_json(old) == Experiment.from_values({"series": "mackey-glass"})


def test_a_table_needs_its_hash():
    assert refused(SeriesConfig, source="table").option == "table"
    assert refused(SeriesConfig, source="table", value="x").message.kind == "config.no_table"
    kept = SeriesConfig(source="table", table="0a", value="y", time="when")
    assert (kept.table, kept.value, kept.time) == ("0a", "y", "when")


@pytest.mark.parametrize("name", OF_TABLE)
def test_the_fields_of_a_table_go_with_no_other_series(name):
    error = refused(SeriesConfig, source="nile", **{name: "x"})
    assert error.message.kind == "config.not_a_table"
    assert "'nile'" in str(error)


@pytest.mark.parametrize(("name", "longest"), [("table", 64), ("value", 200), ("time", 200)])
def test_texts_have_a_longest_length(name, longest):
    table = {"source": "table", "table": "0a"}
    assert getattr(SeriesConfig(**{**table, name: "x" * longest}), name) == "x" * longest
    assert refused(SeriesConfig, **{**table, name: "x" * (longest + 1)}).option == name
    assert refused(SeriesConfig, **{**table, name: "\x00"}).option == name


def test_covariates_are_features_of_the_first_layer():
    digest = "0" * 64
    chosen = {"series": "table", "table": digest, "covariates": '["x","y"]', "layers": 2}
    count = parameter_count("lstm", 32, 2, features=3)
    assert Experiment.from_values(chosen).parameters == count
    assert Experiment().parameters == parameter_count("lstm", 32, 1)
