"""A report as one HTML file: words, tables and interactive figures, without a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from rnn_core.palette import LIGHT

if TYPE_CHECKING:
    import plotly.graph_objects as go

HEIGHT = 380  # pixels of a figure
_STYLE = f"""
body {{ max-width: 60rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.45;
  font-family: system-ui, sans-serif; color: {LIGHT.text}; background: {LIGHT.background}; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.15rem; margin-top: 2rem; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
th, td {{ padding: 0.25rem 0.7rem; text-align: right; border-bottom: 1px solid {LIGHT.grid}; }}
th:first-child, td:first-child, td.words {{ text-align: left; }}
div.table {{ overflow-x: auto; }}
"""


@dataclass(frozen=True, eq=False)
class Section:
    """A part of a report, in plain text; what is empty is left out.

    The first row of ``table`` has the names of its columns. ``alt`` says ``figure`` in words.
    """

    heading: str
    paragraphs: Sequence[str] = ()
    table: Sequence[Sequence[str]] = ()
    figure: go.Figure | None = None
    alt: str = ""


def html_report(title: str, sections: Sequence[Section], *, language: str = "en") -> str:
    """Write a page that needs nothing else: plotly.js is in it, once, if there is a figure."""
    script = ""
    if any(section.figure is not None for section in sections):
        from plotly.offline import get_plotlyjs

        script = f"<script>{get_plotlyjs()}</script>"
    body = "\n".join(_section(section) for section in sections)
    return f"""<!DOCTYPE html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
{script}
</head>
<body>
<h1>{escape(title)}</h1>
{body}
</body>
</html>
"""


def _section(section: Section) -> str:
    parts = [f"<h2>{escape(section.heading)}</h2>"]
    parts += [f"<p>{escape(text)}</p>" for text in section.paragraphs]
    if section.figure is not None:
        drawing = section.figure.to_html(
            full_html=False,
            include_plotlyjs=False,
            default_height=f"{HEIGHT}px",
            config={"displaylogo": False, "responsive": True},
        )
        parts.append(f'<div role="img" aria-label="{escape(section.alt)}">{drawing}</div>')
    if section.table:
        head, *rows = section.table
        cells = "".join(f"<th>{escape(cell)}</th>" for cell in head)
        lines = [f"<tr>{cells}</tr>"]
        lines += ["<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in rows]
        parts.append(f'<div class="table"><table>{"".join(lines)}</table></div>')
    return "\n".join(parts)


def _cell(text: str) -> str:
    words = ' class="words"' if len(text) > 20 else ""
    return f"<td{words}>{escape(text)}</td>"
