"""New numbers in a plot that is drawn: the same picture as one drawn afresh."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from playwright.sync_api import Page

from pages.ui.plot import REDRAW
from pages.ui.served import FOLDER
from rnn_core.plots import hidden_figure, loss_figure
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
      marks: Array.from(div.querySelectorAll('.point'), (mark) => mark.getAttribute('transform')),
      axes: ['xaxis', 'yaxis'].map((name) => div._fullLayout[name].range),
      cells: div.calcdata.map((of) => of[0].z ?? of.map((point) => point.y)),
      colours,
    }
  }
  const [drawn, afresh] = [place(), place()]
  const { data, layout } = JSON.parse(from)
  await Plotly.newPlot(drawn, data, layout)
  const went = await redraw(drawn, JSON.parse(from), JSON.parse(to))
  const goal = JSON.parse(to)
  for (const name of went ? ['xaxis', 'yaxis'] : []) {
    goal.layout[name].range = [...drawn._fullLayout[name].range]
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


def loss(epochs: int, *, lowest: float = 0.1, ends: int | None = 500) -> go.Figure:
    x = np.arange(1, epochs + 1)
    curve = (lowest + np.exp(-x / 20)).astype(np.float32)
    curve[epochs // 2] = np.nan  # a gap
    return loss_figure(x, curve, 1.2 * curve, log=True, best_epoch=epochs - 1, ends=ends)


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


def test_a_heatmap_goes_on_as_if_drawn_afresh(plots: Page) -> None:
    found = go_on(plots, hidden(0), hidden(1))
    assert found["went"] is True
    gone_on, afresh = found["both"]
    ours, plotlys = (np.array(each.pop("colours"), dtype=int) for each in (gone_on, afresh))
    assert len(ours) == 4 * STEPS * UNITS
    assert ours.std() > 30
    assert np.abs(ours - plotlys).max() <= 3  # of 255: 256 shades are drawn
    assert np.allclose(gone_on.pop("cells")[1], afresh.pop("cells")[1])
    assert gone_on == afresh


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(loss(110), loss(140, lowest=0.001), id="below the axis"),
        pytest.param(loss(110), loss(140, ends=None), id="another axis"),
        pytest.param(loss(140), loss(160), id="past the axis' end"),
        pytest.param(hidden(0), hidden(0, steps=31), id="more cells"),
        pytest.param(hidden(0), loss(110), id="another figure"),
    ],
)
def test_what_needs_other_axes_is_left_to_plotly(
    plots: Page, before: go.Figure, after: go.Figure
) -> None:
    assert go_on(plots, before, after)["went"] is False


def test_cells_without_a_number_are_left_to_plotly(plots: Page) -> None:
    figure = hidden(1)
    z = np.array(figure.data[1].z, dtype=np.float32)
    z[0, 0] = np.nan
    figure.data[1].z = z
    assert go_on(plots, hidden(0), figure)["went"] is False
