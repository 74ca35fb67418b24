"""Network and baselines on the same points, in all the usual measures."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from pages.ui.forecast.judged import Judged
from pages.ui.forecast.pictures import unit_of
from pages.ui.forecast.siblings import seed_errors
from pages.ui.i18n import _, plain, say
from rnn_core.forecast.accuracy import MEASURES, Accuracy
from rnn_core.forecast.evaluate import NETWORK
from rnn_core.forecast.evaluate import Judged as Points
from rnn_core.forecast.seeds import spread
from rnn_core.forecast.significance import comparison_message
from rnn_core.plots.methods import METHODS, method_name

COLUMNS = ["method", *MEASURES, "skill", "said"]


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
    rows = all_rows(judged, step)
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
            row |= _figures(errors)
            row["skill"] = 100 * (1 - errors.rmse / lowest)
        row["said"] = _said(points, name, step)
        rows.append(row)
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found.sort_values("rmse", kind="stable", na_position="last", ignore_index=True)


def seeds_table(judged: Judged) -> None:
    """Draw the errors of each seed, one step ahead, with mean and deviation."""
    rows = [
        {"method": _("Seed {seed}").format(seed=seed), **_figures(errors)}
        for seed, errors in seed_errors(judged).items()
    ]
    found = pd.DataFrame([*rows, *spread_rows(judged)], columns=COLUMNS[:-1])
    st.dataframe(
        found,
        hide_index=True,
        height="content",
        column_config={name: c for name, c in _columns(judged, found).items() if name != "said"},
        alt=_("Errors of each seed, with mean and deviation"),
    )


def all_rows(judged: Judged, step: int) -> pd.DataFrame:
    """Give the rows of the methods and, one step ahead, those of several seeds below them."""
    rows = rows_of(points_at(judged, step), step)
    seeds = spread_rows(judged) if step == 1 else []
    return pd.DataFrame([*rows.to_dict("records"), *seeds], columns=COLUMNS)


def spread_rows(judged: Judged) -> list[dict[str, object]]:
    """Give mean and deviation over the seeds that are through, a row each; none of one seed."""
    errors = list(seed_errors(judged).values())
    if len(errors) < 2:
        return []
    spreads = {name: spread([getattr(each, name) for each in errors]) for name in MEASURES}
    best = judged.evaluation.one_step.skill()
    lowest = math.nan
    if best is not None:
        lowest = judged.evaluation.one_step.accuracy[best[0]][0].rmse
    mean = {name: found.mean for name, found in spreads.items()}
    deviation = {name: found.deviation for name, found in spreads.items()}
    return [
        {
            "method": _("Mean of {count} seeds").format(count=len(errors)),
            **mean,
            "skill": 100 * (1 - mean["rmse"] / lowest),
            "said": _("The same network, trained with {count} seeds").format(count=len(errors)),
        },
        {
            "method": _("± deviation"),
            **deviation,
            "skill": 100 * deviation["rmse"] / lowest,
            "said": _("How far one seed lies from that mean: its standard deviation"),
        },
    ]


def _figures(errors: Accuracy) -> dict[str, float]:
    return {name: getattr(errors, name) for name in MEASURES}


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
            width=_width(rows["skill"]),
            help=_(
                "How much smaller the RMSE is than that of the best naive forecast (persistence, "
                "mean, drift, seasonal naive). Below 0: not even that."
            ),
        ),
        "said": st.column_config.TextColumn(
            _("The network against it"),
            width=510,
            help=_("Diebold-Mariano test of the squared errors, two-sided."),
        ),
    }
    for name, measure in MEASURES.items():
        columns[name] = st.column_config.NumberColumn(
            _(measure.label),
            help=_(measure.help),
            width=_width(rows[name]) if measure.unit else _width(rows[name], room=1e8),
            format="%.1f %%" if measure.unit == "%" else "%.4g" if not measure.unit else "%.2f",
        )
    return columns


def _width(figures: pd.Series, room: float = 1e4) -> int:
    """Give how wide a column is, in pixels: what is too long for its cell loses its first digits.

    ``room`` is the least figure that takes a wider one, in the column's own way of writing it.
    """
    return 62 if figures.abs().max() < room else 115
