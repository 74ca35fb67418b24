"""The pictures of other epochs that a page asks for while somebody scrubs."""

from __future__ import annotations

import gc
import gettext
import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import i18n
from pages.ui.inside import opened as networks
from pages.ui.inside.ahead import OFFERED
from pages.ui.inside.views import VIEWS
from rnn_core.runs.pool import Pool
from tests.pages.asking import asked
from tests.pages.inside_page import figures, opened, show, stored, widget

OF_ALL_EPOCHS = {"histograms"}


def token(app: AppTest) -> str:
    found: str = app.session_state[OFFERED].token
    return found


def pictures(app: AppTest, epoch: int) -> dict[str, Any]:
    """Give figures and words for an epoch by the names of their places."""
    status, body = asked(f"ahead/{token(app)}", f"epoch={epoch}")
    assert status == 200
    found = json.loads(body)
    assert all(each["alt"] and each["epoch"] == epoch for each in found.values())
    return {key.removeprefix("plot-inside-"): each["figure"] for key, each in found.items()}


def test_what_comes_ahead_is_what_the_page_draws_there(inside: AppTest) -> None:
    ahead = {view: pictures(show(inside, view), 5) for view in VIEWS}
    newest = {view: pictures(show(inside, view), 150) for view in VIEWS}
    widget(inside, "select_slider", "inside-epoch").set_value(5).run()
    for view in reversed(VIEWS):
        drawn = figures(show(inside, view))
        assert set(drawn) - set(ahead[view]) <= OF_ALL_EPOCHS
        for name, figure in ahead[view].items():
            assert json.loads(figure) == json.loads(drawn[name])
            assert figure != newest[view][name]


def test_the_run_beside_comes_along(app: AppTest, pool: Pool) -> None:
    other = stored(pool, cell="rnn", epochs=8)
    opened(app, stored(pool, cell="gru"))
    widget(app, "selectbox", "inside-beside").set_value(other).run()
    ahead = pictures(app, 2)
    assert set(ahead) == {"hidden", "hidden-beside"}
    assert ahead["hidden-beside"] != figures(app)["hidden-beside"]
    widget(app, "select_slider", "inside-epoch").set_value(2).run()
    assert figures(app) == ahead


def test_a_token_stays_while_only_the_epoch_changes(inside: AppTest) -> None:
    before = token(inside)
    widget(inside, "select_slider", "inside-epoch").set_value(20).run()
    assert token(inside) == before
    widget(inside, "slider", "inside-step").set_value(3).run()
    assert token(inside) != before


def test_nobody_can_guess_and_nothing_outlives_its_session(inside: AppTest) -> None:
    known = token(inside)
    assert len(known) >= 32
    assert asked(f"ahead/{known}", "epoch=20")[0] == 200
    for path, query, status in (
        (f"ahead/{known[:-1]}", "epoch=20", 404),
        (f"ahead/{known}", "epoch=151", 204),
        (f"ahead/{known}", "epoch=newest", 400),
        (f"ahead/{known}", "", 400),
    ):
        assert asked(path, query)[0] == status
    del inside.session_state[OFFERED]
    gc.collect()
    assert asked(f"ahead/{known}", "epoch=20")[0] == 404


def test_a_run_that_is_gone_has_no_pictures(
    app: AppTest, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = stored(pool)
    opened(app, run_id)
    pool.store.delete(run_id)
    # After a while it is not in memory, either.
    monkeypatch.setattr(networks, "_networks", networks.Kept(0))
    assert asked(f"ahead/{token(app)}", "epoch=2")[0] == 204


def test_words_are_in_the_language_of_the_page(
    inside: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Marked(gettext.NullTranslations):
        def __init__(self, locale: str) -> None:
            super().__init__()
            self.locale = locale

        def gettext(self, message: str) -> str:
            return f"{self.locale}: {message}"

    monkeypatch.setattr(i18n, "_catalogue", Marked)
    inside.session_state[OFFERED].locale = "de-CH"
    _status, body = asked(f"ahead/{token(inside)}", "epoch=5")
    for picture in json.loads(body).values():
        assert picture["alt"].startswith("de-CH: ")
        assert "de-CH: " in picture["figure"]
