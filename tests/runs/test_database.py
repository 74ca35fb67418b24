"""Which database it is, and how it is opened."""

import contextlib
import sqlite3

import platformdirs
import pytest

from rnn_core.runs.database import _use_wal, default_url
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
