"""What was understood of an uploaded table, and which of its columns are taken."""

from __future__ import annotations

import json

import streamlit as st

from pages.ui import session
from pages.ui.choosing import hold, number
from pages.ui.corrections import corrections
from pages.ui.fields import suit_logarithm, wrong
from pages.ui.i18n import _, plain
from pages.ui.prepared import table_of
from pages.ui.recent import Recent
from pages.ui.treatments import problems
from rnn_core.config import OPTIONS
from rnn_core.messages import ConfigError, RnnError, SeriesError
from rnn_core.series import NUMBERED, Reading, Report, Table
from rnn_core.series.tables.reading import (
    DELIMITERS,
    FORMATS,
    SHAPES,
)

ROWS_OF_PREVIEW, COLUMNS_OF_PREVIEW = 10, 50
_REPORTS: Recent[Report] = Recent(4)


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
    # Under a key of its own: where a season stands in the way, there is a second field of it.
    number("season", key="data-season-of-table")
    if report is not None and report.season and not values["season"]:
        st.caption(_("0 takes what is known: {steps} steps.").format(steps=report.season))
    corrections(reading, table, choose_reading, expanded=False)
    return table


def summary(table: Table, report: Report) -> None:
    """Say in two lines what was understood."""
    read, times = _read_said(table, report), _times_said(table, report)
    st.caption(
        f"**{plain(table.filename)}**: {plain(' · '.join(read))}  \n{plain(' · '.join(times))}"
    )
    if table.numbers_guessed:
        st.caption(_("The numbers could be read in another way, too: see the decimal mark below."))
    if report.time_guessed:
        st.caption(_("The dates could be read in another way, too: see ambiguous dates below."))


def _read_said(table: Table, report: Report) -> list[str]:
    names = _("names in row {row}").format(row=table.header_row) if table.header_row else ""
    if not names and table.format in ("text", "excel"):
        names = _("no names")
    below = max(0, table.passed_over - max(0, table.header_row - 1))
    delimiter, sheet = _("delimiter: {name}"), _("sheet {name}")
    notes = _("notes and totals left out: {count}")
    letters = _("letters behind numbers left out: {count}")
    series = _("series {name} of column {column}")
    said = [
        _(FORMATS[table.format]),
        table.encoding,
        delimiter.format(name=_(DELIMITERS[table.delimiter])) if table.delimiter else "",
        _(SHAPES[table.shape]) if table.shape != "columns" else "",
        sheet.format(name=table.sheet) if table.sheet else "",
        names,
        _("{rows} rows, {columns} columns").format(
            rows=f"{table.rows:,}", columns=len(table.columns)
        ),
        notes.format(count=below) if below else "",
        letters.format(count=table.flags) if table.flags else "",
        series.format(name=report.id_value, column=report.id_column) if report.id_column else "",
    ]
    return [each for each in said if each]


def _times_said(table: Table, report: Report) -> list[str]:
    said = [_("steps are numbered")]
    if not table.default_time and table.unread_times:
        unread = _("column {name} could not be read as times").format(name=table.unread_times[0])
        said.append(unread)
    if report.time:
        said = [_(report.time_format), _("one value each {step}").format(step=_(report.time_unit))]
        if report.utc:
            said.append(_("turned to UTC"))
    season = _("season {steps}").format(steps=report.season) if report.season else ""
    return [*said, season or _("no season known")]


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


def _report(table: Table, value: str, time: str) -> Report:
    return _REPORTS.get((table, value, time), lambda: table.report(value, time))


def _as_guessed() -> Table | None:
    """Give the chosen table without any correction, None if it cannot be read so."""
    try:
        return table_of(st.session_state.choices["table"])
    except SeriesError:
        return None


def _covariates() -> tuple[str, ...]:
    series = session.series_config()
    return () if isinstance(series, ConfigError) else series.covariate_names
