"""Starting and stopping the server of a cluster, whatever the last one's end was."""

import contextlib
import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from palabre.base.postgres import access, binaries, pid_file
from palabre.base.postgres.cluster import PORT, Cluster, path_from_inside
from palabre.base.postgres.problems import DataFolderBusy, NoRoom, PostgresProblem
from palabre.base.postgres.process import ServerProcess

DEFAULTS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "io_method": "sync",  # the default keeps three more processes
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # What members write stays out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
FULL = "No space left on device"
STILL_HELD = ("already exists", "is empty", "is still in use", "Address already in use")
LARGEST_LOG = 1_000_000  # bytes


class Server:
    """The server of one cluster. `settings` are PostgreSQL's, over `DEFAULTS`."""

    def __init__(self, cluster: Cluster, settings: Mapping[str, str] | None = None) -> None:
        self.cluster = cluster
        sockets = os.path.relpath(cluster.socket_dir, cluster.data) if cluster.socket_is_inside else cluster.socket_dir
        self.settings = {**DEFAULTS, "unix_socket_directories": str(sockets), **(settings or {})}
        self._process: ServerProcess | None = None
        self._lock: int | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def is_running(self) -> bool:
        return self._process is not None and not self._process.ended

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self.is_running else None

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the server to end, for whatever reason; whether it did."""
        return self._process is None or self._process.wait(timeout)

    def start(self, patience: float = 60) -> None:
        """Return when the server takes connections. What remains of a killed server has `patience` seconds to let go;
        crash recovery takes the time it takes. Raises DataFolderBusy when somebody else runs this cluster."""
        if self.is_running:
            return
        data, user = self.cluster.data, self.cluster.service_user
        if self._lock is None:
            self._lock = access.take(data.with_name("postgres.lock"), user)
        try:
            access.hand_over(data, user)
            access.write_rules(data, user, self.cluster.user)
            access.private_folder(self.cluster.socket_dir, user)
            self._start_when_free(binaries.folder_for(user), time.monotonic() + patience)
        except BaseException:
            self.stop()
            raise

    def stop(self, timeout: float = 60) -> None:
        """Fast shutdown: open transactions are rolled back, all else is on disk. Harder means after each `timeout`."""
        for means in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self._process and self.is_running:
                self._process.signal(means)
                self._process.wait(timeout)
        if self._process and not self.cluster.socket_is_inside:
            with contextlib.suppress(OSError):
                self.cluster.socket_dir.rmdir()
        self._process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _start_when_free(self, programs: Path, deadline: float) -> None:
        data = self.cluster.data
        while (words := self._attempt(programs)) is not None:
            if FULL in words:
                raise NoRoom(data.parent)
            if not any(sign in words for sign in STILL_HELD):
                raise PostgresProblem(f"PostgreSQL did not start:\n{words}")
            if time.monotonic() > deadline:
                raise DataFolderBusy(data.parent, pid_file.holder(data))
            time.sleep(0.1)

    def _attempt(self, programs: Path) -> str | None:
        """Start once: None when ready, else the server's last words."""
        data, user = self.cluster.data, self.cluster.service_user
        pid_file.remove_if_stale(data, self.cluster.socket_lock)
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        command: list[str | Path] = [programs / "postgres", "-D", path_from_inside(data, user), *options]
        log = access.open_file(data.with_name("postgres.log"), user)
        try:
            if (before := os.fstat(log).st_size) > LARGEST_LOG:
                os.ftruncate(log, before := 0)
            self._process = process = ServerProcess(command, user=user, inside=data, output=log)
            while not process.wait(0.01):
                if pid_file.is_ready(data, process.pid):
                    return None
            return os.pread(log, 10_000, before).decode(errors="replace")
        finally:
            os.close(log)
