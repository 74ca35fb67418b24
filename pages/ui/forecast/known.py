"""Published results beside what came of them here, as the last ``make reproduce`` left it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.ui.i18n import _, plain, say
from rnn_core.reproduce.publications import PUBLICATIONS, Publication
from rnn_core.reproduce.results import SUMMARIES, Result, Row, read_results


def known() -> None:
    """Draw the section: which experiment, what it asks, its table, how it was run."""
    with st.expander(
        _("Known results: published figures, and the same experiments run here"),
        icon=":material/menu_book:",
        key="known-results",
        on_change="rerun",
    ) as section:
        if not section.open:  # nothing is read for who does not ask
            return
        results = read_results()
        if not results:
            st.info(_("No results are kept here: `make reproduce` makes them."))
            return
        name = st.segmented_control(
            _("Experiment"),
            [name for name in PUBLICATIONS if name in results],
            default=next(name for name in PUBLICATIONS if name in results),
            required=True,
            format_func=lambda name: _(PUBLICATIONS[name].title),
            key="known-experiment",
            persist_state="session",
            label_visibility="collapsed",
        )
        _experiment(PUBLICATIONS[name], results[name])


def _experiment(about: Publication, result: Result) -> None:
    st.markdown(f"**{_(about.question)}** {plain(say(result.measure))}")
    rows = [row for row in result.rows if not row.column]
    st.dataframe(
        table_of(rows),
        hide_index=True,
        height="content",
        column_config=_columns(),
        alt=_("Published figures and those measured here"),
    )
    if len(rows) < len(result.rows):
        st.caption(_("Each series on its own, the median of the seeds:"))
        st.dataframe(
            wide_table_of(result.rows),
            hide_index=True,
            height="content",
            column_config={"what": st.column_config.TextColumn("", width="large")},
            alt=_("The same for each series on its own"),
        )
    for text in about.why:
        st.markdown(f":material/lightbulb: {_(text)}")
    settings = [plain(say(message)) for message in result.settings]
    for heading, texts in (
        (_("**How it was run here**"), settings),
        (_("**What differs from the source**"), [_(text) for text in about.deviations]),
    ):
        st.markdown("\n".join([heading, "", *(f"- {text}" for text in texts)]))
    links = " · ".join(f"<{link}>" for link in about.links)
    st.caption(_("Source: {source}. {links}").format(source=plain(about.source), links=links))
    st.caption(
        _(
            "Run on {date} in {seconds} s with TensorFlow {version}, seeds {first} to {last}; "
            "`python -m rnn_core.reproduce {name}` runs it again."
        ).format(
            date=result.made,
            seconds=f"{result.seconds:.0f}",
            version=result.versions.get("tensorflow", "?"),
            first=min(result.seeds),
            last=max(result.seeds),
            name=result.experiment,
        )
    )


def table_of(rows: Sequence[Row]) -> pd.DataFrame:
    """Give a line for each figure: published, here, the range of the runs and their number."""
    return pd.DataFrame(
        [
            {
                "what": say(row.label),
                "published": row.written(row.published, row.spread),
                "here": _here(row),
                "range": _range(row),
                "runs": str(len(row.values) or ""),
            }
            for row in rows
        ]
    )


def wide_table_of(rows: Sequence[Row]) -> pd.DataFrame:
    """Give a line for each label and a column for each of its rows' columns."""
    lines: dict[str, dict[str, object]] = {}
    for row in rows:
        if row.column:
            line = lines.setdefault(say(row.label), {"what": say(row.label)})
            line[_(row.column)] = row.here if row.here is None else round(row.here, row.digits)
    return pd.DataFrame(list(lines.values()))


def _here(row: Row) -> str:
    here = row.written(row.here, row.deviation)
    reached, runs = len(row.known), len(row.values)
    if reached < runs:
        if not reached:
            return _("not reached")
        return _("{here} ({reached} of {runs} runs)").format(
            here=here or _("not reached"), reached=reached, runs=runs
        )
    if runs < 2:
        return here
    return f"{here} ({_(SUMMARIES[row.summary].label).lower()})"


def _range(row: Row) -> str:
    if len(row.known) < 2:
        return ""
    return f"{row.written(min(row.known))} – {row.written(max(row.known))}"


def _columns() -> dict[str, object]:
    return {
        "what": st.column_config.TextColumn("", width="large"),
        "published": st.column_config.TextColumn(_("Published"), width=120),
        "here": st.column_config.TextColumn(_("Here"), width=170),
        "range": st.column_config.TextColumn(
            _("Lowest – highest"), width=150, help=_("Of the runs, each from another seed.")
        ),
        "runs": st.column_config.TextColumn(_("Runs"), width=60),
    }
