"""A network in processes of its own, and a member's way to it, for the journeys of imports and the demonstration."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx

from palabre.base import duties
from palabre.base.db import Database
from palabre.base.postgres import prepare

PATIENCE = 120.0  # seconds; a busy machine is no bug


class Running:
    """`palabre(...)` runs a command on the same data folder; `get(token, path)` asks the client API."""

    def __init__(self, data: Path, port: int) -> None:
        self.data = data
        self.environment = {name: value for name, value in os.environ.items() if "DATABASE_URL" not in name} | {
            "PALABRE_DATA": str(data),
            "PALABRE_PORT": str(port),
            "PALABRE_RATE_LIMITS": "false",
            "PALABRE_PASSWORD_COST": "cheap",
            "PALABRE_LOG_LEVEL": "error",
        }
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "palabre", *arguments]
        return subprocess.Popen(
            command, env=self.environment, start_new_session=True, text=True, stdout=subprocess.PIPE, stderr=-3
        )

    def palabre(self, *arguments: str, said: str = "", expect: int = 0) -> str:
        command = [sys.executable, "-m", "palabre", *arguments]
        done = subprocess.run(command, env=self.environment, input=said, text=True, capture_output=True, check=False)
        assert done.returncode == expect, done.stderr + done.stdout
        return done.stdout.strip()

    def member(self, name: str) -> str:
        """Make a member; a token that acts for it."""
        password = "correct-horse-battery"
        self.palabre("account", "create", name, "--email", f"{name}@mail.example", "--password-stdin", said=password)
        return self.palabre("account", "token", name)

    def ask(self, token: str, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return self.http.request(method, path, headers=headers, **options)

    def get(self, token: str, path: str, **params: Any) -> Any:
        answer = self.ask(token, "GET", path, params=params)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer.json()

    def wait_for_workers(self) -> None:
        """Until no duty is left to do."""

        async def waiting() -> int:
            db = Database(prepare(self.data).dsn, most=1)
            try:
                async with db.reading() as conn:
                    return (await duties.waiting(conn))[0]
            finally:
                await db.close()

        until(lambda: asyncio.run(waiting()) == 0)


@contextmanager
def running_network() -> Iterator[Running]:
    data = Path(tempfile.mkdtemp(prefix="palabre-journey-"))
    data.chmod(0o755)
    network = Running(data, free_port())
    server = network.start("serve")
    try:
        until(lambda: _answers(network))
        yield network
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
        network.http.close()
        shutil.rmtree(data, ignore_errors=True)


def until(met: Callable[[], object], patience: float = PATIENCE) -> None:
    """Look again until the condition is met."""
    end = time.monotonic() + patience
    while not met():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def _answers(network: Running) -> bool:
    try:
        return network.http.get("/health").status_code == 200
    except httpx.TransportError:
        return False


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
