"""Pictures of a scene that move with the epoch, ahead of the page."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from pages.ui.i18n import locale
from pages.ui.inside.opened import key_of
from pages.ui.inside.scene import Scene
from pages.ui.plot import plot
from pages.ui.recent import Recent
from rnn_core.plots.drawn import Spec, to_json

Make = Callable[..., tuple[Spec, str]]

# What was drawn ahead is what the page draws after it.
_made: Recent[tuple[str, str]] = Recent(48)


def show(scene: Scene, name: str, make: Make, *chosen: Hashable, height: int, **told: Any) -> None:
    """Show the picture that ``make(scene, *chosen)`` gives, a figure and its words.

    ``make`` reads nothing of the session: the browser has it called for other epochs. ``told`` goes
    to `plot`.
    """
    key = scene.key(name)
    scene.ahead.pictures[key] = lambda epoch: _picture(scene.at(epoch), make, chosen)
    scene.ahead.made_of[key] = (scene.frame, make, chosen)
    figure, alt = _picture(scene, make, chosen)
    plot(figure, key=key, height=height, alt=alt, epoch=scene.lead, **told)


def _picture(scene: Scene, make: Make, chosen: tuple[Hashable, ...]) -> tuple[str, str]:
    def draw() -> tuple[str, str]:
        figure, alt = make(scene, *chosen)
        return to_json(figure), alt

    experiment = scene.run.experiment
    key = (locale(), make, chosen, experiment, key_of(scene.run, scene.epoch), scene.frame)
    return _made.get(key, draw)
