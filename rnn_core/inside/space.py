"""The trajectory of the hidden state through its principal components.

Pearson, On lines and planes of closest fit, 1901; of hidden states: Sussillo & Barak, Opening the
black box, 2013.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn_core.inside.activations import Floats
from rnn_core.messages import N_, Message

RETURNS = 0.25  # a path that comes back to within this share of its size is called a cycle


@dataclass(frozen=True, eq=False)
class Space:
    """Axes to look at hidden states by, fixed for all epochs.

    ``mean`` ``(units,)``; ``axes`` ``(components, units)``, orthonormal, first the one along which
    the states spread most; ``explained`` ``(components,)``: each one's share of the variance of
    the states that the axes were fitted to.
    """

    mean: Floats
    axes: Floats
    explained: Floats

    def project(self, states: Floats) -> Floats:
        """Give ``(..., units)`` states as ``(..., components)``."""
        projected: Floats = (states - self.mean) @ self.axes.T
        return projected

    def share(self, states: Floats) -> float:
        """Give how much of the variance of ``(timesteps, units)`` states these axes show."""
        centred = states - states.mean(axis=0)
        whole = float(np.square(centred).sum())
        return float(np.square(centred @ self.axes.T).sum()) / whole if whole > 0 else 1.0


def fit_space(states: Sequence[Floats], components: int = 3) -> Space:
    """Fit axes to states ``(timesteps, units)`` of one or more epochs, each with the same weight.

    For a view over epochs give the states of all the epochs it will show: what is fixed then shows
    each of them. Where there are fewer units or states than components there are fewer axes.
    The sign of an axis is such that its largest part is positive.
    """
    stacked = np.concatenate([np.asarray(each, np.float64) for each in states])
    mean = stacked.mean(axis=0)
    centred = stacked - mean
    _, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    strongest = np.abs(axes).argmax(axis=1)
    axes *= np.sign(axes[np.arange(len(axes)), strongest])[:, None]
    whole = float(np.square(sizes).sum())
    shares = np.square(sizes) / whole if whole > 0 else np.zeros_like(sizes)
    return Space(mean, axes[:components], shares[:components])


def trajectory_said(path: Floats, season: int, share: float) -> Message:
    """Say whether the path ``(timesteps, components)`` comes back to itself after a season.

    ``share`` is what :meth:`Space.share` gave for it.
    """
    values: dict[str, object] = {"share": f"{100 * share:.0f}", "axes": path.shape[1]}
    spread = np.sqrt(np.square(path - path.mean(axis=0)).sum(axis=1).mean())
    if spread == 0:
        return Message(
            "inside.space.point", N_("The hidden state stays where it is: one point, no path.")
        )
    if season < 2 or len(path) < 2 * season:
        return Message(
            "inside.space",
            N_("The path of the hidden state; {axes} axes show {share} % of its variance."),
            values,
        )
    apart = np.sqrt(np.square(path[season:] - path[:-season]).sum(axis=1).mean()) / spread
    values |= {"season": season, "apart": f"{100 * apart:.0f}"}
    if apart < RETURNS:
        return Message(
            "inside.space.cycle",
            N_(
                "The path is a cycle: after {season} steps it comes back to within {apart} % of "
                "its size; {axes} axes show {share} % of its variance."
            ),
            values,
        )
    return Message(
        "inside.space.open",
        N_(
            "The path is no cycle: after {season} steps it is {apart} % of its size away from "
            "where it was; {axes} axes show {share} % of its variance."
        ),
        values,
    )
