"""`palabre serve`: the database if it is ours to run, web and worker processes, each started again if it dies."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from palabre.base import logs
from palabre.base.db import Database
from palabre.base.migrate import migrate
from palabre.base.postgres import Server, prepare
from palabre.features.accounts import links
from palabre.settings import Settings

_log = structlog.get_logger()
_STOP_PATIENCE = 10.0  # seconds until a process that won't stop is killed
_LONGEST_PAUSE = 10.0


class StartFailed(Exception):
    """The network did not come up."""


@dataclass
class Child:
    """One process of ours. `pause`: seconds to wait before it is started again; longer each time it dies young."""

    arguments: list[str]
    fds: tuple[int, ...] = ()
    process: asyncio.subprocess.Process | None = None
    pause: float = 0.2
    stopping: bool = False
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    async def keep_running(self, environment: dict[str, str]) -> None:
        while not self.stopping:
            began = time.monotonic()
            command = [sys.executable, "-m", "palabre", *self.arguments]
            self.process = await asyncio.create_subprocess_exec(
                *command, env=environment, pass_fds=self.fds, start_new_session=True
            )
            status = await self.process.wait()
            if self.stopping:
                return
            self.pause = 0.2 if time.monotonic() - began > 30 else min(self.pause * 2, _LONGEST_PAUSE)
            _log.error("process_died", process=self.arguments[0], status=status, again_in=self.pause)
            await asyncio.sleep(self.pause)

    async def stop(self) -> None:
        self.stopping = True
        if self.process and self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), _STOP_PATIENCE)
            except TimeoutError:
                self.process.kill()
        if self.task:
            self.task.cancel()


class Network:
    """Everything that `palabre serve` runs. `ready` is called once pages are served, with the owner's link."""

    def __init__(self, settings: Settings, ready: Callable[[str | None], None]) -> None:
        self.settings = settings
        self.ready = ready
        self.postgres: Server | None = None
        self.children: list[Child] = []

    async def run(self) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        logs.set_up(self.settings.log_level, self.settings.log_format)
        listening = _listen(self.settings.host, self.settings.port)
        try:
            dsn = await asyncio.to_thread(self._start_database)
            owner_link = await self._migrate(dsn)
            environment = self._environment(dsn)
            self._start_children(environment, listening)
            answering = asyncio.create_task(_wait_for_answer(listening))
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({answering, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                answering.result()
                self.ready(owner_link)
            answering.cancel()
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), 0.5)
                await asyncio.to_thread(self._revive_database)
        finally:
            await asyncio.gather(*(child.stop() for child in self.children))
            listening.close()
            if self.postgres:
                await asyncio.to_thread(self.postgres.stop)

    def _start_database(self) -> str:
        outside = self.settings.database_url.get_secret_value()
        if outside:
            return outside
        self.settings.data.mkdir(parents=True, exist_ok=True, mode=0o755)
        cluster = prepare(self.settings.data)
        self.postgres = Server(cluster, {"shared_buffers": self.settings.database_memory, "max_connections": "200"})
        self.postgres.start()
        return cluster.dsn

    def _revive_database(self) -> None:
        if self.postgres and not self.postgres.is_running:
            _log.error("postgres_died")
            self.postgres.start()

    async def _migrate(self, dsn: str) -> str | None:
        db = Database(dsn, most=2)
        await migrate(db)
        async with db.transaction() as conn:
            secret = await links.owner_link(conn)
        await db.close()
        return f"{self.settings.origin}/own/{secret}" if secret else None

    def _environment(self, dsn: str) -> dict[str, str]:
        settings = self.settings
        return os.environ | {
            "DATABASE_URL": dsn,
            "PALABRE_DATA": str(settings.data.resolve()),
            "PALABRE_HOST": settings.host,
            "PALABRE_PORT": str(settings.port),
        }

    def _start_children(self, environment: dict[str, str], listening: socket.socket) -> None:
        fd = listening.fileno()
        self.children = [Child(["web", "--fd", str(fd)], (fd,)) for _ in range(self.settings.web_processes)]
        self.children += [Child(["worker"]) for _ in range(self.settings.worker_processes)]
        for child in self.children:
            child.task = asyncio.create_task(child.keep_running(environment))


def _listen(host: str, port: int) -> socket.socket:
    """Raises OSError where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    listening.listen(2048)
    listening.set_inheritable(True)
    return listening


async def _wait_for_answer(listening: socket.socket, patience: float = 60) -> None:
    """Until a web process answers on the socket. Raises StartFailed."""
    host, port = listening.getsockname()[:2]
    try:
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            if not (await reader.readline()).startswith(b"HTTP/1.1 200"):
                raise StartFailed("the first page could not be served; the lines above say why")
            writer.close()
    except TimeoutError as error:
        raise StartFailed(f"no page was served within {patience:.0f} seconds; the lines above say why") from error
