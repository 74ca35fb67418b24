import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_core.forecast.metrics import Scores
from rnn_core.forecast.verdict import verdict
from rnn_core.messages import Message


def of(rmse, persistence=100.0, seasonal=None):
    message = verdict(Scores(rmse, 0.0, persistence, seasonal))
    assert Message.from_json(message.to_json()) == message
    return message


@pytest.mark.parametrize(("rmse", "kind"), [
    (0.0, "beats"), (50.0, "beats"), (97.9, "beats"), (97.9999, "beats"),
    (98.0001, "no_better"), (100.0, "no_better"), (101.9999, "no_better"),
    (102.0001, "worse"), (250.0, "worse"), (1e300, "worse"),
    (math.inf, "diverged"), (math.nan, "diverged"),
])  # fmt: skip
def test_a_difference_of_less_than_two_percent_is_called_none(rmse, kind):
    assert of(rmse).kind == f"verdict.{kind}"


@pytest.mark.parametrize(("scores", "sentence"), [
    ((19.44, 48.04, 41.85),
     "Beats seasonal naive by 54 % on the test part (RMSE 19.44 against 41.85)."),
    ((19.44, 48.04, None),
     "Beats repeating the last value by 60 % on the test part (RMSE 19.44 against 48.04)."),
    ((41.5, 41.85, 48.04),
     "No better than repeating the last value on the test part (RMSE 41.5 against 41.85)."),
    ((47.53, 48.04, 41.85),
     "Worse than seasonal naive by 14 % on the test part (RMSE 47.53 against 41.85)."),
    ((418.0, 48.04, 41.85),
     "Worse than seasonal naive by 899 % on the test part (RMSE 418 against 41.85)."),
    ((41_067_512.0, 48.04, 41.85),
     "Far worse than seasonal naive on the test part: RMSE 41,070,000 against 41.85, "
     "980,000 times as much."),
    ((3.0, 5.0, 0.0),
     "Nothing to win: seasonal naive is already exact on the test part (RMSE of the network 3)."),
    ((0.0, 0.0, None),
     "Nothing to win: repeating the last value is already exact on the test part "
     "(RMSE of the network 0)."),
    ((math.nan, 48.04, 41.85),
     "The forecast on the test part is not a number: the network has diverged."),
    ((math.inf, 0.0, 0.0),
     "The forecast on the test part is not a number: the network has diverged."),
])  # fmt: skip
def test_the_outcome_in_one_sentence(scores, sentence):
    assert str(of(*scores)) == sentence


def test_the_name_of_the_baseline_is_translated_within_the_sentence():
    words = {"seasonal naive": "saisonal naiv"}
    sentence = of(19.44, 48.04, 41.85).render(lambda text: words.get(text, text))
    assert sentence.startswith("Beats saisonal naiv by 54 %")


@given(
    st.floats(min_value=0),
    st.floats(min_value=0, allow_infinity=False),
    st.none() | st.floats(min_value=0, allow_infinity=False),
)
def test_there_is_a_verdict_for_any_scores(rmse, persistence, seasonal):
    message = of(rmse, persistence, seasonal)
    best = min(persistence, math.inf if seasonal is None else seasonal)
    assert (message.kind == "verdict.beats") <= (rmse < best)
    assert (message.kind == "verdict.worse") <= (rmse > best)
    assert str(message).endswith(".")
