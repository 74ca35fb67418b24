"""What an option takes and what it refuses."""

import math

import pytest

from rnn_core.config import OPTIONS, Experiment, ModelConfig
from tests.config.experiments import refused

NUMERIC = [name for name, described in OPTIONS.items() if described.type in (int, float)]
WHOLE = [name for name in NUMERIC if OPTIONS[name].type is int]


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
