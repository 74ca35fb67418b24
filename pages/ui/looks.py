"""A look into the series before training: one diagnostic at a time, and what they suggest."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui import session
from pages.ui.i18n import _, plain, say
from pages.ui.plot import plot
from pages.ui.prepared import series_of, windows_of
from pages.ui.recent import Recent
from pages.ui.runtime import store
from rnn_core.config import OPTIONS, Experiment, SeriesConfig
from rnn_core.messages import N_, Message, RnnError
from rnn_core.plots import (
    correlation_alt,
    correlation_figure,
    decomposition_alt,
    decomposition_figure,
    distribution_alt,
    distribution_figure,
    spectrum_alt,
    spectrum_figure,
)
from rnn_core.series import Series
from rnn_core.series.diagnostics import (
    Suggestion,
    autocorrelation,
    decompose,
    find_period,
    spectrum,
    spread,
    stationarity,
    suggest,
)

HEIGHT = 300
_LOOKED: Recent[Any] = Recent(32)
_SUGGESTED: Recent[Suggestion] = Recent(32)


@dataclass(frozen=True)
class Look:
    """One diagnostic: its name on the page, what it computes, and how that is shown."""

    label: str
    find: Callable[[Series], Any]
    show: Callable[[Series, Any], None]


@st.fragment
def panel(config: SeriesConfig, experiment: Experiment | None) -> None:
    """Draw the chosen look into a series, and nothing of the others."""
    labels = {name: _(look.label) for name, look in LOOKS.items()}
    labels["distribution"] = _("Distribution")
    st.session_state.setdefault("look", next(iter(labels)))
    chosen = st.segmented_control(
        _("Look into the series"),
        list(labels),
        format_func=lambda name: labels[name],
        key="look",
        required=True,
        label_visibility="collapsed",
    )
    try:
        if chosen == "distribution":
            _distribution(experiment)
        else:
            series = series_of(config)
            LOOKS[chosen].show(series, _found(config, chosen))
    except RnnError as error:
        st.info(plain(say(error.message)))


def suggestion(config: SeriesConfig, experiment: Experiment | None) -> None:
    """Say what the series suggests for its preparation, and why; one click takes it over."""
    try:
        found = _suggested(config, experiment or Experiment(series=config))
    except RnnError as error:
        st.info(plain(say(error.message)))
        return
    chosen = session.values()
    known = series_of(dataclasses.replace(config, season=0)).season
    for name, value in found.values.items():
        option = OPTIONS[name]
        said = f"**{_(option.label)}: {_shown(name, value, known)}**"
        if chosen[name] != value:
            said += " · " + _("now {value}").format(value=_shown(name, chosen[name], known))
        st.markdown(said)
        st.caption(plain(say(found.reasons[name])))
    for note in found.notes:
        st.caption(plain(say(note)))
    same = all(chosen[name] == value for name, value in found.values.items())
    st.button(
        _("This is what is chosen") if same else _("Take these over"),
        key="take-suggestion",
        disabled=same,
        on_click=session.choose,
        args=(dict(found.values),),
        icon=":material/check:",
    )


def _shown(name: str, value: Any, known: int) -> str:
    option = OPTIONS[name]
    if option.choices is not None:
        return _(option.choices.get(value, str(value)))
    if option.type is bool:
        return _("on") if value else _("off")
    if name == "season" and value == 0:
        return _("{steps}, as known").format(steps=known) if known else _("none")
    return option.text(value)


def _correlation(series: Series, found: Any) -> None:
    figure = correlation_figure.spec(
        found, season=series.season, time_unit=_(series.time_unit), translate=_
    )
    plot(figure, key="plot-correlation", height=HEIGHT, alt=say(correlation_alt(found)))
    st.caption(
        _(
            "ACF: how values correlate with those so many steps before. PACF: what is left of it "
            "once the steps between are known. Between the dashed lines chance is enough."
        )
    )
    _notes(found.notes)


def _season(series: Series) -> Any:
    period = find_period(series.values)
    steps = series.season if series.season > 1 else period.steps
    return period, decompose(series.values, steps) if steps > 1 else None


def _show_season(series: Series, found: Any) -> None:
    period, parts = found
    st.markdown(plain(say(period.message)))
    if parts is None:
        return
    unit = _(series.unit)
    figure = decomposition_figure.spec(
        series.times,
        parts,
        unit=unit,
        time_label=_(series.time_unit).capitalize(),
        translate=_,
    )
    said = say(decomposition_alt(parts, unit=unit))
    plot(figure, key="plot-decomposition", height=420, alt=said)
    st.caption(plain(said))
    _notes(parts.notes)


def _stationarity(series: Series) -> Any:
    return stationarity(series.values), spread(series.values, series.season)


def _show_stationarity(series: Series, found: Any) -> None:
    level, swings = found
    st.markdown(plain(say(level.message)))
    st.markdown(plain(say(swings.message)))
    st.caption(
        _(
            "ADF takes a random walk for granted, KPSS a level; a p below 0.05 speaks against what "
            "is taken for granted."
        )
    )
    _notes(level.notes)


def _show_spectrum(series: Series, found: Any) -> None:
    figure = spectrum_figure.spec(found, season=series.season, translate=_)
    said = say(spectrum_alt(found))
    plot(figure, key="plot-spectrum", height=HEIGHT, alt=said)
    st.caption(plain(said))
    _notes(found.notes)


def _distribution(experiment: Experiment | None) -> None:
    if experiment is None:
        st.info(_("The distribution can be shown once the settings can be used."))
        return
    windows = windows_of(experiment)
    before, after, unit = windows.series.values, windows.z, _(windows.series.unit)
    figure = distribution_figure.spec(before, after, unit=unit, translate=_)
    said = say(distribution_alt(before, after, unit=unit))
    plot(figure, key="plot-distribution", height=HEIGHT, alt=said)
    st.caption(plain(said))


def _notes(notes: tuple[Message, ...]) -> None:
    for note in notes:
        st.caption(plain(say(note)))


LOOKS: Mapping[str, Look] = {
    "correlation": Look(
        N_("Autocorrelation"), lambda series: autocorrelation(series.values), _correlation
    ),
    "season": Look(N_("Season"), _season, _show_season),
    "stationarity": Look(N_("Stationarity"), _stationarity, _show_stationarity),
    "spectrum": Look(N_("Spectrum"), lambda series: spectrum(series.values), _show_spectrum),
}


# The store's address is part of each key: what one store has, another may not.


def _found(config: SeriesConfig, name: str) -> Any:
    return _LOOKED.get((store().url, config, name), lambda: LOOKS[name].find(series_of(config)))


def _suggested(config: SeriesConfig, experiment: Experiment) -> Suggestion:
    return _SUGGESTED.get(
        (store().url, config, experiment), lambda: suggest(series_of(config), experiment)
    )
