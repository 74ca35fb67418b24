"""The page Forecast as a test drives it, and the runs that it judges."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.forecast import takeaway
from rnn_core.records import EpochRecord, Weights
from rnn_core.runs.example import EXAMPLE
from rnn_core.runs.pool import Pool
from rnn_core.runs.records import Records
from rnn_core.runs.store import Run

VIEWS = ("forecast", "errors", "intervals", "lag", "backtest", "seeds", "takeaway")
MINE = "a-visitor-of-this-test"


def opened(app: AppTest, run_id: str | None = None) -> AppTest:
    app.session_state["visitor"] = MINE
    if run_id:
        app.query_params["run"] = run_id
    return app.switch_page("forecast.py").run()


def texts(app: AppTest) -> str:
    said = [*app.markdown, *app.caption, *app.success, *app.info, *app.warning, *app.error]
    return " ".join(element.value for element in said).replace("\\", "")


def show(app: AppTest, view: str) -> AppTest:
    app.segmented_control(key="forecast-view").set_value(view).run()
    assert not app.exception
    return app


def example(pool: Pool, **changes: object) -> Run:
    run = pool.store.run(EXAMPLE)
    assert run is not None
    return replace(run, owner=MINE, **changes)


def adopt(pool: Pool, run: Run, weights: list[Weights] | None = None) -> None:
    """Put in a run with the example's curve, look and weights."""
    store = pool.store
    columns = Records(store).epochs(EXAMPLE)
    records = [
        EpochRecord(int(row[0]), *map(float, row[1:]))
        for row in zip(*columns.values(), strict=True)
    ]
    look = Records(store).look(EXAMPLE)
    kept = Records(store).newest_weights(EXAMPLE)
    assert look is not None
    assert kept is not None
    Records(store).adopt(run, records, [look], [kept] if weights is None else weights)


def downloads(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    files: dict[str, object] = {}
    monkeypatch.setattr(
        takeaway, "_download", lambda label, name, data, tip=None: files.update({name: data})
    )
    show(app, "takeaway")
    return files
