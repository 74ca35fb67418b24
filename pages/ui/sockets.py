"""The server's sockets."""

from __future__ import annotations

import os
import socket
import stat


def send_at_once() -> None:
    """Have every connection to this process send what there is at once.

    Without this the second part of an answer waits for the browser to acknowledge the first, which
    takes it 40 ms: each small script and each update of a page. asyncio sees to that itself, but
    only where a listening socket names its protocol, and Streamlit's does not.
    """
    for name in os.listdir("/dev/fd") if os.path.isdir("/dev/fd") else ():
        try:
            if not stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                continue
            with socket.socket(fileno=os.dup(int(name))) as known:
                internet = known.family in (socket.AF_INET, socket.AF_INET6)
                if internet and known.type == socket.SOCK_STREAM:
                    # What a listening socket accepts inherits this.
                    known.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:  # closed in the meantime, or not one of those
            continue
