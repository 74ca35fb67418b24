"""How much of a series is read in one go, and that no more is said to be."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.ui.inside import reading, states
from pages.ui.inside.reading import moment, read_said, series_of
from rnn_core.config import Experiment
from rnn_core.runs.pool import Pool
from rnn_core.series.series import Series
from rnn_core.windows import prepare
from tests.pages.inside_page import opened, said, show, stored, widget

PLAIN = Experiment.from_values({
    "series": "echo", "length": 200, "log": False, "difference": "none", "timesteps": 24,
})  # fmt: skip


def windows(values):
    return prepare(PLAIN, Series("a series", values, np.arange(len(values))))


@pytest.mark.parametrize("length", [191, 192, 193, 205])
def test_all_values_are_read_whatever_is_left_over_from_whole_windows(length):
    prepared = windows(np.sin(np.arange(length)))
    whole = series_of(prepared, 8)
    assert whole.steps.tolist() == list(range(length - 1))  # the last one is forecast
    np.testing.assert_array_equal(whole.inputs[:, 0], prepared.z[:-1])
    assert (whole.available, whole.cut) == (length - 1, "")
    assert read_said(whole) == "The network reads the whole series in one go."


def test_what_does_not_fit_is_left_out_and_counted(monkeypatch):
    monkeypatch.setattr(reading, "MOST_CELLS", 8 * 100)
    prepared = windows(np.sin(np.arange(205)))
    newest = series_of(prepared, 8)
    assert newest.steps.tolist() == list(range(104, 204))
    np.testing.assert_array_equal(newest.inputs[:, 0], prepared.z[104:204])
    assert (newest.available, newest.cut) == (204, "bound")
    assert "the newest 100 of 204 values in one go: more would" in read_said(newest)


def test_a_gap_ends_what_is_read_right_behind_it():
    values = np.sin(np.arange(205.0))
    values[60] = np.nan
    newest = series_of(windows(values), 8)
    assert newest.steps.tolist() == list(range(61, 204))
    assert (newest.available, newest.cut) == (204, "gap")
    assert "the newest 143 of 204 values in one go: those since" in read_said(newest)


@pytest.mark.parametrize(
    ("start", "step", "said_of_the_first"),
    [
        ("2020-01-01T00:00", "5s", "2020-01-01T00:00:00"),
        ("2020-01-01T00:00", "15s", "2020-01-01T00:00:00"),
        ("2020-01-01T00:00", "7m", "2020-01-01T00:00"),
        ("2020-01-01T00:00", "h", "2020-01-01T00:00"),
        ("2020-01-01T10:30", "D", "2020-01-01"),
        ("2020-01-01", "M", "2020-01"),
        ("2020-01-01", "Y", "2020"),
        ("2020-01-01T00:00:00.0", "100ms", "2020-01-01T00:00:00.000"),
    ],
)
def test_no_two_values_have_the_same_moment(start, step, said_of_the_first):
    delta = np.timedelta64(int("".join(filter(str.isdigit, step)) or 1), step.lstrip("0123456789"))
    unit = "ms" if "ms" in step else "s"
    times = (np.datetime64(start, np.datetime_data(delta)[0]) + np.arange(200) * delta).astype(
        f"datetime64[{unit}]"
    )
    prepared = prepare(PLAIN, Series("a series", np.sin(np.arange(200.0)), times))
    told = moment(prepared)
    assert told(0) == said_of_the_first
    assert len(set(map(told, range(200)))) == 200


def test_the_page_says_how_much_of_the_series_it_reads(app: AppTest, pool: Pool, monkeypatch):
    monkeypatch.setattr(reading, "MOST_CELLS", 4 * 48)
    opened(app, stored(pool, length=300, series="echo", log=False, difference="none"))
    newest = "The network reads the newest 48 of 299 values in one go"
    assert newest not in said(app)
    for view in ("space", "units"):
        show(app, view)
        assert said(app).count(newest) == 1
    window = widget(app, "selectbox", "inside-window")
    assert window.options[0] == "Newest 48 of 299 values, in one go"
    show(app, "hidden")
    window.set_value(None).run()
    assert newest in said(app)
    assert "time step 48 of 48" in said(app)
    for view in ("space", "units"):
        show(app, view)
        assert said(app).count(newest) == 1  # in the heading


def test_a_click_opens_the_step_that_is_drawn(monkeypatch):
    state: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", state)
    h, o = np.zeros((3000, 3)), np.zeros((3000, 3))
    h[1202, 2], o[1201, 2] = -0.9, 0.4  # both in column 400 of three steps each
    scene = SimpleNamespace(side="", order=lambda: np.array([2, 0, 1]))
    for trace, step in ((0, 1202), (1, 1201)):
        click = states._clicked(scene, {0: h, 1: o})
        click(0, 400, trace)
        assert state == {"inside-unit": 3, "inside-step": step + 1, "inside-view": "step"}
    assert states._clicked(SimpleNamespace(**vars(scene) | {"side": "-beside"}), {0: h}) is None
