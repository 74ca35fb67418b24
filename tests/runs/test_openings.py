"""When runs and tables were last opened."""

import pytest
import sqlalchemy as sa

from rnn_core.runs.openings import NOTE_SECONDS, Openings


@pytest.fixture
def openings(store):
    return Openings(store)


def test_the_last_opening_is_known_to_the_day(openings, monkeypatch):
    now = 1e9
    monkeypatch.setattr("rnn_core.runs.openings.time.time", lambda: now)
    openings.note("a")
    openings.note("b")
    now += NOTE_SECONDS - 1
    openings.note("a")
    assert openings.last() == {"a": 1e9, "b": 1e9}
    now += 2
    openings.note("a")
    assert openings.last() == {"a": now, "b": 1e9}


def test_a_clock_that_was_ahead_is_put_right(openings, monkeypatch):
    for now in (9e9, 1e9):
        monkeypatch.setattr("rnn_core.runs.openings.time.time", lambda now=now: now)
        openings.note("a")
    assert openings.last() == {"a": 1e9}


def test_a_note_of_late_is_not_written_again(store, openings):
    written = []
    openings.note("a")
    sa.event.listen(store.engine, "before_cursor_execute", lambda *call: written.append(call[2]))
    openings.note("a")
    assert [each.split()[0] for each in written] == ["SELECT"]


def test_a_page_does_not_fail_where_nothing_can_be_written(store, openings):
    def full(_connection, _cursor, statement, *_rest):
        if not statement.startswith("SELECT"):
            raise sa.exc.OperationalError(statement, {}, Exception("disk is full"))

    sa.event.listen(store.engine, "before_cursor_execute", full)
    openings.note("a")
    assert openings.last() == {}
