"""The Lab's choices: series, network, training, preparation."""

from __future__ import annotations

import streamlit as st

from pages.ui import session
from pages.ui.fields import column_field, field, suit_logarithm, wrong
from pages.ui.i18n import _, plain, say
from pages.ui.prepared import table_of
from pages.ui.runtime import store
from pages.ui.uploads import file_field
from pages.ui.visitor import visitor
from rnn_core.cells import CELLS, parameter_count
from rnn_core.config import OPTIONS
from rnn_core.config.series import names_in
from rnn_core.messages import RnnError, SeriesError
from rnn_core.presets import PRESETS
from rnn_core.quantiles import QUANTILES
from rnn_core.runs.tables import keep_table
from rnn_core.series import SOURCES, TABLE, Table

SIZES = ("cell", "hidden", "layers")
PREPARATION = ("log", "difference", "scaling", "season", "validation", "test")
WITHOUT_FIELD = ("parameters", "outliers", "gaps")  # of the series; a link can bring them
MANY_STEPS = ("strategy", "horizon")
RARE = ("init", "dropout", "optimizer", "momentum", "loss", "clip", "patience", "engine")


def choices(problem: RnnError | None) -> None:
    """Draw all choices; ``problem`` is what is wrong with them together, if anything."""
    with st.container():  # what follows stays in its place, however many fields a table needs
        _series(problem)
    _heading(_("Network"))
    field("cell", problem, segmented=True)
    _pair("hidden", "layers", problem)
    field("timesteps", problem)
    _parameters()
    _heading(_("Training"))
    _pair("epochs", "batch-size", problem)
    _pair("learning-rate", "seed", problem)
    _folded(_("Preparation"), PREPARATION, problem)
    _folded(_("Steps ahead"), MANY_STEPS, problem)
    _folded(_("More"), RARE, problem)
    st.menu_button(
        _("Start from a preset"),
        list(PRESETS),
        format_func=lambda name: f"**{_(PRESETS[name].label)}** · {_(PRESETS[name].help)}",
        key="preset",
        on_click=lambda: session.choose(PRESETS[st.session_state.preset].values),
        width="stretch",
    )


def _series(problem: RnnError | None) -> None:
    _heading(_("Series"))
    field("series", problem)
    source = st.session_state.choices["series"]
    if source == TABLE:
        _table(problem)
    elif source in SOURCES and SOURCES[source].kind == "generator":
        _pair("length", "noise", problem)
        field("series-seed", problem)
    _without_field(problem)
    st.page_link("data.py", label=_("More about this series"), icon=":material/show_chart:")


def _without_field(problem: RnnError | None) -> None:
    """Say what is set of the series that has no field here, and offer to take it away."""
    values = st.session_state.choices
    changed = [name for name in WITHOUT_FIELD if values[name] != OPTIONS[name].default]
    if not changed:
        return
    for name in changed:
        option = OPTIONS[name]
        st.caption(f"{_(option.label)}: {plain(option.text(values[name]))}")
        wrong(name, problem)
    st.button(
        _("Use the defaults"),
        key="default-series",
        on_click=session.choose,
        args=({name: OPTIONS[name].default for name in changed},),
    )


def _table(problem: RnnError | None) -> None:
    file_field("upload", _uploaded, st.session_state.get("upload_error"))
    digest = st.session_state.choices["table"]
    if not digest:
        return
    try:
        table = table_of(digest, st.session_state.choices["reading"])
    except SeriesError as error:
        st.error(plain(say(error.message)))
        return
    if table is None:
        return  # what is wrong stands next to the Train button
    st.caption(
        _("{file}: {rows} rows, {columns} columns").format(
            file=plain(table.filename), rows=f"{table.rows:,}", columns=len(table.columns)
        )
    )
    _columns(table, problem)


def _columns(table: Table, problem: RnnError | None) -> None:
    column_field("value", {name: name for name in table.columns}, table.default_value, problem)
    times = {name: name for name in table.columns if name in table.time_columns}
    if times and not table.default_time:
        times = {"": _("None: number the rows"), **times}
    if times:
        column_field("time", times, table.default_time, problem)


def _uploaded() -> None:
    """Take an upload; one that cannot be read changes nothing but the sentence that says so."""
    file = st.session_state.upload
    st.session_state.upload_error = None
    if file is None:
        return
    try:
        table = keep_table(store(), file.getvalue(), file.name, visitor())
    except SeriesError as error:
        st.session_state.upload_error = error.message
        return
    session.choose(
        {
            "table": table.digest,
            "value": table.default_value,
            "time": table.default_time,
            "reading": "",
            "covariates": "",
        }
    )
    suit_logarithm()


def _parameters() -> None:
    values = st.session_state.choices
    needed = (*SIZES, *MANY_STEPS, "loss", "covariates")
    usable = all(session.refusal(name) is None for name in needed)
    count = "–"
    if usable and values["cell"] in CELLS:
        features = 1 + len(names_in(values["covariates"]))
        outputs = values["horizon"] if values["strategy"] == "direct" else 1
        outputs *= len(QUANTILES) if values["loss"] == "quantile" else 1
        count = f"{parameter_count(*(values[name] for name in SIZES), features, outputs):,}"
    st.caption(_("{count} parameters").format(count=count))


def _pair(left: str, right: str, problem: RnnError | None) -> None:
    columns = st.columns(2, gap="small")
    for column, name in zip(columns, (left, right), strict=True):
        with column:
            field(name, problem, sentence=False)
    for name in (left, right):  # a sentence needs the whole width
        wrong(name, problem)


def _folded(title: str, names: tuple[str, ...], problem: RnnError | None) -> None:
    wrong = getattr(problem, "option", "") in names
    changed = sum(st.session_state.choices[name] != OPTIONS[name].default for name in names)
    mark = f" :gray[({changed})]" if changed else ""
    with st.expander(title + mark, expanded=wrong, key=f"fold-{names[0]}-{wrong}"):
        for name in names:
            field(name, problem)


def _heading(text: str) -> None:
    st.markdown(f"**{text}**")
