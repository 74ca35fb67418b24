import math
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_core.messages import ConfigError, Message
from rnn_core.options import Option, Section, option, options_of


@dataclass(frozen=True)
class Tea(Section):
    kind: str = option("green", "kind", "Kind", choices={"green": "Green tea", "black": "Black"})
    name: str = option("", "name", "Name", "What is on the tin.", max_length=5)
    sugar: bool = option(False, "sugar", "Sugar")
    minutes: int = option(3, "minutes", "Minutes", low=1, high=1_500, step=1)
    degrees: float = option(80.0, "temperature", "Temperature", low=0.5, high=99.5)


OPTIONS = options_of(Tea)


def refused(name, value):
    with pytest.raises(ConfigError) as caught:
        OPTIONS[name].check(value)
    error = caught.value
    assert error.option == OPTIONS[name].name
    assert Message.from_json(error.message.to_json()) == error.message
    return str(error)


def test_a_declared_field_carries_its_description():
    assert list(OPTIONS) == ["kind", "name", "sugar", "minutes", "degrees"]
    described = OPTIONS["degrees"]
    assert described.name == "temperature"
    assert described.label == "Temperature"
    assert (described.type, described.default) == (float, 80.0)
    assert (described.low, described.high, described.step) == (0.5, 99.5, None)
    assert OPTIONS["name"].help == "What is on the tin."


def test_bounds_are_allowed_themselves():
    assert Tea(minutes=1, degrees=0.5).degrees == 0.5
    assert Tea(minutes=1_500, degrees=99.5).minutes == 1_500


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("kind", "mint", "Kind (kind) must be one of green, black. Received: 'mint'."),
        ("kind", None, "Kind (kind) must be one of green, black. Received: None."),
        ("kind", [], "Kind (kind) must be one of green, black. Received: []."),
        ("name", "Assam!", "Name (name) must be a text of at most 5 characters. "
         "Received: 'Assam!'."),
        ("name", 5, "Name (name) must be a text of at most 5 characters. Received: 5."),
        ("sugar", 1, "Sugar (sugar) must be true or false. Received: 1."),
        ("minutes", 0, "Minutes (minutes) must be a whole number from 1 to 1,500. Received: 0."),
        ("minutes", 1_501, "Minutes (minutes) must be a whole number from 1 to 1,500. "
         "Received: 1501."),
        ("minutes", 3.0, "Minutes (minutes) must be a whole number from 1 to 1,500. "
         "Received: 3.0."),
        ("degrees", 0.4, "Temperature (temperature) must be a number from 0.5 to 99.5. "
         "Received: 0.4."),
        ("degrees", "80", "Temperature (temperature) must be a number from 0.5 to 99.5. "
         "Received: '80'."),
        ("degrees", math.nan, "Temperature (temperature) must be a number from 0.5 to 99.5. "
         "Received: nan."),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_refused_with_name_bounds_and_what_was_received(
    name, value, sentence
):
    assert refused(name, value) == sentence


@pytest.mark.parametrize("name", ["minutes", "degrees"])
@pytest.mark.parametrize("value", [True, False, None, "3", "", math.nan, math.inf, -math.inf, [3]])
def test_a_number_is_nothing_else(name, value):
    refused(name, value)


@pytest.mark.parametrize("name", list(OPTIONS))
@pytest.mark.parametrize("digits", [400, 5_000])
def test_a_number_of_any_length_is_refused_with_a_sentence(name, digits):
    assert len(refused(name, 10**digits)) < 200
    assert len(refused(name, -(10**digits))) < 200


@pytest.mark.parametrize("code", [0, 0xD800, 0xDFFF])
def test_a_text_that_a_database_could_not_keep_is_refused(code):
    refused("name", f"a{chr(code)}b")


def test_a_long_value_is_quoted_in_part():
    sentence = refused("name", "x" * 10_000)
    assert sentence.endswith("x....")
    assert len(sentence) < 130


def test_a_whole_number_becomes_the_float_that_a_float_field_keeps():
    kept = OPTIONS["degrees"].check(80)
    assert (type(kept), kept) == (float, 80.0)


def test_minus_zero_is_kept_as_zero():
    described = Option("x", "X", float, 0.0, low=-1.0, high=1.0)
    assert math.copysign(1, described.check(-0.0)) == 1


@pytest.mark.parametrize(("text", "value"), [
    ("true", True), ("True", True), ("1", True), ("false", False), ("FALSE", False), ("0", False),
])  # fmt: skip
def test_a_boolean_is_read_from_a_word_or_a_digit(text, value):
    assert OPTIONS["sugar"].parse(text) is value


@pytest.mark.parametrize(
    ("name", "text"),
    [("sugar", "yes"), ("sugar", ""), ("minutes", "3.0"), ("minutes", "three"), ("minutes", ""),
     ("minutes", "9" * 5_000), ("degrees", "warm"), ("degrees", "")],
)  # fmt: skip
def test_a_text_that_is_no_value_is_refused(name, text):
    with pytest.raises(ConfigError) as caught:
        OPTIONS[name].parse(text)
    assert caught.value.option == OPTIONS[name].name
    assert "Received: " in str(caught.value)


@given(
    st.booleans(),
    st.integers(1, 1_500),
    st.floats(0.5, 99.5),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=5),
)
def test_what_is_written_is_read_back_exactly(sugar, minutes, degrees, name):
    tea = Tea(sugar=sugar, minutes=minutes, degrees=degrees, name=name)
    read = {field: OPTIONS[field].parse(OPTIONS[field].text(getattr(tea, field)))
            for field in OPTIONS}  # fmt: skip
    assert Tea(**read) == tea
