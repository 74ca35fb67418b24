"""Pause, resume, step, stop and speed: how the pool's commands reach the training thread."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from rnn_core.engine.trainer import Stopped
from rnn_core.runs.states import RunState

# A command that the training thread has not answered by then (it compiles, or is inside one very
# large batch) is answered for it, so that the page never waits longer.
ANSWER_SECONDS = 0.1
# Pages say so again and again while they show a run; after so long a silence nobody looks.
LOOKED_SECONDS = 3.0


class Control:
    """Holds what was asked of a run; ``announce`` is told each change of its state."""

    def __init__(
        self, announce: Callable[[RunState], None], *, paused: bool, step: bool, speed: float
    ) -> None:
        self._announce = announce
        self._changed = threading.Condition()
        self._state: RunState | None = None
        self._paused = paused or step
        self._step = step
        self._stop = False
        self._speed = speed
        self._due = 0.0
        self._looked = time.monotonic()  # who has just started it looks
        self._opened = -math.inf

    @property
    def looked_at(self) -> bool:
        """Whether somebody looks at the run."""
        return time.monotonic() - self._looked < LOOKED_SECONDS

    @property
    def opened(self) -> bool:
        """Whether somebody looks at the run's weights, too."""
        return time.monotonic() - self._opened < LOOKED_SECONDS

    def command(self, name: str, speed: float = 0.0) -> None:
        """Take a command: ``pause``, ``resume``, ``step``, ``stop``, ``speed``, ``look``, ``open``.

        ``speed`` is the most epochs a second; 0: as fast as it goes. ``look``: somebody looks at
        the run; ``open``: somebody looks at its weights, too.
        """
        if name in ("look", "open"):
            self._looked = time.monotonic()
            if name == "open":
                self._opened = self._looked
            return
        with self._changed:
            if name == "pause":
                self._paused, self._step = True, False
            elif name == "resume":
                self._paused = self._step = False
            elif name == "step":
                self._paused = self._step = True
            elif name == "stop":
                self._stop = True
            elif name == "speed":
                self._speed, self._due = speed, 0.0
            self._changed.notify_all()
            if not self._changed.wait_for(self._answered, ANSWER_SECONDS):
                self._tell(self._wanted())

    def checkpoint(self, before_waiting: Callable[[], None]) -> None:
        """Return when training may go on; ``Stopped`` when it is to end.

        ``before_waiting`` is called before a pause begins, so that what was done by then is seen:
        a pause may have been announced while the last epoch was still under way.
        """
        with self._changed:
            while True:
                if self._stop:
                    self._tell(RunState.STOPPED)
                    raise Stopped
                if not self._paused or self._step:
                    self._tell(RunState.RUNNING)
                    return
                self._tell(RunState.PAUSED)
                before_waiting()
                self._changed.wait()

    def epoch_done(self, before_waiting: Callable[[], None]) -> None:
        """End a step, and keep to the speed that was asked for.

        ``before_waiting`` is called first where there is time to wait.
        """
        with self._changed:
            # Before the epoch is seen: who has seen it may ask for the next step at once.
            stepped, self._step = self._step, False
        if self._speed > 0 or stepped:
            before_waiting()
        with self._changed:
            now = time.monotonic()
            if self._speed > 0:
                # Behind by more than an epoch (a pause, a slow one): do not hurry to catch up.
                self._due = max(self._due + 1 / self._speed, now)
            while self._speed > 0 and not self._stop and not self._paused:
                left = self._due - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(left)

    def _wanted(self) -> RunState:
        if self._stop:
            return RunState.STOPPED
        return RunState.PAUSED if self._paused and not self._step else RunState.RUNNING

    def _answered(self) -> bool:
        # A step may be over before anybody looks.
        return self._step or self._state is self._wanted()

    def _tell(self, state: RunState) -> None:
        if state is not self._state and self._state is not RunState.STOPPED:
            self._state = state
            self._announce(state)
            self._changed.notify_all()
