"""The running server: a foreground child that ends when its parent does, and starts again after any kill."""

import fcntl
import os
import pwd
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from palabre.base.postgres import binaries, child
from palabre.base.postgres.cluster import PORT, ROLE, Cluster, open_file, path_from_inside, private_folder
from palabre.base.postgres.problems import DataFolderBusy, PostgresProblem
from palabre.base.postgres.service_user import ENVIRONMENT

DEFAULTS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "io_method": "sync",  # the default keeps three more processes
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # Members' words and addresses stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
POLL = 0.01
SIGNS_OF_A_HOLDER = ("lock file", "is still in use", "could not bind Unix")
LARGEST_LOG = 1_000_000


class Server:
    """The server of one cluster. `start` returns when it takes connections; settings go over `DEFAULTS`."""

    def __init__(self, cluster: Cluster, settings: Mapping[str, str] | None = None) -> None:
        self.cluster = cluster
        self.settings = {**DEFAULTS, **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._exited = threading.Event()
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
        return self._process is not None and not self._exited.is_set()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self.is_running else None

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the server to end, for whatever reason; whether it did."""
        return self._process is None or self._exited.wait(timeout)

    def start(self, patience: float = 60) -> None:
        """Start, waiting up to `patience` seconds for what remains of a killed server to let go; crash recovery takes
        the time it takes. Raises DataFolderBusy when somebody else runs this cluster."""
        if self.is_running:
            return
        self._take_folder()
        try:
            self._write_access_rules()
            programs = binaries.folder_for(self.cluster.service_user)
            deadline = time.monotonic() + patience
            while (said := self._attempt(programs)) is not None:
                if not any(sign in said for sign in SIGNS_OF_A_HOLDER):
                    raise PostgresProblem(f"PostgreSQL did not start:\n{said}")
                if time.monotonic() > deadline:
                    raise DataFolderBusy(self.cluster.data, self._pid_in_file())
                time.sleep(0.1)
        except BaseException:
            self.stop()
            raise

    def stop(self, timeout: float = 60) -> None:
        """Fast shutdown: open transactions are rolled back, all else is on disk. After `timeout`, harder means."""
        for means in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self.is_running and self._process:
                self._process.send_signal(means)
                self.wait(timeout)
        self._process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _take_folder(self) -> None:
        """Hold the lock file of the data folder, with our process id in it, until `stop` or our end."""
        if self._lock is not None:
            return
        lock = open_file(self.cluster.data.with_name("postgres.lock"), self.cluster.service_user)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = int(os.pread(lock, 20, 0) or b"0")
            os.close(lock)
            raise DataFolderBusy(self.cluster.data.parent, holder) from None
        os.ftruncate(lock, 0)
        os.write(lock, b"%d\n" % os.getpid())
        self._lock = lock

    def _write_access_rules(self) -> None:
        """Only through the socket, only root, the data folder's owner and the service user; all as one role."""
        service = self.cluster.service_user
        owners = {0, service.uid, os.geteuid(), self.cluster.data.parent.stat().st_uid}
        rules = {
            "pg_hba.conf": "local all all peer map=palabre\nlocal replication all peer map=palabre\n",
            "pg_ident.conf": "".join(f'palabre "{name}" {ROLE}\n' for name in _names(owners)),
        }
        for name, text in rules.items():
            if (self.cluster.data / name).read_text() != text:
                service.run(["tee", name], inside=self.cluster.data, text=text).check_returncode()

    def _attempt(self, programs: Path) -> str | None:
        """Start once: None when ready, what the server said when it ended instead."""
        private_folder(self.cluster.socket_dir, self.cluster.service_user)
        log = open_file(self.cluster.data.with_name("postgres.log"), self.cluster.service_user)
        try:
            if (before := os.fstat(log).st_size) > LARGEST_LOG:
                os.ftruncate(log, before := 0)
            self._launch(programs, log)
            while not self._exited.wait(POLL):
                if self._is_ready():
                    return None
            return os.pread(log, 10_000, before).decode(errors="replace")
        finally:
            os.close(log)

    def _launch(self, programs: Path, log: int) -> None:
        service = self.cluster.service_user
        settings = {"unix_socket_directories": str(self._socket_dir_from_inside()), **self.settings}
        command = [
            *(sys.executable, "-I", "-S", child.__file__, str(os.getpid()), str(service.uid), str(service.gid)),
            *(str(programs / "postgres"), "-D", str(path_from_inside(self.cluster.data, service))),
            *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
        ]
        launched = threading.Event()
        self._exited = exited = threading.Event()

        def keep() -> None:
            try:
                self._process = process = subprocess.Popen(  # noqa: S603
                    command, cwd=self.cluster.data, env=ENVIRONMENT, umask=0o077, start_new_session=True,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                )  # fmt: skip
            finally:
                launched.set()
            process.wait()
            exited.set()

        # The kernel's word that the parent died is about the thread that started the child: so one that stays.
        threading.Thread(target=keep, name="postgres", daemon=True).start()
        launched.wait()
        if self._process is None:
            raise PostgresProblem(f"{command[0]} could not be started.")

    def _socket_dir_from_inside(self) -> Path:
        socket_dir, data = self.cluster.socket_dir, self.cluster.data
        return socket_dir.relative_to(data) if socket_dir.is_relative_to(data) else socket_dir

    def _is_ready(self) -> bool:
        """What `pg_ctl --wait` looks at: the server writes its state on the eighth line of its own file."""
        lines = self._pid_file()
        return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _pid_in_file(self) -> int:
        lines = self._pid_file()
        return int(lines[0]) if lines else 0

    def _pid_file(self) -> list[str]:
        try:
            return (self.cluster.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []


def _names(uids: set[int]) -> list[str]:
    names = []
    for uid in sorted(uids):
        try:
            names.append(pwd.getpwuid(uid).pw_name)
        except KeyError:
            continue
    return names
