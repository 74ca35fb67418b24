"""What is wrong with a series of a table, and what is done about it."""

from __future__ import annotations

import dataclasses

import streamlit as st

from pages.ui.choosing import select
from pages.ui.i18n import _
from rnn_core.config import OPTIONS, SeriesConfig
from rnn_core.messages import RnnError
from rnn_core.series import Report
from rnn_core.series.tables import PROBLEMS

TREATMENTS = {  # which choice does something about which problem
    "missing": "missing-values",
    "no_time": "missing-values",
    "duplicates": "duplicates",
    "unsorted": "order",
    "irregular": "steps",
}


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
