"""`postmaster.pid`: what the server says of itself, and what a killed one leaves behind."""

import os
import sys
from pathlib import Path


def is_ready(data: Path, pid: int) -> bool:
    """Whether this server takes connections: what `pg_ctl --wait` looks at, the state on the eighth line."""
    lines = _lines(data)
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def holder(data: Path) -> int:
    """The process id in the file, 0 for none."""
    lines = _lines(data)
    return int(lines[0]) if lines else 0


def remove_if_stale(data: Path, socket_lock: Path) -> None:
    """Remove it, and its like beside the socket, when no server lives here. PostgreSQL does so itself, unless the old
    number is a zombie's, or another process's since: usual in a container. Call it with the data folder locked."""
    left = [file for file in (data / "postmaster.pid", socket_lock) if file.exists()]
    if sys.platform != "linux" or not left:
        return
    if not any(_is_server_of(data, process) for process in Path("/proc").glob("[0-9]*")):
        for file in left:
            file.unlink(missing_ok=True)


def _is_server_of(data: Path, process: Path) -> bool:
    """PostgreSQL's processes all have the cluster as their working folder."""
    try:
        return (process / "comm").read_text() == "postgres\n" and os.path.samefile(process / "cwd", data)
    except PermissionError:
        return True
    except OSError:  # gone meanwhile, or a zombie
        return False


def _lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []
