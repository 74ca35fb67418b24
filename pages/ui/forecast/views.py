"""The views of a judged run, one at a time: only what is shown is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from pages.ui.forecast.backtest import backtest
from pages.ui.forecast.controls import Chosen, switch
from pages.ui.forecast.judged import Judged
from pages.ui.forecast.pictures import (
    READING,
    Picture,
    coverage_picture,
    errors_picture,
    lag_picture,
    mode_help,
    path_picture,
    together_picture,
)
from pages.ui.forecast.seeds import seeds
from pages.ui.forecast.table import table
from pages.ui.forecast.takeaway import takeaway
from pages.ui.i18n import _, plain, say
from pages.ui.plot import plot
from rnn_core.forecast.free_run import feeding_message, future_message
from rnn_core.forecast.intervals import coverage_message
from rnn_core.forecast.paths import MODES
from rnn_core.messages import N_, Message

HEIGHT = 300
TOGETHER = "together"  # beside the modes, which it shows in one picture


@dataclass(frozen=True)
class View:
    """A view's name and what draws it."""

    label: str
    draw: Callable[[Judged, Chosen], None]


def views(judged: Judged, chosen: Chosen) -> None:
    """Draw the switch and the view that is chosen."""
    labels = {name: _(view.label) for name, view in VIEWS.items()}
    name = switch(_("View"), labels, key="forecast-view")
    VIEWS[name].draw(judged, chosen)


def _forecast(judged: Judged, chosen: Chosen) -> None:
    labels = {name: _(mode.label) for name, mode in MODES.items()} | {TOGETHER: _("All in one")}
    mode = switch(_("Forecast"), labels, key="forecast-mode")
    if mode == TOGETHER:
        feeding = feeding_message(judged.windows.steps, judged.question.horizon)
        st.caption(
            _(
                "One step ahead from the true values, and {horizon} steps ahead: from the truth "
                "anew at each dotted line, and on into the future. Intervals: in the test part of "
                "one step, in the future of as many steps as it is ahead."
            ).format(horizon=f"{judged.question.horizon:,}")
            + (f" {say(feeding)}" if feeding is not None else "")
        )
        _draw(together_picture(judged, chosen), "path")
    else:
        st.caption(mode_help(judged, mode))
        _draw(path_picture(judged, chosen, mode), "path")
    if mode in ("future", TOGETHER):
        _note(future_message(judged.windows, len(judged.evaluation.future)))
    _intervals_note(judged)
    table(judged)


def _errors(judged: Judged, chosen: Chosen) -> None:
    if judged.question.horizon == 1:
        st.info(_("A horizon of 1 has one step: choose a longer one to see the errors grow."))
    _draw(errors_picture(judged, chosen), "errors")
    st.caption(_(READING["errors"]))
    feeding = feeding_message(judged.windows.steps, judged.question.horizon)
    if feeding is not None:
        st.caption(say(feeding))
    st.caption(
        _(
            "From {count} origins, evenly spread in and before the test part; only points of the "
            "test part are counted."
        ).format(count=len(judged.evaluation.ahead.origins))
    )


def _intervals(judged: Judged, chosen: Chosen) -> None:
    coverage = judged.evaluation.coverage
    _draw(coverage_picture(judged, chosen), "coverage")
    st.caption(_(READING["coverage"]))
    _intervals_note(judged)
    last = coverage.shares.shape[1] - 1
    for level in chosen.levels:
        for step in dict.fromkeys((0, last)):
            st.markdown(f"- {plain(say(coverage_message(coverage, level, step)))}")


def _intervals_note(judged: Judged) -> None:
    evaluation = judged.evaluation
    _note(evaluation.own_message)
    _note(evaluation.intervals_message)


def _note(message: Message | None) -> None:
    if message is not None:
        st.caption(f":material/info: {plain(say(message))}")


def _lag(judged: Judged, chosen: Chosen) -> None:
    forecasts = {str(slid.step): slid for slid in judged.evaluation.slid}
    step = "1"
    if len(forecasts) > 1:
        labels = {name: _("Step {step} ahead").format(step=name) for name in forecasts}
        step = switch(_("Steps ahead"), labels, key=f"forecast-lag-step-{'-'.join(forecasts)}")
    slid = forecasts[step]
    profile = slid.profile
    if profile is None:
        st.info(
            _(
                "Nothing to slide here: the test part has too few points, or truth or forecast "
                "never change."
            )
        )
        return
    slide = st.slider(
        _("Slide the forecast back by (steps)"),
        min_value=0,
        max_value=len(profile.correlations) - 1,
        value=profile.best,
        key=f"forecast-slide-{judged.question.run_id}-{judged.question.epoch}-{step}",
        help=_(READING["lag"]),
    )
    _draw(lag_picture(judged, chosen, slid, slide), "lag")
    if profile.lagged_copy:
        said = _("A copy of the past: it fits the truth best when slid back by {best}.")
    elif profile.best == 0:
        said = _(
            "No lagged copy: the forecast fits the truth best where it stands. Its RMSE is {rmse}, "
            "that of repeating the last value {persistence}."
        )
    else:
        said = _(
            "It fits the truth best when slid back by {best}, yet it is no lagged copy: its "
            "RMSE is {rmse}, that of repeating the last value {persistence}."
        )
    st.markdown(
        said.format(
            best=profile.best,
            rmse=f"{profile.rmse:.4g}",
            persistence=f"{profile.persistence_rmse:.4g}",
        )
    )


def _draw(picture: Picture, name: str) -> None:
    figure, alt = picture
    # What is not drawn is chosen beside the picture: a phone has no room for it in the legend.
    for trace in figure["data"]:
        if trace.get("visible") == "legendonly":
            trace["showlegend"] = False
    plot(figure, key=f"plot-{name}", height=HEIGHT, alt=say(alt))


VIEWS: Mapping[str, View] = {
    "forecast": View(N_("Forecast"), _forecast),
    "errors": View(N_("Errors by step"), _errors),
    "intervals": View(N_("Intervals"), _intervals),
    "lag": View(N_("Lag"), _lag),
    "backtest": View(N_("Backtest"), backtest),
    "seeds": View(N_("Seeds"), seeds),
    "takeaway": View(N_("Take it away"), takeaway),
}
