"""The same forecast made again and again, as if each origin were today."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui.forecast.controls import Chosen
from pages.ui.forecast.judged import Judged, backtests_of, plan_of
from pages.ui.i18n import _, plain, say
from pages.ui.plot import plot
from rnn_core.forecast.accuracy import MEASURES
from rnn_core.forecast.backtest import WINDOWS, Backtest
from rnn_core.messages import SeriesError
from rnn_core.plots import backtest_alt, backtest_figure
from rnn_core.plots.methods import METHODS

MOST_FOLDS = 20
HEIGHT = 280
ONCE = "once"


def backtest(judged: Judged, chosen: Chosen) -> None:
    """Draw the choices of a backtest and what it came to."""
    st.caption(
        _(
            "One test part may be luck. Here the forecast over the whole horizon is made from "
            "several origins in turn, each time from what was known there."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        fitted = st.selectbox(
            _("Fitted"),
            [ONCE, *WINDOWS],
            format_func=lambda name: (
                _("Once, with the network as it was trained") if name == ONCE else _(WINDOWS[name])
            ),
            key="backtest-fitted",
            persist_state="session",
            help=_(
                "Once: origins lie in the test part, and the network is in it. Anew at each "
                "origin: the baselines alone, with more origins; the network would have to be "
                "trained again each time."
            ),
        )
        refit = fitted != ONCE
        window = fitted if refit else "expanding"
        possible = _possible(judged, window, refit)
        folds = st.number_input(
            _("Origins"),
            min_value=1,
            max_value=MOST_FOLDS,
            value=max(1, min(6, possible)),
            step=1,
            key=f"backtest-folds-{refit}-{judged.question.horizon}",
            width=140,
        )
    try:
        with st.spinner(_("Fitting the baselines…"), show_time=True):
            found = backtests_of(judged, int(folds), window, refit)
    except SeriesError as error:
        st.info(plain(say(error.message)))
        return
    _draw(judged, found)
    if refit:
        st.caption(
            _(
                "Without the network: to train it anew before each origin, from Python, see "
                "`rnn_core.engine.backtest.network_fit_predict`."
            )
        )


def _draw(judged: Judged, found: dict[str, Backtest]) -> None:
    series = judged.windows.series
    errors = {
        name: np.array([each.rmse for each in done.by_origin()]) for name, done in found.items()
    }
    origins = next(iter(found.values())).origins
    words = {"measure": _(MEASURES["rmse"].label), "unit": _(series.unit)}
    figure = backtest_figure(
        series.times[origins],
        errors,
        time_label=_("Origin of the forecast"),
        translate=_,
        **words,
    )
    plot(figure, key="plot-backtest", height=HEIGHT, alt=_said(errors, words))
    rows = [
        {
            "method": _(METHODS[name].label),
            "mean": float(values.mean()),
            "low": float(values.min()),
            "high": float(values.max()),
        }
        for name, values in errors.items()
    ]
    numbers = {
        "mean": _("RMSE, mean over the origins"),
        "low": _("Lowest"),
        "high": _("Highest"),
    }
    st.dataframe(
        pd.DataFrame(rows).sort_values("mean", ignore_index=True),
        hide_index=True,
        height="content",
        column_config={
            "method": st.column_config.TextColumn(_("Method"), pinned=True),
            **{
                name: st.column_config.NumberColumn(label, format="%.4g")
                for name, label in numbers.items()
            },
        },
        alt=_("Errors of the backtest by method"),
    )


def _said(errors: dict[str, np.ndarray], words: dict[str, str]) -> str:
    if "network" in errors:
        return say(backtest_alt(errors, **words))
    return _("Backtest of the baselines from {count} origins: {measure} by origin.").format(
        count=len(next(iter(errors.values()))), measure=words["measure"]
    )


def _possible(judged: Judged, window: str, refit: bool) -> int:
    """Give the most origins that there is room for, 0 if there is none."""
    for folds in range(MOST_FOLDS, 0, -1):
        try:
            plan_of(judged, folds, window, refit)
        except SeriesError:
            continue
        return folds
    return 0
