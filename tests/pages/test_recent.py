"""What is kept of computations, and what is forgotten with a table."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import prepared
from pages.ui.recent import Recent, forget_table
from rnn_core.config import Experiment, SeriesConfig
from rnn_core.series import TABLE, read_table

ONE, OTHER = (read_table(f"x\n{value}\n2\n".encode()) for value in (1, 3))


def test_the_last_values_are_kept_and_computed_once() -> None:
    made: list[int] = []
    recent: Recent[int] = Recent(2)

    def get(value: int) -> int:
        return recent.get((value,), lambda: made.append(value) or value)

    assert [get(value) for value in (1, 2, 1, 3, 1, 2)] == [1, 2, 1, 3, 1, 2]
    assert made == [1, 2, 3, 2]
    with pytest.raises(ZeroDivisionError):
        recent.get((0,), lambda: 1 // 0)
    assert len(recent) == 2


def test_all_that_came_of_a_table_is_forgotten_with_it() -> None:
    recent: Recent[str] = Recent(9)
    for table in (ONE, OTHER):
        series = SeriesConfig(source=TABLE, table=table.digest)
        for key in (table, table.digest, series, Experiment(series=series)):
            recent.get(("url", key), lambda: "kept")
    recent.get(("url", Experiment()), lambda: "kept")
    forget_table(ONE.digest)
    assert len(recent) == 5
    forget_table("")
    assert len(recent) == 5


def test_a_deleted_table_is_in_no_cache_of_the_pages(app: AppTest) -> None:
    app.query_params["series"] = TABLE
    app.run()
    app.switch_page("data.py").run()
    content = ("load\n" + "\n".join(str(100 + step % 7) for step in range(200))).encode()
    app.file_uploader(key="data-upload").set_value(("own.csv", content, "text/csv")).run()
    digest = read_table(content).digest
    caches = prepared._series, prepared._tables, prepared._windows
    assert all(any(digest in str(key) for key in cache._values) for cache in caches)
    app.button(key=f"delete-{digest}").click().run()
    app.button(key="delete-really").click().run()
    assert not app.exception
    assert not any(digest in str(key) for cache in caches for key in cache._values)
