"""The first words on the page: how it came out, why, what to do; each with its picture."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.forecast.controls import Chosen
from pages.ui.forecast.judged import Judged
from pages.ui.forecast.pictures import READING, WHY
from pages.ui.i18n import _, plain, say
from pages.ui.once import once
from pages.ui.plot import plot
from rnn_core.forecast.diagnoses import PICTURES, Finding

OUTCOME = "outcome"
WHY_HEIGHT = 270
ICONS = {"problem": ":material/warning:", "note": ":material/info:"}


def verdict(judged: Judged, chosen: Chosen) -> None:
    """Draw the conclusion and all findings beside it."""
    conclusion = judged.conclusion
    praised = not any(finding.kind == "looks_ahead" for finding in judged.findings)
    show = {
        "verdict.beats": st.success if praised else st.warning,
        "verdict.no_better": st.warning,
    }.get(
        conclusion.outcome.kind,
        st.error if conclusion.outcome.kind != "verdict.perfect_baseline" else st.info,
    )
    said = [f"**{plain(say(conclusion.outcome))}**"]
    if conclusion.reason is not None:
        said.append(plain(say(conclusion.reason)))
    said.append(_("**Next:** {step}").format(step=plain(say(conclusion.next_step))))
    words, why = _beside()
    with words:
        show(" ".join(said))
    with why:
        _why_button(OUTCOME, conclusion.picture)
    _opened(OUTCOME, conclusion.picture, judged, chosen)
    for finding in others(judged):
        _finding(finding, judged, chosen)


def others(judged: Judged) -> list[Finding]:
    """Give the findings that the conclusion does not say already."""
    said = (judged.conclusion.outcome, judged.conclusion.reason)
    return [finding for finding in judged.findings if finding.message not in said]


def _finding(finding: Finding, judged: Judged, chosen: Chosen) -> None:
    words, why = _beside()
    with words:
        st.markdown(
            f"{ICONS[finding.severity]} {plain(say(finding.message))} "
            f":gray[{plain(say(finding.next_step))}]"
        )
    with why:
        _why_button(finding.kind, finding.picture)
    _opened(finding.kind, finding.picture, judged, chosen)


def _beside() -> list[DeltaGenerator]:
    return st.columns([11, 1.2], vertical_alignment="center", gap="small")


def _why_button(kind: str, picture: str) -> None:
    opened = st.session_state.get("forecast-why") == kind
    st.button(
        _("Close") if opened else _("Why?"),
        key=f"why-{kind}",
        on_click=once(_toggle),
        args=(kind,),
        icon=":material/expand_less:" if opened else ":material/expand_more:",
        help=_(PICTURES[picture]),
        width="stretch",
    )


def _toggle(kind: str) -> None:
    opened = st.session_state.get("forecast-why")
    st.session_state["forecast-why"] = None if opened == kind else kind


def _opened(kind: str, picture: str, judged: Judged, chosen: Chosen) -> None:
    if st.session_state.get("forecast-why") != kind:
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{_(PICTURES[picture])}**")
        figure, alt = WHY[picture](judged, chosen)
        plot(figure, key="plot-why", height=WHY_HEIGHT, alt=say(alt))
        st.caption(_(READING[picture]))
