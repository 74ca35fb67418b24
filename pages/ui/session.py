"""What a session has chosen, kept over page switches and in the URL.

Widgets come and go with their page; the choices live here, by option name. They may be such that no
experiment can be made of them: what a person entered stays, with the sentence that says why not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.ui.runtime import openings, store
from rnn_core.config import OPTIONS, Experiment, SeriesConfig
from rnn_core.messages import ConfigError, Message
from rnn_core.options import options_of
from rnn_core.runs.store import Run
from rnn_core.runs.uploads import Uploads
from rnn_core.series import TABLE

RUN = "run"  # the query parameter that names a run
SPEED = "speed"  # the one for the most epochs a second
TABLE_OPTIONS = ("table", "value", "time", "covariates", "reading")
WIDGET = "option-"  # how the key of an option's widget begins


def restore() -> None:
    """Begin a session from its URL: the choices of the run it names, then those it names itself."""
    state = st.session_state
    if "choices" in state:
        return
    state.choices = Experiment().values()
    state.refused = {}
    state.run_id = None
    state.run_missing = False
    query = st.query_params.to_dict()
    run_id = query.get(RUN)
    if run_id:
        run = store().run(run_id)
        state.run_missing = run is None
        if run is not None:
            state.run_id = run_id
            state.choices = run.experiment.values()
            openings().note(run.id)
    state.speed = _speed(query.get(SPEED, ""))
    for name, text in query.items():
        if name in OPTIONS:
            try:
                value = OPTIONS[name].parse(text)
                if OPTIONS[name].choices is not None or not _fits_a_widget(value):
                    OPTIONS[name].check(value)
                state.choices[name] = value
            except ConfigError as error:
                state.refused[name] = (text, error.message)
    if state.choices["series"] == TABLE:
        note_table(state.choices["table"])


def write_url() -> None:
    """Put what is chosen into the URL, so that it can be shared and survives a reload."""
    state = st.session_state
    query: dict[str, str] = {}
    if state.run_id:
        query[RUN] = state.run_id
    if state.speed:
        query[SPEED] = f"{state.speed:g}"
    base = _run_values()
    for name, value in values().items():
        if name in state.refused:
            query[name] = state.refused[name][0]
        elif value != OPTIONS[name].default or base.get(name, value) != value:
            query[name] = OPTIONS[name].text(value)
    if query != st.query_params.to_dict():
        st.query_params.from_dict(query)


def values() -> dict[str, Any]:
    """Give what is chosen, by option name; a table's options only where a table is chosen."""
    chosen: dict[str, Any] = dict(st.session_state.choices)
    if chosen["series"] != TABLE:
        chosen |= {name: "" for name in TABLE_OPTIONS}
    return chosen


def experiment() -> Experiment | ConfigError:
    """Give the experiment that is chosen, or what is wrong with it."""
    for name, (_text, message) in st.session_state.refused.items():
        return ConfigError(message, name)
    try:
        return Experiment.from_values(values())
    except ConfigError as error:
        return error


def series_config() -> SeriesConfig | ConfigError:
    """Give the series that is chosen, whatever is wrong with the other choices."""
    names = [option.name for option in options_of(SeriesConfig).values()]
    for name in names:
        if name in st.session_state.refused:
            return ConfigError(st.session_state.refused[name][1], name)
    chosen = values()
    try:
        return Experiment.from_values({name: chosen[name] for name in names}).series
    except ConfigError as error:
        return error


def refusal(name: str) -> Message | None:
    """Give what is wrong with one option taken by itself."""
    if name in st.session_state.refused:
        message: Message = st.session_state.refused[name][1]
        return message
    try:
        OPTIONS[name].check(st.session_state.choices[name])
    except ConfigError as error:
        return error.message
    return None


def read_widgets() -> None:
    """Take over what the widgets hold: a callback may come before that of the field just left."""
    for name in OPTIONS:
        value = st.session_state.get(WIDGET + name)
        if value is not None and value != st.session_state.choices[name]:
            st.session_state.choices[name] = value
            st.session_state.refused.pop(name, None)


def choose(chosen: Mapping[str, Any]) -> None:
    """Set choices from code; only in a callback, before the widgets are drawn."""
    for name, value in chosen.items():
        st.session_state.choices[name] = value
        st.session_state.refused.pop(name, None)
        st.session_state[WIDGET + name] = value


def open_run(run: Run) -> None:
    """Show a run, with the choices it was made with; only in a callback."""
    st.session_state.run_id = run.id
    st.session_state.run_missing = False
    choose(run.experiment.values())
    openings().note(run.id)


def note_table(digest: str) -> None:
    """Note that an uploaded table is opened, so that it is not deleted as one that nobody opens."""
    if Uploads(store()).known(digest):
        openings().note(digest)


def _run_values() -> dict[str, Any]:
    run_id = st.session_state.run_id
    run = store().run(run_id) if run_id else None
    return run.experiment.values() if run is not None else {}


def _fits_a_widget(value: Any) -> bool:
    """Whether a number field of a browser can hold a value; texts and switches always can."""
    return not isinstance(value, int | float) or abs(value) < 2**53


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        return 0.0
    return speed if 0 < speed <= 1000 else 0.0
