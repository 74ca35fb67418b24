"""The runs that differ from the shown one in the seed alone, and what each came to."""

from __future__ import annotations

from dataclasses import replace

from pages.ui.forecast.judged import Judged
from pages.ui.runtime import records, store
from pages.ui.visitor import visitor
from rnn_core.config import Experiment
from rnn_core.forecast.accuracy import Accuracy, accuracy
from rnn_core.runs.states import RunState
from rnn_core.runs.store import Run


def siblings(judged: Judged) -> list[Run]:
    """Give the shown run and the visitor's own that differ in the seed alone, one for a seed.

    In the order of their seeds; the newest of a seed, and a run that is over before one that is
    not.
    """
    shown = store().run(judged.question.run_id)
    wanted = _without_seed(judged.experiment)
    runs = [*([shown] if shown is not None else []), *store().runs_of(visitor())]
    found: dict[int, Run] = {}
    for run in runs:
        useful = run.state.live or (run.state is RunState.FINISHED and run.scores is not None)
        if useful and _without_seed(run.experiment) == wanted:
            known = found.setdefault(run.experiment.train.seed, run)
            if known.state.live and not run.state.live:
                found[run.experiment.train.seed] = run
    return [found[seed] for seed in sorted(found)]


def finished_siblings(judged: Judged) -> list[Run]:
    """Give those that are through and have a score."""
    return [run for run in siblings(judged) if run.state is RunState.FINISHED and run.scores]


def seed_errors(judged: Judged) -> dict[int, Accuracy]:
    """Give the errors one step ahead over the test part by seed, of the runs that are through."""
    windows, one_step = judged.windows, judged.evaluation.one_step
    truth = windows.series.values[windows.test]
    found = {}
    for run in finished_siblings(judged):
        look = records().look(run.id)
        if look is not None and len(look.forecast) == len(windows.held_out):
            forecast = look.forecast[len(windows.validation) :]
            found[run.experiment.train.seed] = accuracy(truth, forecast, one_step.scale)
    return found


def _without_seed(experiment: Experiment) -> Experiment:
    return replace(experiment, train=replace(experiment.train, seed=0))
