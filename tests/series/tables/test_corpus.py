"""Every file of the corpus is understood, or refused, as it must be."""

import sys
from pathlib import Path

import numpy as np
import pytest

from rnn_core.messages import Message, SeriesError
from rnn_core.series import read_table

sys.path.insert(0, str(Path(__file__).parent))
from corpus import cases

CASES = cases()


def test_the_corpus_is_large_and_has_good_and_bad():
    assert len(CASES) >= 150
    assert sum(bool(case.refusal) for case in CASES) >= 50
    assert sum(not case.refusal for case in CASES) >= 100


@pytest.mark.parametrize("case", [case for case in CASES if not case.refusal], ids=lambda c: c.name)
def test_is_understood(case):
    table = read_table(case.data, case.filename, **case.choices)
    series = table.series(**case.series)
    np.testing.assert_allclose(
        series.values, case.values, rtol=1e-6 if "32" in case.name else 1e-12
    )
    if case.times is None:
        assert not series.has_calendar
    else:
        expected = np.array(case.times, "datetime64[ms]")
        np.testing.assert_array_equal(series.times, expected)
    assert series.time_unit == case.time_unit
    for name, value in case.facts.items():
        found = getattr(table, name)
        assert (dict(found) if isinstance(value, dict) else found) == value, name
    assert table.rows >= len(table.preview[table.columns[0]]) > 0
    table.report()


@pytest.mark.parametrize("case", [case for case in CASES if case.refusal], ids=lambda c: c.name)
def test_is_refused(case):
    with pytest.raises(SeriesError) as caught:
        read_table(case.data, case.filename, **case.choices).series(**case.series)
    message = caught.value.message
    assert message.kind == case.refusal
    assert str(message).endswith(".") or "Received: " in str(message)
    assert Message.from_json(message.to_json()) == message
    if case.row:
        assert case.row in message.values.values()
        assert str(case.row) in str(message)
