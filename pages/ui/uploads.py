"""A visitor's own tables: taking a file, opening one again, deleting it with its runs."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import streamlit as st

from pages.ui import session
from pages.ui.fields import suit_logarithm
from pages.ui.i18n import _, plain, say
from pages.ui.kept import tables_said
from pages.ui.prepared import keep_read, table_of
from pages.ui.recent import forget_table
from pages.ui.runtime import pool, store
from pages.ui.visitor import visitor
from rnn_core.config import OPTIONS
from rnn_core.messages import Message, SeriesError
from rnn_core.runs.tables import keep_table
from rnn_core.runs.uploads import Upload, Uploads
from rnn_core.series import TABLE, Reading, Table

TREATED = ("missing-values", "duplicates", "order", "steps", "every")
TYPES = ("csv", "tsv", "txt", "dat", "json", "jsonl", "ndjson", "parquet", "xlsx")


def uploader() -> None:
    """Draw the place for a file, and what is wrong with the last one."""
    file_field("data-upload", _uploaded, st.session_state.get("data-refused"))


def file_field(key: str, on_change: Callable[[], None], refused: Message | None) -> None:
    """Draw the field for a file, and what is wrong with the last one, if anything."""
    st.file_uploader(
        _("Your file"),
        type=list(TYPES),
        key=key,
        on_change=on_change,
        help=_(
            "A table with one row for each time, up to 50 MB: delimited text, JSON, Parquet or "
            "Excel. It stays on this server."
        ),
    )
    if refused:
        st.error(plain(say(refused)))


def pending() -> Reading | None:
    """Give how a file that was refused is to be read next time, None if there is no such file."""
    if st.session_state.get("data-refused") and st.session_state.get("data-upload"):
        return Reading.from_text(st.session_state.get("data-reading", ""))
    return None


def older() -> str:
    """Say which table is still looked at where a newer file was refused; empty if none is."""
    digest = st.session_state.choices["table"]
    if pending() is None or not digest:
        return ""
    file = plain(st.session_state["data-upload"].name)
    own = Uploads(store()).name(digest, visitor())
    if not own:  # of somebody else's link
        return _(
            "{file} could not be read. What is shown here is still the table open before."
        ).format(file=file)
    return _("{file} could not be read. What is shown here is still {older}.").format(
        file=file, older=plain(own)
    )


def retry(reading: Reading) -> None:
    """Read the refused file again, as ``reading`` says; only in a callback."""
    st.session_state["data-reading"] = reading.to_text()
    file = st.session_state["data-upload"]
    if file is not None:
        take(file.getvalue(), file.name, reading)


def take(data: bytes, filename: str, reading: Reading | None = None) -> Table | None:
    """Keep a file and choose its series; one that cannot be read changes nothing, and is said."""
    reading = reading or Reading()
    try:
        table = keep_table(store(), data, filename, visitor(), **reading.chosen)
    except SeriesError as error:
        st.session_state["data-refused"] = error.message
        return None
    st.session_state["data-refused"] = None
    keep_read(table)
    open_table(table, reading)
    return table


def open_table(table: Table, reading: Reading) -> None:
    """Choose the series that is guessed to be meant in a table; only in a callback.

    What was done about the problems of another table is not done about this one's.
    """
    session.choose(
        {name: OPTIONS[name].default for name in TREATED}
        | {
            "series": TABLE,
            "parameters": "",
            "table": table.digest,
            "value": table.default_value,
            "time": table.default_time,
            "reading": reading.to_text(),
            "covariates": "",
        }
    )
    suit_logarithm()


def own_tables(offset: datetime.tzinfo) -> None:
    """List the visitor's tables, each to be opened or deleted."""
    tables = Uploads(store()).of(visitor())
    if not tables:
        return
    chosen = st.session_state.choices["table"]
    asked = st.session_state.get("data-deleting")
    with st.expander(
        _("Your tables ({count})").format(count=len(tables)),
        expanded=any(upload.digest == asked for upload in tables) or not chosen,
    ):
        st.caption(_("Only this browser sees this list.") + " " + tables_said())
        for upload in tables:
            _row(upload, chosen, offset)
            if upload.digest == asked:
                _ask(upload)


def _row(upload: Upload, chosen: str, offset: datetime.tzinfo) -> None:
    came = datetime.datetime.fromtimestamp(upload.created, offset)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        with st.container(gap=None):
            st.markdown(f"**{plain(upload.filename)}**")
            st.caption(f"{came:%Y-%m-%d %H:%M}")
        st.button(
            _("Open"),
            key=f"open-{upload.digest}",
            on_click=_open,
            args=(upload.digest,),
            disabled=upload.digest == chosen,
        )
        st.button(
            _("Delete"),
            key=f"delete-{upload.digest}",
            on_click=_set_asked,
            args=(upload.digest,),
            icon=":material/delete:",
        )


def _ask(upload: Upload) -> None:
    runs = len(store().runs_with(visitor(), upload.digest))
    st.warning(
        _("Delete {file} for good? Runs on it, {runs} of yours, go with it.").format(
            file=plain(upload.filename), runs=runs
        )
        if runs
        else _("Delete {file} for good? None of your runs uses it.").format(
            file=plain(upload.filename)
        )
    )
    with st.container(horizontal=True):
        st.button(_("Delete it"), key="delete-really", on_click=_delete, args=(upload.digest,))
        st.button(_("Keep it"), key="delete-not", on_click=_set_asked, args=(None,))


def _set_asked(digest: str | None) -> None:
    st.session_state["data-deleting"] = digest


def _open(digest: str) -> None:
    session.note_table(digest)
    try:
        table = table_of(digest)
    except SeriesError:  # it takes a correction: the page says what is wrong and offers them
        session.choose({"series": TABLE, "table": digest, "value": "", "time": "", "reading": ""})
        return
    if table is not None:
        open_table(table, Reading())


def _delete(digest: str) -> None:
    """Forget a table and the runs on it; those that go on are stopped first."""
    state = st.session_state
    for run in store().runs_with(visitor(), digest):
        if run.state.live:
            pool().command(run.id, "stop")
    gone = Uploads(store()).delete(visitor(), digest)
    forget_table(digest)
    if state.run_id in gone:
        state.run_id = None
    _set_asked(None)
    left = state.get("data-left", {})
    for kind in [kind for kind, values in left.items() if values["table"] == digest]:
        del left[kind]
    if state.choices["table"] == digest:
        state["data-wanted"] = "table"
        session.choose({name: "" for name in session.TABLE_OPTIONS})


def _uploaded() -> None:
    file = st.session_state["data-upload"]
    st.session_state["data-refused"] = None
    st.session_state["data-reading"] = ""
    if file is not None:
        take(file.getvalue(), file.name)
