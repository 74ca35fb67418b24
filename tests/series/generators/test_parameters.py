import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_core.messages import ConfigError, Message
from rnn_core.series.generators import (
    GENERATORS,
    check_parameters,
    read_parameters,
    write_parameters,
)

NUMBERS = {int: st.integers, float: st.floats}


@st.composite
def chosen(draw):
    """A generator's name and values for some of its parameters."""
    name = draw(st.sampled_from(list(GENERATORS)))
    parameters = GENERATORS[name].parameters
    some = draw(st.lists(st.sampled_from(parameters), unique_by=lambda one: one.name))
    return name, {one.name: draw(NUMBERS[one.type](one.low, one.high)) for one in some}


@given(chosen())
def test_what_is_written_is_read_back_exactly_and_written_in_one_way(case):
    name, values = case
    text = write_parameters(name, values)
    read = read_parameters(name, text)
    assert read == {**GENERATORS[name].defaults, **values} == check_parameters(name, values)
    assert list(read) == list(GENERATORS[name].defaults)
    assert all(type(value) is type(GENERATORS[name].defaults[key]) for key, value in read.items())
    assert write_parameters(name, read) == text
    assert len(text) <= 200
    assert text == "" or all("=" in part for part in text.split(","))


@given(st.sampled_from(list(GENERATORS)), st.text())
def test_of_any_text_come_parameters_or_a_config_error(name, text):
    try:
        read = read_parameters(name, text)
    except ConfigError as error:
        refused = error
    else:
        assert read_parameters(name, write_parameters(name, read)) == read
        return
    assert refused.option == "parameters"
    assert len(str(refused)) < 300


def test_only_what_differs_is_written_in_the_generators_order():
    assert write_parameters("mackey-glass", {}) == ""
    assert write_parameters("mackey-glass", {"tau": 17, "beta": 0.2}) == ""
    assert write_parameters("mackey-glass", {"beta": 0.25, "tau": 23}) == "tau=23,beta=0.25"
    assert write_parameters("mackey-glass", {"n": 9}) == "n=9.0"


def test_blanks_do_no_harm():
    assert read_parameters("lorenz", " rho = 30 , sigma= 9.5")["rho"] == 30
    assert read_parameters("lorenz", "  ") == GENERATORS["lorenz"].defaults


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        ("tau", "config.parameters",
         "Parameters (parameters) must be name=number, each name once, with commas between them. "
         "Names: tau, beta, gamma, n. Received: 'tau'."),
        ("tau=20,", "config.parameters", "Received: ''."),
        ("tau=20;beta=0.2", "config.whole_number", "Received: '20;beta=0.2'."),
        ("tau=20,tau=21", "config.parameters", "Received: 'tau=21'."),
        ("tau=", "config.whole_number",
         "Delay τ (tau) must be a whole number from 2 to 100. Received: ''."),
        ("tau=1", "config.whole_number", "Received: 1."),
        ("beta=9", "config.number", "Production β (beta) must be a number from 0.05 to 0.5. "
         "Received: 9.0."),
        ("beta=nan", "config.number", "Received: nan."),
        ("rho=28", "config.unknown_parameter",
         "Mackey-Glass has no parameter 'rho'. Its parameters: tau, beta, gamma, n."),
        ("x" * 500 + "=1", "config.unknown_parameter", "xxx...'"),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_used_is_refused(text, kind, sentence):
    with pytest.raises(ConfigError) as caught:
        read_parameters("mackey-glass", text)
    error = caught.value
    assert error.option == "parameters"
    assert error.message.kind == kind
    assert sentence in str(error)
    assert Message.from_json(error.message.to_json()) == error.message


def test_values_that_cannot_be_used_are_not_written():
    for values in ({"tau": 1}, {"tau": 20.0}, {"beta": "0.2"}, {"rho": 28.0}):
        with pytest.raises(ConfigError):
            write_parameters("mackey-glass", values)
