"""Files made to cost time or memory are refused, or read, within bounds on both."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

# Read in a process of its own, whose peak memory above that of the imports is what counts.
PROGRAM = """
import resource, sys
import pyarrow.compute, pyarrow.parquet, charset_normalizer, python_calamine
from rnn_core import SeriesError, read_table
read_table(b"t,x\\n2020-01-01,1\\n2020-01-02,2\\n").series()
data = sys.stdin.buffer.read()
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before = peak()
try:
    found = str(len(read_table(data).series()))
except SeriesError as error:
    found = error.message.kind
print(found, peak() - before)
"""


def read_alone(data):
    """Give what a file is read as, and the MB that it took."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=data, cwd=ROOT, capture_output=True
    )
    assert done.returncode == 0, f"{done.returncode}: {done.stderr.decode()[-2000:]}"
    found, memory = done.stdout.decode().split()
    return found, float(memory)


def lines(count):
    return b"t,x\n" + b"".join(b"%d,%d\n" % (place, place * 7 % 1000) for place in range(count))


def far_apart():
    import openpyxl

    book = openpyxl.Workbook()
    book.active.cell(1, 1, 1)
    book.active.cell(1_000_000, 1000, 1)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def repeated(rows, columns):
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    held = io.BytesIO()
    table = pa.table({f"c{k}": np.zeros(rows) for k in range(columns)})
    pq.write_table(table, held)
    return held.getvalue()


NASTY = {
    "deep-json": (lambda: b"[" * 10_000_000, "series.too_many_rows"),
    "json-of-brackets": (lambda: b"[" + b"[]," * 10_000_000 + b"[]]", "series.too_many_rows"),
    "json-new-names": (
        lambda: json.dumps([{f"k{at % 999}": 1} for at in range(200_000)]).encode(),
        "series.unpacks_too_large",
    ),
    "one-line": (lambda: b"x" * 40_000_000, "series.quotes"),
    "open-quote": (lambda: b'a,b\n"' + b"x,y\n" * 3_000_000, "series.quotes"),
    "quotes": (lambda: b'"' * 40_000_000, "series.quotes"),
    "commas": (lambda: b"," * 40_000_000, "series.empty"),
    "columns": (lambda: (b",".join([b"1"] * 1000) + b"\n") * 2_000, "2000"),
    "blank-lines": (lambda: b"\n" * 40_000_000 + b"x\n1\n", "series.too_many_rows"),
    "spaces": (lambda: b"x\n" + b" " * 40_000_000, None),
    "digits": (lambda: b"x\n" + b"1" * 120_000 + b"\n2\n", "series.infinite"),
    "slow-pattern": (lambda: b"x;y\n" + (b"1 " * 50_000 + b"x;1\n") * 3, None),
    "slow-date": (lambda: b"x;y\n" + (b"1/" * 50_000 + b";1\n") * 3, "3"),
    "too-many-rows": (lambda: b"1\n" * 2_000_001, "series.too_many_rows"),
    "zip-far-apart": (far_apart, "series.sheet_area"),
    "parquet-repeated": (lambda: repeated(1_000_000, 60), "series.unpacks_too_large"),
}


@pytest.mark.parametrize("name", NASTY)
def test_what_is_made_to_cost_costs_little(name):
    make, expected = NASTY[name]
    found, memory = read_alone(make())
    if expected is not None:
        assert found == expected
    assert memory < 500


def test_a_large_table_takes_less_than_a_gigabyte():
    found, memory = read_alone(lines(1_000_000))
    assert found == "1000000"
    assert memory < 700
