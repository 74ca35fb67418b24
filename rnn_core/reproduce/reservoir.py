"""An echo state network: a fixed random network, of which only the way out is fitted.

Jaeger, The "echo state" approach to analysing and training recurrent neural networks, 2001;
Lukoševičius, A practical guide to applying echo state networks, 2012. Only what is published of
one is run again with it: nothing of it can be watched while it learns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ReservoirConfig:
    """The network; the defaults are those of NeuroBench for Mackey-Glass with a delay of 17.

    ``bias_scale`` and ``input_scale`` are the widths within which the weights on a constant 1 and
    on the input are drawn, ``connected`` the share of the units that each is connected with,
    ``radius`` that of the weights among them, ``leak`` the share of a state that is new at each
    step, ``ridge`` the penalty of the fit, which leaves out the first ``warm_up`` steps.
    """

    units: int = 186
    bias_scale: float = 0.68
    input_scale: float = 0.85
    connected: float = 0.11
    radius: float = 1.09
    leak: float = 0.58
    ridge: float = 1e-8
    warm_up: int = 45


class Reservoir:
    """Weights of ``seed``, and a state that is carried on."""

    def __init__(self, config: ReservoirConfig, seed: int) -> None:
        random = np.random.default_rng(seed)
        self.config = config
        widths = (config.bias_scale, config.input_scale)
        self._inwards = random.uniform(-0.5, 0.5, (config.units, 2)) * widths
        among = np.where(
            random.random((config.units, config.units)) <= config.connected,
            random.normal(size=(config.units, config.units)),
            0.0,
        )
        self._among = among * (config.radius / np.abs(np.linalg.eigvals(among)).max())
        self._outwards = np.zeros(config.units + 2)
        self._state = np.zeros(config.units)

    def fit(self, values: Floats) -> None:
        """Read ``values`` ``(n,)`` and fit what follows each of them by ridge regression."""
        self._state[:] = 0
        seen = np.array([self._read(value) for value in values[:-1]])[self.config.warm_up :]
        following = values[self.config.warm_up + 1 :]
        penalty = self.config.ridge * np.eye(seen.shape[1])
        # By singular values, as in the source: the sums of products are nearly singular.
        self._outwards = np.linalg.lstsq(seen.T @ seen + penalty, seen.T @ following)[0]

    def forecast(self, newest: float, steps: int) -> Floats:
        """Go on from ``newest``, the last value of :meth:`fit`, on its own output: ``(steps,)``."""
        path = [newest]
        for _ in range(steps):
            path.append(float(self._read(path[-1]) @ self._outwards))
        return np.array(path[1:])

    def _read(self, value: float) -> Floats:
        """Take a value in; give what the way out sees: 1, the value, the state."""
        leak = self.config.leak
        seen = np.array([1.0, value])
        new = np.tanh(self._among @ self._state + self._inwards @ seen)
        self._state = (1 - leak) * self._state + leak * new
        return np.concatenate([seen, self._state])
