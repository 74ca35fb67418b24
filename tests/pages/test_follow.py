"""The news of a run that a page asks for, and to whom it says what."""

from __future__ import annotations

import gettext
import json
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest

from pages.ui import i18n
from rnn_core.config import Experiment
from rnn_core.records import EpochRecord
from rnn_core.runs.example import EXAMPLE
from rnn_core.runs.pool import Pool
from rnn_core.runs.records import Records
from rnn_core.runs.states import RunState
from tests.pages.asking import asked

PLOTS = {"plot-forecast", "plot-loss", "plot-hidden"}


@pytest.fixture(autouse=True)
def _pool(pool: Pool) -> None:
    """Every test has a store of its own."""


def ask(run_id: str, query: str = "") -> tuple[int, bytes]:
    """Give status and body of the answer to a page."""
    return asked(f"news/{run_id}", query)


def news(run_id: str, have: object = None, **said: object) -> dict[str, Any]:
    status, body = ask(run_id, urlencode({"have": json.dumps(have or {}), **said}))
    assert status == 200
    return json.loads(body)


def record(epoch: int) -> EpochRecord:
    values = dict.fromkeys((field for field in EpochRecord.__dataclass_fields__), 1.0 / epoch)
    return EpochRecord(**values | {"epoch": epoch, "seconds": epoch / 10})


def live_run(pool: Pool, epochs: int) -> str:
    run_id = pool.store.create(Experiment.from_values({"epochs": 20}), "somebody", pool.id)
    pool.store.move(run_id, RunState.RUNNING)
    Records(pool.store).append(run_id, [record(epoch) for epoch in range(1, epochs + 1)])
    return run_id


def test_of_a_finished_run_there_is_all_and_no_more_to_come() -> None:
    found = news(EXAMPLE)
    assert not found["awaited"]
    assert found["state"] == "finished"
    assert found["progress"]["percent"] == 100
    assert found["tiles"][0] == "150 / 150"
    assert set(found["plots"]) == PLOTS
    for picture in found["plots"].values():
        assert json.loads(picture["figure"])["data"]
        assert picture["alt"]


def test_a_picture_that_the_page_has_is_not_sent_again(pool: Pool) -> None:
    run_id = live_run(pool, 3)
    first = news(run_id)
    assert first["awaited"]
    have = {name: picture["version"] for name, picture in first["plots"].items()}
    assert set(have) == PLOTS
    assert news(run_id, have)["plots"] == {}
    Records(pool.store).append(run_id, [record(4)])
    later = news(run_id, have)
    assert set(later["plots"]) == {"plot-loss"}
    assert later["tiles"][0] == "4 / 20"
    assert later["progress"]["percent"] == 20
    assert set(news(run_id, have, log=1)["plots"]) == {"plot-loss"}


def test_news_stay_small_however_many_epochs(pool: Pool) -> None:
    run_id = pool.store.create(Experiment.from_values({"epochs": 5000}), "somebody", pool.id)
    pool.store.move(run_id, RunState.RUNNING)
    Records(pool.store).append(run_id, [record(epoch) for epoch in range(1, 5001)])
    assert len(ask(run_id)[1]) < 40_000


def test_after_the_end_the_verdict_is_awaited(pool: Pool) -> None:
    run_id = live_run(pool, 3)
    pool.store.move(run_id, RunState.STOPPED)
    found = news(run_id)
    assert (found["state"], found["awaited"]) == ("stopped", True)


@pytest.mark.parametrize(
    ("run_id", "query", "status"),
    [
        ("nothing", "", 404),
        (EXAMPLE, "layer=4", 404),
        (EXAMPLE, "layer=-1", 404),
        (EXAMPLE, "layer=one", 400),
        (EXAMPLE, "speed=fast", 400),
        (EXAMPLE, "have={", 400),
        (EXAMPLE, "have=[]", 200),
    ],
)
def test_what_cannot_be_answered_is_refused(run_id: str, query: str, status: int) -> None:
    assert ask(run_id, query)[0] == status


def test_news_are_in_the_language_of_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    class Marked(gettext.NullTranslations):
        def __init__(self, locale: str) -> None:
            super().__init__()
            self.locale = locale

        def gettext(self, message: str) -> str:
            return f"{self.locale}: {message}"

    monkeypatch.setattr(i18n, "_catalogue", Marked)
    found = news(EXAMPLE, locale="de-CH")
    assert found["progress"]["text"].startswith("de-CH: Finished")
    for picture in found["plots"].values():
        assert picture["alt"].startswith("de-CH: ")
        assert "de-CH: " in picture["figure"]


def test_the_untrained_network_is_on_the_loss_before_any_epoch(pool: Pool) -> None:
    run_id = live_run(pool, 0)
    Records(pool.store).append(run_id, [EpochRecord(**{**record(1).__dict__, "epoch": 0})])
    loss = json.loads(news(run_id)["plots"]["plot-loss"]["figure"])["data"][0]
    assert len(np.atleast_1d(loss["y"]["bdata"])) == 1
