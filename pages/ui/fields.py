"""A widget for an option, made from its description, with what is wrong with it right below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages.ui import session
from pages.ui.i18n import _, plain, say
from pages.ui.prepared import series_of
from rnn_core.config import OPTIONS
from rnn_core.messages import ConfigError, RnnError

# Choices that change nothing with others as they are: shown, but not to be set.
IDLE: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "horizon": lambda values: values["strategy"] != "direct",
}


def field(
    name: str,
    problem: RnnError | None = None,
    *,
    segmented: bool = False,
    sentence: bool = True,
) -> None:
    """Draw the widget of an option.

    ``problem`` is what is wrong with the choices together; it is shown here if it names this
    option. Without ``sentence`` the caller says what is wrong, with :func:`wrong`.
    """
    option = OPTIONS[name]
    key = session.WIDGET + name
    value = st.session_state.choices[name]
    # A widget forgets its value when its page is left; the session's choices do not. What is shown
    # is also its default: a browser that comes to draw it anew while one run of the page gives way
    # to the next may have lost its value, and would take the default for one that was entered.
    shown = st.session_state.setdefault(key, value)
    label, tip = _(option.label), _(option.help) or None
    idle = name in IDLE and IDLE[name](st.session_state.choices) and session.refusal(name) is None
    changed = {
        "on_change": _changed,
        "args": (name,),
        "key": key,
        "help": tip,
        "disabled": idle,
    }
    if option.choices is not None:
        labels = {choice: _(text) for choice, text in option.choices.items()}
        if segmented:
            st.segmented_control(
                label,
                list(labels),
                default=shown,
                format_func=labels.get,
                required=True,
                width="stretch",
                **changed,
            )
        else:
            index = list(labels).index(shown)
            st.selectbox(label, list(labels), index=index, format_func=labels.get, **changed)
    elif option.type is bool:
        st.toggle(label, value=shown, **changed)
    elif option.type is int:
        # No bounds here: what a link or a hand has entered stays, with a sentence below it.
        st.number_input(label, value=shown, step=int(option.step or 1), **changed)
    elif option.type is float:
        st.number_input(
            label, value=float(shown), step=option.step or 0.001, format="%g", **changed
        )
    if sentence:
        wrong(name, problem)


def column_field(
    name: str, columns: Mapping[str, str], guess: str, problem: RnnError | None = None
) -> None:
    """Draw the choice of a table's column; ``columns`` maps its name to what is shown."""
    option = OPTIONS[name]
    key = session.WIDGET + name
    value = st.session_state.choices[name]
    if value and value not in columns:
        columns = {value: value, **columns}  # what a link has said stays, with its sentence
    if st.session_state.get(key, value) not in columns:
        st.session_state[key] = guess
    shown = st.session_state.setdefault(key, value or guess)
    st.selectbox(
        _(option.label),
        list(columns),
        index=list(columns).index(shown),
        format_func=lambda column: columns[column],
        key=key,
        on_change=_changed,
        args=(name,),
        help=_(option.help),
    )
    wrong(name, problem)


def _changed(name: str) -> None:
    """Take over what was entered."""
    value = st.session_state[session.WIDGET + name]
    if value is None:  # an emptied number field means the default
        value = OPTIONS[name].default
        st.session_state[session.WIDGET + name] = value
    st.session_state.choices[name] = value
    st.session_state.refused.pop(name, None)
    if name == "series":  # another generator has other parameters
        session.choose({"parameters": OPTIONS["parameters"].default})
    if name in ("series", "value"):
        suit_logarithm()


def suit_logarithm() -> None:
    """Switch the logarithm off for a series that has none, and on for one that has."""
    chosen = session.experiment()
    if isinstance(chosen, ConfigError):
        return
    try:
        # Asked this way round, a missing value (NaN) says nothing.
        positive = not bool((series_of(chosen.series).values <= 0).any())
    except RnnError:
        return  # it is said where the series is chosen
    if positive != st.session_state.choices["log"]:
        session.choose({"log": positive})
        st.toast(
            _("Preparation: logarithm on, for a series above 0.")
            if positive
            else _("Preparation: logarithm off, because this series has values of 0 or less.")
        )


def wrong(name: str, problem: RnnError | None) -> None:
    """Say what is wrong with an option, if anything is."""
    message = session.refusal(name)
    if message is None and problem is not None and getattr(problem, "option", "") == name:
        message = problem.message
    if message is not None:
        st.markdown(f":red[{plain(say(message))}]")
    if name in st.session_state.refused:
        # The field shows the default, and choosing what is shown would change nothing.
        option = OPTIONS[name]
        labels = option.choices or {}
        st.button(
            _("Use {value}").format(value=_(labels.get(option.default, str(option.default)))),
            key=f"use-{name}",
            on_click=session.choose,
            args=({name: option.default},),
        )
