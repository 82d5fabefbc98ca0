"""What can go wrong with the embedded PostgreSQL, in words for the person who runs it."""

from pathlib import Path


class PostgresProblem(Exception):
    """The embedded PostgreSQL cannot be used; the message says why and what to do."""


class DataFolderBusy(PostgresProblem):
    """Another process runs the server of this data folder."""

    def __init__(self, folder: Path, pid: int) -> None:
        super().__init__(f"{folder} is in use by process {pid}; stop it first, or choose another data folder.")
        self.folder = folder
        self.pid = pid
