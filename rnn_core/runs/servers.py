"""The servers on one store: each says again and again that it is alive."""

from __future__ import annotations

import os
import socket
import time

import sqlalchemy as sa

from rnn_core.runs import schema
from rnn_core.runs.store import Store

SILENT_SECONDS = 60.0  # a server on another host that has said nothing for so long is gone


class Servers:
    """Reads and writes the servers of a store."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def beat(self, server: str, host: str, pid: int) -> None:
        """Note that a server is alive."""
        table, now = schema.servers, time.time()
        with self._engine.begin() as connection:
            change = sa.update(table).where(table.c.id == server).values(heartbeat=now)
            if not connection.execute(change).rowcount:
                row = {"id": server, "host": host, "pid": pid, "heartbeat": now}
                connection.execute(sa.insert(table).values(row))

    def known(self) -> list[tuple[str, str, int, float]]:
        """Give id, host, process id and last heartbeat of every server not known to be gone."""
        columns = schema.servers.c
        query = sa.select(columns.id, columns.host, columns.pid, columns.heartbeat)
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def gone(self, but: str) -> list[str]:
        """Give the ids of those that are gone; ``but`` is the one that asks."""
        here = socket.gethostname()
        found = []
        for server, host, pid, heartbeat in self.known():
            if server == but:
                continue
            silent = time.time() - heartbeat
            if host == here:  # a process id may have been given to somebody else since
                gone = not _alive(pid) or pid == os.getpid() or silent > 10 * SILENT_SECONDS
            else:
                gone = silent > SILENT_SECONDS
            if gone:
                found.append(server)
        return found

    def forget(self, server: str) -> None:
        """Forget a server that is gone."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(schema.servers).where(schema.servers.c.id == server))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
