"""The server as a child process that ends when its parent does."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from palabre.base.postgres import child
from palabre.base.postgres.service_user import ENVIRONMENT, ServiceUser

KERNEL_TELLS = sys.platform == "linux"  # a child when its parent died; elsewhere a watching process does


class ServerProcess:
    """A started server. Its thread stays with it: the kernel's word that the parent died is about the starting thread,
    and a child that ended is reaped at once."""

    def __init__(self, command: Sequence[str | Path], *, user: ServiceUser, inside: Path, output: int) -> None:
        self._popen: subprocess.Popen[bytes] | None = None
        self._failure: OSError | None = None
        self._ended = threading.Event()
        launched = threading.Event()

        def keep() -> None:
            try:
                self._popen = popen = _launch(command, user, inside, output)
            except OSError as error:
                self._failure = error
                return
            finally:
                launched.set()
            with contextlib.nullcontext() if KERNEL_TELLS else _watched(popen.pid):
                popen.wait()
                self._ended.set()

        threading.Thread(target=keep, name="postgres", daemon=True).start()
        launched.wait()
        if self._popen is None:
            raise self._failure or ChildProcessError("The server could not be launched.")
        self.pid: int = self._popen.pid

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def wait(self, timeout: float | None) -> bool:
        """Wait for the end; whether it came."""
        return self._ended.wait(timeout)

    def signal(self, number: int) -> None:
        if self._popen:
            self._popen.send_signal(number)


def _launch(command: Sequence[str | Path], user: ServiceUser, inside: Path, output: int) -> subprocess.Popen[bytes]:
    parent, death_signal = os.getpid(), signal.SIGINT if KERNEL_TELLS else 0
    numbers = [str(int(number)) for number in (parent, death_signal, user.uid, user.gid)]
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-S", child.__file__, *numbers, *command],
        cwd=inside,
        env=ENVIRONMENT,
        umask=0o077,
        start_new_session=True,  # Ctrl-C in a terminal is the application's to handle first
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
    )


@contextlib.contextmanager
def _watched(pid: int) -> Iterator[None]:
    """Meanwhile a small process reads a pipe that nobody writes to: it ends when we do, and takes the server along."""
    script = f"read -r _; kill -{signal.SIGINT.value} {pid}"
    watch = subprocess.Popen(["/bin/sh", "-c", script], stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603
    try:
        yield
    finally:
        watch.kill()
        watch.communicate()
