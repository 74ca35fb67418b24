import dataclasses
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnn_core.cells import parameter_count
from rnn_core.config import OPTIONS, SECTIONS, Experiment, ModelConfig, SeriesConfig
from rnn_core.messages import ConfigError, Message
from rnn_core.series import GENERATORS

ROOT = Path(__file__).resolve().parents[1]
NUMERIC = [name for name, described in OPTIONS.items() if described.type in (int, float)]
OF_TABLE = ["table", "value", "time", "covariates", "reading"]
WHOLE = [name for name in NUMERIC if OPTIONS[name].type is int]

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200)
BY_TYPE = {
    bool: lambda _: st.booleans(),
    int: lambda described: st.integers(described.low, described.high),
    float: lambda described: st.floats(described.low, described.high),
    str: lambda described: texts,
}


WRITTEN = {
    "covariates": st.lists(st.text("abc ,é", min_size=1), unique=True, max_size=3).map(
        lambda names: json.dumps(names, ensure_ascii=False, separators=(",", ":")) if names else ""
    ),
    "reading": st.sampled_from(["", "header=3", "decimal=%2C&delimiter=%3B&sheet=M%C3%A4rz%20%26"]),
}


def strategy(described):
    if described.name in WRITTEN:
        return WRITTEN[described.name]
    if described.choices is not None:
        return st.sampled_from(list(described.choices))
    return BY_TYPE[described.type](described)


@st.composite
def parameters_of(draw, source):
    """A text of parameters that a source takes: none, where it is no generator."""
    if source not in GENERATORS:
        return ""
    described = {parameter.name: parameter for parameter in GENERATORS[source].parameters}
    some = draw(st.lists(st.sampled_from(list(described)), unique=True))
    values = {name: draw(BY_TYPE[described[name].type](described[name])) for name in some}
    return ",".join(f"{name}={value!r}" for name, value in values.items())


@st.composite
def experiments(draw):
    """Any experiment that is allowed, every field of it drawn."""
    values = {name: draw(strategy(described)) for name, described in OPTIONS.items()}
    if values["series"] == "table":
        values["table"] = draw(st.text("0123456789abcdef", min_size=1, max_size=64))
    else:
        values |= {"table": "", "value": "", "time": "", "covariates": "", "reading": ""}
    values["parameters"] = draw(parameters_of(values["series"]))
    if values["cell"] != "rnn":
        values["init"] = draw(st.sampled_from(["keras", "normal", "orthogonal"]))
    return Experiment.from_values(values)


def refused(make, *arguments, **values):
    with pytest.raises(ConfigError) as caught:
        make(*arguments, **values)
    error = caught.value
    assert Message.from_json(error.message.to_json()) == error.message
    return error


@given(experiments())
@settings(deadline=None)
def test_an_experiment_comes_back_from_json_from_a_query_and_from_values(experiment):
    for again in (
        Experiment.from_json(experiment.to_json()),
        Experiment.from_query(experiment.to_query()),
        Experiment.from_values(experiment.values()),
        Experiment.from_dict(json.loads(json.dumps(experiment.to_dict()))),
    ):
        assert again == experiment
        assert hash(again) == hash(experiment)
        assert again.digest == experiment.digest
    assert all(type(text) is str for text in experiment.to_query().values())


@given(experiments(), experiments())
@settings(deadline=None)
def test_digests_are_equal_where_experiments_are(one, other):
    assert (one.digest == other.digest) == (one == other)


def changed(described):
    """Another allowed value than the default."""
    if described.choices is not None:
        return next(name for name in described.choices if name != described.default)
    if described.type is bool:
        return not described.default
    return described.low if described.default != described.low else described.high


@pytest.mark.parametrize(
    "name",
    [name for name in OPTIONS if name not in (*OF_TABLE, "parameters")],
)
def test_every_field_counts_in_equality_digest_json_and_query(name):
    default, value = Experiment(), changed(OPTIONS[name])
    other = Experiment.from_values({name: value})
    assert other != default
    assert other.digest != default.digest
    assert other.to_query() == {name: OPTIONS[name].text(value)}
    assert Experiment.from_json(other.to_json()) == other


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


def test_the_default_has_an_empty_query():
    assert Experiment().to_query() == {}
    assert Experiment.from_query({}) == Experiment.from_json("{}") == Experiment()


def test_every_section_is_covered():
    fields = {field.name for field in dataclasses.fields(Experiment)}
    assert fields == set(SECTIONS) == set(Experiment().to_dict())
    assert sum(len(section) for section in Experiment().to_dict().values()) == len(OPTIONS)
    assert list(Experiment().values()) == list(OPTIONS)


def test_the_order_of_keys_in_json_says_nothing():
    plain = Experiment.from_values({"cell": "gru", "epochs": 7, "noise": 0.25}).to_dict()
    turned = {name: dict(reversed(plain[name].items())) for name in reversed(plain)}
    assert json.dumps(turned) != json.dumps(plain)
    one, other = Experiment.from_json(json.dumps(plain)), Experiment.from_json(json.dumps(turned))
    assert one == other
    assert one.digest == other.digest


def test_json_is_written_in_one_way():
    text = Experiment.from_values({"series": "table", "table": "0a", "value": "Größe"}).to_json()
    plain = json.loads(text)
    for section in (plain, *plain.values()):
        assert list(section) == sorted(section)
    assert " " not in text
    assert "Größe" in text


def test_equal_numbers_written_differently_give_one_digest():
    written = ['{"train":{"clip":0}}', '{"train":{"clip":0.0}}', '{"train":{"clip":-0.0}}',
               '{"train":{"clip":0e3}}']  # fmt: skip
    assert len({Experiment.from_json(text).digest for text in written}) == 1


def test_the_digest_is_the_same_in_other_processes():
    values = {"series": "table", "table": "0a", "value": "Größe °C", "learning-rate": 0.1 + 0.2}
    code = (
        "import json, sys; from rnn_core import Experiment;"
        "print(Experiment.from_values(json.loads(sys.argv[1])).digest)"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code, json.dumps(values)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    digest = Experiment.from_values(values).digest
    assert digests == {digest}
    assert len(digest) == 16
    assert set(digest) <= set("0123456789abcdef")


def test_nothing_can_be_changed_afterwards():
    experiment = Experiment()
    for name in SECTIONS:
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(experiment, name, getattr(experiment, name))
        section = getattr(experiment, name)
        for field in dataclasses.fields(section):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(section, field.name, getattr(section, field.name))


def just_outside(described):
    if described.type is int:
        return described.low - 1, described.high + 1
    return math.nextafter(described.low, -math.inf), math.nextafter(described.high, math.inf)


@pytest.mark.parametrize("name", NUMERIC)
def test_a_number_goes_from_its_lowest_to_its_highest_and_no_further(name):
    described = OPTIONS[name]
    for bound in (described.low, described.high):
        assert Experiment.from_values({name: bound}).values()[name] == bound
        assert Experiment.from_query({name: described.text(bound)}).values()[name] == bound
    below, above = just_outside(described)
    for value in (below, above, math.nan, math.inf, -math.inf, True, "5", None, [], 10**400):
        error = refused(Experiment.from_values, {name: value})
        assert error.option == name
        sentence = str(error)
        assert described.label in sentence
        assert f"({name})" in sentence
        form = "{:,}" if described.type is int else "{:g}"
        for bound in (described.low, described.high):
            assert form.format(bound) in sentence
        received = repr(value)
        assert f"Received: {received if len(received) <= 60 else received[:57]}" in sentence


@pytest.mark.parametrize("name", NUMERIC)
@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e999", "true", "", "x", "1" * 400])
def test_a_query_is_checked_as_well(name, text):
    assert refused(Experiment.from_query, {name: text}).option == name


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_number_is_no_fraction(name):
    refused(Experiment.from_values, {name: float(OPTIONS[name].low)})


@pytest.mark.parametrize("name", [name for name in OPTIONS if OPTIONS[name].choices])
def test_a_choice_is_one_of_those_listed(name):
    for choice in OPTIONS[name].choices:
        assert OPTIONS[name].check(choice) == choice
    error = refused(Experiment.from_values, {name: "pancake"})
    assert error.option == name
    assert "Received: 'pancake'." in str(error)
    assert all(choice in str(error) for choice in OPTIONS[name].choices)
    for value in ("", None, 0, [], {}):
        refused(Experiment.from_values, {name: value})


@pytest.mark.parametrize("make", [
    lambda: Experiment.from_values({"hidden_size": 3}),
    lambda: Experiment.from_query({"hidden_size": "3"}),
    lambda: Experiment.from_json('{"model": {"units": 3}}'),
    lambda: Experiment.from_json('{"network": {}}'),
    lambda: Experiment.from_json('{"model": {"hidden": 3}}'),
])  # fmt: skip
def test_a_name_that_no_option_has_is_refused(make):
    error = refused(make)
    assert error.message.kind == "config.unknown"
    assert "hidden" in str(error)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_identity_is_for_the_plain_rnn_alone(cell):
    error = refused(ModelConfig, cell=cell, initialization="identity")
    assert error.option == "init"
    assert str(error).endswith(f"Received: cell '{cell}'.")
    assert ModelConfig(cell="rnn", initialization="identity").initialization == "identity"


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


def test_whatever_is_accepted_has_a_digest():
    text = '{"series": {"source": "table", "table": "0a", "value": "\\ud83d"}}'
    assert refused(Experiment.from_json, text).option == "value"
    assert Experiment.from_json(text.replace("\\ud83d", "\\ud83d\\ude00")).digest


@pytest.mark.parametrize("text", [
    "", "{", "null", "[]", "3", '"x"', "NaN", "[" * 100_000, '{"a":' * 100_000, "1" * 5_000,
    '{"train": null}', '{"train": []}', '{"train": {"epochs": null}}', '{"train": {"epochs": {}}}',
    '{"train": {"epochs": 1e999}}', '{"train": {"epochs": 1%s}}' % ("0" * 400),
    '{"train": {"clip": 1%s}}' % ("0" * 400), '{"train": {"clip": NaN}}',
    '{"train": {"loss": ["mse"]}}', '{"": {}}', '{"train": {"": 1}}', '{"\\ud800": 1}',
])  # fmt: skip
def test_json_that_is_no_experiment_is_refused(text):
    assert len(str(refused(Experiment.from_json, text))) < 700


def test_brackets_of_any_depth_are_refused():
    for depth in range(900, 1_010):
        text = '{"train": {"epochs": %s%s}}' % ("[" * depth, "]" * depth)  # noqa: UP031 - braces
        refused(Experiment.from_json, text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
attributes = [field.name for section in SECTIONS.values() for field in dataclasses.fields(section)]


@given(
    json_values
    | st.dictionaries(
        st.sampled_from([*SECTIONS, "other"]),
        st.dictionaries(st.sampled_from([*attributes, "other"]), json_values, max_size=3),
    )
)
@example({"train": {"epochs": 10**300}})
def test_of_any_json_comes_an_experiment_or_a_config_error(plain):
    try:
        experiment = Experiment.from_json(json.dumps(plain))
    except ConfigError:
        pass
    else:
        assert Experiment.from_json(experiment.to_json()) == experiment
        assert experiment.digest


@given(st.dictionaries(st.sampled_from(list(OPTIONS)) | st.text(), st.text(), max_size=4))
def test_of_any_query_comes_an_experiment_or_a_config_error(query):
    try:
        experiment = Experiment.from_query(query)
    except ConfigError:
        pass
    else:
        assert Experiment.from_query(experiment.to_query()) == experiment


def test_covariates_are_features_of_the_first_layer():
    digest = "0" * 64
    chosen = {"series": "table", "table": digest, "covariates": '["x","y"]', "layers": 2}
    count = parameter_count("lstm", 32, 2, features=3)
    assert Experiment.from_values(chosen).parameters == count
    assert Experiment().parameters == parameter_count("lstm", 32, 1)
