"""The same forecast made again and again, as if each origin were today."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui.forecast.controls import Chosen, switch
from pages.ui.forecast.judged import Backtests, Judged, backtests_of, plan_of
from pages.ui.forecast.pictures import unit_of
from pages.ui.forecast.tasks import follow
from pages.ui.i18n import _, plain, say
from pages.ui.plot import plot
from pages.ui.runtime import pool
from rnn_core.config import BacktestConfig
from rnn_core.config.backtest import WINDOWS
from rnn_core.forecast.accuracy import MEASURES, Accuracy
from rnn_core.forecast.backtest import Backtest
from rnn_core.forecast.evaluate import NETWORK
from rnn_core.forecast.free_run import usable
from rnn_core.messages import SeriesError
from rnn_core.options import options_of
from rnn_core.plots import (
    backtest_alt,
    backtest_figure,
    horizon_error_alt,
    horizon_error_figure,
)
from rnn_core.plots.methods import METHODS
from rnn_core.runs.backtests import stored_backtest
from rnn_core.runs.states import RunState
from rnn_core.runs.tasks import BACKTEST

MOST_FOLDS = int(options_of(BacktestConfig)["folds"].high or 0)
USUAL_FOLDS = options_of(BacktestConfig)["folds"].default
HEIGHT = 280
ONCE = "once"
FOLDS = "backtest-folds"
CHOSEN = "backtest-folds-chosen"


def backtest(judged: Judged, chosen: Chosen) -> None:
    """Draw the choices of a backtest and what it came to."""
    st.caption(
        _(
            "One test part may be luck. Here the forecast over the whole horizon is made from "
            "several origins in turn, each time from what was known there."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        window = st.selectbox(
            _("Fitted"),
            [ONCE, *WINDOWS],
            format_func=lambda name: (
                _("Once, with the network as it was trained") if name == ONCE else _(WINDOWS[name])
            ),
            key="backtest-fitted",
            persist_state="session",
            help=_(
                "Once: origins lie in the test part, and network and baselines stay as they were "
                "fitted. Else they are fitted anew before each origin, and with more data before "
                "them there is room for more origins."
            ),
        )
        folds = _folds(judged, window)
    config = _config(judged, window, folds)
    place = st.empty()

    def on_progress(share: float) -> None:
        # Drawing is also where the page listens: another click, or a closed tab, ends the fitting.
        place.progress(share, text=_("Fitting the baselines…"))

    try:
        found = backtests_of(judged, config, folds, on_progress)
    except SeriesError as error:
        place.info(plain(say(error.message)))
        return
    place.empty()
    network = None if config is None else _refitted(judged, config)
    _draw(judged, found.found if network is None else {**found.found, NETWORK: network})
    _refused(found)


def _folds(judged: Judged, window: str) -> int:
    """Draw how many origins there are: as many as usual where there is room, until one chooses."""
    state = st.session_state
    if CHOSEN not in state:
        # One widget throughout: another one would lose what was typed while the page was at work.
        state[FOLDS] = max(1, min(USUAL_FOLDS, _possible(judged, window)))
    return int(
        st.number_input(
            _("Origins"),
            min_value=1,
            max_value=MOST_FOLDS,
            step=1,
            key=FOLDS,
            persist_state="session",
            on_change=state.update,
            args=({CHOSEN: True},),
            width=140,
        )
    )


def _refitted(judged: Judged, config: BacktestConfig) -> Backtest | None:
    """Draw how the network is trained anew, and give what it has come to so far."""
    task = follow(
        judged,
        BACKTEST,
        config.to_json(),
        label=_("Train the network at each origin"),
        tip=_(
            "Trains this experiment {count} times in a process of its own; what is done stays "
            "when you leave the page."
        ).format(count=config.folds),
        total=config.folds,
    )
    if task is None:
        st.caption(_("So far the baselines alone: the network has to be trained for this."))
        return None
    plan = plan_of(judged, config, config.folds)
    found = stored_backtest(pool().tasks, task, judged.windows.series, plan)
    done = 0 if found is None else len(found.origins)
    if task.state is RunState.STOPPED:
        st.caption(
            _("Stopped after {done} of {total} origins.").format(done=done, total=config.folds)
        )
    return found


def _draw(judged: Judged, found: dict[str, Backtest]) -> None:
    series = judged.windows.series
    words = {"measure": _(MEASURES["rmse"].label), "unit": _(series.unit)}
    origins = next(iter(found.values())).origins
    # As long as the network is not through, on the origins that it has done.
    common = min(len(done.origins) for done in found.values())
    # A missing value leaves the network nothing to forecast from; one that ran away stays in.
    whole = np.isin(origins, usable(judged.windows, origins))
    counted = int(whole[:common].sum())
    if counted < common:
        st.caption(
            ":material/info: "
            + _(
                "{count} of {total} origins do not count: a value is missing among those that the "
                "network would forecast from. Choose what is done about missing values "
                "(missing-values), or fewer timesteps."
            ).format(count=common - counted, total=common)
        )
    if not counted:
        return
    same = {name: done.first(common).at(whole[:common]) for name, done in found.items()}
    view = switch(
        _("Errors"),
        {"origin": _("Errors by origin"), "step": _("Errors by step ahead")},
        key="backtest-view",
    )
    if view == "origin":
        errors = {name: np.full(len(origins), np.nan) for name in found}
        for name, done in found.items():
            errors[name][: len(done.origins)] = _rmse(done.by_origin())
            errors[name][~whole] = np.nan
        figure = backtest_figure.spec(
            series.times[origins],
            errors,
            time_label=_("Origin of the forecast"),
            translate=_,
            **words,
        )
        alt = _said(errors, words)
    else:
        steps = {name: _rmse(done.by_step()) for name, done in same.items()}
        figure = horizon_error_figure.spec(steps, translate=_, **words)
        alt = say(horizon_error_alt(steps, **words))
    plot(figure, key="plot-backtest", height=HEIGHT, alt=alt)
    _table(same)
    st.caption(
        _(
            "All methods from the same {count} origins, {horizon} steps from each; RMSE in {unit}."
        ).format(count=counted, horizon=judged.question.horizon, unit=plain(unit_of(judged)))
    )


def _table(found: dict[str, Backtest]) -> None:
    rows = []
    for name, done in found.items():
        values = _rmse(done.by_origin())
        rows.append(
            {
                "method": _(METHODS[name].label),
                "mean": float(values.mean()),
                "low": float(values.min()),
                "high": float(values.max()),
            }
        )
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


def _refused(backtests: Backtests) -> None:
    """Say of each method that is in neither picture nor table why it is not."""
    for name, reason in backtests.refused.items():
        st.caption(
            _("{method} is left out here: {reason}").format(
                method=_(METHODS[name].label), reason=plain(say(reason))
            )
        )


def _rmse(errors: list[Accuracy]) -> np.ndarray:
    return np.array([each.rmse for each in errors])


def _said(errors: dict[str, np.ndarray], words: dict[str, str]) -> str:
    if NETWORK in errors:
        return say(backtest_alt(errors, **words))
    return _("Backtest of the baselines from {count} origins: {measure} by origin.").format(
        count=len(next(iter(errors.values()))), measure=words["measure"]
    )


def _config(judged: Judged, window: str, folds: int) -> BacktestConfig | None:
    """Give the choices of a backtest that is fitted anew, None for one fitted once."""
    return BacktestConfig(window, folds, judged.question.horizon) if window != ONCE else None


def _possible(judged: Judged, window: str) -> int:
    """Give the most origins that there is room for, 0 if there is none."""
    for folds in range(MOST_FOLDS, 0, -1):
        try:
            plan_of(judged, _config(judged, window, folds), folds)
        except SeriesError:
            continue
        return folds
    return 0
