"""The page Inside as a test drives it."""

from __future__ import annotations

import json
import re

import numpy as np
from streamlit.testing.v1 import AppTest

from rnn_core.config import Experiment
from rnn_core.inside.network import BLOCKS
from rnn_core.records import EpochRecord, Weights
from rnn_core.runs.pool import Pool
from rnn_core.runs.records import Records
from rnn_core.runs.states import RunState

VISITOR = "a visitor of this test"


def stored(
    pool: Pool,
    epochs: int = 4,
    *,
    state=RunState.FINISHED,
    scale: float = 1,
    channels: int = 1,
    **values: object,
) -> str:
    """Put in a run whose weights were drawn at random, others in each epoch."""
    experiment = Experiment.from_values({"hidden": 4, "epochs": epochs, **values})
    run_id = pool.store.create(experiment, VISITOR, pool.id)
    model = experiment.model
    random = np.random.default_rng(5)
    kept = []
    for epoch in range(1, epochs + 1):
        arrays = []
        features, units = channels, model.hidden_size
        width = len(BLOCKS.get(model.cell, "h")) * units
        for _ in range(model.layers):
            bias = (2, width) if model.cell == "gru" else (width,)
            arrays += [random.normal(size=shape) for shape in ((features, width), (units, width))]
            arrays.append(random.normal(size=bias))
            features = units
        arrays += [random.normal(size=(units, 1)), random.normal(size=1)]
        kept.append(
            Weights(epoch, tuple((0.5 * scale * each).astype(np.float32) for each in arrays))
        )
    records = [EpochRecord(epoch, 1, 1, 1, 1, 1, epoch) for epoch in range(1, epochs + 1)]
    Records(pool.store).append(run_id, records, weights=kept)
    assert pool.store.move(run_id, state, epoch=epochs)
    return run_id


def opened(app: AppTest, run_id: str) -> AppTest:
    app.session_state["visitor"] = VISITOR
    app.query_params["run"] = run_id
    app.switch_page("inside.py").run()
    assert not app.exception
    return app


def widget(app: AppTest, kind: str, key: str):
    return next(each for each in getattr(app, kind) if each.key == key)


def show(app: AppTest, view: str) -> AppTest:
    widget(app, "segmented_control", "inside-view").set_value(view).run()
    assert not app.exception
    assert not app.error
    return app


def figures(app: AppTest) -> dict[str, str]:
    """Give what was drawn by the name of its place."""
    found = {}
    for element in app.main:
        for node in nodes(element):
            if node.type == "bidi_component":
                data = json.loads(node.proto.json)
                name = re.search(r"plot-inside-[\w-]+$", node.proto.id)
                if name is None:
                    continue
                assert data["alt"]
                found[name[0].removeprefix("plot-inside-")] = data["figure"]
    return found


def nodes(element):
    yield element
    for child in getattr(element, "children", {}).values():
        yield from nodes(child)


def said(app: AppTest) -> str:
    return " ".join(each.value for each in [*app.markdown, *app.info, *app.caption, *app.warning])
