"""Commands and the training thread, without a process in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from rnn_core.engine.trainer import Stopped
from rnn_core.runs.control import ANSWER_SECONDS, LOOKED_SECONDS, Control
from rnn_core.runs.states import RunState

SECONDS = 20  # far more than anything here takes


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.001)


class Training:
    """A thread that goes through epochs as the trainer does, as fast as ``may_end`` lets it."""

    def __init__(self, **options: object) -> None:
        self.states: list[RunState] = []
        self.begun = 0
        self.epochs = 0
        self.waits = 0
        self.seen = 0
        self.may_end = threading.Event()  # the epoch under way
        self.may_end.set()
        given = {"paused": False, "step": False, "speed": 0.0} | options
        self.control = Control(self.states.append, **given)
        self.thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> Training:
        self.thread.start()
        return self

    def _run(self) -> None:
        try:
            while True:
                self.control.checkpoint(self._flush)
                self.begun += 1
                assert self.may_end.wait(SECONDS)
                self.epochs += 1
                self.control.epoch_done(self._flush)
        except Stopped:
            pass

    def _flush(self) -> None:
        self.seen = self.epochs
        self.waits += 1

    def wait_for(self, state: RunState) -> None:
        wait_until(lambda: self.states and self.states[-1] is state)

    def end(self) -> None:
        self.may_end.set()
        self.control.command("stop")
        self.thread.join(SECONDS)
        assert not self.thread.is_alive()


def test_it_runs_until_it_is_stopped() -> None:
    training = Training().start()
    wait_until(lambda: training.epochs > 2)
    training.end()
    assert training.states == [RunState.RUNNING, RunState.STOPPED]


def test_who_looks_is_forgotten_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    training = Control(lambda state: None, paused=False, step=False, speed=0.0)
    assert training.looked_at
    now += LOOKED_SECONDS + 0.1
    assert not training.looked_at
    training.command("look")
    assert training.looked_at
    assert not training.opened
    training.command("open")
    assert training.opened
    now += LOOKED_SECONDS + 0.1
    assert not training.opened


def test_a_pause_holds_the_epochs_until_resumed() -> None:
    training = Training().start()
    wait_until(lambda: training.epochs > 2)
    training.control.command("pause")
    assert training.states[-1] is RunState.PAUSED
    wait_until(lambda: training.waits)  # a thread that was slow to hear finishes its epoch
    held = training.epochs
    time.sleep(0.05)
    assert training.epochs == held
    training.control.command("resume")
    wait_until(lambda: training.epochs > held)
    assert training.states[-1] is RunState.RUNNING
    training.end()


def test_an_epoch_that_outlasts_the_announcement_of_a_pause_is_seen_in_it() -> None:
    training = Training()
    training.may_end.clear()
    training.start()
    wait_until(lambda: training.begun)
    training.control.command("pause")
    assert training.states[-1] is RunState.PAUSED
    assert training.epochs == 0
    training.may_end.set()
    wait_until(lambda: training.waits)
    assert training.epochs == training.seen == 1
    training.end()


def test_each_step_is_one_epoch() -> None:
    training = Training(step=True).start()
    training.wait_for(RunState.PAUSED)
    assert training.epochs == 1
    for epochs in (2, 3):
        training.control.command("step")
        wait_until(lambda epochs=epochs: training.epochs >= epochs)
        training.wait_for(RunState.PAUSED)
        assert training.seen == epochs  # what a step came to is seen at once
        time.sleep(0.05)
        assert training.epochs == epochs
    training.end()


def test_a_paused_start_trains_nothing() -> None:
    training = Training(paused=True).start()
    training.wait_for(RunState.PAUSED)
    time.sleep(0.05)
    assert training.epochs == 0
    training.end()
    assert RunState.RUNNING not in training.states


def test_speed_spreads_the_epochs_and_can_be_changed_at_once() -> None:
    begun = time.monotonic()
    training = Training(speed=10.0).start()
    wait_until(lambda: training.epochs >= 6)
    epochs = training.epochs
    assert epochs <= 10 * (time.monotonic() - begun) + 2  # the first two wait for nothing
    training.control.command("speed", speed=0.001)
    wait_until(lambda: training.epochs > epochs)
    training.control.command("speed", speed=0.0)
    wait_until(lambda: training.epochs > 100)
    training.end()


def test_stop_does_not_wait_for_a_slow_speed() -> None:
    training = Training(speed=0.001).start()
    wait_until(lambda: training.epochs)
    training.end()


@pytest.mark.parametrize(("command", "state"), [("pause", "paused"), ("stop", "stopped")])
def test_a_busy_thread_is_answered_for(command: str, state: str) -> None:
    """Inside a compilation the thread hears nothing; the page hears all the same."""
    training = Training()
    training.may_end.clear()
    training.start()
    training.wait_for(RunState.RUNNING)
    begun = time.monotonic()
    training.control.command(command)
    assert time.monotonic() - begun >= ANSWER_SECONDS
    assert training.states[-1] == state
    assert training.epochs == 0
    training.end()
    assert training.states[-1] is RunState.STOPPED
    assert training.states.count(RunState.STOPPED) == 1
