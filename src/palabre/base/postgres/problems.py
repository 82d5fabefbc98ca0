"""What can go wrong with the embedded PostgreSQL, in words for the person who runs it."""

from pathlib import Path


class PostgresProblem(Exception):
    """The embedded PostgreSQL cannot be used; the message says why and what to do."""


class NoRoom(PostgresProblem):
    """The disk is full: it cannot start, nor go on, before somebody makes room."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The disk that {folder} lies on is full: PostgreSQL can't start there. Nothing that was acknowledged is lost. "
            "Make room, and it starts."
        )


class DataFolderBusy(PostgresProblem):
    """Another process runs the server of this data folder."""

    def __init__(self, folder: Path, pid: int) -> None:
        super().__init__(f"{folder} is in use by process {pid}; stop it first, or choose another data folder.")
        self.folder = folder
        self.pid = pid
