"""Uploaded tables: kept once for all, whoever brings them."""

import pytest

from rnn_core.runs.uploads import Uploads


@pytest.fixture
def uploads(store):
    return Uploads(store)


def test_tables_are_kept_by_their_digest(uploads):
    assert uploads.get("0a") is None
    uploads.put("0a", "Größe.csv", b"\x00\xffx", "ann")
    uploads.put("0a", "other.csv", b"later")
    assert uploads.get("0a", "ann") == ("Größe.csv", b"\x00\xffx")


def test_a_table_that_another_puts_at_the_same_moment_is_no_error(uploads, monkeypatch):
    uploads.put("0a", "a.csv", b"x")
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "get", lambda digest: None)
        uploads.put("0a", "b.csv", b"x")
    assert uploads.get("0a") == ("table", b"x")
