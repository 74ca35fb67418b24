import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_core.messages import ConfigError, Message, RnnError, SeriesError, TrainingError

GERMAN = {
    "{who} says {what}.": "{what}, sagt {who}.",
    "the model": "das Modell",
}

plain_values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
messages = st.recursive(
    st.builds(Message, st.text(), st.text(), st.dictionaries(st.text(), plain_values)),
    lambda inner: st.builds(
        Message, st.text(), st.text(), st.dictionaries(st.text(), plain_values | inner)
    ),
    max_leaves=5,
)


def translate(text):
    return GERMAN.get(text, text)


def test_values_are_put_into_the_named_places():
    message = Message("test", "{who} says {what}.", {"what": "0.5", "who": "the model"})
    assert str(message) == "the model says 0.5."


def test_the_template_is_translated_before_the_values_are_put_in():
    message = Message("test", "{who} says {what}.", {"what": 3, "who": "the model"})
    # A plain value is data, whatever it reads like: it is never translated.
    assert message.render(translate) == "3, sagt the model."


def test_a_message_within_a_message_is_translated_too():
    inner = Message("inner", "the model")
    message = Message("test", "{who} says {what}.", {"what": 3, "who": inner})
    assert message.render(translate) == "3, sagt das Modell."
    assert str(message) == "the model says 3."


def test_braces_in_a_value_are_only_text():
    assert str(Message("test", "{a}", {"a": "{b} {0} {"})) == "{b} {0} {"


@given(messages)
def test_a_message_comes_back_from_json_equal(message):
    assert Message.from_json(message.to_json()) == message


def test_a_message_cannot_be_changed():
    with pytest.raises(AttributeError):
        Message("test", "text").template = "other"


@pytest.mark.parametrize("kind", [RnnError, ConfigError, SeriesError, TrainingError])
def test_an_error_says_its_message_and_is_a_value_error(kind):
    message = Message("test", "{who} says {what}.", {"what": 3, "who": "the model"})
    error = kind(message)
    assert isinstance(error, ValueError)
    assert isinstance(error, RnnError)
    assert error.message is message
    assert str(error) == "the model says 3."
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_config_error_names_its_option():
    assert ConfigError(Message("test", "text"), "epochs").option == "epochs"
    assert ConfigError(Message("test", "text")).option == ""
