"""The same experiment with several seeds: how much of the result is luck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from pages.ui.forecast.controls import Chosen
from pages.ui.forecast.judged import Judged
from pages.ui.forecast.siblings import finished_siblings, siblings
from pages.ui.forecast.table import seeds_table
from pages.ui.i18n import _, plain, say
from pages.ui.once import once
from pages.ui.plot import plot
from pages.ui.runtime import openings, pool, records, store
from pages.ui.visitor import visitor
from rnn_core.forecast.seeds import Band, band, spread, spread_message
from rnn_core.forecast.verdict import PERSISTENCE, SEASONAL_NAIVE
from rnn_core.plots import (
    seeds_forecast_alt,
    seeds_forecast_figure,
    seeds_loss_alt,
    seeds_loss_figure,
    thin_curve,
)
from rnn_core.runs.store import Run

MORE = 5
TICK_SECONDS = 1.0
HEIGHT = 260
POINTS = 400


def seeds(judged: Judged, chosen: Chosen) -> None:
    """Draw the button that trains more seeds, and the bands over those that are there."""
    st.caption(
        _(
            "The seed decides the first weights and the order of the batches. A result that only "
            "some seeds reach is luck."
        )
    )
    _training(judged)
    finished = finished_siblings(judged)
    if len(finished) < 2:
        st.info(_("One seed says nothing of luck: train the same experiment with more of them."))
        return
    _bands(judged, finished)


def _training(judged: Judged) -> None:
    """Draw the buttons, and how far the runs are; once one ends, the page follows."""
    alive = [run for run in siblings(judged) if run.state.live]

    @st.fragment(run_every=TICK_SECONDS if alive else None)
    def tick() -> None:
        going = [run for run in siblings(judged) if run.state.live]
        if len(going) != len(alive):
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _("Train {count} seeds").format(count=MORE),
                key="seeds-train",
                on_click=once(_train),
                args=(judged,),
                disabled=bool(going),
                icon=":material/play_arrow:",
                type="primary",
                help=_(
                    "Train this experiment {count} times more, each with a seed of its own"
                ).format(count=MORE),
            )
            if going:
                st.button(
                    _("Stop"),
                    key="seeds-stop",
                    on_click=_stop,
                    args=(judged,),
                    icon=":material/stop:",
                )
                epochs = sum(run.epoch for run in going)
                total = len(going) * judged.experiment.train.epochs
                st.progress(
                    min(1.0, epochs / total),
                    text=_("{count} seeds to go").format(count=len(going)),
                )

    tick()


def _bands(judged: Judged, runs: list[Run]) -> None:
    for run in runs:
        openings().note(run.id)
    windows, series = judged.windows, judged.windows.series
    scores = [run.scores for run in runs if run.scores is not None]
    seasonal = scores[0].seasonal_naive_rmse
    best = scores[0].best_baseline_rmse
    name = SEASONAL_NAIVE if seasonal is not None and seasonal == best else PERSISTENCE
    found = spread([each.rmse for each in scores])
    st.markdown(f"**{plain(say(spread_message(found, name, best)))}**")

    seeds_table(judged)

    curves = [records().epochs(run.id) for run in runs]
    loss, val_loss = (
        _curves(band([curve[key] for curve in curves])) for key in ("loss", "val_loss")
    )
    looks = [records().look(run.id) for run in runs]
    forecasts = band([look.forecast for look in looks if look is not None])
    targets = windows.held_out
    _places, truth, median, low, high, shown = thin_curve(
        targets,
        series.values[targets],
        forecasts.median,
        forecasts.low,
        forecasts.high,
        targets,
        points=POINTS,
    )
    unit = _(series.unit)
    left, right = st.columns([2, 1], gap="small")
    with left, st.container(gap=None):
        st.markdown(_("**Forecasts one step ahead:** median, and from lowest to highest"))
        figure = seeds_forecast_figure.spec(
            series.times[shown],
            median,
            low,
            high,
            truth=truth,
            unit=unit,
            time_label=_(series.time_unit).capitalize(),
            translate=_,
        )
        alt = seeds_forecast_alt(low, high, truth, count=len(runs), unit=unit)
        plot(figure, key="plot-seeds-forecast", height=HEIGHT, alt=say(alt))
    with right, st.container(gap=None):
        st.markdown(_("**Loss:** median, and from lowest to highest"))
        positive = all(np.nanmin(curve) > 0 for curve in (*loss, *val_loss))
        figure = seeds_loss_figure.spec(loss, val_loss, log=positive, translate=_)
        plot(
            figure,
            key="plot-seeds-loss",
            height=HEIGHT,
            alt=say(seeds_loss_alt(val_loss, count=len(runs))),
        )
    st.caption(
        _("Seeds: {seeds}. Test RMSE of each: {errors}.").format(
            seeds=", ".join(str(run.experiment.train.seed) for run in runs),
            errors=", ".join(f"{each.rmse:.4g}" for each in scores),
        )
    )


def _curves(found: Band) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return found.median, found.low, found.high


def _train(judged: Judged) -> None:
    taken = {run.experiment.train.seed for run in siblings(judged)}
    free = [seed for seed in range(len(taken) + MORE) if seed not in taken][:MORE]
    for seed in free:
        train = replace(judged.experiment.train, seed=seed)
        run_id = store().create(replace(judged.experiment, train=train), visitor(), pool().id)
        pool().submit(run_id)


def _stop(judged: Judged) -> None:
    for run in siblings(judged):
        if run.state.live and run.owner == visitor():
            pool().command(run.id, "stop")
