import hashlib

import pytest

from rnn_core.config import SeriesConfig
from rnn_core.messages import SeriesError
from rnn_core.runs.store import Store
from rnn_core.runs.tables import keep_table, stored_series, stored_table

DATA = b"when,x,y\n2020-01,1,10\n2020-02,2,20\n2020-03,3,30\n"
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/runs.sqlite")
    yield store
    store.close()


def test_an_upload_is_read_and_kept(store):
    table = keep_table(store, DATA, "mine.csv")
    assert table.digest == DIGEST
    assert store.table(DIGEST) == ("mine.csv", DATA)
    again = stored_table(store, DIGEST)
    assert (again.digest, again.filename) == (DIGEST, "mine.csv")
    assert again.preview == table.preview


def test_what_is_no_table_is_not_kept(store):
    data = b"\x00\x01\x02"
    with pytest.raises(SeriesError):
        keep_table(store, data, "mine.csv")
    assert store.table(hashlib.sha256(data).hexdigest()) is None


def test_the_series_of_a_run_comes_from_the_stored_table(store):
    keep_table(store, DATA, "mine.csv")
    config = SeriesConfig(source="table", table=DIGEST, value="y")
    assert stored_series(store, config).values.tolist() == [10, 20, 30]


def test_a_table_that_is_gone_is_asked_for_again(store):
    assert stored_table(store, DIGEST) is None
    with pytest.raises(SeriesError, match="upload it again"):
        stored_series(store, SeriesConfig(source="table", table=DIGEST))


def test_other_series_need_no_table(store):
    assert stored_series(store, SeriesConfig()).values[:3].tolist() == [112, 118, 132]
