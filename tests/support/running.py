"""The network as people run it: `palabre serve` and its processes, on a free port, in a folder of its own."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import httpx2 as httpx

T = TypeVar("T")
PATIENCE = 60.0
#: As `serve` is run by these tests: anybody may join, and nobody waits for a costly password.
SETTINGS = {
    "PALABRE_REGISTRATION": "open",
    "PALABRE_EMAIL_CONFIRMATION": "false",
    "PALABRE_RATE_LIMITS": "false",
    "PALABRE_PASSWORD_COST": "cheap",
}


class Running:
    """One network. `start` returns once it serves; `stop` and `kill` end what was started."""

    def __init__(
        self, folder: Path, *, port: int = 0, python: Sequence[str] = (sys.executable,), **settings: str
    ) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.python = python
        inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
        self.environment = {**inherited, **SETTINGS, **settings}
        self.environment |= {"PALABRE_DATA": str(folder), "PALABRE_PORT": str(self.port)}
        self.log = Path(f"{folder}.log")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Running":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def launch(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command of this network without waiting for anything."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*self.python, "-m", "palabre", *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=heed_ctrl_c,
            )

    def start(self) -> None:
        """Also after `stop` or `kill`, on what they left."""
        said = len(self.said())
        self.process = process = self.launch("serve")
        until(lambda: "Palabre is running" in self.said()[said:] or process.poll() is not None)
        assert process.poll() is None, self.said()[said:]

    def command(
        self, *arguments: str, given: str = "", patience: float = PATIENCE
    ) -> "subprocess.CompletedProcess[str]":
        """Run a `palabre` command to its end."""
        words = [*self.python, "-m", "palabre", *arguments]
        return subprocess.run(
            words,
            env=self.environment | {"COLUMNS": "200"},
            input=given,
            capture_output=True,
            text=True,
            timeout=patience,
        )

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def answers(self) -> bool:
        """Whether it serves pages at this moment."""
        try:
            with self.http() as http:
                return http.get("/health").status_code == 200
        except httpx.HTTPError:
            return False

    def owner_link(self) -> str:
        found = re.findall(r"http\S+/own/\S+", self.said())
        return str(found[-1])

    def stop(self, number: int = signal.SIGINT) -> int:
        """Ask it to stop; its exit status."""
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """kill -9 of the process that watches over all others."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """However it is: leave no process behind."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        until(lambda: not self.pids(), f"processes left behind: {self.pids()}")

    def pids(self, kind: str = "") -> list[int]:
        """Live processes of this network: 'web', 'worker', 'postgres' (the server itself), or all there are."""
        return [pid for pid, found in self._processes() if not kind or found == kind]

    def _processes(self) -> Iterator[tuple[int, str]]:
        data = str(self.folder)
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                if (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
                    continue
                command = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
                if command[0].endswith("postgres"):
                    if os.readlink(entry / "cwd") == f"{data}/postgres":
                        yield int(entry.name), "postgres"
                elif command[0].startswith("postgres: "):
                    if os.readlink(entry / "cwd") == f"{data}/postgres":
                        yield int(entry.name), "backend"
                elif f"PALABRE_DATA={data}\0".encode() in (entry / "environ").read_bytes() + b"\0":
                    at = command.index("palabre") if "palabre" in command else 0
                    yield int(entry.name), command[at + 1] if at and command[at - 1] == "-m" else "other"

    def http(self, token: str = "", **options: object) -> httpx.Client:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE, **options)  # type: ignore[arg-type]

    def sign_up(self, name: str, scopes: str = "read write follow push") -> str:
        """A new member, by way of an application; her token."""
        with self.http() as http:
            app = http.post(
                "/api/v1/apps",
                json={"client_name": "Test", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": scopes},
            ).json()
            body = {
                "grant_type": "client_credentials",
                "client_id": app["client_id"],
                "client_secret": app["client_secret"],
                "scope": scopes,
            }
            token = http.post("/oauth/token", data=body).json()["access_token"]
            member = {
                "username": name,
                "email": f"{name}@mail.example",
                "password": f"the password of {name}",
                "agreement": True,
            }
            made = http.post("/api/v1/accounts", json=member, headers={"authorization": f"Bearer {token}"})
            assert made.status_code == 200, made.text
            return str(made.json()["access_token"])


def heed_ctrl_c() -> None:
    """Tests that run in the background were told to ignore it, and so would all that they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def free_port() -> int:
    """A port that the kernel gives nobody else for a minute: a connection just ended there, and servers may bind it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = int(listening.getsockname()[1])
        with socket.create_connection(("127.0.0.1", port)) as caller:
            listening.accept()[0].close()  # who closes first keeps the port
            caller.recv(1)
        return port


def until(condition: Callable[[], T], why: str = "", patience: float = PATIENCE) -> T:
    """Wait for a condition, looking often; what it returned in the end."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < deadline, why or "waited in vain"
        time.sleep(0.02)
    return found


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
