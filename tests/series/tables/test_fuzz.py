"""Whatever comes in, a series or a ``SeriesError`` comes out: more than 2,000 inputs."""

import contextlib
import datetime
import json
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnn_core.messages import Message, SeriesError
from rnn_core.series import Series, read_table

sys.path.insert(0, str(Path(__file__).parent))
from corpus import cases, parquet

SMALL = [case for case in cases() if 0 < len(case.data) < 20_000]
TYPED = [case for case in SMALL if case.data[:2] in (b"PK", b"PA")]
TEXTS = [case for case in SMALL if case not in TYPED]

CELLS = st.one_of(
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.dates().map(lambda day: day.strftime("%d.%m.%Y")),
    st.datetimes().map(str),
    st.datetimes(timezones=st.timezones()).map(lambda time: time.isoformat()),
    st.integers(900, 3100).map(str),
    st.integers(9990000, 30010000).map(str),
    st.integers(10**8, 10**19).map(str),
    st.from_regex(r"\A[12][0-9]{3}[-/.Q ]?[0-9]{1,2}([-/.][0-9]{1,2}([ T][0-9:.]+Z?)?)?\Z"),
    st.from_regex(r"\A[(+-]?[$€]?[0-9]{1,3}([., '][0-9]{3})*([.,][0-9]+)?[%)€-]?\Z"),
    st.sampled_from(
        ["", "NA", "inf", "-", "1_0", "0x1F", "1e999", "9" * 400, '"', "a\n", "Q1 2020", "Jan 20",
         "٣", "²", "1e", "--1", "12:30", "#", "0000-00-00", "99/99/9999", "2020-W99", "\ufeff",
         "Total", "1990/91", "1949.083", "43861", "5 kWh", "TRUE", "2020年1月", "Jan", "Q1",
         "--", "1.5 °C", "(", "=1+1", "24:61", "Jan 99, 2020", "1970", "١٩٩٠", "+", "e5",
         "−5", "1" * 19]
    ),
    st.text(max_size=8),
)  # fmt: skip
CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "delimiter": st.sampled_from([",", ";", "\t", "|", " ", "none"]),
        "encoding": st.sampled_from(["UTF-8", "UTF-16", "Windows-1252", "Shift-JIS", "GBK"]),
        "decimal": st.sampled_from([".", ","]),
        "thousands": st.sampled_from([".", ",", " ", "'", "none"]),
        "header": st.sampled_from(["none", 1, 2, 5]),
        "day_first": st.booleans(),
        "time_format": st.sampled_from(
            ["iso", "dmy", "mdy", "quarter", "epoch-ms", "year", "serial"]
        ),
        "format": st.sampled_from(["text", "json", "parquet", "excel"]),
        "id_column": st.sampled_from(["none", "a", "b"]),
        "missing_text": st.sampled_from(["1", "x", "-999"]),
        "value": st.sampled_from(["a", "b"]),
        "sheet": st.sampled_from(["1", "2", "S"]),
        "shape": st.sampled_from(["columns", "rows", "calendar"]),
    },
)
SERIES = st.fixed_dictionaries(
    {},
    optional={
        "missing": st.sampled_from(["interpolate", "forward", "drop", "leave"]),
        "duplicates": st.sampled_from(["first", "last", "mean", "sum"]),
        "order": st.just("sort"),
        "steps": st.sampled_from(["insert", "mean", "sum", "last"]),
        "every": st.sampled_from(["hour", "day", "week", "month", "quarter", "year"]),
        "covariates": st.lists(st.sampled_from(["a", "b", "c"])),
        "time": st.sampled_from(["a", "(row number)"]),
    },
)
ANY = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())


MOST_SECONDS = 2
MOST_KILOBYTES = 500 * 1024
ITSELF = Path("/proc/self")


def only_series_errors(data, choices=None, treated=None, filename="table.csv"):
    before = resident(anew=True)
    began = time.process_time()  # of this process alone, however busy the machine is
    _read(data, choices, treated, filename)
    assert time.process_time() - began < MOST_SECONDS
    if before is not None:
        assert resident() - before < MOST_KILOBYTES


def resident(*, anew=False):
    """Give the peak of memory in kilobytes, counted ``anew`` from here on; None if not told.

    Linux alone tells, and lets count anew where the process may write.
    """
    try:
        if anew:
            (ITSELF / "clear_refs").write_text("5", encoding="ascii")
        lines = (ITSELF / "status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), None)


def _read(data, choices, treated, filename):
    choices, treated = choices or {}, treated or {}
    try:
        table = read_table(data, filename, **choices)
        assert table.rows > 0
        assert table.preview
        table.report()
        series = table.series(**treated)
    except SeriesError as error:
        text = Message.from_json(error.message.to_json()).render()
        if len(text) > 4000 or "{" in text.split("Received")[0][:1]:
            raise AssertionError(text) from error
        return
    assert isinstance(series, Series)
    assert len(series) > 0
    assert not np.isinf(series.values).any()
    assert treated.get("missing") == "leave" or not np.isnan(series.values).any()
    if series.has_calendar:
        assert (np.diff(series.times).astype(np.int64) > 0).all()


def fuzzed(examples):
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=examples, deadline=None, suppress_health_check=quiet)


@fuzzed(400)
@given(st.binary(max_size=200), CHOICES)
def test_any_bytes(data, choices):
    only_series_errors(data, choices)


@fuzzed(200)
@given(st.sampled_from([b"PK\x03\x04", b"PAR1", b"\xff\xfe", b"[", b"{", b"\xef\xbb\xbf", b"#"]),
       st.binary(max_size=200))  # fmt: skip
def test_any_bytes_behind_the_mark_of_a_format(mark, data):
    only_series_errors(mark + data)
    only_series_errors(mark + data + mark)


@fuzzed(500)
@given(
    data=st.data(),
    delimiter=st.sampled_from([",", ";", "\t", "|", " "]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "gb18030"]),
    choices=st.just({}) | CHOICES,
    treated=SERIES,
)
def test_anything_like_a_table(data, delimiter, end, encoding, choices, treated):
    width = data.draw(st.integers(1, 3))
    kinds = [data.draw(st.sampled_from([CELLS, *CELLS.original_strategies])) for _ in range(width)]
    rows = data.draw(st.lists(st.tuples(*kinds), max_size=6))
    header = data.draw(st.sampled_from([[], [tuple("abc"[:width])], [("",) * width]]))
    text = end.join(delimiter.join(row) for row in [*header, *rows])
    content = text.encode(encoding, "replace")
    only_series_errors(content, choices)
    only_series_errors(content, treated=treated)


@st.composite
def damaged(draw, files):
    """A file of the corpus with some of its bytes changed, cut out, doubled or added."""
    case = draw(st.sampled_from(files))
    data = bytearray(case.data)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(data) - 1)))
        size = draw(st.integers(1, 12))
        piece = draw(st.binary(max_size=6) | st.just(bytes(data[place : place + size])))
        data[place : place + draw(st.integers(0, size))] = piece
    return bytes(data), case


@fuzzed(500)
@given(damaged(TEXTS), SERIES)
def test_damaged_texts(file, treated):
    data, case = file
    choices = {name: value for name, value in case.choices.items() if name != "colour"}
    only_series_errors(data, choices, treated, case.filename)


@fuzzed(300)
@given(damaged(TYPED))
def test_damaged_workbooks_and_parquet(file):
    data, case = file
    only_series_errors(data, case.choices, filename=case.filename)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | CELLS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "b", "data", "columns", "index", ""]), inner)
    ),
    max_leaves=20,
)


@fuzzed(300)
@given(json_values, SERIES)
def test_any_json(content, treated):
    only_series_errors(json.dumps(content).encode("utf-8"), None, treated, "table.json")


@fuzzed(100)
@given(st.lists(st.tuples(
    st.floats() | st.none(), st.integers(-(2**63), 2**63 - 1) | st.none(), st.text(max_size=4),
    st.datetimes(datetime.datetime(1, 1, 1), datetime.datetime(9999, 1, 1)) | st.none(),
), min_size=1, max_size=5), SERIES)  # fmt: skip
def test_any_parquet(rows, treated):
    columns = dict(zip("abcd", map(list, zip(*rows, strict=True)), strict=True))
    only_series_errors(parquet(columns), None, treated)


@fuzzed(100)
@given(st.dictionaries(st.sampled_from(["delimiter", "header", "sheet", "time", "value", "id_value",
                                        "day_first", "missing_text", "colour"]), ANY),
       st.dictionaries(st.sampled_from(["value", "time", "missing", "every", "id_value",
                                        "covariates", "colour"]), ANY))  # fmt: skip
def test_any_choices(choices, treated):
    with contextlib.suppress(SeriesError):
        read_table(b"a,b\n2020,1\n2021,2\n", **choices)
    with contextlib.suppress(SeriesError):
        read_table(b"a,b\n2020,1\n2021,2\n").series(**treated)


@pytest.mark.parametrize("data", ["a,b\n1,2\n", None, 3, [b"x"]])
def test_what_is_no_bytes(data):
    with pytest.raises(SeriesError, match="from bytes"):
        read_table(data)
