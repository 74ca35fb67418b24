"""Weights: as matrices, over the epochs, and by their eigenvalues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.ui.i18n import _, say
from pages.ui.inside import opened
from pages.ui.inside.picture import show
from pages.ui.inside.scene import Scene, columns, settle, tell
from pages.ui.plot import plot
from pages.ui.prepared import windows_of
from rnn_core.inside.activations import Floats
from rnn_core.inside.network import BLOCKS, Network
from rnn_core.inside.spectrum import spectrum_said
from rnn_core.plots import (
    eigenvalues_alt,
    eigenvalues_figure,
    epochs_alt,
    epochs_figure,
    histograms_alt,
    histograms_figure,
    weight_shares,
    weights_alt,
    weights_figure,
)
from rnn_core.plots.drawn import Spec
from rnn_core.windows import Windows

SOURCE = "inside-source"
BLOCK = "inside-block"
HEIGHT = 300
NAME_LENGTH = 12  # of a channel, beside the matrix
MATRIX_BYTES = 2**24  # of one matrix in all epochs together


def weights(scenes: Sequence[Scene]) -> None:
    """Draw one matrix of weights and how it came to be, and the spectrum of W_hh."""
    with st.container(horizontal=True):
        sources = {
            "h": "W_hh",
            "x": "W_xh",
            "y": "W_hy",
        }
        settle(SOURCE, sources, "h")
        source = st.segmented_control(
            _("Weights"),
            list(sources),
            required=True,
            format_func=lambda name: sources[name],
            key=SOURCE,
            persist_state="session",
            help=_(
                "W_hh takes h of the step before to a unit, W_xh what is read, and W_hy takes the "
                "last h to the output."
            ),
        )
        blocks = BLOCKS[scenes[0].network.cell]
        gate = blocks[0]
        if len(blocks) > 1:
            settle(BLOCK, blocks, gate)
            gate = st.segmented_control(
                _("Gate"),
                blocks,
                required=True,
                key=BLOCK,
                persist_state="session",
            )
    own = [BLOCKS[scene.network.cell] for scene in scenes]
    drawn = [str(gate) if gate in each else each[0] for each in own]
    scales = _scales(scenes, str(source), drawn)
    for place, scene, block in zip(columns(scenes), scenes, drawn, strict=True):
        with place:
            _weights(scene, str(source), block, scales, wide=len(scenes) == 1)


@dataclass(frozen=True)
class Scales:
    """Ends of scales for all runs side by side.

    ``weight`` is the limit of a weight by amount, ``share`` that of a bin's share. ``radius`` is
    the largest spectral radius, ``gradient`` the ends of the gradient's norms. None: one run has it
    to itself.
    """

    weight: float
    share: float | None
    radius: float
    gradient: tuple[float, float] | None


def _scales(scenes: Sequence[Scene], source: str, blocks: Sequence[str]) -> Scales:
    limits = [_limit(scene, source, block) for scene, block in zip(scenes, blocks, strict=True)]
    radius = max(float(np.max(curve)) for each in scenes for curve in _radii(each)[1].values())
    if len(scenes) == 1:
        return Scales(limits[0], None, radius, None)
    norms = np.concatenate([np.ravel(_gradient_norms(scene)[1]) for scene in scenes])
    norms = norms[np.isfinite(norms) & (norms > 0)]
    # On a scale of powers of ten as much room on either side.
    ends = (float(norms.min()) / 1.3, float(norms.max()) * 1.3) if len(norms) else None
    limit = max(limits)
    shares = [
        _shares(scene, source, block, limit)[2].max()
        for scene, block in zip(scenes, blocks, strict=True)
    ]
    return Scales(limit, float(max(shares)), radius, ends)


def _weights(scene: Scene, source: str, block: str, scales: Scales, *, wide: bool) -> None:
    of_layer = opened.eigenvalues(scene.network, scene.layer)
    chosen = next(each for each in of_layer if each.block == block)
    finding = spectrum_said(scene.network.cell, chosen)
    tell(scene, say(finding))
    left, right = st.columns(2, gap="small") if wide else (st.container(), st.container())
    with left:
        show(scene, "weights", _matrix_picture, source, block, scales.weight, height=HEIGHT)
    with right:
        _spectrum(scene, block, scales, wide=wide)
    with left:
        _spread(scene, source, block, scales)
    with right:
        _gradient_sizes(scene, scales)


def _matrix_picture(scene: Scene, source: str, block: str, limit: float) -> tuple[Spec, str]:
    matrix = _part(scene.network, scene.layer, source, block)
    rows, names = _("From unit"), None
    if source == "x" and scene.layer:
        rows = _("From unit of layer {number}").format(number=scene.layer)
    elif source == "x":
        rows, names = _("From input"), _channels(scene.windows)
    label = _name(scene, source, block)
    figure = weights_figure.spec(
        matrix,
        limit=limit,
        label=label,
        row_label_text=rows,
        row_names=names,
        column_label_text=_("To output") if source == "y" else _("To unit"),
        translate=_,
    )
    between = "below" if source == "x" and scene.layer else source
    return figure, say(weights_alt(matrix, label=label, between=between))


def _channels(windows: Windows) -> list[str] | None:
    """Name what is read at each time step, None where that is the series alone."""
    names = windows.series.covariate_names
    if not names:
        return None
    # Numbered, for a category must not occur twice.
    called = [_("series"), *(_(name) for name in names)]
    return [f"{number} {_shortened(name)}" for number, name in enumerate(called, start=1)]


def _shortened(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…"


def _shares(
    scene: Scene, source: str, block: str, limit: float
) -> tuple[NDArray[np.int64], Floats, Floats]:
    epochs = np.array(_epochs(scene, source, block))
    matrices = [_of_epoch(scene, epoch, source, block) for epoch in epochs]
    return epochs, *weight_shares(matrices, limit=limit)


def _spread(scene: Scene, source: str, block: str, scales: Scales) -> None:
    epochs, middles, shares = _shares(scene, source, block, scales.weight)
    label = _("Spread of {name}").format(name=_name(scene, source, block))
    plot(  # of all epochs, whichever is shown
        histograms_figure.spec(
            epochs, middles, shares, label=label, most=scales.share, translate=_
        ),
        key=scene.key("histograms"),
        height=HEIGHT,
        alt=say(histograms_alt(epochs, middles, shares, label=_name(scene, source, block))),
    )
    if thinned := _thinned(epochs, scene.kept):
        st.caption(thinned)


def _spectrum(scene: Scene, block: str, scales: Scales, *, wide: bool) -> None:
    circle, over_epochs = st.columns(2, gap="small")
    with circle:
        show(scene, "eigenvalues", _circle_picture, block, scales.radius, height=HEIGHT)
    with over_epochs:
        reach = None if wide else max(1.0, scales.radius)
        show(scene, "radius", _radius_picture, reach, height=HEIGHT)
    if thinned := _thinned(opened.spectrum_epochs(scene.run, scene.kept), scene.kept):
        st.caption(thinned)


def _radii(scene: Scene) -> tuple[NDArray[np.int64], dict[str, Floats]]:
    """Give epochs, and the spectral radius of each gate in those."""
    epochs = opened.spectrum_epochs(scene.run, scene.kept)
    radii = [opened.radii(scene.run, epoch, scene.layer) for epoch in epochs]
    blocks = BLOCKS[scene.network.cell]
    return np.array(epochs), {
        block: np.array([found[scene.layer, block] for found in radii]) for block in blocks
    }


def _circle_picture(scene: Scene, block: str, reach: float) -> tuple[Spec, str]:
    of_layer = opened.eigenvalues(scene.network, scene.layer)
    drawn = {each.block: each.eigenvalues for each in of_layer}
    chosen = next(each for each in of_layer if each.block == block)
    finding = spectrum_said(scene.network.cell, chosen)
    figure = eigenvalues_figure.spec(drawn, limit=1.05 * reach, translate=_)
    return figure, say(eigenvalues_alt(drawn, finding))


def _radius_picture(scene: Scene, reach: float | None) -> tuple[Spec, str]:
    epochs, curves = _radii(scene)
    quantity = _("Spectral radius of W_hh")
    figure = epochs_figure.spec(
        epochs,
        curves,
        quantity=quantity,
        ends=None if reach is None else (0, 1.05 * reach),
        reference=1,
        epoch=scene.epoch,
        translate=_,
    )
    return figure, say(epochs_alt(epochs, curves, quantity=quantity))


def _gradient_norms(scene: Scene) -> tuple[tuple[int, ...], Floats]:
    """Give epochs, and the norms of the gradient in those ``(epochs, layers + 1)``."""
    # Of what it was trained on, whatever it reads now.
    windows = windows_of(scene.run.experiment)
    count = opened.gradient_windows(scene.network, windows)
    epochs = opened.gradient_epochs(scene.network, windows, scene.kept)
    sizes = [opened.gradient_sizes(scene.run, epoch, windows, count) for epoch in epochs]
    return epochs, np.array(sizes)


def _gradient_sizes(scene: Scene, scales: Scales) -> None:
    count = opened.gradient_windows(scene.network, windows_of(scene.run.experiment))
    show(scene, "gradient-sizes", _gradient_sizes_picture, scales.gradient, height=HEIGHT)
    st.caption(
        _(
            "The gradient of the loss; windows of the training part that it is over: {count}."
        ).format(count=count)
        + _thinned(_gradient_norms(scene)[0], scene.kept)
    )


def _gradient_sizes_picture(scene: Scene, ends: tuple[float, float] | None) -> tuple[Spec, str]:
    epochs, sizes = _gradient_norms(scene)
    names = [_("Layer {number}").format(number=index + 1) for index in range(sizes.shape[1] - 1)]
    curves = dict(zip([*names, _("Output layer")], sizes.T, strict=True))
    quantity = _("Norm of the gradient of the weights")
    figure = epochs_figure.spec(
        np.array(epochs),
        curves,
        quantity=quantity,
        log=True,
        ends=ends,
        epoch=scene.epoch,
        translate=_,
    )
    return figure, say(epochs_alt(np.array(epochs), curves, quantity=quantity))


def _thinned(epochs: Sequence[int] | NDArray[np.int64], kept: Sequence[int]) -> str:
    """Say how many of the epochs kept are drawn, where that is not all of them."""
    if len(epochs) == len(kept):
        return ""
    return " " + _("Drawn: {shown} of the {kept} epochs kept, so that it is there at once.").format(
        shown=len(epochs), kept=len(kept)
    )


def _epochs(scene: Scene, source: str, block: str) -> tuple[int, ...]:
    size = _part(scene.network, scene.layer, source, block).nbytes
    return opened.spread(scene.kept, opened.SECONDS * size / MATRIX_BYTES)


def _limit(scene: Scene, source: str, block: str) -> float:
    epochs = _epochs(scene, source, block)
    found = (np.abs(_of_epoch(scene, epoch, source, block)).max() for epoch in epochs)
    return opened.rounded(float(max(found)))


def _of_epoch(scene: Scene, epoch: int, source: str, block: str) -> Floats:
    return _part(opened.network(scene.run, int(epoch)), scene.layer, source, block)


def _part(net: Network, layer: int, source: str, block: str) -> Floats:
    if source == "y":
        return net.head_kernel
    of_layer = net.layers[layer]
    matrix = of_layer.recurrent_kernel if source == "h" else of_layer.kernel
    return matrix[:, of_layer.block(block)]


def _name(scene: Scene, source: str, block: str) -> str:
    if source == "y":
        return "W_hy"
    letter = "" if len(BLOCKS[scene.network.cell]) == 1 else f" · {block}"
    return f"W_{source}h{letter} · {scene.layer_label}"
