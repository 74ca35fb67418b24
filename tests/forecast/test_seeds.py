import math
import statistics

import numpy as np
import pytest

from rnn_core.forecast.seeds import band, spread, spread_message
from rnn_core.messages import Message

BASELINE = Message("baseline", "seasonal naive")


def test_a_band_is_the_median_and_the_extremes_of_what_goes_on():
    found = band([np.array([3.0, 2, 1]), np.array([5.0, 4]), np.array([4.0, np.nan, 2])])
    assert found.median.tolist() == [4, 3, 1.5]
    assert found.low.tolist() == [3, 2, 1]
    assert found.high.tolist() == [5, 4, 2]
    assert found.counts.tolist() == [3, 2, 2]


def test_where_no_seed_has_a_value_there_is_none():
    found = band([np.array([1.0, np.inf]), np.array([2.0, np.nan])])
    assert found.counts.tolist() == [2, 0]
    assert math.isnan(found.median[1])
    with pytest.raises(ValueError, match="at least one curve"):
        band([])


def test_a_spread_is_mean_and_sample_deviation():
    figures = [19.4, 17.2, 18.1, 22.0]
    found = spread(figures)
    assert found.mean == pytest.approx(statistics.mean(figures))
    assert found.deviation == pytest.approx(statistics.stdev(figures))
    assert (found.low, found.high, found.count) == (17.2, 22.0, 4)
    assert math.isnan(spread([3.0]).deviation)
    assert spread([3.0, math.inf]).mean == math.inf
    with pytest.raises(ValueError, match="at least one figure"):
        spread([])


@pytest.mark.parametrize(("figures", "sentence"), [
    ([19.0, 17.0, 21.0],
     "Every one of 3 seeds beats seasonal naive: RMSE 19 ± 2 (17 to 21) against 41.85."),
    ([45.0, 43.0],
     "None of 2 seeds beats seasonal naive: RMSE 44 ± 1.4 (43 to 45) against 41.85."),
    ([45.0, 40.0],
     "It depends on the seed: over 2 of them the RMSE is 42.5 ± 3.5 (40 to 45), and seasonal "
     "naive has 41.85."),
    ([45.0], "One seed says nothing of luck: train the same experiment with more of them."),
])  # fmt: skip
def test_the_outcome_in_words(figures, sentence):
    message = spread_message(spread(figures), BASELINE, 41.85)
    assert str(message) == sentence
    assert Message.from_json(message.to_json()) == message
