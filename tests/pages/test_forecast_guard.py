"""Which runs the page Forecast judges, and what it says where it cannot."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from rnn_core.messages import Message
from rnn_core.runs.pool import Pool
from rnn_core.runs.records import Records
from rnn_core.runs.states import RunState
from tests.pages.forecast_page import adopt, example, opened, texts


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": RunState.STOPPED}, "no weights are kept"),
        ({"state": RunState.RUNNING}, "has just begun"),
        ({"state": RunState.FAILED, "error": Message("x", "It broke.")}, "It broke."),
    ],
)
def test_a_run_without_weights_is_refused_in_a_sentence(
    app: AppTest, pool: Pool, changes: dict[str, object], words: str
) -> None:
    Records(pool.store).adopt(example(pool, id="bare", **changes), [], [])
    opened(app, "bare")
    assert not app.exception
    assert words in texts(app)
    assert not app.segmented_control


def test_a_live_run_is_judged_by_its_newest_weights(app: AppTest, pool: Pool) -> None:
    adopt(pool, example(pool, id="live", state=RunState.PAUSED, verdict=None, scores=None))
    opened(app, "live")
    assert not app.exception
    assert "still training. What follows judges its weights after epoch 150" in texts(app)
    assert "Beats seasonal naive" in app.success[0].value


def test_a_link_to_a_run_that_is_gone_shows_the_example(app: AppTest) -> None:
    opened(app, "gone")
    assert not app.exception
    assert "not on this server" in texts(app)
    assert "Beats seasonal naive" in app.success[0].value
