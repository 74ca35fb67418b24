"""Network and baselines on the same points, in all the usual measures."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from pages.ui.forecast.judged import Judged
from pages.ui.forecast.pictures import unit_of
from pages.ui.i18n import _, plain, say
from rnn_core.forecast.accuracy import MEASURES
from rnn_core.forecast.evaluate import NETWORK
from rnn_core.forecast.evaluate import Judged as Points
from rnn_core.forecast.significance import comparison_message
from rnn_core.plots.methods import METHODS, method_name


def table(judged: Judged) -> None:
    """Draw the table for a step ahead that can be chosen."""
    horizon = judged.question.horizon
    step = 1
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if horizon > 1:
            step = st.number_input(
                _("Errors at step"),
                min_value=1,
                max_value=horizon,
                step=1,
                key=f"forecast-step-{horizon}",
                width=140,
                help=_("How many steps ahead the forecasts are that the table measures."),
            )
        points = points_at(judged, step)
        st.caption(about(judged, points, step))
    rows = rows_of(points, step)
    st.dataframe(
        rows,
        hide_index=True,
        height="content",
        column_config=_columns(judged, rows),
        alt=_("Errors of the network and of each baseline"),
    )
    for warning in (points.mape_warning, points.mase_warning):
        if warning is not None:
            st.caption(plain(say(warning)))


def points_at(judged: Judged, step: int) -> Points:
    """Give the forecasts that are measured ``step`` (from 1) steps ahead."""
    evaluation = judged.evaluation
    return evaluation.one_step if step == 1 else evaluation.ahead


def about(judged: Judged, points: Points, step: int) -> str:
    """Say which points are measured, in which unit."""
    count = points.accuracy[NETWORK][step - 1].count
    return _(
        "All methods on the same {count} points of the test part; RMSE and MAE in {unit}."
    ).format(count=f"{count:,}", unit=plain(unit_of(judged)))


def rows_of(points: Points, step: int) -> pd.DataFrame:
    """Give a row for each method, the best RMSE first, those that cannot be used last."""
    best = points.skill(step - 1)
    lowest = points.accuracy[best[0]][step - 1].rmse if best is not None else math.nan
    rows = []
    for name in (NETWORK, *points.baselines):
        row: dict[str, object] = {"method": _(METHODS[name].label)}
        if name in points.accuracy:
            errors = points.accuracy[name][step - 1]
            row |= {measure: getattr(errors, measure) for measure in MEASURES}
            row["skill"] = 100 * (1 - errors.rmse / lowest)
        row["said"] = _said(points, name, step)
        rows.append(row)
    columns = ["method", *MEASURES, "skill", "said"]
    found = pd.DataFrame(rows, columns=columns)
    return found.sort_values("rmse", kind="stable", na_position="last", ignore_index=True)


def _said(points: Points, name: str, step: int) -> str:
    if name == NETWORK:
        return ""
    baseline = points.baselines[name]
    if baseline.reason is not None:
        return say(baseline.reason)
    comparison = points.compare(name, step - 1)
    said = say(comparison_message(comparison, method_name(name))) if comparison else ""
    return f"{said} {say(baseline.note)}" if baseline.note is not None else said


def _columns(judged: Judged, rows: pd.DataFrame) -> dict[str, object]:
    columns: dict[str, object] = {
        "method": st.column_config.TextColumn(_("Method"), width=105, pinned=True),
        "skill": st.column_config.NumberColumn(
            _("Skill"),
            format="%.0f %%",
            width=58,
            help=_(
                "How much smaller the RMSE is than that of the best naive forecast (persistence, "
                "mean, drift, seasonal naive). Below 0: not even that."
            ),
        ),
        "said": st.column_config.TextColumn(
            _("The network against it"),
            width=450,
            help=_("Diebold-Mariano test of the squared errors, two-sided."),
        ),
    }
    for name, measure in MEASURES.items():
        columns[name] = st.column_config.NumberColumn(
            _(measure.label),
            help=_(measure.help),
            width=62,
            format="%.1f %%" if measure.unit == "%" else "%.4g" if not measure.unit else "%.2f",
        )
    return columns
