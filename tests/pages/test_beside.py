"""Inside of two runs at once, and of a run that goes on."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.ui import runtime
from pages.ui.inside import explorer
from rnn_core.records import Weights
from rnn_core.runs.pool import Pool
from rnn_core.runs.records import Records
from rnn_core.runs.states import RunState
from tests.pages.inside_page import figures, opened, said, show, stored, widget


def test_a_live_run_beside_a_finished_one_is_read_anew(pool: Pool, monkeypatch) -> None:
    ids = stored(pool), stored(pool, state=RunState.RUNNING)
    run, beside = (pool.store.run(each) for each in ids)
    again, ticks, seen = [], [], []

    class RerunError(Exception):
        pass

    def fragment(run_every):
        again.append(run_every)
        return lambda tick: ticks.append(tick) or tick

    def rerun():
        raise RerunError

    monkeypatch.setattr(st, "fragment", fragment)
    monkeypatch.setattr(st, "rerun", rerun)
    monkeypatch.setattr(explorer, "_draw", lambda _run, beside, _reads: seen.append(beside.epoch))
    explorer.explore(run, beside)
    assert again == [explorer.LIVE_SECONDS]
    pool.store.move(ids[1], RunState.RUNNING, epoch=7)
    ticks[0]()
    assert seen == [4, 7]
    pool.store.move(ids[1], RunState.FINISHED)
    with pytest.raises(RerunError):
        ticks[0]()
    explorer.explore(run, pool.store.run(ids[1]))
    assert again[1] is None


def test_the_order_of_units_outlives_a_pause(app: AppTest, pool: Pool) -> None:
    run_id = stored(pool, state=RunState.RUNNING, hidden=12)
    opened(app, run_id)
    widget(app, "selectbox", "inside-order").set_value("peak").run()

    def order() -> object:
        return json.loads(figures(app)["hidden"])["data"][1]["y"]

    held = order()
    first = Records(pool.store).weights(run_id, 1)
    turned = tuple(np.flip(each, -1) if each.ndim == 2 else each for each in first.arrays)
    Records(pool.store).append(run_id, [], weights=[Weights(5, turned)])
    for state in (RunState.PAUSED, RunState.RUNNING):
        pool.store.move(run_id, state)
        app.run()
        assert order() == held
    pool.store.move(run_id, RunState.FINISHED)
    app.run()
    assert order() != held


def test_units_are_off_in_one_run_alone(app: AppTest, pool: Pool) -> None:
    ids = stored(pool), stored(pool, cell="gru")

    def off() -> list[int]:
        return next(each for each in app.multiselect if "off-" in each.key).value

    opened(app, ids[0])
    show(app, "units")
    app.multiselect[0].set_value([1, 3]).run()
    app.query_params["run"] = ids[1]
    app.session_state.run_id = ids[1]
    app.run()
    assert "GRU" in app.main.markdown[0].value
    assert off() == []
    app.query_params["run"] = ids[0]
    app.session_state.run_id = ids[0]
    app.run()
    assert off() == [1, 3]


def test_weights_of_two_runs_are_on_the_same_scales(app: AppTest, pool: Pool) -> None:
    other = stored(pool, cell="gru", hidden=9, scale=3)
    opened(app, stored(pool, cell="gru"))
    show(app, "weights")
    alone = figures(app)
    widget(app, "selectbox", "inside-beside").set_value(other).run()
    both = figures(app)

    def drawn(found: dict[str, str], name: str) -> dict:
        return json.loads(found[name])

    for name in ("weights", "weights-beside"):
        trace = drawn(both, name)["data"][0]
        assert trace["zmax"] == drawn(both, "weights-beside")["data"][0]["zmax"]
        assert trace["zmax"] > drawn(alone, "weights")["data"][0]["zmax"]
    for name in ("eigenvalues", "radius", "gradient-sizes"):
        axes = [drawn(both, each)["layout"] for each in (name, f"{name}-beside")]
        assert axes[0]["yaxis"]["range"] == axes[1]["yaxis"]["range"]
        if name == "eigenvalues":
            assert axes[0]["xaxis"]["range"] == axes[1]["xaxis"]["range"]
    spreads = [drawn(both, each)["data"][0] for each in ("histograms", "histograms-beside")]
    assert spreads[0]["y"] == spreads[1]["y"]
    assert spreads[0]["zmax"] == spreads[1]["zmax"]
    norms = drawn(both, "gradient-sizes")["layout"]["yaxis"]["range"]
    for name in ("gradient-sizes", "gradient-sizes-beside"):
        for trace in drawn(both, name)["data"]:
            y = np.frombuffer(base64.b64decode(trace["y"]["bdata"]), trace["y"]["dtype"])
            assert (np.log10(y) > norms[0]).all()
            assert (np.log10(y) < norms[1]).all()
    show(app, "hidden")
    assert said(app).count("Click a cell") == 1
    show(app, "space")
    assert "Each run has axes of its own" in said(app)


def test_of_a_live_run_epochs_may_go_at_any_time(app: AppTest, pool: Pool, monkeypatch) -> None:
    run_id = stored(pool, state=RunState.RUNNING, epochs=6)
    opened(app, run_id)
    widget(app, "select_slider", "inside-epoch").set_value(5).run()
    Records(pool.store).append(run_id, [], dropped_weights=[1, 2, 5])
    # As if they were dropped right after the page has asked which ones there are.
    monkeypatch.setattr(Records, "weight_epochs", lambda _records, _run_id: [1, 2, 3, 4, 5, 6, 7])
    app.run()
    assert not app.error
    epoch = widget(app, "select_slider", "inside-epoch")
    assert epoch.options[-2:] == ["5", "6"]  # once open it stays open
    assert epoch.value == 5
    monkeypatch.undo()
    monkeypatch.setattr(runtime, "_pool", pool)
    app.run()
    assert widget(app, "select_slider", "inside-epoch").value == 4
    assert "epoch 4 of 6" in said(app)
