"""Commands and the training thread, without a process in between."""

from __future__ import annotations

import threading
import time

import pytest

from rnn_core.engine.trainer import Stopped
from rnn_core.runs.control import ANSWER_SECONDS, LOOKED_SECONDS, Control
from rnn_core.runs.states import RunState


class Training:
    """A thread that goes through epochs as the trainer does, as fast as it may."""

    def __init__(self, seconds: float = 0.001, **options: object) -> None:
        self.states: list[RunState] = []
        self.epochs = 0
        self.flushed = 0
        self.seen = 0
        self._seconds = seconds
        given = {"paused": False, "step": False, "speed": 0.0} | options
        self.control = Control(self.states.append, **given)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            while True:
                self.control.checkpoint(self._flush)
                time.sleep(self._seconds)
                self.epochs += 1
                self.control.epoch_done(self._flush)
        except Stopped:
            pass

    def _flush(self) -> None:
        self.flushed += 1
        self.seen = self.epochs

    def wait_for(self, state: RunState) -> None:
        deadline = time.monotonic() + 5
        while not self.states or self.states[-1] is not state:
            assert time.monotonic() < deadline, self.states
            time.sleep(0.001)

    def end(self) -> None:
        self.control.command("stop")
        self.thread.join(5)
        assert not self.thread.is_alive()


def test_it_runs_until_it_is_stopped() -> None:
    training = Training()
    training.wait_for(RunState.RUNNING)
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
    training = Training()
    training.wait_for(RunState.RUNNING)
    training.control.command("pause")
    assert training.states[-1] is RunState.PAUSED
    time.sleep(0.1)  # a thread that was slow to hear finishes its epoch
    held = training.epochs
    time.sleep(0.1)
    assert training.epochs == held
    training.control.command("resume")
    training.wait_for(RunState.RUNNING)
    time.sleep(0.1)
    assert training.epochs > held
    training.end()


def test_an_epoch_that_outlasts_the_announcement_of_a_pause_is_seen_in_it() -> None:
    training = Training(seconds=3 * ANSWER_SECONDS)
    training.wait_for(RunState.RUNNING)
    training.control.command("pause")
    assert training.states[-1] is RunState.PAUSED
    assert training.epochs == 0
    time.sleep(4 * ANSWER_SECONDS)
    assert training.epochs == training.seen == 1
    training.end()


def test_each_step_is_one_epoch() -> None:
    training = Training(step=True)
    training.wait_for(RunState.PAUSED)
    assert training.epochs == 1
    for epochs in (2, 3):
        training.control.command("step")
        deadline = time.monotonic() + 5
        while training.epochs < epochs:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        training.wait_for(RunState.PAUSED)
        time.sleep(0.05)
        assert training.epochs == epochs
    assert training.flushed >= 3  # what a step came to is seen at once
    training.end()


def test_a_paused_start_trains_nothing() -> None:
    training = Training(paused=True)
    training.wait_for(RunState.PAUSED)
    time.sleep(0.05)
    assert training.epochs == 0
    training.end()
    assert RunState.RUNNING not in training.states


def test_speed_spreads_the_epochs_and_can_be_changed_at_once() -> None:
    training = Training(speed=10.0)
    training.wait_for(RunState.RUNNING)
    begun = time.monotonic()
    time.sleep(1.05)
    assert 4 <= training.epochs <= 10 * (time.monotonic() - begun) + 2
    training.control.command("speed", speed=0.0)
    before = training.epochs
    time.sleep(0.3)
    assert training.epochs - before > 15
    training.end()


def test_stop_does_not_wait_for_a_slow_speed() -> None:
    training = Training(speed=0.1)
    training.wait_for(RunState.RUNNING)
    time.sleep(0.05)
    begun = time.monotonic()
    training.end()
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize(("command", "state"), [("pause", "paused"), ("stop", "stopped")])
def test_a_busy_thread_is_answered_for(command: str, state: str) -> None:
    """Inside a compilation the thread hears nothing; the page hears all the same."""
    training = Training(seconds=1.0)
    training.wait_for(RunState.RUNNING)
    begun = time.monotonic()
    training.control.command(command)
    waited = time.monotonic() - begun
    assert training.states[-1] == state
    assert ANSWER_SECONDS <= waited < 0.9
    training.end()
    assert training.states[-1] is RunState.STOPPED
    assert training.states.count(RunState.STOPPED) == 1
