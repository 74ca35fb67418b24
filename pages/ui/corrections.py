"""How an uploaded table is read: a field for each guess, by which it is corrected."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import streamlit as st

from pages.ui.choosing import hold
from pages.ui.i18n import _, plain, say
from rnn_core.messages import N_, SeriesError
from rnn_core.series import Reading, Table
from rnn_core.series.tables.forms import FORMS
from rnn_core.series.tables.reading import (
    DAY_FIRST,
    DECIMALS,
    DELIMITERS,
    ENCODINGS,
    FORMATS,
    NONE,
    SHAPES,
    THOUSANDS,
)

HEADER_ROWS = 20  # offered as the one with the names

LABELS: Mapping[str, str] = {
    "format": N_("Format"),
    "encoding": N_("Encoding"),
    "delimiter": N_("Delimiter"),
    "decimal": N_("Decimal mark"),
    "thousands": N_("Thousands separator"),
    "header": N_("Row with the names"),
    "sheet": N_("Sheet"),
    "shape": N_("How the series stand"),
    "time_format": N_("How times are written"),
    "day_first": N_("Ambiguous dates"),
    "id_column": N_("Column that tells series apart"),
    "id_value": N_("Which of the series"),
}
FIXED: Mapping[str, Mapping[str, str]] = {
    "format": FORMATS,
    "encoding": {name: name for name in ENCODINGS},
    "delimiter": DELIMITERS,
    "decimal": DECIMALS,
    "thousands": THOUSANDS,
    "day_first": DAY_FIRST,
    "shape": SHAPES,
    "time_format": {name: form.label for name, form in FORMS.items()},
}


def corrections(
    reading: Reading, table: Table | None, change: Callable[[Reading], None], *, expanded: bool
) -> None:
    """Draw a field for each guess; ``table`` is None where the file could not be read."""
    count = len(reading.chosen)
    mark = f" :gray[({count})]" if count else ""
    with st.expander(_("Correct how it is read") + mark, expanded=expanded):
        if st.session_state.get("data-misread"):
            st.markdown(f":red[{plain(say(st.session_state['data-misread']))}]")
        pairs = st.columns(2, gap="small")
        for place, name in enumerate(_asked_for(reading, table)):
            with pairs[place % 2]:
                _correction(name, reading, table, change)
        with pairs[0]:
            hold("reading-missing_text", reading.missing_text)
            st.text_input(
                _("A further sign for missing"),
                key="reading-missing_text",
                max_chars=200,
                placeholder="-999",
                on_change=_correct,
                args=("missing_text", reading, change),
            )
        if count:
            st.button(
                _("Guess everything again"),
                key="reading-again",
                on_click=_apply,
                args=(Reading(), change),
            )


def _asked_for(reading: Reading, table: Table | None) -> list[str]:
    form = reading.format or (table.format if table else "text")
    names = ["format"]
    if form == "text":
        names += ["encoding", "delimiter"]
    if form == "excel":
        names += ["sheet"]
    names += ["header"] if form in ("text", "excel") else []
    names += ["shape", "decimal", "thousands", "time_format", "day_first"]
    if table is not None or reading.id_column:
        names.append("id_column")
        if reading.id_value or (table is not None and table.id_column):
            names.append("id_value")
    return names


def _correction(
    name: str, reading: Reading, table: Table | None, change: Callable[[Reading], None]
) -> None:
    labels = _choices_of(name, table)
    chosen = getattr(reading, name)
    # The guess stands in the label: a list goes on showing the text of an entry that was renamed.
    label = _(LABELS[name]) + _guess(name, table, labels)
    labels = {"": _("As guessed"), **labels}
    if chosen not in labels:
        labels[chosen] = chosen
    hold(f"reading-{name}", chosen)
    st.selectbox(
        label,
        list(labels),
        format_func=lambda choice: labels[choice],
        key=f"reading-{name}",
        on_change=_correct,
        args=(name, reading, change),
    )


def _choices_of(name: str, table: Table | None) -> dict[str, str]:
    if name in FIXED:
        return {choice: _(label) for choice, label in FIXED[name].items()}
    if name == "header":
        rows = {str(row): str(row) for row in range(1, HEADER_ROWS + 1)}
        return {NONE: _("None: there are no names"), **rows}
    if table is None:
        return {}
    if name == "id_column":
        named = {column: column for column in table.columns}
        return {NONE: _("None: all rows are one series"), **named}
    names = table.sheets if name == "sheet" else table.id_values
    return {text: text for text in names}


def _guess(name: str, table: Table | None, labels: Mapping[str, str]) -> str:
    """Say what is taken where nothing is chosen; nothing while another choice stands."""
    if table is None or getattr(table.reading, name) or name in ("time_format", "day_first"):
        return ""
    guessed = {
        "header": str(table.header_row or NONE),
        "id_column": table.id_column or NONE,
        "id_value": table.default_id_value,
    }.get(name) or getattr(table, name, "")
    shown = labels.get(guessed, guessed)
    return f": {plain(shown)}" if shown else ""


def _correct(name: str, reading: Reading, change: Callable[[Reading], None]) -> None:
    """Take over one correction; one that cannot be is said and changes nothing."""
    chosen = st.session_state[f"reading-{name}"] or ""
    changes = {name: chosen}
    if name == "id_column":
        changes["id_value"] = ""
    try:
        corrected = dataclasses.replace(reading, **changes)
    except SeriesError as error:
        st.session_state["data-misread"] = error.message
        return
    _apply(corrected, change)


def _apply(reading: Reading, change: Callable[[Reading], None]) -> None:
    st.session_state["data-misread"] = None
    change(reading)
