"""A figure as what it is made of, and as Plotly's own object.

Plotly checks each of some hundred properties of a trace as it makes its object: that takes ten
times as long as all else, and a page that draws five times a second has no use for it. So each
figure is described in plain dicts, which travel as they are, and Plotly's object is made of these.
Plotly is loaded with the first of its objects.
"""

from __future__ import annotations

import base64
import functools
import inspect
import json
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, cast

import numpy as np

if TYPE_CHECKING:
    import plotly.graph_objects as go

Spec = dict[str, Any]
"""A figure as plotly.js takes it: ``data``, a list of traces, and ``layout``."""
Trace = dict[str, Any]

P = ParamSpec("P")

# What plotly.js reads from base64; other integers travel as the first of these that holds them.
_TYPED = {"f4", "f8", "i1", "i2", "i4", "u1", "u2", "u4"}
_INTEGERS = (np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32)


class Drawn(Protocol[P]):
    """A function that gives a figure; ``spec`` gives what that is made of."""

    spec: Callable[P, Spec]

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> go.Figure:
        """Give Plotly's figure."""


def drawn(describe: Callable[P, Spec]) -> Drawn[P]:
    """Make a function that gives Plotly's figure of one that describes it."""

    @functools.wraps(describe)
    def draw(*args: P.args, **kwargs: P.kwargs) -> go.Figure:
        return figure_of(describe(*args, **kwargs))

    given = inspect.signature(describe).replace(return_annotation="plotly.graph_objects.Figure")
    draw.__signature__ = given  # type: ignore[attr-defined]
    draw.spec = describe  # type: ignore[attr-defined]
    return cast(Drawn[P], draw)


def figure_of(spec: Spec) -> go.Figure:
    """Give Plotly's figure; ``ValueError`` for a property that Plotly does not know."""
    import plotly.graph_objects as go

    return go.Figure(spec).update_layout(template="none")  # its own has 7 kB


def to_json(spec: Spec) -> str:
    """Write a figure for plotly.js, arrays of numbers as base64."""
    return json.dumps(_sent(spec), separators=(",", ":"), allow_nan=False)


def trace(kind: str, **properties: Any) -> Trace:
    """Describe one of Plotly's traces: a ``scatter``, a ``heatmap``, a ``bar``."""
    return {"type": kind, **properties}


def _sent(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sent(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_sent(each) for each in value]
    if isinstance(value, np.ndarray) and value.ndim and value.dtype.kind in "fiu":
        return _typed(value)
    if isinstance(value, np.ndarray | np.generic):
        return _sent(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _typed(array: np.ndarray[Any, Any]) -> Any:
    if not array.size:
        return []
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    name = array.dtype.str[1:]
    if name not in _TYPED:
        holds = [
            kind
            for kind in _INTEGERS
            if array.dtype.kind in "iu"
            and np.iinfo(kind).min <= array.min()
            and array.max() <= np.iinfo(kind).max
        ]
        array = array.astype(holds[0] if holds else np.float64)
        name = array.dtype.str[1:]
    sent = {"dtype": name, "bdata": base64.b64encode(array.tobytes()).decode("ascii")}
    if array.ndim > 1:
        sent["shape"] = ", ".join(map(str, array.shape))
    return sent
