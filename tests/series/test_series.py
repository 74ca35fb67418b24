import numpy as np
import pytest

from rnn_core.series import Series


def test_dates_are_a_calendar_and_step_numbers_are_not():
    values = [1, 2]
    dated = Series("x", values, np.array(["1949-01", "1949-02"], dtype="datetime64[M]"))
    numbered = Series("x", values, np.arange(2, dtype=np.int32))

    assert dated.has_calendar
    assert dated.times.dtype == "datetime64[s]"
    assert not numbered.has_calendar
    assert numbered.times.dtype == np.int64
    assert numbered.values.dtype == np.float64
    assert len(dated) == len(numbered) == 2


def test_arrays_are_copies_that_cannot_be_written():
    values, times = np.zeros(2), np.arange(2)
    series = Series("x", values, times)

    values[0] = times[0] = 7
    assert series.values[0] == series.times[0] == 0
    with pytest.raises(ValueError, match="read-only"):
        series.values[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        series.times[0] = 1


@pytest.mark.parametrize(
    ("values", "times"),
    [([1, 2], [0]), ([[1, 2]], [[0, 1]]), ([1], [0.5]), ([1], ["1949-01"])],
)
def test_arrays_that_do_not_fit_are_refused(values, times):
    with pytest.raises(ValueError, match="Received"):
        Series("x", values, np.array(times))
