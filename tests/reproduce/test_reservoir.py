"""The echo state network: its weights are as they are asked for, its way out is a ridge fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from rnn_core.reproduce.reservoir import Reservoir, ReservoirConfig

CONFIG = ReservoirConfig(units=60, ridge=1e-4, warm_up=20)
VALUES = np.sin(np.arange(400) * 0.3) + 0.5 * np.cos(np.arange(400) * 0.17)


def states(network: Reservoir, values: np.ndarray) -> np.ndarray:
    """Run the weights of ``network`` through ``values`` by hand: 1, the value, the state."""
    state, seen = np.zeros(network.config.units), []
    for value in values:
        new = np.tanh(network._among @ state + network._inwards @ [1, value])
        state = state + network.config.leak * (new - state)
        seen.append([1, value, *state])
    return np.array(seen)


def test_the_weights_are_as_they_are_asked_for() -> None:
    config = ReservoirConfig(units=300)
    network = Reservoir(config, seed=1)
    assert np.abs(np.linalg.eigvals(network._among)).max() == pytest.approx(1.09)
    assert np.mean(network._among != 0) == pytest.approx(0.11, abs=0.01)
    assert np.abs(network._inwards).max(axis=0) == pytest.approx([0.34, 0.425], rel=0.05)
    again, other = Reservoir(config, seed=1), Reservoir(config, seed=2)
    np.testing.assert_array_equal(network._among, again._among)
    assert not np.array_equal(network._among, other._among)


def test_the_way_out_is_a_ridge_regression() -> None:
    network = Reservoir(CONFIG, seed=0)
    network.fit(VALUES)
    seen = states(network, VALUES[:-1])[CONFIG.warm_up :]
    ridge = Ridge(CONFIG.ridge, fit_intercept=False, solver="svd")
    ridge.fit(seen, VALUES[CONFIG.warm_up + 1 :])
    np.testing.assert_allclose(network._outwards, ridge.coef_, atol=1e-6)


def test_it_goes_on_with_two_waves_on_its_own_output() -> None:
    network = Reservoir(replace(CONFIG, ridge=1e-9), seed=0)
    network.fit(VALUES[:350])
    ahead = network.forecast(VALUES[349], 15)
    np.testing.assert_allclose(ahead, VALUES[350:365], atol=0.02)
    # It begins where the fit ended: the first step is the fit's next one.
    first = states(network, VALUES[:350])[-1] @ network._outwards
    assert ahead[0] == pytest.approx(first)
