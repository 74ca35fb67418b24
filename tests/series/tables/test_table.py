import datetime
import hashlib
import io
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rnn_core.messages import Message, SeriesError
from rnn_core.series import read_table
from rnn_core.series.samples import SAMPLE_DATA, load_sample
from rnn_core.series.tables import NUMBERED, refusals

sys.path.insert(0, str(Path(__file__).parent))
from corpus import parquet


def csv(*lines):
    return "\n".join(lines).encode()


def refused(data, value="", time=""):
    with pytest.raises(SeriesError) as caught:
        read_table(data).series(value, time)
    message = caught.value.message
    assert str(message).endswith(".")
    assert Message.from_json(message.to_json()) == message
    return message


@pytest.mark.parametrize("name", ["airline", "sunspots", "nile"])
def test_the_sample_files_read_as_the_samples(name):
    data = Path(SAMPLE_DATA / f"{name}.csv").read_bytes()
    ours, sample = read_table(data).series(), load_sample(name)
    assert ours.values.tolist() == sample.values.tolist()
    assert ours.times.tolist() == sample.times.tolist()
    assert ours.time_unit == sample.time_unit


def test_times_with_a_zone_are_said_to_be_turned_to_utc_whatever_the_format():
    zone = datetime.timezone(datetime.timedelta(hours=1))
    days = [datetime.datetime(2020, 1, day, tzinfo=zone) for day in (10, 11, 12)]
    bare = [day.replace(tzinfo=None) for day in days]
    for times, turned in ((days, True), (bare, False)):
        rows = [f"{day.isoformat()},{at}" for at, day in enumerate(times)]
        for data in (
            parquet({"note": ["a"] * 3, "when": times, "x": [1.0, 2.0, 3.0]}),
            csv("when,x", *rows),
        ):
            assert read_table(data).report().utc is turned


def test_what_is_known_of_a_table():
    data = csv("when;note;x;x", "2020-01-01;a;1;5", "2020-01-02;b;2;6", "2020-01-03;c;3;7")
    read = read_table(data, "my.csv")
    assert read.filename == "my.csv"
    assert read.digest == hashlib.sha256(data).hexdigest()
    assert read.columns == ("when", "note", "x", "x (2)")
    assert read.numeric_columns == ("x", "x (2)")
    assert read.time_columns == ("when",)
    assert (read.default_value, read.default_time) == ("x", "when")
    assert read.rows == 3
    assert read.preview == {
        "when": ["2020-01-01", "2020-01-02", "2020-01-03"],
        "note": ["a", "b", "c"],
        "x": ["1", "2", "3"],
        "x (2)": ["5", "6", "7"],
    }


def test_a_preview_has_ten_rows():
    read = read_table(b"x\n" + b"1\n" * 50)
    assert [len(cells) for cells in read.preview.values()] == [10]


def test_columns_are_guessed_or_chosen():
    read = read_table(csv("x,when,y", "1,2020-01,5", "2,2020-02,6", "3,2020-03,7"))
    guessed, chosen = read.series(), read.series("y", "when")
    assert (guessed.name, guessed.values.tolist()) == ("x", [1, 2, 3])
    assert (chosen.name, chosen.values.tolist()) == ("y", [5, 6, 7])
    for series in (guessed, chosen):
        assert series.times[2] == np.datetime64("2020-03")
        assert (series.season, series.time_unit, series.unit) == (12, "month", "")


def test_without_a_time_column_the_steps_are_numbered():
    series = read_table(csv("x", "5", "6")).series()
    assert series.times.tolist() == [0, 1]
    assert (series.season, series.time_unit) == (0, "step")


def test_without_a_header_the_columns_are_numbered():
    read = read_table(csv("1,5", "2,6"))
    assert read.columns == ("column 1", "column 2")
    assert read.series("column 2").values.tolist() == [5, 6]
    assert read_table(csv("1949-01,112", "1949-02,118")).series().values.tolist() == [112, 118]


def test_numbers_that_could_be_years_are_values_unless_they_increase_or_are_called_years():
    assert read_table(csv("x", "1871", "1872")).default_time == ""
    assert read_table(csv("sales,profit", "1200,5", "1100,6")).default_time == ""
    assert read_table(csv("a,b", "1871,5", "1872,6")).default_time == "a"
    assert (
        read_table(csv("a,b,day", "1871,5,2020-01-02", "1872,6,2020-01-03")).default_time == "day"
    )
    assert refused(csv("Year,b", "1872,5", "1871,6")).kind == "series.unsorted_times"


def test_the_time_column_can_be_the_value():
    series = read_table(csv("year,b", "1871,5", "1872,6")).series("year")
    assert series.values.tolist() == [1871, 1872]
    assert not series.has_calendar


def test_names_that_look_like_formulas_or_html_stay_text():
    names = ("=cmd|' /C calc'!A0", "<script>alert(1)</script>", "{value}", "@SUM(1)")
    read = read_table(csv(",".join(names), "1,2,3,4", "5,6,7,8"))
    assert read.columns == names
    assert read.series("{value}").name == "{value}"
    assert "{value}" in str(refused(csv("{value}", "1", "x", "2"), "{value}"))


@pytest.mark.parametrize(
    ("data", "kind", "values"),
    [
        (b"", "series.empty", {}),
        (b"\x00\x01", "series.binary", {}),
        (csv("a,b"), "series.no_rows", {}),
        (csv("a,b", "x,y"), "series.no_numbers", {"columns": "a, b"}),
        (csv("a,b", "1,2", "3"), "series.ragged", {"row": 3, "cells": 1, "width": 2}),
        (
            csv("a,b", "x,1", "y,2", "z,1.2.3", "w,?", "v,3"),
            "series.not_a_number",
            {"column": "b", "row": 4, "found": "1.2.3"},
        ),
        (
            csv("a,b", "x,1", "", "y,2", "z,", "w,NA", "v,3"),
            "series.missing",
            {"column": "b", "row": 5, "count": 2},
        ),
        (
            csv("b", "1", "inf", "-inf", "1e999"),
            "series.infinite",
            {"column": "b", "row": 3, "count": 3},
        ),
        (
            csv("t,b", "2020-01,1", "2020-02,2", "2020-03,3", "2020-02,4", "2020-01,5"),
            "series.duplicate_times",
            {"column": "t", "first": 3, "second": 5, "count": 2},
        ),
        (
            csv("t,b", "2020-01,1", "2020-03,2", "2020-02,3", "2020-04,4"),
            "series.unsorted_times",
            {"column": "t", "row": 4},
        ),
        (
            csv("t,b", "2020-01,1", "2020-02,2", "2020-14,3", "2020-04,4"),
            "series.not_a_time",
            {"column": "t", "row": 4, "found": "2020-14"},
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(data, kind, values):
    message = refused(data)
    assert message.kind == kind
    assert message.values | values == message.values


def test_the_first_duplicate_is_found_among_many():
    months = [f"{year}-{month:02}" for year in range(2000, 2010) for month in range(1, 13)]
    message = refused(csv("t,b", *(f"{month},1" for month in 3 * months)))
    assert message.values == {"column": "t", "first": 2, "second": 122, "count": 240}


def test_a_column_that_is_not_there():
    data = csv("a,b", "2020-01,2")
    for chosen in ({"value": "c"}, {"time": "c"}):
        message = refused(data, **chosen)
        assert message.kind == "series.no_column"
        assert message.values == {"column": "c", "columns": "a, b"}


def test_a_chosen_column_of_words():
    data = csv("a,b", "x,1", "y,2")
    message = refused(data, value="a")
    assert (message.kind, message.values["row"]) == ("series.not_a_number", 2)
    message = refused(data, time="a")
    assert (message.kind, message.values["row"]) == ("series.not_a_time", 2)
    assert message.values["found"] == "x"


def test_rows_are_counted_from_1_without_a_header():
    assert refused(csv("1", "2", "x")).values["row"] == 3


def test_what_was_found_and_the_columns_are_cut_short():
    message = refused(csv("b", "1", "2", "y" * 500))
    assert len(message.values["found"]) == 60
    message = refused(csv(",".join(f"c{n}" for n in range(500)), ",".join("1" * 500)), "x")
    assert message.values["columns"].endswith("c19, …")


def test_the_limit_of_rows_counts_those_below_the_header(monkeypatch):
    monkeypatch.setattr(refusals, "MAX_ROWS", 10)
    assert read_table(b"x\n" + b"1\n" * 10).rows == 10
    assert read_table(b"1\n" * 10).rows == 10
    for data in (b"x\n" + b"1\n" * 11, b"1\n" * 11):
        assert refused(data).kind == "series.too_many_rows"


def test_numbers_that_may_stand_for_missing_values_are_shown_and_left():
    def table(*cells, **choices):
        days = [f"2020-01-{day:02}" for day in range(1, len(cells) + 1)]
        rows = [f"{day},{cell}\n" for day, cell in zip(days, cells, strict=True)]
        return read_table(("day,x\n" + "".join(rows)).encode(), **choices)

    cells = ["12.5", "-999", "13", "14.25", "-999", "11"]
    found = {problem.kind: problem for problem in table(*cells).report().problems}
    assert found["stand_in"].count == 2
    assert found["stand_in"].rows == (3, 6)
    assert table(*cells).series().values[1] == -999
    named = table(*cells, missing_text="-999").report().problems
    assert [problem.kind for problem in named] == ["missing"]
    # Within, or near to, what the others span they are numbers as any.
    for others in (["-999", "-1200", "300", "5"], ["9999", "8000", "9500", "100"], ["-999"] * 3):
        assert not table(*others).report().problems


@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        (["12%", "0.13", "14%", "15%"], (3,)),
        (["$5", "$6", "€7", "$8"], (4,)),
        (["12%", "13%", "0", "15%"], None),
        (["$5", "6", "7", "$8"], None),
        (["5 €", "6 €", "7 €", "8 €"], None),
    ],
)
def test_numbers_with_other_signs_than_the_rest_are_shown(cells, rows):
    rows_of = [f"2020-01-0{day};{cell}\n" for day, cell in enumerate(cells, start=1)]
    table = read_table(("t;x\n" + "".join(rows_of)).encode())
    found = {problem.kind: problem.rows for problem in table.report().problems}
    assert found == ({"mixed": rows} if rows else {})


def test_numbers_near_the_largest_there_are():
    data = parquet({"time": [1.5e308, -1.7e308, 1.0], "index": [-1.7e308, 1.7e308, -999.0]})
    table = read_table(data, "a.parquet")
    assert table.report("index").problems == ()
    assert table.series("index", time=NUMBERED).values[1] == 1.7e308


@pytest.mark.parametrize("zone", ["AEST", "AKST", "PKT"])
def test_a_zone_that_begins_as_a_half_of_the_day_does_is_none(zone):
    rows = "".join(f"2024-01-31 09:{minute:02d}:00 {zone},{minute}\n" for minute in range(20))
    series = read_table(f"time,level\n{rows}".encode(), "file.csv").series()
    # An unknown one leaves the rows numbered; read as a.m. of another zone it was hours off.
    assert series.times.tolist() == list(range(20))


def test_a_column_called_a_time_that_cannot_be_read_is_named():
    table = read_table(b"date,week,x\nthird of May,1,2.5\nfourth of May,2,3.5\nfifth of May,3,4\n")
    assert (table.default_time, table.unread_times) == ("", ("date",))
    assert read_table(b"date,x\n2020-01-01,1\n2020-01-02,2\n").unread_times == ()


def test_texts_in_parquet_that_are_no_texts_are_refused():
    times = pa.array([b"2020-01-01", b"2020-\x8001-02", b"2020-01-03"]).view(pa.string())
    buffer = io.BytesIO()
    pq.write_table(pa.table({"time": times, "x": [1.0, 2.0, 3.0]}), buffer)
    with pytest.raises(SeriesError) as caught:
        read_table(buffer.getvalue(), "a.parquet")
    assert caught.value.message.kind == "series.damaged"
