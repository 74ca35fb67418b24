"""Which series the network reads: its own, or another one that it was not trained on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from pages.ui import session
from pages.ui.i18n import _, plain, say
from pages.ui.inside.scene import settle
from pages.ui.prepared import series_of, table_of, windows_of
from pages.ui.runtime import store
from pages.ui.visitor import visitor
from rnn_core.config import Experiment, SeriesConfig
from rnn_core.inside.elsewhere import Elsewhere, read_elsewhere
from rnn_core.messages import ConfigError
from rnn_core.runs.store import Run
from rnn_core.runs.uploads import Uploads
from rnn_core.series import SOURCES, TABLE
from rnn_core.windows import Windows

SERIES = "inside-series"
CHOSEN = "chosen"  # what is chosen on the page Data


def series_choice(run: Run) -> SeriesConfig | None:
    """Draw the choice of a series to read; gives it, or None for the run's own.

    Raises ``SeriesError`` where the chosen table cannot be read.
    """
    labels = _offered(run)
    settle(SERIES, (None, *labels), None)
    chosen = st.selectbox(
        _("Series it reads"),
        [None, *labels],
        format_func=lambda name: labels[name] if name else _("Its own"),
        key=SERIES,
        persist_state="session",
        help=_(
            "Any series can be read by a network that was trained on another one, with the run's "
            "own preparation. What you have set up on the page Data is offered, too."
        ),
    )
    return _config(str(chosen)) if chosen else None


def read_by(run: Run, chosen: SeriesConfig | None) -> tuple[Windows, Elsewhere | None]:
    """Give what the run's network reads, and what is to be said where that is not its own series.

    Raises ``RnnError`` where it cannot read the series.
    """
    if chosen is None:
        return windows_of(run.experiment), None
    found = _elsewhere(store().url, run.experiment, chosen)
    return found.windows, found


def said(found: Elsewhere) -> str:
    """Say how the series was prepared, and whether that takes it out of what was learnt."""
    sentences = say(found.said)
    if found.far:
        sentences += " " + _(
            "That is far outside of what the network has learnt from: expect little of its "
            "forecasts."
        )
    return sentences


@lru_cache(maxsize=16)
def _elsewhere(_url: str, experiment: Experiment, chosen: SeriesConfig) -> Elsewhere:
    return read_elsewhere(windows_of(experiment), series_of(chosen))


def _offered(run: Run) -> Mapping[str, str]:
    """Give the labels of the series that can be chosen, by name."""
    offered = {}
    on_data_page = session.series_config()
    if not isinstance(on_data_page, ConfigError) and on_data_page != run.experiment.series:
        offered[CHOSEN] = _("As set on Data: {series}").format(
            series=_(SOURCES[on_data_page.source].label)
        )
    for upload in Uploads(store()).of(visitor()):
        offered[upload.digest] = _("Your table {file}").format(file=plain(upload.filename))
    for name, source in SOURCES.items():
        if source.kind != "table" and SeriesConfig(name) != run.experiment.series:
            offered[name] = _(source.label)
    return offered


def _config(name: str) -> SeriesConfig:
    if name == CHOSEN:
        found = session.series_config()
        if isinstance(found, ConfigError):
            raise found
        return found
    if name in SOURCES:
        return SeriesConfig(name)
    session.note_table(name)
    table = table_of(name)
    value, time = (table.default_value, table.default_time) if table else ("", "")
    return SeriesConfig(TABLE, name, value, time)
