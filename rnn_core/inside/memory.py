"""How far back a network remembers, and whether its gradients vanish or explode on the way.

Why they do: Bengio, Simard & Frasconi, Learning long-term dependencies with gradient descent is
difficult, 1994.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn_core.inside.activations import Floats
from rnn_core.messages import N_, Message

MATTERS = 0.01  # an input matters whose influence is at least this share of the largest
VANISHED = 1e-3  # below this share of the last step's norm, a gradient has vanished
EXPLODED = 1e3  # above this multiple of it, it has exploded


@dataclass(frozen=True, eq=False)
class Memory:
    """How far back the inputs matter.

    ``influence`` ``(timesteps,)`` is |∂output/∂x_t|, the norm over features and the root mean
    square over windows. ``length`` is how many of the newest steps reach back to the oldest whose
    influence is at least ``MATTERS`` of the largest: 0 where nothing matters, ``timesteps`` where
    the window is too short to tell.
    """

    influence: Floats
    length: int
    said: Message


@dataclass(frozen=True, eq=False)
class GradientFlow:
    """What becomes of a gradient on its way back through one layer.

    ``norm`` ``(timesteps,)`` is |∂loss/∂h_t|, the norm over units and the root mean square over
    windows. ``vanished`` and ``exploded`` are the shares of the steps at which it is below
    ``VANISHED`` and above ``EXPLODED`` times that of the last step.
    """

    norm: Floats
    vanished: float
    exploded: float
    said: Message


def step_norms(derivative: Floats) -> Floats:
    """Give ``(timesteps,)`` norms of ``(timesteps, n)`` or ``(windows, timesteps, n)``.

    The Euclidean norm over the last axis, the root mean square over windows; in float64, so that
    squares of what has all but vanished do not become 0.
    """
    several = derivative if derivative.ndim == 3 else derivative[None]
    with np.errstate(over="ignore", invalid="ignore"):
        squares = np.square(several.astype(np.float64)).sum(axis=2)
        norms: Floats = np.sqrt(squares.mean(axis=0))
    return norms


def memory(doutput_dx: Floats) -> Memory:
    """Say how far back the inputs matter, from ``Inspection.doutput_dx``."""
    influence = step_norms(doutput_dx)
    steps = len(influence)
    if not np.isfinite(influence).all():
        return Memory(influence, steps, _beyond_numbers())
    largest = float(influence.max())
    if largest == 0:
        return Memory(influence, 0, _nothing_matters())
    length = steps - int(np.argmax(influence >= MATTERS * largest))
    values: dict[str, object] = {
        "steps": length,
        "percent": f"{100 * MATTERS:g}",
        "peak": steps - int(influence.argmax()),
    }
    if length == steps:
        said = Message(
            "inside.memory.all",
            N_(
                "Memory: the forecast depends on all {steps} time steps that were read, the oldest "
                "one still with at least {percent} % of the largest influence, which is that at "
                "lag {peak}."
            ),
            values,
        )
    elif length == 1:
        said = Message(
            "inside.memory.last",
            N_(
                "Memory: nothing but the last time step matters; every older one has less than "
                "{percent} % of its influence."
            ),
            values,
        )
    else:
        said = Message(
            "inside.memory",
            N_(
                "Memory: nothing older than {steps} steps matters, each with less than {percent} % "
                "of the largest influence, which is that at lag {peak}."
            ),
            values,
        )
    return Memory(influence, length, said)


def gradient_flow(dloss_dh: Sequence[Floats]) -> list[GradientFlow]:
    """Say of each layer what becomes of its gradient, from ``Inspection.dloss_dh``.

    ``Inspection.doutput_dh`` gives the same verdict, also where the loss happens to be flat.
    """
    return [_flow(step_norms(derivative), layer) for layer, derivative in enumerate(dloss_dh, 1)]


def _flow(norm: Floats, layer: int) -> GradientFlow:
    last = float(norm[-1])
    known = np.isfinite(norm)
    if last == 0 or not known[-1]:
        said = Message(
            "inside.gradient.none",
            N_("Layer {layer}: no gradient comes back from the last time step; nothing is learnt."),
            {"layer": layer},
        )
        return GradientFlow(norm, 0.0, 0.0, said)
    vanished = float(np.mean(norm < VANISHED * last))
    exploded = float(np.mean(~known | (norm > EXPLODED * last)))
    values: dict[str, object] = {
        "layer": layer,
        "steps": len(norm),
        "first": f"{norm[0] / last:.2g}" if known[0] else "∞",
        "vanished": _percent(vanished),
        "exploded": _percent(exploded),
        "low": f"{VANISHED:g}",
        "high": f"{EXPLODED:,g}",
    }
    if exploded:
        said = Message(
            "inside.gradient.explodes",
            N_(
                "Layer {layer}: the gradient explodes; at {exploded} % of the {steps} time steps "
                "it is more than {high} times that of the last one."
            ),
            values,
        )
    elif vanished:
        said = Message(
            "inside.gradient.vanishes",
            N_(
                "Layer {layer}: the gradient vanishes; at {vanished} % of the {steps} time steps "
                "it is less than {low} of that of the last one."
            ),
            values,
        )
    else:
        said = Message(
            "inside.gradient.flows",
            N_(
                "Layer {layer}: the gradient neither vanishes nor explodes over {steps} time "
                "steps; at the first one it is {first} of that of the last one."
            ),
            values,
        )
    return GradientFlow(norm, vanished, exploded, said)


def _percent(share: float) -> str:
    """Write a share so that neither a few of many steps read as 0 %, nor all but a few as 100 %."""
    return f"{100 * share:.0f}" if 0.005 <= share < 0.995 or share == 1 else f"{100 * share:.3g}"


def _nothing_matters() -> Message:
    return Message(
        "inside.memory.none",
        N_("Memory: nothing that was read matters; the forecast is always the same."),
    )


def _beyond_numbers() -> Message:
    return Message(
        "inside.memory.exploded",
        N_("Memory: the influence of some time steps is beyond all numbers: it has exploded."),
    )
