"""A real sshd on loopback with keys of its own, and an `ssh` that knows the way to it: nothing of this user's own is touched."""

import os
import pwd
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from tests.support.running import free_port, until

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


def installed() -> bool:
    return all(shutil.which(name, path=_PATH) for name in ("sshd", "ssh", "ssh-keygen"))


class Sshd:
    """`with Sshd(folder) as sshd`: `sshd.path` goes in front of PATH, `sshd.where` behind `ssh://`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.path = f"{folder / 'bin'}:{os.environ['PATH']}"
        self.where = f"{pwd.getpwuid(os.geteuid()).pw_name}@127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Sshd":
        (self.folder / "bin").mkdir(parents=True)
        for name in ("host", "mine", "strangers"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / name)], check=True, timeout=30
            )
        shutil.copy(self.folder / "mine.pub", self.folder / "authorized")
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd wants an empty folder of this name
        (self.folder / "sshd_config").write_text(
            f"ListenAddress 127.0.0.1:{self.port}\nHostKey {self.folder}/host\nAuthorizedKeysFile {self.folder}/authorized\n"
            "PidFile none\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nStrictModes no\n"
            "PermitRootLogin prohibit-password\n"
        )
        program = self.folder / "bin/ssh"
        program.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F {self.folder}/ssh_config "$@"\n')
        program.chmod(0o755)
        self.use("mine")
        self.know()
        sshd = shutil.which("sshd", path=_PATH)
        with (self.folder / "sshd.log").open("wb") as log:
            self._process = subprocess.Popen([str(sshd), "-D", "-e", "-f", f"{self.folder}/sshd_config"], stderr=log)
        until(lambda: "listening" in (self.folder / "sshd.log").read_text())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        if self._process:
            self._process.terminate()
            self._process.wait()

    def use(self, key: str) -> None:
        (self.folder / "ssh_config").write_text(
            f"Host *\n  IdentityFile {self.folder}/{key}\n  IdentitiesOnly yes\n  IdentityAgent none\n"
            f"  UserKnownHostsFile {self.folder}/known\n  GlobalKnownHostsFile none\n  BatchMode yes\n"
        )

    def know(self) -> None:
        key = " ".join((self.folder / "host.pub").read_text().split()[:2])
        (self.folder / "known").write_text(f"[127.0.0.1]:{self.port} {key}\n")

    def forget_host(self) -> None:
        (self.folder / "known").write_text("")

    def cut(self) -> None:
        """End the connections that are open; the server goes on."""
        assert self._process
        for pid in _children(self._process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def connections(self) -> int:
        assert self._process
        return len(_children(self._process.pid))


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []
