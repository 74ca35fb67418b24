"""Eigenvalues of the recurrent weights: why gradients vanish or explode.

One step back through a plain RNN multiplies the gradient by W_hh and by φ' ≤ 1 (Pascanu, Mikolov &
Bengio, On the difficulty of training recurrent neural networks, 2013).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.inside.network import BLOCKS, Layer, Network
from rnn_core.messages import N_, Message

NEAR_ONE = 0.01  # a radius this close to 1 is called 1


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Eigenvalues ``(units,)``, complex, of one block of a layer's W_hh, and the largest |λ|.

    ``block`` is ``h`` of a plain RNN, else the name of the gate. Layers count from 0.
    """

    layer: int
    block: str
    eigenvalues: NDArray[np.complex128]
    radius: float


def spectra(network: Network, layer: int | None = None) -> list[Spectrum]:
    """Give the eigenvalues of W_hh of every layer, or of one, gate by gate, largest first."""
    return [
        _spectrum(index, each, block)
        for index, each in enumerate(network.layers)
        if layer in (None, index)
        for block in BLOCKS[each.cell]
    ]


def spectral_radii(network: Network, layer: int | None = None) -> dict[tuple[int, str], float]:
    """Give the largest |λ| by layer and block, for a curve over epochs; of all layers or of one."""
    return {(each.layer, each.block): each.radius for each in spectra(network, layer)}


def _spectrum(index: int, layer: Layer, block: str) -> Spectrum:
    matrix = layer.recurrent_kernel[:, layer.block(block)].astype(np.float64)
    found = np.linalg.eigvals(matrix).astype(np.complex128)
    found = found[np.argsort(-np.abs(found), kind="stable")]
    return Spectrum(index, block, found, float(np.abs(found[0])))


def spectrum_said(cell: str, spectrum: Spectrum) -> Message:
    """Say what a spectral radius means for the gradient, and what it does not."""
    values: dict[str, object] = {
        "layer": spectrum.layer + 1,
        "block": spectrum.block,
        "radius": f"{spectrum.radius:.2f}",
        "outside": int(np.sum(np.abs(spectrum.eigenvalues) > 1)),
        "units": len(spectrum.eigenvalues),
    }
    if cell != "rnn":
        return Message(
            "inside.spectrum.gated",
            N_(
                "Layer {layer}, gate {block}: spectral radius {radius}. With gates it says little "
                "of memory: what is kept from step to step goes past these weights, through the "
                "gates."
            ),
            values,
        )
    if spectrum.radius < 1 - NEAR_ONE:
        return Message(
            "inside.spectrum.inside",
            N_(
                "Layer {layer}: spectral radius {radius}, below 1. A gradient dies out on its way "
                "back, and the activation's slope makes it die out faster."
            ),
            values,
        )
    if spectrum.radius <= 1 + NEAR_ONE:
        return Message(
            "inside.spectrum.circle",
            N_(
                "Layer {layer}: spectral radius {radius}, close to 1. Along its strongest "
                "direction a gradient neither dies out nor grows by these weights; the "
                "activation's slope still makes it smaller."
            ),
            values,
        )
    return Message(
        "inside.spectrum.outside",
        N_(
            "Layer {layer}: spectral radius {radius}, {outside} of {units} eigenvalues outside the "
            "unit circle. A gradient can explode while the units are not saturated; where they "
            "are, the activation's slope makes it small again."
        ),
        values,
    )
