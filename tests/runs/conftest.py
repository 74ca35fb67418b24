"""A store of the test's own, in a file."""

import pytest

from rnn_core.runs.records import Records
from rnn_core.runs.store import Store


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/runs.sqlite"


@pytest.fixture
def store(url):
    store = Store(url)
    yield store
    store.close()


@pytest.fixture
def records(store):
    return Records(store)
