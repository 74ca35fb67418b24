import hashlib
import io

import pytest

from rnn_core.config import Experiment, SeriesConfig
from rnn_core.messages import SeriesError
from rnn_core.runs.tables import keep_table, stored_series, stored_table
from rnn_core.runs.uploads import Uploads

DATA = b"when,x,y\n2020-01,1,10\n2020-02,2,20\n2020-03,3,30\n"
DIGEST = hashlib.sha256(DATA).hexdigest()


def test_an_upload_is_read_and_kept(store):
    table = keep_table(store, DATA, "mine.csv", "ann")
    assert table.digest == DIGEST
    assert Uploads(store).get(DIGEST, "ann") == ("mine.csv", DATA)
    again = stored_table(store, DIGEST, "ann")
    assert (again.digest, again.filename) == (DIGEST, "mine.csv")
    assert again.preview == table.preview


def test_what_is_no_table_is_not_kept(store):
    data = b"\x00\x01\x02"
    with pytest.raises(SeriesError):
        keep_table(store, data, "mine.csv")
    assert Uploads(store).get(hashlib.sha256(data).hexdigest()) is None


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


def experiment(digest, **values):
    return Experiment.from_values({"series": "table", "table": digest, **values})


def test_two_owners_of_the_same_bytes_see_each_their_own_name_and_nobody_elses(store):
    keep_table(store, DATA, "ann.csv", "ann")
    keep_table(store, DATA, "secret.csv", "bob")
    assert [upload.filename for upload in Uploads(store).of("ann")] == ["ann.csv"]
    assert [upload.filename for upload in Uploads(store).of("bob")] == ["secret.csv"]
    assert Uploads(store).of("eve") == Uploads(store).of("") == []
    assert stored_table(store, DIGEST, "bob").filename == "secret.csv"
    assert stored_table(store, DIGEST, "eve").filename == "table"
    keep_table(store, DATA, "renamed.csv", "ann")
    assert [upload.filename for upload in Uploads(store).of("ann")] == ["renamed.csv"]


def test_a_table_is_deleted_with_the_runs_of_its_owner_alone(store):
    other = b"x\n1\n2\n3\n"
    for owner in ("ann", "bob"):
        keep_table(store, DATA, f"{owner}.csv", owner)
    second = keep_table(store, other, "other.csv", "ann").digest
    mine = [store.create(experiment(DIGEST), "ann"), store.create(experiment(DIGEST), "ann")]
    kept = [
        store.create(experiment(second), "ann"),
        store.create(Experiment(), "ann"),
        store.create(experiment(DIGEST), "bob"),
    ]
    assert Uploads(store).delete("eve", DIGEST) == []
    assert {run.id for run in store.runs_with("ann", DIGEST)} == set(mine)
    assert set(Uploads(store).delete("ann", DIGEST)) == set(mine)
    assert [store.run(run) for run in mine] == [None, None]
    assert all(store.run(run) is not None for run in kept)
    assert [upload.digest for upload in Uploads(store).of("ann")] == [second]
    assert stored_table(store, DIGEST, "bob").filename == "bob.csv"
    assert Uploads(store).delete("ann", DIGEST) == []
    assert Uploads(store).delete("bob", DIGEST) == [kept[2]]
    assert stored_table(store, DIGEST) is None
    assert Uploads(store).get(second) is not None


def test_what_was_corrected_is_in_the_experiment_and_read_again(store):
    data = b"when;x\n01.02.2020;1,5\n02.02.2020;\n03.02.2020;3,5\n"
    table = keep_table(store, data, "mine.csv", "ann", day_first=False, decimal=",")
    chosen = experiment(
        table.digest, reading=table.reading.to_text(), **{"missing-values": "interpolate"}
    )
    assert chosen.series.reading == "day_first=no&decimal=%2C"
    again = Experiment.from_query(chosen.to_query())
    assert again == Experiment.from_json(chosen.to_json()) == chosen
    series = stored_series(store, again.series)
    assert series.values.round(9).tolist() == [1.5, 2.533333333, 3.5]  # 31 and 29 days apart
    assert series.time_unit == "month"


def test_every_format_is_kept_and_read_again_whatever_it_is_called(store):
    import pyarrow as pa
    import pyarrow.parquet as pq

    held = io.BytesIO()
    pq.write_table(pa.table({"y": [10.0, 20.0, 30.0]}), held)
    for data in (held.getvalue(), b'{"y": [10, 20, 30]}', "y\n10\n20\n30\n".encode("utf-16")):
        digest = keep_table(store, data, "anything", "ann").digest
        config = SeriesConfig(source="table", table=digest)
        assert stored_series(store, config).values.tolist() == [10, 20, 30]
