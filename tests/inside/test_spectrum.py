import numpy as np
import pytest

from rnn_core.inside.network import BLOCKS, Layer, Network
from rnn_core.inside.spectrum import Spectrum, spectra, spectral_radii, spectrum_said
from tests.inside.networks import network


def rotation(radius, angle):
    cosine, sine = np.cos(angle), np.sin(angle)
    return radius * np.array([[cosine, -sine], [sine, cosine]])


def test_a_rotation_has_its_angle_and_its_size():
    layer = Layer("rnn", np.ones((1, 2)), rotation(0.9, 0.4), np.zeros(2))
    (found,) = spectra(Network((layer,), np.ones((2, 1)), np.zeros(1)))
    assert (found.layer, found.block) == (0, "h")
    assert found.radius == pytest.approx(0.9)
    assert sorted(np.angle(found.eigenvalues)) == pytest.approx([-0.4, 0.4])


@pytest.mark.parametrize("cell", list(BLOCKS))
def test_every_gate_of_every_layer_has_its_own(cell):
    net = network(cell, units=4, layers=2)
    found = spectra(net)
    assert [(each.layer, each.block) for each in found] == [
        (layer, block) for layer in (0, 1) for block in BLOCKS[cell]
    ]
    for each in found:
        layer = net.layers[each.layer]
        first = 4 * BLOCKS[cell].index(each.block)
        block = layer.recurrent_kernel[:, first : first + 4]
        # Sum and product of eigenvalues are trace and determinant; the largest comes first.
        assert each.eigenvalues.sum() == pytest.approx(np.trace(block))
        assert each.eigenvalues.prod() == pytest.approx(np.linalg.det(block))
        assert (np.diff(np.abs(each.eigenvalues)) <= 1e-12).all()
        radius = spectral_radii(net)[each.layer, each.block]
        assert radius == pytest.approx(abs(each.eigenvalues[0]))


@pytest.mark.parametrize(
    ("cell", "radius", "kind"),
    [
        ("rnn", 0.5, "inside.spectrum.inside"),
        ("rnn", 1.0, "inside.spectrum.circle"),
        ("rnn", 1.5, "inside.spectrum.outside"),
        ("lstm", 1.5, "inside.spectrum.gated"),
    ],
)
def test_a_radius_in_words(cell, radius, kind):
    spectrum = Spectrum(1, "f", np.array([radius, 0.1], complex), radius)
    said = spectrum_said(cell, spectrum)
    assert said.kind == kind
    assert "Layer 2" in str(said)
    assert f"radius {radius:.2f}" in str(said)
