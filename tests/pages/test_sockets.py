"""Connections that send at once."""

from __future__ import annotations

import socket

import pytest

from pages.ui.sockets import send_at_once


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_what_the_server_accepts_sends_at_once(family: socket.AddressFamily) -> None:
    with socket.socket(family) as listener, socket.socket(family) as browser:  # as Streamlit's
        try:
            listener.bind(("127.0.0.1" if family is socket.AF_INET else "::1", 0))
        except OSError:
            pytest.skip("this machine has no such addresses")
        listener.listen()
        send_at_once()
        browser.connect(listener.getsockname())
        accepted, _address = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_other_sockets_and_files_stay_open() -> None:
    one, other = socket.socketpair()
    with one, other:
        send_at_once()
        one.sendall(b"still here")
        assert other.recv(10) == b"still here"
