"""New numbers in a plot that is drawn: the same picture as one drawn afresh."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from playwright.sync_api import Page

from pages.ui.plot import REDRAW
from pages.ui.served import FOLDER
from rnn_core.plots import (
    dependence_figure,
    epochs_figure,
    forecast_figure,
    hidden_figure,
    loss_figure,
)
from tests.browser.conftest import Server
from tests.browser.lab import Lab

STEPS, UNITS = 30, 17

# Draws `from` and goes on to `to`, and draws `to` in another place afresh. Says whether it could,
# and gives of both what is seen: the curves' paths, the picture's colours, and the hover's numbers.
GO_ON = """async ([address, from, to, [columns, rows]]) => {
  const { redraw } = await import(new URL(address, document.baseURI))
  const place = () => {
    const div = document.createElement('div')
    Object.assign(div.style, { position: 'fixed', top: 0, width: '600px', height: '240px' })
    document.body.append(div)
    return div
  }
  const seen = async (div) => {
    const image = div.querySelector('.heatmaplayer image')
    let colours = []
    if (image) {
      const bitmap = Object.assign(new Image(), { src: image.getAttribute('href') })
      await bitmap.decode()
      const canvas = document.createElement('canvas')
      const pen = canvas.getContext('2d')
      pen.imageSmoothingEnabled = false // of each cell the colour of its middle
      pen.drawImage(bitmap, 0, 0, columns, rows)
      colours = Array.from(pen.getImageData(0, 0, columns, rows).data)
    }
    return {
      paths: Array.from(div.querySelectorAll('.js-line'), (path) => path.getAttribute('d')),
      lines: Array.from(div.querySelectorAll('.shapelayer path'), (path) => path.getAttribute('d')),
      bars: Array.from(div.querySelectorAll('.bars path'), (path) => path.getAttribute('d')),
      marks: Array.from(div.querySelectorAll('.point'), (mark) => mark.getAttribute('transform')),
      axes: ['xaxis', 'yaxis'].map((name) => div._fullLayout[name].range),
      cells: div.calcdata.map((of) => of[0].z ?? of.map((point) => point.y)),
      held: div._fullData.map(({ z }) => Array.from(z ?? [], (row) => Array.from(row))),
      colours,
    }
  }
  const [drawn, afresh] = [place(), place()]
  const { data, layout } = JSON.parse(from)
  await Plotly.newPlot(drawn, data, layout)
  const went = await redraw(drawn, JSON.parse(from), JSON.parse(to))
  const goal = JSON.parse(to)
  for (const name of went ? ['xaxis', 'yaxis'] : []) {
    Object.assign(goal.layout[name], { range: drawn._fullLayout[name].range, autorange: false })
  }
  await Plotly.newPlot(afresh, goal.data, goal.layout)
  const both = [await seen(drawn), await seen(afresh)]
  for (const div of [drawn, afresh]) div.remove()
  return { went, both }
}"""


@pytest.fixture
def plots(page: Page, server: Server) -> Page:
    """Give a page that has loaded Plotly."""
    Lab(page, server.url).open()
    page.wait_for_function("window.Plotly !== undefined")
    return page


def go_on(page: Page, before: go.Figure, after: go.Figure) -> dict[str, Any]:
    address = f"{FOLDER}/{REDRAW.address}"
    return page.evaluate(GO_ON, [address, before.to_json(), after.to_json(), [STEPS, UNITS]])


def loss(epochs: int, *, lowest: float = 0.1, log: bool = True) -> go.Figure:
    x = np.arange(1, epochs + 1)
    curve = (lowest + np.exp(-x / 20)).astype(np.float32)
    curve[epochs // 2] = np.nan  # a gap
    return loss_figure(x, curve, 1.2 * curve, log=log, best_epoch=epochs - 1, ends=500)


def hidden(seed: int, *, steps: int = STEPS, units: int = UNITS) -> go.Figure:
    h = np.tanh(np.random.default_rng(seed).normal(size=(steps, units))).astype(np.float32)
    places = np.arange(steps)
    return hidden_figure(
        places, np.sin(places), h, unit_order=np.arange(units), layer_label="h", input_label="x"
    )


def test_curves_go_on_as_if_drawn_afresh(plots: Page) -> None:
    found = go_on(plots, loss(110), loss(140))
    assert found["went"] is True
    gone_on, afresh = found["both"]
    assert all("M" in path for path in gone_on["paths"])
    assert gone_on == afresh


def test_forecasts_go_on_as_if_drawn_afresh(plots: Page) -> None:
    # Hour by hour, in a browser that is not at Greenwich.
    zone = {"timezoneId": "America/Los_Angeles"}
    plots.context.new_cdp_session(plots).send("Emulation.setTimezoneOverride", zone)
    times = np.datetime64("1957-03-01T00") + np.arange(STEPS)
    truth = 300 + 90 * np.sin(np.arange(STEPS) * 2 * np.pi / 12)
    truth[7] = np.nan

    def forecast(off: float) -> go.Figure:
        said = np.clip(truth + off * np.cos(np.arange(STEPS)), 215, 385)
        said[20:22] = np.nan
        return forecast_figure(
            times[9:],
            truth[9:],
            said[9:],
            history_times=times[:9],
            history=truth[:9],
            boundary=9,
            persistence=truth[8:-1],
            unit="thousands",
            time_label="Month",
        )

    found = go_on(plots, forecast(40), forecast(4))
    assert found["went"] is True
    gone_on, afresh = found["both"]
    ours, plotlys = (strokes(each.pop("paths")) for each in (gone_on, afresh))
    assert len(ours) == len(plotlys) >= 4
    for stroke, drawn in zip(ours, plotlys, strict=True):
        assert stroke[[0, -1]].tolist() == drawn[[0, -1]].tolist()
        # Plotly leaves points out that lie on the line between two others.
        assert np.abs(np.interp(stroke[:, 0], *drawn.T) - stroke[:, 1]).max() < 0.5
    assert gone_on == afresh


def strokes(paths: list[str]) -> list[np.ndarray]:
    """Give the points ``(k, 2)`` of each line without a gap, of a curve's paths or of several's."""
    whole = [stroke for path in paths if "h" not in path for stroke in path.split("M")[1:]]
    return [
        np.array([point.split(",") for point in stroke.split("L")], dtype=float)
        for stroke in whole
        if "Z" not in stroke
    ]


def test_a_curve_that_is_switched_off_comes_back_with_the_new_numbers(plots: Page) -> None:
    address = f"{FOLDER}/{REDRAW.address}"
    before, after = loss(110).to_json(), loss(140).to_json()
    drawn, sent = plots.evaluate(
        """async ([address, from, to]) => {
          const { redraw } = await import(new URL(address, document.baseURI))
          const div = document.createElement('div')
          document.body.append(div)
          const { data, layout } = JSON.parse(from)
          await Plotly.newPlot(div, data, layout)
          await Plotly.restyle(div, { visible: 'legendonly' }, [0])
          if (!(await redraw(div, JSON.parse(from), JSON.parse(to)))) throw Error('Plotly drew it')
          await Plotly.restyle(div, { visible: true }, [0])
          const curves = [0, 1].map((i) => div.calcdata[i].map((point) => point.x))
          div.remove()
          return curves
        }""",
        [address, before, after],
    )
    gap = [None if epoch == 71 else epoch for epoch in range(1, 141)]
    assert drawn == sent == gap


def test_a_heatmap_goes_on_as_if_drawn_afresh(plots: Page) -> None:
    found = go_on(plots, hidden(0), hidden(1))
    assert found["went"] is True
    gone_on, afresh = found["both"]
    ours, plotlys = (np.array(each.pop("colours"), dtype=int) for each in (gone_on, afresh))
    assert len(ours) == 4 * STEPS * UNITS
    assert ours.std() > 30
    assert np.abs(ours - plotlys).max() <= 3  # of 255: 256 shades are drawn
    for numbers in ("cells", "held"):
        assert np.allclose(gone_on.pop(numbers)[1], afresh.pop(numbers)[1])
    assert gone_on == afresh


def test_bars_go_on_as_if_drawn_afresh(plots: Page) -> None:
    def far(memory: int) -> go.Figure:
        sizes = np.exp(-np.arange(STEPS)[::-1] / memory)
        limits = {"limit": 2.0, "memory": memory, "input_label": "Input"}
        return dependence_figure(np.arange(STEPS), np.sin(sizes), sizes, **limits)

    found = go_on(plots, far(4), far(9))
    assert found["went"] is True
    gone_on, afresh = found["both"]
    assert len(gone_on["bars"]) == STEPS
    assert gone_on == afresh


def test_a_cursor_goes_on_as_if_drawn_afresh(plots: Page) -> None:
    epochs = np.array([1, 2, 4, 9, 20, 41, 87, 150])
    curves = {"h": np.sqrt(epochs).astype(np.float32)}

    def at(epoch: int) -> go.Figure:
        return epochs_figure(epochs, curves, quantity="Radius", reference=1, epoch=epoch)

    found = go_on(plots, at(9), at(87))
    assert found["went"] is True
    gone_on, afresh = found["both"]
    assert len(gone_on["lines"]) == 2
    assert gone_on == afresh
    assert go_on(plots, at(9), at(400))["went"] is False  # past the axis' end


def test_what_needs_other_axes_or_has_no_number_is_left_to_plotly(plots: Page) -> None:
    gap = hidden(1)
    z = np.array(gap.data[1].z, dtype=np.float32)
    z[0, 0] = np.nan
    gap.data[1].z = z
    for before, after, why in [
        (loss(110), loss(140, lowest=0.001), "below the axis"),
        (loss(110), loss(140, log=False), "another axis"),
        (loss(140), loss(160), "past the axis' end"),
        (hidden(0), hidden(0, steps=31), "more cells"),
        (hidden(0), loss(110), "another figure"),
        (hidden(0), gap, "a cell without a number"),
    ]:
        assert go_on(plots, before, after)["went"] is False, why
