"""The server's worker processes, as the operating system sees them."""

from __future__ import annotations

from pathlib import Path


def workers_of(server_pid: int) -> list[int]:
    """Give the process ids of a server's worker processes."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            command = (folder / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == server_pid and b"rnn_core.runs.worker" in command:
            found.append(int(folder.name))
    return found


def alive(pid: int) -> bool:
    """Say whether a process goes on; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def loaded_libraries(pid: int) -> set[str]:
    """Give the names of the files that a process has mapped into its memory."""
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    return {line.split("/", 1)[1] for line in maps if "/" in line}
