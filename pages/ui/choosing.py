"""Which series: the four ways to one, and the fields of samples and generators."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import streamlit as st

from pages.ui import preview, session
from pages.ui.fields import suit_logarithm, wrong
from pages.ui.i18n import _, plain
from pages.ui.prepared import table_of
from rnn_core.config import OPTIONS
from rnn_core.messages import N_, ConfigError, RnnError, SeriesError
from rnn_core.options import Option
from rnn_core.series import (
    GENERATORS,
    SOURCES,
    TABLE,
    Series,
    read_parameters,
    write_parameters,
)

KINDS = {
    "sample": N_("Samples"),
    "generator": N_("Generators"),
    "table": N_("Your table"),
    "drawing": N_("Draw"),
}
DRAWING = "drawing.csv"  # the name of the table that a drawing becomes
FIRST = {"sample": "airline", "generator": "sines", "table": TABLE, "drawing": TABLE}
OF_SERIES = ("series", "parameters", *session.TABLE_OPTIONS)


def kind() -> str:
    """Say in which of the four ways the chosen series came, a key of ``KINDS``."""
    values = st.session_state.choices
    source = SOURCES.get(values["series"])
    if source is None or source.kind != "table":
        return source.kind if source else "sample"
    if not values["table"]:
        return str(st.session_state.get("data-wanted", "table"))
    try:
        table = table_of(values["table"], values["reading"])
    except SeriesError:
        return "table"
    return "drawing" if table is not None and table.filename == DRAWING else "table"


def kinds() -> str:
    """Draw the choice between the four ways, and give the one taken."""
    chosen = kind()
    hold("data-kind", chosen)
    st.segmented_control(
        _("Where the series comes from"),
        list(KINDS),
        default=chosen,
        format_func=lambda name: _(KINDS[name]),
        key="data-kind",
        required=True,
        width="stretch",
        label_visibility="collapsed",
        on_change=_change_kind,
        args=(chosen,),
    )
    return chosen


def source_field(chosen: str) -> None:
    """Draw the list of samples, or of generators, whichever ``chosen`` says."""
    names = [name for name, source in SOURCES.items() if source.kind == chosen]
    hold("data-series", st.session_state.choices["series"])
    st.selectbox(
        _("Series"),
        names,
        index=names.index(st.session_state["data-series"]),
        format_func=lambda name: _(SOURCES[name].label),
        key="data-series",
        on_change=_change_series,
    )


def parameter_fields(problem: RnnError | None) -> None:
    """Draw a slider for each parameter of the generator, its length, noise and seed."""
    name = st.session_state.choices["series"]
    try:
        values = read_parameters(name, st.session_state.choices["parameters"])
    except ConfigError as error:
        # What a link has said stays, with its sentence, until a slider is moved.
        problem = error
        values = GENERATORS[name].defaults
        st.button(
            _("Use the defaults"),
            key="default-parameters",
            on_click=session.choose,
            args=({"parameters": ""},),
        )
    wrong("parameters", problem)
    for option in GENERATORS[name].parameters:
        key = f"parameter-{name}-{option.name}"
        hold(key, values[option.name])
        _slider(option, key, _change_parameter, (name,))
    for shared in ("length", "noise"):
        slider(shared, problem)
    number("series-seed", problem)


def disturbance_fields(problem: RnnError | None, *, generated: bool) -> None:
    """Draw the sliders of outliers and gaps, which any series can be given."""
    values = st.session_state.choices
    used = [name for name in ("outliers", "gaps") if values[name] != OPTIONS[name].default]
    mark = f" :gray[({len(used)})]" if used else ""
    wrong_here = any(session.refusal(name) is not None for name in ("outliers", "gaps"))
    with st.expander(_("Outliers and gaps") + mark, expanded=bool(used) or wrong_here):
        slider("outliers", problem)
        slider("gaps", problem)
        if used and not generated:
            number("series-seed", problem)


def slider(name: str, problem: RnnError | None = None) -> None:
    """Draw the slider of an option with bounds."""
    if session.refusal(name) is not None:  # a slider cannot show what is out of its bounds
        number(name, problem, key=f"entered-{name}")  # its own key: it is another widget
        return
    hold(f"data-{name}", st.session_state.choices[name])
    _slider(OPTIONS[name], f"data-{name}", _change, (name,))
    wrong(name, problem)


def number(name: str, problem: RnnError | None = None, *, key: str = "") -> None:
    """Draw the number field of an option."""
    option = OPTIONS[name]
    key = key or f"data-{name}"
    hold(key, st.session_state.choices[name])
    st.number_input(
        _(option.label),
        value=st.session_state[key],
        step=option.type(option.step or 1),
        format="%d" if option.type is int else "%g",
        key=key,
        help=_(option.help),
        on_change=_change,
        args=(name, key),
    )
    wrong(name, problem)


def select(name: str, problem: RnnError | None = None, *, labelled: bool = True) -> None:
    """Draw the list of an option with choices; without its label where what is above says it."""
    option = OPTIONS[name]
    labels = dict(option.choices or {})
    if st.session_state.choices[name] in labels:
        hold(f"data-{name}", st.session_state.choices[name])
    st.selectbox(
        _(option.label),
        list(labels),
        index=list(labels).index(st.session_state.get(f"data-{name}", option.default)),
        format_func=lambda choice: _(labels[choice]),
        key=f"data-{name}",
        help=_(option.help) if labelled else None,
        label_visibility="visible" if labelled else "collapsed",
        on_change=_change,
        args=(name,),
    )
    wrong(name, problem)


def remedy(name: str) -> None:
    """Draw the field of an option of another page that stands in the way of training."""
    option = OPTIONS[name]
    if option.choices is not None:
        select(name)
    elif option.type is bool:
        key = f"data-{name}"
        hold(key, st.session_state.choices[name])
        value = st.session_state[key]
        st.toggle(_(option.label), value=value, key=key, on_change=_change, args=(name,))
    else:
        number(name)


def gap_field(series: Series | None, problem: RnnError | None) -> None:
    """Draw what is done about missing values, where there are any or something is done."""
    chosen = st.session_state.choices["missing-values"]
    if chosen != OPTIONS["missing-values"].default or (
        series is not None and bool(np.isnan(series.values).any())
    ):
        select("missing-values", problem)


def about() -> None:
    """Say of a sample or a generator what it is, where it is from, and what is hard about it."""
    name = st.session_state.choices["series"]
    source = SOURCES[name]
    if source.kind == "generator":
        generator = GENERATORS[name]
        st.markdown(
            _("**What a network has to remember here:** {memory}").format(
                memory=_(generator.memory)
            )
        )
        st.latex(_in_lines(generator.formula))
        st.caption(_("Source: {source}").format(source=plain(generator.source)))
        return
    st.markdown(f"{_(source.about)} " + _("**What makes it hard:** {challenge}").format(
        challenge=_(source.challenge)
    ))  # fmt: skip
    season = _("season {steps}").format(steps=source.season) if source.season else _("no season")
    st.caption(
        _("In {unit}, by the {step}, {season}. Source: {source}. Licence: {licence}.").format(
            unit=plain(_(source.unit)),
            step=_(source.time_unit),
            season=season,
            source=plain(source.provenance),
            licence=_(source.licence),
        )
    )


def _in_lines(formula: str) -> str:
    """Put what a formula defines besides on lines of its own: a phone is narrow."""
    lines = re.sub(r",?\s*\\quad\s*", r" \\\\[0.4em] ", formula)
    return rf"\begin{{gathered}} {lines} \end{{gathered}}" if lines != formula else formula


def _slider(option: Option, key: str, changed: Callable[..., None], args: tuple[str, ...]) -> None:
    st.slider(
        _(option.label),
        option.type(option.low),
        option.type(option.high),
        value=st.session_state[key],
        step=option.type(option.step or 1),
        format="%d" if option.type is int else "%.4g",
        key=key,
        help=_(option.help),
        on_change=_moved,
        args=(changed, *args),
    )


def _moved(changed: Callable[..., None], *args: str) -> None:
    changed(*args)
    preview.give_way()


def hold(key: str, value: object) -> None:
    """Let a widget show a choice; left alone where it does, for a hand may be moving it.

    What is held is to be the widget's default as well: see :func:`pages.ui.fields.field`.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _change(name: str, key: str = "") -> None:
    value = st.session_state[key or f"data-{name}"]
    session.choose({name: OPTIONS[name].default if value is None else value})


def _change_parameter(name: str) -> None:
    values = {
        option.name: st.session_state[f"parameter-{name}-{option.name}"]
        for option in GENERATORS[name].parameters
    }
    session.choose({"parameters": write_parameters(name, values)})


def _change_series() -> None:
    session.choose({"series": st.session_state["data-series"], "parameters": ""})
    suit_logarithm()


def _change_kind(before: str) -> None:
    """Go to the series that was chosen last in the way that is taken now."""
    state = st.session_state
    wanted = state["data-kind"]
    left = state.setdefault("data-left", {})
    left[before] = {name: state.choices[name] for name in OF_SERIES}
    state["data-wanted"] = wanted
    nothing = {name: OPTIONS[name].default for name in OF_SERIES} | {"series": FIRST[wanted]}
    session.choose(left.get(wanted, nothing))
    suit_logarithm()
