"""How a figure travels, and that called it is Plotly's own."""

import base64
import inspect
import json
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from rnn_core.plots import loss_figure
from rnn_core.plots.drawn import figure_of, to_json, trace


def sent(value: Any) -> Any:
    return json.loads(to_json({"data": [trace("scatter", x=value)], "layout": {}}))["data"][0]["x"]


@pytest.mark.parametrize(
    ("numbers", "dtype"),
    [
        (np.array([1.5, np.nan], np.float32), "f4"),
        (np.array([1.5, np.inf]), "f8"),
        (np.array([1.5, 2.5], ">f8"), "f8"),
        (np.array([-3, 100]), "i1"),
        (np.array([0, 255]), "u1"),
        (np.array([-1, 40_000]), "i4"),
        (np.array([0, 2**33]), "f8"),
        (np.array([7, 2**31], np.uint64), "u4"),
    ],
)
def test_numbers_travel_as_the_bytes_that_plotly_reads(numbers: np.ndarray, dtype: str) -> None:
    found = sent(numbers)
    assert set(found) == {"dtype", "bdata"}
    assert found["dtype"] == dtype
    read = np.frombuffer(base64.b64decode(found["bdata"]), np.dtype(f"<{dtype}"))
    np.testing.assert_array_equal(read, numbers)


def test_a_table_of_numbers_travels_with_its_shape() -> None:
    assert sent(np.zeros((2, 3), np.float32))["shape"] == "2, 3"
    # Row after row, however it lies in memory.
    turned = sent(np.array([[0, 1], [2, 3]], np.uint8).T)
    assert list(base64.b64decode(turned["bdata"])) == [0, 2, 1, 3]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.array([], np.float32), []),
        (np.array(["a", "b"]), ["a", "b"]),
        (np.array([True, False]), [True, False]),
        ((1, np.float32(2.5), np.int64(3)), [1, 2.5, 3]),
        ([1.0, float("nan"), np.float64("inf")], [1.0, None, None]),
    ],
)
def test_what_is_no_array_of_numbers_travels_as_a_list(value: Any, expected: list[Any]) -> None:
    assert sent(value) == expected


def test_what_plotly_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid property"):
        figure_of({"data": [trace("scatter", colour="red")], "layout": {}})


def test_a_figures_function_reads_like_one() -> None:
    epochs, loss = np.arange(3), np.ones(3)
    assert isinstance(loss_figure(epochs, loss, loss, log=False), go.Figure)
    assert isinstance(loss_figure.spec(epochs, loss, loss, log=False), dict)
    assert inspect.getdoc(loss_figure).startswith("Draw training and validation loss")
    signature = inspect.signature(loss_figure)
    assert "log" in signature.parameters
    assert signature.return_annotation == "plotly.graph_objects.Figure"
