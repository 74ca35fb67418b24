"""Everything to take home: forecasts, settings, a script, the weights, a report."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui.forecast.controls import Chosen
from pages.ui.forecast.judged import Judged, path_of
from pages.ui.forecast.pictures import (
    Picture,
    coverage_picture,
    errors_picture,
    lag_picture,
    loss_picture,
    mode_help,
    path_picture,
)
from pages.ui.forecast.table import about, all_rows, points_at
from pages.ui.forecast.tasks import follow
from pages.ui.forecast.verdict import others
from pages.ui.i18n import _, language, plain, say
from pages.ui.prepared import windows_of
from pages.ui.run_title import title_of
from pages.ui.runtime import pool, records, store
from rnn_core.config import OPTIONS
from rnn_core.forecast.accuracy import MEASURES
from rnn_core.forecast.free_run import future_message
from rnn_core.forecast.paths import MODES
from rnn_core.messages import SeriesError
from rnn_core.plots.drawn import figure_of
from rnn_core.runs.states import RunState
from rnn_core.runs.tasks import KERAS_MODEL
from rnn_core.takeaway.report import Section, html_report
from rnn_core.takeaway.script import standalone_script
from rnn_core.takeaway.tables import forecast_csv, series_csv
from rnn_core.takeaway.tensorboard import tensorboard_zip


def takeaway(judged: Judged, chosen: Chosen) -> None:
    """Draw the download buttons; a file is made when it is asked for."""
    with st.container(border=True):
        st.markdown(_("**Forecasts** in the units of the series, with intervals and baselines"))
        with st.container(horizontal=True):
            for mode in MODES:
                _download(
                    _("{what} (CSV)").format(what=_(MODES[mode].label)),
                    f"forecast-{mode.replace('_', '-')}.csv",
                    path_csv(judged, mode),
                )
    with st.container(border=True):
        st.markdown(_("**Report**: verdict, tables and interactive figures in one HTML file"))
        # Its words are the visitor's: the file is written where no language is known.
        title, sections = title_of(judged.experiment), report_sections(judged, chosen)
        spoken = language()
        _download(
            _("Report (HTML)"),
            "report.html",
            lambda: html_report(title, sections, language=spoken),
        )
    with st.container(border=True):
        st.markdown(_("**Network and training**, for Keras and for TensorBoard"))
        with st.container(horizontal=True):
            _keras_model(judged)
            _download(
                _("TensorBoard events (ZIP)"),
                "tensorboard.zip",
                lambda: tensorboard(judged),
                tip=_(
                    "Loss, MAE and RMSE of every epoch, and the weights that were kept as "
                    "histograms. Unpack it and start TensorBoard with its folder as logdir."
                ),
            )
    with st.container(border=True):
        st.markdown(
            _(
                "**Without this app**: a script with plain Keras and pandas that trains this "
                "network on `series.csv`, next to it, and makes the same forecast"
            )
        )
        with st.container(horizontal=True):
            try:
                script = script_of(judged)
            except SeriesError as error:
                st.caption(plain(say(error.message)))
            else:
                _download(_("Script (Python)"), "train.py", script)
            _download(_("Series (CSV)"), "series.csv", series_csv(judged.windows.series))
            _download(
                _("Weights (NumPy)"),
                "weights.npz",
                weights(judged),
                tip=_(
                    "The arrays of Keras's get_weights after epoch {epoch}, in order: the script's "
                    "model takes them with set_weights."
                ).format(epoch=judged.question.epoch),
            )
            _download(
                _("Experiment (JSON)"),
                "experiment.json",
                json.dumps(judged.experiment.to_dict(), indent=2, ensure_ascii=False) + "\n",
                tip=_("All settings of this run."),
            )


def _keras_model(judged: Judged) -> None:
    """Draw the button that has the file made, then the one that downloads it."""
    task = follow(
        judged,
        KERAS_MODEL,
        json.dumps({"epoch": judged.question.epoch}),
        label=_("Make the Keras model"),
        tip=_(
            "A process of its own writes the network after epoch {epoch} as model.keras, stock "
            "layers alone; keras.saving.load_model reads it. It takes windows of the prepared "
            "series: the script shows how they are made."
        ).format(epoch=judged.question.epoch),
    )
    if task is not None and task.state is RunState.FINISHED:
        task_id = task.id
        _download(_("Keras model"), "model.keras", lambda: pool().tasks.result(task_id) or b"")


def script_of(judged: Judged) -> str:
    """Write the script that trains to the judged weights; ``SeriesError`` where there is none.

    The season chosen on the page is for the baselines: the network was prepared with its own.
    """
    run = store().run(judged.question.run_id)
    epoch = judged.question.epoch
    last = (run and run.best_epoch) or judged.experiment.train.epochs
    as_planned = run is not None and run.state is RunState.FINISHED and epoch == last
    return standalone_script(
        judged.experiment,
        windows_of(judged.experiment).series,
        judged.question.horizon,
        epoch=None if as_planned else epoch,
    )


def tensorboard(judged: Judged) -> bytes:
    """Pack the training as TensorBoard reads it."""
    run_id = judged.question.run_id
    run = store().run(run_id)
    started = run.started or run.created if run is not None else 0.0
    kept = (records().weights(run_id, epoch) for epoch in records().weight_epochs(run_id))
    return tensorboard_zip(
        records().epochs(run_id),
        [each for each in kept if each is not None],
        judged.experiment.model.layers,
        started,
    )


def path_csv(judged: Judged, mode: str) -> str:
    """Write the forecasts of a mode."""
    path = path_of(judged, mode)
    return forecast_csv(
        path.times,
        path.forecast,
        truth=None if mode == "future" else path.truth,
        levels=path.levels,
        lower=path.lower,
        upper=path.upper,
        quantiles=path.quantiles,
        baselines=path.baselines,
    )


def weights(judged: Judged) -> bytes:
    """Pack the weights, in Keras's order, under names that sort in it."""
    buffer = io.BytesIO()
    arrays = judged.network.arrays
    named = {f"{place:02d}": array for place, array in enumerate(arrays)}
    np.savez(buffer, allow_pickle=False, **named)
    return buffer.getvalue()


def report_sections(judged: Judged, chosen: Chosen) -> list[Section]:
    """Give the report's parts: verdict, pictures, tables, settings."""
    conclusion = judged.conclusion
    said = [conclusion.outcome, conclusion.reason, conclusion.next_step]
    found = [say(finding.message) for finding in others(judged)]
    sections = [
        Section(_("Verdict"), [say(message) for message in said if message is not None] + found)
    ]
    for mode, described in MODES.items():
        picture, words = path_picture(judged, chosen, mode), mode_help(judged, mode)
        missing = future_message(judged.windows, len(judged.evaluation.future))
        if mode == "future" and missing is not None:
            words = f"{words} {say(missing)}"
        sections.append(_drawn(_(described.label), words, picture))
    horizon = judged.question.horizon
    for step in dict.fromkeys((1, horizon)):
        points = points_at(judged, step)
        sections.append(
            Section(
                _("Errors at step {step} ahead").format(step=step),
                [about(judged, points, step)],
                table=_texts(all_rows(judged, step)),
            )
        )
    sections.append(_drawn(_("Errors by step"), "", errors_picture(judged, chosen)))
    evaluation = judged.evaluation
    notes = [each for each in (evaluation.own_message, evaluation.intervals_message) if each]
    sections.append(
        _drawn(
            _("Intervals: coverage promised and measured"),
            " ".join(say(note) for note in notes),
            coverage_picture(judged, chosen),
        )
    )
    if judged.evaluation.lag is not None:
        heading = _("The forecast, slid back to where it fits best")
        sections.append(_drawn(heading, "", lag_picture(judged, chosen)))
    sections.append(_drawn(_("Loss"), "", loss_picture(judged, chosen)))
    sections.append(_settings(judged))
    return sections


def _drawn(heading: str, words: str, picture: Picture) -> Section:
    figure, alt = picture
    return Section(heading, [words] if words else [], figure=figure_of(figure), alt=say(alt))


def _texts(rows: pd.DataFrame) -> list[list[str]]:
    head = [_("Method"), *(_(measure.label) for measure in MEASURES.values()), _("Skill"), ""]
    lines = [
        [
            row["method"],
            *(_number(row[name]) for name in MEASURES),
            _percent(row["skill"]),
            row["said"],
        ]
        for _place, row in rows.iterrows()
    ]
    return [head, *lines]


def _settings(judged: Judged) -> Section:
    rows = [[_("Setting"), _("Value")]]
    for name, value in judged.experiment.values().items():
        option = OPTIONS[name]
        text = _(option.choices[value]) if option.choices is not None else option.text(value)
        rows.append([_(option.label), text])
    return Section(_("Settings"), table=rows)


def _number(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.4g}"


def _percent(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.0f} %"


def _download(label: str, name: str, data: object, tip: str | None = None) -> None:
    st.download_button(
        label,
        data,
        file_name=name,
        key=f"download-{name}",
        on_click="ignore",
        icon=":material/download:",
        help=tip,
    )
