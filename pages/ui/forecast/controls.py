"""What a person can choose of how a run is judged and drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui.i18n import _
from rnn_core.forecast.baselines import BASELINES
from rnn_core.forecast.free_run import LONGEST_HORIZON
from rnn_core.forecast.intervals import LEVELS
from rnn_core.series import Series

USUAL_HORIZON = 12
LONGEST_USUAL = 48  # where a season is longer, the horizon is entered by hand
SHOWN = ("seasonal_naive",)


@dataclass(frozen=True)
class Chosen:
    """How far ahead, with which season, and what is drawn."""

    horizon: int
    season: int
    levels: tuple[float, ...]
    baselines: tuple[str, ...]


def controls(run_id: str, series: Series) -> Chosen:
    """Draw the choices for a run on ``series``."""
    usual = series.season if 1 < series.season <= LONGEST_USUAL else USUAL_HORIZON
    st.session_state.setdefault("forecast-horizon", usual)
    horizon = st.number_input(
        _("Horizon (steps)"),
        min_value=1,
        max_value=LONGEST_HORIZON,
        step=1,
        key="forecast-horizon",
        persist_state="session",
        help=_("How many steps ahead the network forecasts when it runs on its own output."),
    )
    season = st.number_input(
        _("Season (steps)"),
        min_value=0,
        max_value=len(series),
        value=series.season,
        step=1,
        key=f"forecast-season-{run_id}",
        persist_state="session",
        help=_(
            "After how many steps the pattern repeats; 0: it does not. Used by seasonal naive, "
            "Theta, ETS and MASE; the network stays as it was trained."
        ),
    )
    levels = _several(
        _("Intervals"),
        {level: f"{100 * level:g} %" for level in LEVELS},
        LEVELS,
        key="forecast-levels",
        tip=_(
            "Of 100 forecasts, so many should have the truth inside. The width comes from how far "
            "off the network was on the validation part."
        ),
    )
    baselines = _several(
        _("Baselines in the picture"),
        {name: _(baseline.label) for name, baseline in BASELINES.items()},
        SHOWN,
        key="forecast-baselines",
        tip=_("Forecasts anyone can make without a network. The table has all of them."),
    )
    return Chosen(int(horizon), int(season), tuple(sorted(levels)), tuple(baselines))


def switch(label: str, options: Mapping[str, str], *, key: str) -> str:
    """Draw a row of which one is chosen, the first at the start; ``label`` is for readers aloud."""
    chosen: str = st.segmented_control(
        label,
        list(options),
        default=next(iter(options)),
        required=True,
        format_func=options.__getitem__,
        key=key,
        persist_state="session",
        label_visibility="collapsed",
    )
    return chosen


def _several(
    label: str, options: Mapping[Any, str], default: Sequence[Any], *, key: str, tip: str
) -> list[Any]:
    chosen: list[Any] = st.pills(
        label,
        list(options),
        selection_mode="multi",
        default=default,
        format_func=options.__getitem__,
        key=key,
        persist_state="session",
        help=tip,
    )
    return chosen
