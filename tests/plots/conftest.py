"""What all tests of figures hold."""

import json
from typing import Any

import plotly.graph_objects as go
import pytest

from rnn_core.plots import drawn


@pytest.fixture(autouse=True)
def sent_as_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each figure that a test makes, the page is sent what Plotly's own object would send."""
    make = drawn.figure_of

    def checked(spec: drawn.Spec) -> go.Figure:
        figure = make(spec)
        theirs = json.loads(figure.to_json())
        theirs["layout"].pop("template")
        assert plain(json.loads(drawn.to_json(spec))) == plain(theirs)
        return figure

    monkeypatch.setattr(drawn, "figure_of", checked)


def plain(value: Any) -> Any:
    """Give what Plotly writes in several ways in one."""
    if isinstance(value, dict):
        nothing = ({}, None) if "type" in value else ({}, None, [])  # a trace may be empty
        return {key: plain(each) for key, each in value.items() if each not in nothing}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
