"""A run's networks, opened once for all sessions, and what was computed of them.

What is remembered of many epochs is keyed by run and epoch, not by network, so that it keeps no
weights in memory.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import streamlit as st

from pages.ui.inside.reading import Reading
from pages.ui.runtime import records, store
from rnn_core.inside.activations import Floats
from rnn_core.inside.inspection import Inspection, look_inside
from rnn_core.inside.memory import memory
from rnn_core.inside.network import BLOCKS, Network, network_of
from rnn_core.inside.passes import forward, gradient_norms
from rnn_core.inside.space import Space, fit_space
from rnn_core.inside.spectrum import Spectrum, spectra, spectral_radii
from rnn_core.inside.stored import stored_network
from rnn_core.messages import N_, ConfigError, Message
from rnn_core.plots import decades
from rnn_core.records import NEWEST_WEIGHT_BYTES
from rnn_core.runs.store import Run
from rnn_core.windows import Windows

NETWORK_BYTES = 128 * 2**20
SECONDS = 0.3  # what all epochs together may take at the first look; then they are remembered
STEP_SECONDS = 4e-5  # of one layer's step, forward and back
PRODUCTS_A_SECOND = 2e9
GRADIENT_WINDOWS = 32
SHORT = (1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15)

Key = tuple[str, str, float, int]


class Kept:
    """Networks by their keys, those used last, of so many bytes together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0  # counted along: there may be thousands
        self._networks: OrderedDict[Key, Network] = OrderedDict()

    def __len__(self) -> int:
        return len(self._networks)

    def get(self, key: Key) -> Network | None:
        """Give a network that is kept, and keep it longer than the others."""
        if key in self._networks:
            self._networks.move_to_end(key)
        return self._networks.get(key)

    def keep(self, key: Key, opened: Network) -> None:
        """Keep one more network, and give up those used longest ago where there are too many."""
        if key in self._networks:
            self._held -= _bytes(self._networks.pop(key))
        self._networks[key] = opened
        self._held += _bytes(opened)
        while self._held > self._most and len(self._networks) > 1:
            self._held -= _bytes(self._networks.popitem(last=False)[1])


_lock = threading.Lock()
_networks = Kept(NETWORK_BYTES)


def key_of(run: Run, epoch: int) -> Key:
    """Name an epoch of a run for what is remembered of it."""
    return store().url, run.id, run.created, epoch


def network(run: Run, epoch: int) -> Network:
    """Open a kept epoch; raises ``ConfigError`` where it is not there."""
    return network_of_key(key_of(run, epoch))


def network_of_key(key: Key) -> Network:
    """Open a kept epoch that is named by its key, see `key_of`."""
    with _lock:
        if (known := _networks.get(key)) is not None:
            return known
    run = store().run(key[1])
    if run is None:
        raise ConfigError(Message("inside.gone", N_("This run has been deleted in the meantime.")))
    opened = stored_network(store(), run, key[-1])[1]
    with _lock:
        _networks.keep(key, opened)
    return opened


def still_kept(run: Run, kept: Sequence[int]) -> tuple[int, ...]:
    """Open the kept epochs of a live run while they are there, and give those that are.

    While it goes on, epochs are dropped to make room: one that is open stays open for a while. Of
    a large network that is seldom, and all of its epochs are more than can stay open.
    """
    if not run.state.live or 4 * run.experiment.parameters > NEWEST_WEIGHT_BYTES:
        return tuple(kept)
    found = []
    for epoch in kept:
        try:
            network(run, epoch)
        except ConfigError:
            continue
        found.append(epoch)
    return tuple(found)


def in_step(kept: Sequence[int], epoch: float) -> int:
    """Give the kept epoch that is nearest."""
    return min(kept, key=lambda each: abs(each - epoch))


def newest(run: Run) -> tuple[int, Network] | None:
    """Give the newest weights of a live run with their epoch, None before there are any."""
    known: tuple[str, int, Network] | None = st.session_state.get("inside_newest")
    if known is None or known[0] != run.id:
        known = None
    found = records().newest_weights(run.id, newer_than=known[1] if known else -1)
    if found is not None:
        known = (run.id, found.epoch, network_of(run.experiment.model, found.arrays))
        st.session_state.inside_newest = known
    return known[1:] if known else None


@lru_cache(maxsize=8)
def inspected(net: Network, reading: Reading, loss: str) -> Inspection:
    """Look inside of a network while it reads."""
    shown = reading.windows.point_output
    return look_inside(net, reading.inputs, target=reading.truth, loss=loss, output=shown)


@lru_cache(maxsize=8)
def states(net: Network, reading: Reading) -> list[Floats]:
    """Give h ``(timesteps, units)`` of each layer, without the way back."""
    return [trace.h[:, 0] for trace in forward(net, reading.inputs[None]).traces]


@lru_cache(maxsize=4)
def eigenvalues(net: Network, layer: int) -> list[Spectrum]:
    """Give the eigenvalues of a layer, gate by gate."""
    return spectra(net, layer)


def spread(kept: Sequence[int], seconds_each: float) -> tuple[int, ...]:
    """Choose epochs that can be computed at once: all, or every so many and the last."""
    most = max(4, int(SECONDS / max(seconds_each, 1e-6)))
    stride = -(-len(kept) // most)
    return tuple(sorted({*kept[::stride], kept[-1]})) if kept else ()


def reading_epochs(run: Run, kept: Sequence[int], reading: Reading) -> tuple[int, ...]:
    """Choose the epochs that can go through a reading at once."""
    net = network(run, kept[-1])
    layer = net.layers[-1]
    products = 3 * 2 * layer.units * layer.units * len(BLOCKS[layer.cell])
    each = STEP_SECONDS + products / PRODUCTS_A_SECOND
    return spread(kept, len(reading.steps) * len(net.layers) * each)


def spectrum_epochs(run: Run, kept: Sequence[int]) -> tuple[int, ...]:
    """Choose the epochs whose eigenvalues can be found at once."""
    net = network(run, kept[-1])
    layer = net.layers[0]
    return spread(kept, len(BLOCKS[layer.cell]) * (1e-4 + 3e-9 * layer.units**3))


@dataclass(frozen=True)
class Ranges:
    """Ranges for all epochs that are compared: of c, of powers of ten, of |∂y/∂x|."""

    cell: float
    powers: tuple[float, float]
    dependence: float

    def with_(self, other: Ranges) -> Ranges:
        """Give ranges that hold both."""
        low = min(self.powers[0], other.powers[0])
        high = max(self.powers[1], other.powers[1])
        return Ranges(
            max(self.cell, other.cell),
            (max(low, high - 12), high),
            max(self.dependence, other.dependence),
        )


def ranges(run: Run, kept: Sequence[int], reading: Reading) -> Ranges:
    """Find ranges that hold the epochs of a run."""
    loss = run.experiment.train.loss
    epochs = reading_epochs(run, kept, reading)
    whole, *others = [_ranges(key_of(run, epoch), reading, loss) for epoch in epochs]
    for each in others:
        whole = whole.with_(each)
    return Ranges(rounded(whole.cell), whole.powers, rounded(whole.dependence))


@lru_cache(maxsize=8192)
def _ranges(key: Key, reading: Reading, loss: str) -> Ranges:
    shown = reading.windows.point_output
    found = look_inside(
        network_of_key(key), reading.inputs, target=reading.truth, loss=loss, output=shown
    )
    influence = memory(found.doutput_dx).influence
    return Ranges(
        max((float(np.abs(c).max()) for c in found.c), default=1.0),
        decades(*found.dloss_dh),
        float(influence[np.isfinite(influence)].max(initial=0)),
    )


def rounded(limit: float) -> float:
    """Round up to a short number: a scale that seldom changes while a run goes on."""
    if not limit > 0 or not np.isfinite(limit):
        return 1.0
    power = 10.0 ** np.floor(np.log10(limit))
    return float(next(step * power for step in SHORT if step * power >= limit))


@dataclass(frozen=True, eq=False)
class Paths:
    """Axes for the states of a layer, and the paths of some epochs through them."""

    space: Space
    paths: tuple[Floats, ...]


def paths(run: Run, kept: Sequence[int], reading: Reading, layer: int) -> Paths:
    """Fit axes to the states of all epochs."""
    keys = tuple(key_of(run, epoch) for epoch in reading_epochs(run, kept, reading))
    return _paths(keys, reading, layer)


@lru_cache(maxsize=16)
def _paths(keys: tuple[Key, ...], reading: Reading, layer: int) -> Paths:
    window = reading.inputs[None]
    found = [forward(network_of_key(key), window).traces[layer].h[:, 0] for key in keys]
    space = fit_space(found)
    return Paths(space, tuple(space.project(each) for each in found))


def radii(run: Run, epoch: int, layer: int) -> dict[tuple[int, str], float]:
    """Give the spectral radius of each gate of a layer."""
    return _radii(key_of(run, epoch), layer)


@lru_cache(maxsize=1024)
def _radii(key: Key, layer: int) -> dict[tuple[int, str], float]:
    return spectral_radii(network_of_key(key), layer)


def gradient_windows(net: Network, windows: Windows) -> int:
    """Give over how many windows the gradient of the weights is taken: fewer of a large network."""
    # A curve over a dozen epochs says more than a finer figure of a few.
    affordable = int(SECONDS / 12 / _window_seconds(net, windows))
    return min(len(windows.training), max(1, min(GRADIENT_WINDOWS, affordable)))


def gradient_epochs(net: Network, windows: Windows, kept: Sequence[int]) -> tuple[int, ...]:
    """Choose the epochs whose gradient of the weights can be found at once."""
    steps = windows.timesteps * len(net.layers)
    each = gradient_windows(net, windows) * _window_seconds(net, windows)
    return spread(kept, steps * STEP_SECONDS + each)


def _window_seconds(net: Network, windows: Windows) -> float:
    """Estimate what the gradient over one window among many takes."""
    layer = net.layers[-1]
    products = 3 * 2 * layer.units * layer.units * len(BLOCKS[layer.cell])
    each = products / (10 * PRODUCTS_A_SECOND) + layer.units * 1e-7
    return windows.timesteps * len(net.layers) * each


def gradient_sizes(run: Run, epoch: int, windows: Windows, count: int) -> list[float]:
    """Give the norm of the gradient of each layer's weights over ``count`` training windows."""
    return _gradient_sizes(key_of(run, epoch), windows, count, run.experiment.train.loss)


@lru_cache(maxsize=1024)
def _gradient_sizes(key: Key, windows: Windows, count: int, loss: str) -> list[float]:
    chosen = np.linspace(0, len(windows.training) - 1, count)
    targets = windows.training[np.unique(np.round(chosen).astype(int))]
    truth = windows.outputs(targets).reshape(len(targets), -1)
    return gradient_norms(network_of_key(key), windows.inputs(targets), truth, loss)


def _bytes(net: Network) -> int:
    return sum(array.nbytes for array in net.arrays)
