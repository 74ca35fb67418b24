"""The report, read as a browser would."""

import json
from html.parser import HTMLParser

import plotly.graph_objects as go
import pytest

from rnn_core.takeaway.report import Section, html_report

OUTSIDE = ("src", "href", "data", "action", "poster", "srcset")


class Reader(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.scripts, self._inside = [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        (self.scripts if self._inside == "script" else self.words).append(data)


@pytest.fixture(scope="module")
def report():
    first = go.Figure(go.Scatter(y=[3.0, 1.0, 2.0], name="</script><b>"))
    second = go.Figure(go.Bar(y=[5.0]))
    sections = [
        Section("Verdict", ["Beats <none> & all."]),
        Section("Forecast", figure=first, alt='From "3" to 2'),
        Section("Errors", table=[["Method", "RMSE"], ["<i>Theta</i>", "19.5"]], figure=second),
    ]
    return Reader(html_report("LSTM <4>", sections, language="de"))


def test_it_needs_nothing_from_elsewhere(report):
    for tag, attributes in report.tags:
        assert tag not in ("link", "iframe", "img", "object", "embed")
        assert not [name for name in attributes if name in OUTSIDE], (tag, attributes)
    large = [script for script in report.scripts if len(script) > 1_000_000]
    assert len(large) == 1  # plotly.js itself


def test_words_are_shown_as_they_are(report):
    words = " ".join(report.words)
    for text in ("LSTM <4>", "Beats <none> & all.", "<i>Theta</i>", "19.5"):
        assert text in words
    tags = [tag for tag, _attributes in report.tags]
    assert "i" not in tags
    assert "b" not in tags
    assert ("html", {"lang": "de"}) in report.tags


def test_each_figure_is_drawn_with_its_data_and_said_in_words(report):
    drawn = [script for script in report.scripts if "Plotly.newPlot(" in script[:2000]]
    assert len(drawn) == 2
    assert json.dumps([3.0, 1.0, 2.0], separators=(",", ":")) in drawn[0]
    labels = [a["aria-label"] for tag, a in report.tags if a.get("role") == "img"]
    assert labels == ['From "3" to 2', ""]


def test_without_figures_it_is_small():
    text = html_report("Run", [Section("Verdict", ["Good."])])
    assert len(text) < 3000
    assert "<script" not in text
