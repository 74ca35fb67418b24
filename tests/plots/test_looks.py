"""The figures of the series and of its diagnostics."""

import json
import re
from itertools import pairwise

import numpy as np
import pytest

from rnn_core.config import Experiment
from rnn_core.messages import Message
from rnn_core.palette import LIGHT
from rnn_core.plots import (
    correlation_alt,
    correlation_figure,
    decomposition_alt,
    decomposition_figure,
    distribution_alt,
    distribution_figure,
    series_alt,
    series_figure,
    spectrum_alt,
    spectrum_figure,
    window_alt,
    window_figure,
)
from rnn_core.series import load_series
from rnn_core.series.diagnostics import autocorrelation, decompose, spectrum
from rnn_core.windows import Split, prepare

AIRLINE = load_series(Experiment().series)
WINDOWS = prepare(Experiment(), AIRLINE)
DIRECT = prepare(Experiment.from_values({"strategy": "direct", "horizon": 12}), AIRLINE)
LONG = np.random.default_rng(0).normal(size=100_000).cumsum()
NONE = np.array([])


def airline_figure(**options):
    given = {"split": WINDOWS.split, "unit": AIRLINE.unit, "time_label": "Month"}
    return series_figure(AIRLINE.times, AIRLINE.values, **(given | options))


def long_figure(values=LONG, **options):
    times = np.arange(len(values))
    return series_figure(times, values, unit="V", time_label="Step", **options)


FIGURES = {
    "series": (airline_figure, 6_000),
    "long series": (lambda **options: long_figure(**options), 24_000),
    "correlation": (
        lambda **options: correlation_figure(
            autocorrelation(AIRLINE.values), season=12, time_unit="month", **options
        ),
        7_000,
    ),
    "spectrum": (lambda **options: spectrum_figure(spectrum(LONG), season=12, **options), 40_000),
    "decomposition": (
        lambda **options: decomposition_figure(
            AIRLINE.times, decompose(AIRLINE.values, 12), unit="V", time_label="Month", **options
        ),
        15_000,
    ),
    "distribution": (
        lambda **options: distribution_figure(AIRLINE.values, WINDOWS.z, unit="V", **options),
        4_000,
    ),
    "window": (lambda **options: window_figure(WINDOWS, 60, time_label="Month", **options), 9_000),
}
EVERY = pytest.mark.parametrize("name", FIGURES)


@EVERY
def test_common_look(name):
    build, limit = FIGURES[name]
    fig = build()
    text = fig.to_json()
    assert set(re.findall(r"#[0-9a-fA-F]+", text)) <= set(LIGHT.colours())
    assert len(text.encode()) < limit
    assert fig.layout.uirevision == "kept"
    assert fig.layout.autosize
    assert fig.layout.title.text is None
    titles = [axis.title.text for axis in fig.select_xaxes()]
    assert any(titles)


@EVERY
def test_arrays_travel_as_small_numbers(name):
    fig = FIGURES[name][0]()
    of_moments = fig.layout.xaxis.type == "date"
    for trace in json.loads(fig.to_json())["data"]:
        for axis in ("x", "y", "width", "customdata"):
            sent = trace.get(axis, [])
            if sent == []:
                continue
            assert isinstance(sent, dict), axis
            assert sent["dtype"] in {"f4", "u1", "u2", "f8"}
            if sent["dtype"] == "f8":
                assert (axis, of_moments) == ("x", True)


@EVERY
def test_texts_are_translated(name):
    plain = FIGURES[name][0]()
    marked = FIGURES[name][0](translate=lambda text: f"«{text}»")
    words = re.compile(r"«[^»]+»")
    found = words.findall(json.dumps(json.loads(marked.to_json()), ensure_ascii=False))
    if name == "long series":
        assert not found  # no words but those handed in
    else:
        assert found
    assert not words.search(plain.to_json())


def test_the_series_is_drawn_with_its_parts():
    fig = airline_figure()
    (line,) = fig.data
    np.testing.assert_array_equal(line.y, AIRLINE.values.astype(np.float32))
    assert [shape.fillcolor for shape in fig.layout.shapes] == [
        LIGHT.training_part,
        LIGHT.validation_part,
        LIGHT.test_part,
    ]
    assert [label.text for label in fig.layout.annotations] == ["Training", "Validation", "Test"]
    training, validation, test = fig.layout.shapes
    milliseconds = AIRLINE.times.astype("datetime64[ms]").astype(float)
    assert milliseconds[85] < training.x1 == validation.x0 < milliseconds[86]
    assert milliseconds[95] < validation.x1 == test.x0 < milliseconds[96]
    assert test.x1 == milliseconds[-1]


def test_missing_stretches_are_gaps_over_bands():
    values = AIRLINE.values.copy()
    values[30:37] = np.nan
    values[60] = np.inf
    fig = long_figure(values)
    assert np.flatnonzero(np.isnan(fig.data[0].y)).tolist() == [*range(30, 37), 60]
    assert [(band.x0, band.x1) for band in fig.layout.shapes] == [(29.5, 36.5), (59.5, 60.5)]
    (label,) = fig.layout.annotations
    assert (label.text, label.x) == ("Missing", 29.5)


def test_zoom_gets_the_detail_back():
    whole, near = long_figure(), long_figure(shown=(50_000, 51_000))
    assert len(whole.data[0].x) <= 2000
    inside = np.isin(np.arange(50_000, 51_000), near.data[0].x)
    assert inside.all()
    assert not np.isin(np.arange(50_000, 51_000), whole.data[0].x).all()
    # The axis stays that of the whole, so the zoom is kept.
    assert near.layout.xaxis.uirevision == whole.layout.xaxis.uirevision


def test_correlations_beyond_chance_are_in_colour():
    found = autocorrelation(AIRLINE.values, 30)
    fig = correlation_figure(found, season=12, time_unit="month")
    bars = [trace for trace in fig.data if trace.type == "bar"]
    for row, values, bound in (
        ("y", found.acf, found.acf_bound),
        ("y2", found.pacf, found.pacf_bound),
    ):
        beyond, within = (bar for bar in bars if bar.yaxis == row)
        assert beyond.marker.color == LIGHT.training_loss
        np.testing.assert_array_equal(beyond.x, found.lags[np.abs(values) > bound])
        np.testing.assert_array_equal(beyond.y, values[np.abs(values) > bound].astype(np.float32))
        np.testing.assert_array_equal(within.x, found.lags[np.abs(values) <= bound])
    (season,) = fig.layout.shapes
    assert (season.x0, season.x1) == (12, 12)
    assert fig.layout.xaxis.title.text == "Lag (month)"
    assert not correlation_figure(found, season=40, time_unit="month").layout.shapes


def test_the_spectrum_names_periods():
    fig = spectrum_figure(spectrum(AIRLINE.values), season=12)
    assert "1/12" in fig.layout.xaxis.ticktext
    assert "1/10" not in fig.layout.xaxis.ticktext
    (line,) = fig.data
    np.testing.assert_allclose(line.customdata * line.x, 1, rtol=1e-6)
    assert line.y.sum() == pytest.approx(100)
    assert fig.layout.shapes[0].x0 == pytest.approx(1 / 12)


def test_the_parts_stand_under_each_other():
    found = decompose(np.r_[np.nan, AIRLINE.values[1:]], 12)
    fig = decomposition_figure(AIRLINE.times, found, unit="V", time_label="Month")
    drawn = [trace.y for trace in fig.data]
    for sent, part in zip(
        drawn, (found.values, found.trend, found.season, found.remainder), strict=True
    ):
        np.testing.assert_array_equal(sent, part.astype(np.float32))
    assert fig.data[0].x[0] == AIRLINE.times[1].astype("datetime64[ms]").astype(float)
    domains = [axis.domain for axis in fig.select_yaxes()]
    assert all(upper[0] > lower[1] for upper, lower in pairwise(domains))


def test_long_parts_are_thinned():
    found = decompose(LONG[:20_000], 24)
    fig = decomposition_figure(np.arange(20_000), found, unit="", time_label="Step")
    assert max(len(trace.x) for trace in fig.data) <= 1000


def test_the_histograms_count_everything():
    fig = distribution_figure(np.r_[AIRLINE.values, np.nan], WINDOWS.z, unit="V")
    before, after = fig.data
    for bars, values in ((before, AIRLINE.values), (after, WINDOWS.z[1:])):
        assert bars.y.sum() == pytest.approx(100, rel=1e-5)
        edges = np.r_[bars.x - bars.width / 2, bars.x[-1] + bars.width[-1] / 2]
        assert edges[[0, -1]] == pytest.approx([values.min(), values.max()], rel=1e-4)
        expected, _ = np.histogram(values, bins=len(bars.x))
        np.testing.assert_allclose(bars.y, 100 * expected / len(values), rtol=1e-5)


@pytest.mark.parametrize("values", [
    NONE, np.full(9, np.nan), np.full(9, 3.0), np.array([1e308, -1e308]), np.array([5e-324, 0])
])  # fmt: skip
def test_odd_distributions(values):
    fig = distribution_figure(values, values, unit="V")
    assert fig.data[0].y.sum() in (0, 100)
    assert str(distribution_alt(values, values, unit="V"))


def test_the_window_is_what_goes_in():
    fig = window_figure(WINDOWS, 60, time_label="Month")
    series, window, target, seen, said = fig.data
    np.testing.assert_array_equal(series.y, AIRLINE.values.astype(np.float32))
    np.testing.assert_array_equal(window.y, AIRLINE.values[48:60].astype(np.float32))
    np.testing.assert_array_equal(seen.y, WINDOWS.inputs(np.array([60]))[0, :, 0])
    assert target.y.tolist() == [AIRLINE.values[60]]
    assert said.y.tolist() == [WINDOWS.z[60]]
    np.testing.assert_array_equal(window.x, seen.x)
    assert (target.x, said.x) == (series.x[60], series.x[60])
    assert [band.fillcolor for band in fig.layout.shapes] == [
        LIGHT.training_part,
        LIGHT.validation_part,
        LIGHT.test_part,
    ]


@pytest.mark.parametrize("target", [60, 80, 140])  # the last ones reach over an end
def test_all_targets_of_a_window_are_drawn(target):
    *_, targets, _seen, said = window_figure(DIRECT, target, time_label="Month").data
    np.testing.assert_array_equal(targets.y, AIRLINE.values[target : target + 12])
    np.testing.assert_array_equal(said.y, DIRECT.z[target : target + 12])
    assert len(said.x) == len(said.y) == min(12, 144 - target)


@pytest.mark.parametrize("target", [-1, 12, 144])
def test_targets_without_a_window(target):
    for draw in (
        lambda: window_figure(WINDOWS, target, time_label=""),
        lambda: window_alt(WINDOWS, target),
    ):
        with pytest.raises(IndexError, match=f"from 13 to 143, with a whole .* Received: {target}"):
            draw()


@pytest.mark.parametrize("fig", [
    series_figure(NONE, NONE, unit="V", time_label="Step"),
    series_figure(NONE, NONE, split=Split(0, 0, 0), unit="", time_label="Step"),
    series_figure(np.arange(9), np.full(9, np.nan), unit="V", time_label="Step"),
    series_figure(np.arange(1), np.ones(1), split=Split(0, 0, 1), unit="", time_label="Step"),
    distribution_figure(NONE, NONE, unit="V"),
    spectrum_figure(spectrum(np.full(50, 2.0))),
])  # fmt: skip
def test_little_to_draw(fig):
    assert len(fig.to_json()) < 6000
    assert fig.layout.xaxis.title.text


FOUND, PARTS = autocorrelation(AIRLINE.values), decompose(AIRLINE.values, 12)
DISTRIBUTION = distribution_alt(AIRLINE.values, WINDOWS.z, unit="V")
GAPPED = np.r_[np.arange(20.0), np.nan]


@pytest.mark.parametrize(("message", "said"), [
    (series_alt(NONE, unit="V"), "no values to draw"),
    (series_alt(np.arange(20.0), unit="V"), "of 0.5, the last of 18.5."),
    (series_alt(GAPPED, unit="V"), "1 of them missing"),
    (correlation_alt(FOUND), "0.95 at lag 1; of the partial ones 6 do, the last at lag 13"),
    (spectrum_alt(spectrum(AIRLINE.values)), "at a period of 12 steps (0.0833 cycles per step)"),
    (spectrum_alt(spectrum(np.ones(20))), "nothing changes but a line"),
    (decomposition_alt(PARTS, unit="V"), "strength of the trend 1.00, of the season 0.98"),
    (DISTRIBUTION, "mean 280.3 V, deviation 119.5, skewness 0.5771; after them"),
    (distribution_alt(NONE, NONE, unit="V"), "no values to distribute"),
    (window_alt(WINDOWS, 60), "the training part: values 49 to 60 of the series go in"),
    (window_alt(WINDOWS, 90), "the validation part"),
    (window_alt(DIRECT, 60), "the 12 values from 61 on should come out, the first of them 204"),
    (window_alt(DIRECT, 80), "the validation part"),
    (window_alt(WINDOWS, 143), "value 144 should come out, 432 thousand passengers"),
])  # fmt: skip
def test_alt_texts(message, said):
    assert said in message.render()
    assert Message.from_json(message.to_json()) == message


def test_the_skewness_is_that_of_scipy():
    from scipy import stats

    said = distribution_alt(AIRLINE.values, WINDOWS.z, unit="V").values
    assert float(said["skewness_before"]) == pytest.approx(stats.skew(AIRLINE.values), rel=5e-3)
    after = stats.skew(WINDOWS.z[1:].astype(float))
    assert float(said["skewness_after"]) == pytest.approx(after, rel=5e-3)
