"""One colour per role, for a light and a dark page.

Figures are built in ``LIGHT``. A page in the dark recolours the finished figure by replacing
text, ``swap(LIGHT, DARK)`` says what by what; so within a palette no two roles share a colour.
The line colours follow Okabe and Ito (2008), https://jfly.uni-koeln.de/color/, made darker or
lighter until each stands out from its background by at least 3:1 (WCAG 2.2, 1.4.11).
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Palette:
    """Colours by role, each as ``#rrggbb`` in lower case."""

    background: str  # of the page; the neutral middle of `diverging`
    text: str
    muted: str  # tick labels, captions
    grid: str

    truth: str
    forecast: str
    persistence: str
    seasonal_naive: str
    mean: str
    drift: str
    theta: str
    ets: str
    training_loss: str
    validation_loss: str

    # Areas behind the lines.
    training_part: str
    validation_part: str
    test_part: str
    interval_95: str
    interval_80: str
    interval_50: str

    diverging: tuple[str, ...]  # from -1 over 0 to 1
    sequential: tuple[str, ...]  # from 0, next to the background, to 1

    def colours(self) -> tuple[str, ...]:
        """Give every colour of the palette, the stops of its scales included."""
        found: list[str] = []
        for role in fields(self):
            value = getattr(self, role.name)
            found += [value] if isinstance(value, str) else value
        return tuple(found)


# The backgrounds and texts are those of .streamlit/config.toml; a test compares them.
LIGHT = Palette(
    background="#ffffff",
    text="#1f2933",
    muted="#5f6b7a",
    grid="#e6e9ed",
    truth="#2d3b4a",
    forecast="#d55e00",
    persistence="#a8559a",
    seasonal_naive="#0f8f6b",
    mean="#7b3f00",
    drift="#41005a",
    theta="#6827ff",
    ets="#ee36dc",
    training_loss="#0072b2",
    validation_loss="#b07a00",
    training_part="#eef5fa",
    validation_part="#fcf6e7",
    test_part="#eef7f3",
    interval_95="#fdf3ec",
    interval_80="#fce8da",
    interval_50="#f9dcc6",
    diverging=("#053f73", "#3f8ac0", "#b3d3ea", "#ffffff", "#f8cba5", "#dd7a2c", "#8a3200"),
    sequential=("#f4f8fb", "#c2dcee", "#72aed8", "#2b78b2", "#083a66"),
)
DARK = Palette(
    background="#14171c",
    text="#e4e7eb",
    muted="#9aa5b3",
    grid="#2a3038",
    truth="#d3dae2",
    forecast="#ff8b3d",
    persistence="#c77bb6",
    seasonal_naive="#1fa67f",
    mean="#f6e11a",
    drift="#f01554",
    theta="#99c7fd",
    ets="#b145ff",
    training_loss="#56b4e9",
    validation_loss="#e0a82e",
    training_part="#182330",
    validation_part="#252118",
    test_part="#18241f",
    interval_95="#231c18",
    interval_80="#33251b",
    interval_50="#472f1e",
    diverging=("#a9d8fb", "#4796d1", "#22496a", "#14171c", "#6b3d1b", "#d97a2f", "#ffcb9c"),
    sequential=("#18202a", "#1f4566", "#2f76ab", "#66aee0", "#c4e4fb"),
)


def swap(old: Palette, new: Palette) -> dict[str, str]:
    """Give the colour of ``new`` for each colour of ``old``."""
    return dict(zip(old.colours(), new.colours(), strict=True))


def _scale(stops: tuple[str, ...]) -> tuple[tuple[float, str], ...]:
    return tuple((i / (len(stops) - 1), stop) for i, stop in enumerate(stops))


DIVERGING = _scale(LIGHT.diverging)
"""Plotly colour scale for all that is signed; give it a range that is symmetric about zero."""

SEQUENTIAL = _scale(LIGHT.sequential)
"""Plotly colour scale for what is never negative, such as a density or a magnitude."""
