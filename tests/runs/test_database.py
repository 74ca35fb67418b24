"""Which database it is, and how it is opened."""

import contextlib
import sqlite3
from pathlib import Path

import platformdirs
import pytest

from rnn_core.runs.database import _use_wal, default_url, give_back, used_bytes
from rnn_core.runs.store import Store
from tests.runs.recorded import EXPERIMENT


class BusyCursor:
    """Refuses as SQLite does while another connection changes the journal mode."""

    def __init__(self, refusals):
        self.left = refusals

    def execute(self, statement):
        assert statement == "PRAGMA journal_mode=WAL"
        self.left -= 1
        if self.left >= 0:
            raise sqlite3.OperationalError("database is locked")


def test_a_new_file_that_others_open_too_is_waited_for(monkeypatch):
    monkeypatch.setattr("rnn_core.runs.store.time.sleep", lambda seconds: None)
    cursor = BusyCursor(refusals=5)
    _use_wal(cursor)
    assert cursor.left == -1
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        _use_wal(BusyCursor(refusals=1_000))


def test_readers_and_the_writer_do_not_wait_for_each_other(url, store):
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_the_environment_names_the_database(monkeypatch, url):
    monkeypatch.setenv("RNN_STORE_URL", url)
    assert default_url() == url
    store = Store()
    assert store.url == url
    store.close()


def test_otherwise_it_is_a_file_in_the_users_data_directory(monkeypatch, tmp_path):
    monkeypatch.delenv("RNN_STORE_URL")
    folder = tmp_path / "new" / "folder"
    asked = []

    def user_data_dir(*arguments, **named):
        asked.append((arguments, named))
        return str(folder)

    monkeypatch.setattr(platformdirs, "user_data_dir", user_data_dir)
    assert default_url() == f"sqlite:///{folder}/runs-1.sqlite"
    assert asked == [(("rnn-explorer",), {"appauthor": False})]
    store = Store()
    run_id = store.create(EXPERIMENT, "me")
    store.close()
    assert (folder / "runs-1.sqlite").is_file()
    again = Store()
    assert again.run(run_id) is not None
    again.close()


def fill(url, megabytes):
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        rows = ((str(row), "", bytes(1_000_000), 0.0) for row in range(megabytes))
        connection.executemany("INSERT INTO tables VALUES (?, ?, ?, ?)", rows)
        connection.commit()


def forget(url, rows):
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute("DELETE FROM tables WHERE CAST(digest AS INTEGER) < ?", (rows,))
        connection.commit()


def size(url):
    return Path(url.removeprefix("sqlite:///")).stat().st_size


def test_what_is_deleted_is_given_back_and_the_rest_stays(url, store):
    fill(url, 27)
    full = used_bytes(store.engine)
    forget(url, 20)
    assert used_bytes(store.engine) == pytest.approx(full - 20e6, rel=0.01)
    give_back(store.engine)
    assert used_bytes(store.engine) == pytest.approx(full - 20e6, rel=0.01)
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA freelist_count").scalar_one() == 0
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        assert connection.exec_driver_sql("SELECT count(*) FROM tables").scalar_one() == 7
    store.close()
    assert size(url) == pytest.approx(full - 20e6, rel=0.01)


def test_giving_back_stops_where_it_is_told_to(url, store):
    fill(url, 20)
    forget(url, 20)
    asked = iter([False, True])
    give_back(store.engine, should_stop=lambda: next(asked))
    with store.engine.connect() as connection:
        free = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
    assert 4000 < free < 4900  # of 4,890 pages one piece of 500


def test_a_little_that_is_free_is_left_for_what_comes(url, store):
    fill(url, 10)
    forget(url, 5)
    give_back(store.engine)
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA freelist_count").scalar_one() > 1000


def test_a_file_from_before_is_written_anew_once_and_then_gives_back_too(url):
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as old:
        old.execute("PRAGMA journal_mode=WAL")
        old.execute("CREATE TABLE something (x)")
        assert old.execute("PRAGMA auto_vacuum").fetchone() == (0,)
    store = Store(url)
    fill(url, 40)
    full = used_bytes(store.engine)
    forget(url, 20)
    give_back(store.engine)
    store.close()
    assert size(url) >= full
    again = Store(url)
    give_back(again.engine, rewrite=True)
    forget(url, 40)
    again.close()
    assert size(url) == pytest.approx(full - 20e6, rel=0.01)
    again = Store(url)
    give_back(again.engine)
    again.close()
    assert size(url) < 1e6
