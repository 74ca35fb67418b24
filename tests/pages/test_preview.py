"""The pictures of a series that the page Data asks for while somebody moves its sliders."""

from __future__ import annotations

import gc
import json
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import preview
from pages.ui.preview import OFFERED, changed, setting
from rnn_core.config import SeriesConfig
from rnn_core.messages import ConfigError
from tests.pages.asking import asked
from tests.pages.inside_page import nodes


def opened(app: AppTest, **query: str) -> AppTest:
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page("data.py").run()
    assert not app.exception
    return app


def drawn(app: AppTest) -> dict[str, Any]:
    """Give what the page itself has the series' plot draw."""
    each = [node for place in app.main for node in nodes(place) if node.type == "bidi_component"]
    found = {node.proto.id: node.proto.json for node in each if "plot-series" in node.proto.id}
    (text,) = found.values()
    return dict(json.loads(text))


def asked_for(app: AppTest, **values: float) -> tuple[int, dict[str, str]]:
    """Give the answer to sliders that stand so, by their keys."""
    token = app.session_state[OFFERED].token
    status, body = asked(f"preview/{token}", urlencode(values))
    return status, json.loads(body) if status == 200 else {}


@pytest.mark.parametrize(
    ("series", "key", "value"),
    [
        ("damped", "parameter-damped-decay", 80),
        ("lorenz", "parameter-lorenz-rho", 20.0),
        ("sines", "data-noise", 0.35),
        ("airline", "data-outliers", 0.05),
    ],
)
def test_what_comes_ahead_is_what_the_page_draws(
    app: AppTest, series: str, key: str, value: float
) -> None:
    before = drawn(opened(app, series=series))
    status, ahead = asked_for(app, **{key: value})
    assert status == 200
    assert ahead["figure"] != before["figure"]
    app.slider(key=key).set_value(value).run()
    after = drawn(app)
    assert ahead["setting"] == after["setting"] != before["setting"]
    assert json.loads(ahead["figure"]) == json.loads(after["figure"])
    assert ahead["alt"] == after["alt"]


def test_the_page_gives_way_to_the_picture(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    opened(app, series="sines")
    # Not the module's own clock: the page's threads wait, too.
    monkeypatch.setattr(preview, "time", SimpleNamespace(sleep=waits.append))
    app.slider(key="data-noise").set_value(0.35).run()
    assert waits == [preview.HEAD_START_SECONDS]
    app.slider(key="parameter-sines-period").set_value(30).run()
    assert len(waits) == 2
    # What no picture goes ahead of waits for nothing.
    app.number_input(key="data-series-seed").set_value(4).run()
    assert len(waits) == 2


def test_what_a_slider_cannot_say_is_refused(app: AppTest) -> None:
    opened(app, series="damped")
    for value in ("0", "x", "nan", ""):
        assert asked_for(app, **{"parameter-damped-decay": value})[0] == 400
    assert asked_for(app, **{"data-length": 30_000})[0] == 400
    # A key of another series says nothing of this one.
    assert asked_for(app, **{"parameter-lorenz-rho": 20.0})[1]["setting"] == drawn(app)["setting"]


def test_nobody_can_guess_and_nothing_outlives_its_session(app: AppTest) -> None:
    opened(app, series="damped")
    token = app.session_state[OFFERED].token
    assert len(token) >= 32
    assert asked(f"preview/{token}")[0] == 200
    assert asked(f"preview/{token[:-1]}")[0] == 404
    del app.session_state[OFFERED]
    gc.collect()
    assert asked(f"preview/{token}")[0] == 404


def test_sliders_change_what_they_name_alone() -> None:
    config = SeriesConfig(source="damped", parameters="kick=100", length=700, gaps=0.1)
    same = changed(config, {})
    assert same == config
    other = changed(config, {"parameter-damped-period": "31", "data-gaps": "0"})
    assert other == SeriesConfig(source="damped", parameters="period=31,kick=100", length=700)
    assert setting(other) != setting(config)
    with pytest.raises(ConfigError, match="Noise"):
        changed(config, {"data-noise": "3"})


def test_a_token_stays_while_only_sliders_move(app: AppTest) -> None:
    opened(app, series="damped")
    token = app.session_state[OFFERED].token
    app.slider(key="data-noise").set_value(0.5).run()
    assert app.session_state[OFFERED].token == token
    app.number_input(key="data-series-seed").set_value(5).run()
    assert app.session_state[OFFERED].token != token
