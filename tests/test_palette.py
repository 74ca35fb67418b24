import re
import tomllib
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from rnn_core.palette import DARK, DIVERGING, LIGHT, SEQUENTIAL, Palette, swap

CONFIG = Path(__file__).parents[1] / ".streamlit" / "config.toml"
BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
METHODS = (
    "truth",
    "forecast",
    "persistence",
    "seasonal_naive",
    "mean",
    "drift",
    "theta",
    "ets",
)
LINES = (*METHODS, "training_loss", "validation_loss")
INTERVALS = ("interval_95", "interval_80", "interval_50")
PARTS = ("training_part", "validation_part", "test_part")
SHOWN_TOGETHER = [*combinations(METHODS, 2), LINES[8:]]
# Machado, Oliveira, Fernandes (2009), severity 1, for linear RGB.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear_rgb(colour: str) -> np.ndarray:
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear_rgb(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def lab(colour: str, sight: str) -> np.ndarray:
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    seen = np.clip(SIGHT[sight] @ linear_rgb(colour), 0, 1)
    x, y, z = np.cbrt(to_xyz @ seen / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_contrast_reference() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#ffffff", "#777777") == pytest.approx(4.48, abs=0.005)


@BOTH
@pytest.mark.parametrize("role", LINES)
def test_lines_stand_out(palette: Palette, role: str) -> None:
    for behind in (palette.background, *(getattr(palette, part) for part in PARTS)):
        assert contrast(getattr(palette, role), behind) >= 3


@BOTH
def test_the_fan_is_darker_inside_and_the_lines_stand_out_from_it(palette: Palette) -> None:
    fan = [getattr(palette, role) for role in INTERVALS]
    assert all(contrast(a, b) > 1.06 for a, b in pairwise([palette.background, *fan]))
    for behind in fan:
        assert contrast(palette.forecast, behind) >= 2.9
        assert contrast(palette.truth, behind) >= 4.5


@BOTH
@pytest.mark.parametrize("role", ["text", "muted"])
def test_text_is_readable(palette: Palette, role: str) -> None:
    for behind in (palette.background, *(getattr(palette, part) for part in PARTS)):
        assert contrast(getattr(palette, role), behind) >= 4.5


@BOTH
@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("roles", SHOWN_TOGETHER, ids="-".join)
def test_lines_differ(palette: Palette, sight: str, roles: tuple[str, str]) -> None:
    one, other = (lab(getattr(palette, role), sight) for role in roles)
    assert np.linalg.norm(one - other) >= 20


@BOTH
def test_diverging_leaves_the_background_evenly(palette: Palette) -> None:
    stops = palette.diverging
    middle = len(stops) // 2
    assert len(stops) % 2 == 1
    assert stops[middle] == palette.background
    from_middle = [contrast(stop, palette.background) for stop in stops]
    assert all(a > b for a, b in pairwise(from_middle[: middle + 1]))
    assert all(a < b for a, b in pairwise(from_middle[middle:]))
    for negative, positive in zip(from_middle[:middle], reversed(from_middle), strict=False):
        assert negative == pytest.approx(positive, rel=0.4)


@BOTH
def test_sequential_leaves_the_background(palette: Palette) -> None:
    from_background = [contrast(stop, palette.background) for stop in palette.sequential]
    assert all(a < b for a, b in pairwise(from_background))


def test_scales_span_0_to_1() -> None:
    assert DIVERGING[0] == (0, LIGHT.diverging[0])
    assert DIVERGING[len(DIVERGING) // 2] == (0.5, LIGHT.background)
    assert [SEQUENTIAL[0][0], SEQUENTIAL[-1]] == [0, (1, LIGHT.sequential[-1])]


@BOTH
def test_colours_are_lower_case_hex(palette: Palette) -> None:
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in palette.colours())


@BOTH
def test_only_the_middle_is_used_twice(palette: Palette) -> None:
    colours = list(palette.colours())
    colours.remove(palette.background)
    assert len(set(colours)) == len(colours)


def test_swap() -> None:
    there = swap(LIGHT, DARK)
    assert there[LIGHT.truth] == DARK.truth
    assert [there[stop] for stop in LIGHT.diverging] == list(DARK.diverging)
    assert swap(DARK, LIGHT) == {dark: light for light, dark in there.items()}


@pytest.mark.parametrize(("theme", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_same_page_as_streamlit(theme: str, palette: Palette) -> None:
    options = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][theme]
    assert options["backgroundColor"] == palette.background
    assert options["textColor"] == palette.text
