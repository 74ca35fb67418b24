"""The series with its parts in time, and the windows that the network sees of it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui.choosing import hold
from pages.ui.i18n import _, plain, say
from pages.ui.plot import plot, zoomed
from pages.ui.prepared import windows_of
from rnn_core.config import Experiment
from rnn_core.plots import index_range, series_alt, series_figure, window_alt, window_figure
from rnn_core.plots.drawn import Spec, to_json
from rnn_core.plots.frame import time_axis
from rnn_core.series import Series
from rnn_core.windows import Windows, split_in_time

SERIES_HEIGHT, WINDOW_HEIGHT = 300, 380
SERIES_KEY = "plot-series"


@st.fragment
def series_panel(series: Series, experiment: Experiment | None, setting: str) -> None:
    """Draw the series, with what it is made by; a zoom gets its detail from the server."""
    shown = None
    ends = zoomed(SERIES_KEY, time_axis(series.times).get("uirevision"))
    if ends is not None:
        try:
            shown = index_range(series.times, *ends)
        except (ValueError, OverflowError):  # from a browser: anything may be in it
            shown = None
    figure, said = _series_picture(series, experiment, shown)
    plot(figure, key=SERIES_KEY, height=SERIES_HEIGHT, alt=said, setting=setting, zooms=True)
    st.caption(plain(said))


def preview_of(experiment: Experiment | None) -> Callable[[Series], tuple[str, str]]:
    """Give what draws a series as :func:`series_panel` does: its figure's JSON text and words."""

    def draw(series: Series) -> tuple[str, str]:
        figure, said = _series_picture(series, experiment, None)
        return to_json(figure), said

    return draw


def _series_picture(
    series: Series, experiment: Experiment | None, shown: tuple[int, int] | None
) -> tuple[Spec, str]:
    unit = _(series.unit)
    figure = series_figure.spec(
        series.times,
        series.values,
        split=split_in_time(len(series), experiment.window) if experiment else None,
        shown=shown,
        unit=unit,
        time_label=_(series.time_unit).capitalize(),
        translate=_,
    )
    return figure, _tidy(say(series_alt(series.values, unit=unit)))


@st.fragment
def windows_panel(experiment: Experiment) -> None:
    """Draw one window and its target, chosen by a slider, and say the shapes of all.

    The experiment is one that can be prepared.
    """
    windows = windows_of(experiment)
    first = int(windows.training[0])
    count = len(windows.series) - first
    chosen = min(st.session_state.get("data-window") or 1, count)
    hold("data-window", chosen)
    if count > 1:
        st.slider(
            _("Window"),
            1,
            count,
            key="data-window",
            help=_("Each window is one example: values that go in, and what follows."),
        )
    target = first + st.session_state["data-window"] - 1
    figure = window_figure.spec(
        windows,
        target,
        time_label=_(windows.series.time_unit).capitalize(),
        translate=_,
    )
    said = _tidy(say(window_alt(windows, target)))
    plot(figure, key="plot-window", height=WINDOW_HEIGHT, alt=said)
    st.caption(plain(said))
    _shapes(windows)


def _tidy(text: str) -> str:
    """Take out the blank that a unit would have come after, where there is none."""
    return text.replace(" , ", ", ").replace(" ; ", "; ")


def _shapes(windows: Windows) -> None:
    features = windows.inputs(windows.training[:1]).shape[-1]
    rows = {
        _("Training"): windows.training,
        _("Validation"): windows.validation,
        _("Test"): windows.test,
    }
    said = " · ".join(
        f"{name} `({len(targets):,}, {windows.timesteps}, {features})`"
        for name, targets in rows.items()
    )
    if windows.steps > 1:
        st.markdown(
            _(
                "Shapes `(windows, timesteps, features)`: {shapes}; each target is {steps} "
                "values. Windows whose targets lie on both sides of where validation begins are "
                "not trained on."
            ).format(shapes=said, steps=windows.steps)
        )
        return
    st.markdown(
        _("Shapes `(windows, timesteps, features)`: {shapes}; each target is one value.").format(
            shapes=said
        )
    )
