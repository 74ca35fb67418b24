"""Known results: the page shows what the file keeps, for each experiment."""

from __future__ import annotations

import dataclasses

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.forecast import known
from rnn_core.reproduce.publications import PUBLICATIONS
from rnn_core.reproduce.results import Row, read_results


def opened(app: AppTest) -> AppTest:
    app.session_state["known-results"] = True
    app.run()
    return app.switch_page("forecast.py").run()


def shown(app: AppTest) -> str:
    return " ".join(each.value for each in [*app.markdown, *app.caption]).replace("\\", "")


def test_it_is_folded_until_asked_for(app: AppTest) -> None:
    app.run()
    app.switch_page("forecast.py").run()
    assert not app.exception
    assert any("Known results" in each.label for each in app.expander)
    assert PUBLICATIONS["airpassengers"].question not in shown(app)


def test_every_experiment_is_shown_as_it_is_kept(app: AppTest) -> None:
    opened(app)
    for name, result in read_results().items():
        app.segmented_control(key="known-experiment").set_value(name).run()
        assert not app.exception
        said = shown(app)
        about = PUBLICATIONS[name]
        for text in (about.question, about.source, *about.deviations, *about.why, *about.links):
            assert text in said
        for message in (result.measure, *result.settings):
            assert str(message) in said
        assert result.made in said
        (table,) = [each.value for each in app.dataframe if "published" in each.value]
        rows = [row for row in result.rows if not row.column]
        assert list(table["what"]) == [str(row.label) for row in rows]
        for row, published, here in zip(rows, table["published"], table["here"], strict=True):
            assert published == row.written(row.published, row.spread)
            assert here.startswith(row.written(row.here, row.deviation))
        wide = [each.value for each in app.dataframe if "AirPassengers" in each.value]
        assert len(wide) == any(row.column for row in result.rows)


def test_what_was_not_reached_is_said() -> None:
    label = next(iter(read_results().values())).rows[0].label
    rows = [Row(label, (None, None)), Row(label, (None, 5.0, 6.0)), Row(label, (7.0,), 8.0, 0.5)]
    table = known.table_of(rows)
    assert list(table["here"]) == ["not reached", "6.00 (2 of 3 runs)", "7.00"]
    assert list(table["published"]) == ["", "", "8.00 ± 0.50"]
    assert list(table["range"]) == ["", "5.00 – 6.00", ""]


@pytest.mark.parametrize("field", ["title", "question", "source", "module"])
def test_every_publication_says_what_it_is(field: str) -> None:
    for about in PUBLICATIONS.values():
        assert dataclasses.asdict(about)[field]
        assert about.links
        assert about.deviations
        assert about.why
