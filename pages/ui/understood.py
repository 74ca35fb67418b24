"""What was understood of a table, every guess to be corrected, and what is done about problems."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from functools import lru_cache

import streamlit as st

from pages.ui import session
from pages.ui.choosing import hold, select
from pages.ui.fields import suit_logarithm, wrong
from pages.ui.i18n import _, plain, say
from pages.ui.prepared import table_of
from rnn_core.config import OPTIONS, SeriesConfig
from rnn_core.messages import N_, ConfigError, RnnError, SeriesError
from rnn_core.series import NUMBERED, Reading, Report, Table
from rnn_core.series.tables import PROBLEMS
from rnn_core.series.tables.forms import FORMS
from rnn_core.series.tables.reading import (
    DAY_FIRST,
    DECIMALS,
    DELIMITERS,
    ENCODINGS,
    FORMATS,
    NONE,
    THOUSANDS,
)

TREATMENTS = {  # which choice does something about which problem
    "missing": "missing-values",
    "no_time": "missing-values",
    "duplicates": "duplicates",
    "unsorted": "order",
    "irregular": "steps",
}
HEADER_ROWS = 20  # offered as the one with the names
ROWS_OF_PREVIEW, COLUMNS_OF_PREVIEW = 10, 50

LABELS: Mapping[str, str] = {
    "format": N_("Format"),
    "encoding": N_("Encoding"),
    "delimiter": N_("Delimiter"),
    "decimal": N_("Decimal mark"),
    "thousands": N_("Thousands separator"),
    "header": N_("Row with the names"),
    "sheet": N_("Sheet"),
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
    "time_format": {name: form.label for name, form in FORMS.items()},
}


def fields(problem: RnnError | None) -> Table | None:
    """Draw all there is to choose of an uploaded table; gives it, None if there is none to show."""
    values = st.session_state.choices
    if not values["table"]:
        return None
    reading = Reading()
    try:
        reading = Reading.from_text(values["reading"])
        table = table_of(values["table"], values["reading"])
    except SeriesError:  # said next to the series; here it can be corrected
        corrections(reading, _as_guessed(), choose_reading, expanded=True)
        return None
    if table is None:
        return None
    try:
        report = _report(table, values["value"], values["time"])
    except SeriesError:
        report = None
    if report is not None:
        summary(table, report)
    columns(table, problem)
    if report is not None:
        problems(report, problem)
    corrections(reading, table, choose_reading, expanded=False)
    return table


def summary(table: Table, report: Report) -> None:
    """Say in two lines what was understood."""
    read = [_(FORMATS[table.format])]
    if table.encoding:
        read.append(table.encoding)
    if table.delimiter:
        read.append(_("delimiter: {name}").format(name=_(DELIMITERS[table.delimiter])))
    if table.sheet:
        read.append(_("sheet {name}").format(name=table.sheet))
    read.append(
        _("names in row {row}").format(row=table.header_row) if table.header_row else _("no names")
    )
    read.append(
        _("{rows} rows, {columns} columns").format(
            rows=f"{table.rows:,}", columns=len(table.columns)
        )
    )
    times = [_("steps are numbered")]
    if report.time:
        times = [_(report.time_format), _("one value each {step}").format(step=_(report.time_unit))]
        if report.utc:
            times.append(_("turned to UTC"))
    times.append(
        _("season {steps}").format(steps=report.season) if report.season else _("no season known")
    )
    st.caption(
        f"**{plain(table.filename)}**: {plain(' · '.join(read))}  \n{plain(' · '.join(times))}"
    )
    if table.numbers_guessed:
        st.caption(_("The numbers could be read in another way, too: see the decimal mark below."))
    if report.time_guessed:
        st.caption(_("The dates could be read in another way, too: see ambiguous dates below."))


def columns(table: Table, problem: RnnError | None) -> None:
    """Draw the choices of value, time and covariates."""
    values = st.session_state.choices
    numeric = [name for name in table.columns if name in table.numeric_columns]
    others = [name for name in table.columns if name not in table.numeric_columns]
    _column("value", [*numeric, *others], values["value"] or table.default_value)
    wrong("value", problem)
    likely = [name for name in table.columns if name in table.time_columns]
    unlikely = [name for name in table.columns if name not in table.time_columns]
    _column(
        "time", [NUMBERED, *likely, *unlikely], values["time"] or table.default_time or NUMBERED
    )
    wrong("time", problem)
    further = [name for name in numeric if name not in (values["value"], values["time"])]
    taken = [name for name in _covariates() if name in further]
    if further:
        hold("data-covariates", taken)
        st.multiselect(
            _(OPTIONS["covariates"].label),
            further,
            key="data-covariates",
            on_change=_change_covariates,
            placeholder=_("None"),
            help=_(OPTIONS["covariates"].help),
        )
    wrong("covariates", problem)


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


def choose_reading(reading: Reading) -> None:
    """Read the chosen table in this way; only in a callback."""
    values = st.session_state.choices
    changed = {"reading": reading.to_text()}
    try:
        table = table_of(values["table"], changed["reading"])
    except SeriesError:
        table = None  # the page says why
    if table is not None:  # columns may have other names now
        if values["value"] not in table.columns:
            changed["value"] = table.default_value
        if values["time"] not in (*table.columns, NUMBERED):
            changed["time"] = table.default_time
        kept = [name for name in _covariates() if name in table.columns]
        changed["covariates"] = json.dumps(kept, ensure_ascii=False) if kept else ""
    session.choose(changed)
    suit_logarithm()


def problems(report: Report, problem: RnnError | None) -> None:
    """Count and locate what is wrong, each with the choice of what is done about it."""
    shown = set()
    for found in report.problems:
        rows = ", ".join(f"{row:,}" for row in found.rows)
        rows += " …" if found.count > len(found.rows) else ""
        said = _("**{what}:** {count} (rows {rows})") if found.count > 1 else _(
            "**{what}:** {count} (row {rows})"
        )  # fmt: skip
        name = TREATMENTS.get(found.kind)
        with st.container(gap="xxsmall"):
            st.markdown(
                said.format(what=_(PROBLEMS[found.kind]), count=f"{found.count:,}", rows=rows)
            )
            if name and name not in shown:
                shown.add(name)
                select(name, problem, labelled=False)
    if st.session_state.choices["steps"] in ("mean", "sum", "last"):
        shown.add("every")
        select("every", problem)
    if not report.problems:
        st.caption(_("No missing values, no doubled times, no uneven steps."))
    others = ["missing-values", "duplicates", "order", "steps"] if report.time else []
    rest = [name for name in others or ["missing-values"] if name not in shown]
    changed = any(st.session_state.choices[name] != OPTIONS[name].default for name in rest)
    if rest:
        with st.expander(_("Other treatment"), expanded=changed):
            for name in rest:
                select(name, problem)


def lenient(config: SeriesConfig) -> SeriesConfig:
    """Give a configuration that refuses nothing for what could be treated: to be looked at only."""
    mild = {"missing": "leave", "duplicates": "first", "order": "sort"}
    refused = {name: way for name, way in mild.items() if getattr(config, name) == "refuse"}
    return dataclasses.replace(config, **refused)


def preview(table: Table, *, expanded: bool) -> None:
    """Show the first rows as they stand in the file."""
    first = dict(list(table.preview.items())[:COLUMNS_OF_PREVIEW])
    count = min(ROWS_OF_PREVIEW, table.rows)
    with st.expander(_("The first {count} rows").format(count=count), expanded=expanded):
        st.dataframe(first, hide_index=True, height="content")


def _column(name: str, columns: list[str], value: str) -> None:
    option = OPTIONS[name]
    if value not in columns:
        columns = [value, *columns]  # what a link has said stays, with its sentence
    hold(f"data-{name}", value)
    st.selectbox(
        _(option.label),
        columns,
        format_func=lambda column: _("None: number the rows") if column == NUMBERED else column,
        key=f"data-{name}",
        on_change=_change_column,
        args=(name,),
        help=_(option.help),
    )


def _change_column(name: str) -> None:
    session.choose({name: st.session_state[f"data-{name}"]})
    taken = [column for column in _covariates() if column != st.session_state[f"data-{name}"]]
    session.choose({"covariates": json.dumps(taken, ensure_ascii=False) if taken else ""})
    if name == "value":
        suit_logarithm()


def _change_covariates() -> None:
    taken = st.session_state["data-covariates"]
    session.choose({"covariates": json.dumps(taken, ensure_ascii=False) if taken else ""})


@lru_cache(maxsize=4)
def _report(table: Table, value: str, time: str) -> Report:
    return table.report(value, time)


def _as_guessed() -> Table | None:
    """Give the chosen table without any correction, None if it cannot be read so."""
    try:
        return table_of(st.session_state.choices["table"])
    except SeriesError:
        return None


def _covariates() -> tuple[str, ...]:
    series = session.series_config()
    return () if isinstance(series, ConfigError) else series.covariate_names


def _asked_for(reading: Reading, table: Table | None) -> list[str]:
    form = reading.format or (table.format if table else "text")
    names = ["format"]
    if form == "text":
        names += ["encoding", "delimiter"]
    if form == "excel":
        names += ["sheet"]
    names += ["header"] if form in ("text", "excel") else []
    names += ["decimal", "thousands", "time_format", "day_first"]
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
