"""The views of the page Inside, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pages.ui.inside.gradient import gradient
from pages.ui.inside.one_step import one_step
from pages.ui.inside.scene import Scene
from pages.ui.inside.space import space
from pages.ui.inside.states import gates, hidden
from pages.ui.inside.units import units
from pages.ui.inside.weights import weights
from rnn_core.messages import N_


@dataclass(frozen=True)
class View:
    """One way to look inside: its name, and what draws scenes side by side."""

    label: str
    draw: Callable[[Sequence[Scene]], None]


VIEWS: Mapping[str, View] = {
    "hidden": View(N_("Hidden state"), hidden),
    "gates": View(N_("Cell state and gates"), gates),
    "gradient": View(N_("Gradient through time"), gradient),
    "weights": View(N_("Weights"), weights),
    "space": View(N_("State space"), space),
    "units": View(N_("Units"), units),
    "step": View(N_("One step"), one_step),
}
