"""Servers on one store, and which of them are gone."""

import os
import socket
import subprocess
import sys
import time

import pytest

from rnn_core.runs.servers import SILENT_SECONDS, Servers


@pytest.fixture
def servers(store):
    return Servers(store)


def test_a_server_beats(servers, monkeypatch):
    clock = iter([10.0, 20.0])
    monkeypatch.setattr("rnn_core.runs.servers.time.time", lambda: next(clock))
    servers.beat("a", "host", 1)
    assert servers.known() == [("a", "host", 1, 10.0)]
    servers.beat("a", "host", 1)
    assert servers.known() == [("a", "host", 1, 20.0)]


def test_a_server_is_forgotten(servers):
    servers.beat("gone", "host", 1)
    servers.beat("there", "host", 2)
    servers.forget("gone")
    assert [server[:3] for server in servers.known()] == [("there", "host", 2)]


def test_a_server_is_gone_with_its_process_and_elsewhere_when_it_falls_silent(servers, monkeypatch):
    here = socket.gethostname()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    servers.beat("this", here, os.getpid())
    servers.beat("before with this process id", here, os.getpid())
    servers.beat("ended", here, ended.pid)
    servers.beat("beside", here, os.getppid())
    servers.beat("elsewhere", "another host", ended.pid)
    assert servers.gone(but="this") == ["before with this process id", "ended"]
    later = time.time() + SILENT_SECONDS + 1
    monkeypatch.setattr("rnn_core.runs.servers.time.time", lambda: later)
    assert set(servers.gone(but="this")) == {"before with this process id", "ended", "elsewhere"}
