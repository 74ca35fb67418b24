"""A press of a button is acted on once."""

from __future__ import annotations

from collections.abc import Callable


def once(action: Callable[..., None]) -> Callable[..., None]:
    """Give a callback that acts the first time alone: for what must not be done twice.

    Where a press meets an update of the page on its way, Streamlit can call its callback twice
    before anything is drawn: a toggle would be back where it was, and two networks would be
    trained. Every drawing of the button makes a new callback, so the next press counts again.
    """
    acted = False

    def act(*args: object, **kwargs: object) -> None:
        nonlocal acted
        if not acted:
            acted = True
            action(*args, **kwargs)

    return act
