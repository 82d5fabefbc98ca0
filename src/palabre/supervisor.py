"""`palabre serve`: the database if it is ours to run, web and worker processes, each started again if it dies."""

import asyncio
import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog

from palabre.base import logs
from palabre.base.db import UNREACHABLE, Database
from palabre.base.migrate import migrate
from palabre.base.postgres import PostgresProblem, Server, prepare
from palabre.features.accounts import links
from palabre.orphans import reap_orphans
from palabre.settings import Settings

_log = structlog.get_logger()
_STOP_PATIENCE = 10.0  # seconds until a process that won't stop is killed
_PORT_PATIENCE = 3.0  # seconds that processes of a killed network may take to let go of the port
_YOUNG = 30.0  # seconds
_LONGEST_PAUSE = 10.0
_MOST_YOUNG_DEATHS = 3


class StartFailed(Exception):
    """The network did not come up, or could not be kept up."""


class PortTaken(StartFailed):
    """Somebody else listens there."""


@dataclass
class Child:
    """One process of ours, started again whenever it dies. What is killed is tried for ever, ever more slowly; what
    ends by itself soon after each start will not do better next time."""

    arguments: list[str]
    fds: tuple[int, ...] = ()
    process: asyncio.subprocess.Process | None = None
    pause: float = 0.2
    young_deaths: int = 0
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    async def keep_running(self, environment: dict[str, str]) -> None:
        """Until cancelled. Raises StartFailed if it cannot be kept running."""
        command = [sys.executable, "-m", "palabre", *self.arguments]
        while True:
            began = time.monotonic()
            self.process = await asyncio.create_subprocess_exec(
                *command, env=environment, pass_fds=self.fds, stdin=subprocess.PIPE, start_new_session=True
            )
            status = await self.process.wait()
            self._count(status, time.monotonic() - began)
            _log.error("process_died", process=self.arguments[0], status=status, again_in=self.pause)
            await asyncio.sleep(self.pause)

    def _count(self, status: int, age: float) -> None:
        young = age < _YOUNG
        self.pause = min(self.pause * 2, _LONGEST_PAUSE) if young else 0.2
        self.young_deaths = self.young_deaths + 1 if young and status >= 0 else 0
        if self.young_deaths == _MOST_YOUNG_DEATHS:
            name = self.arguments[0]
            raise StartFailed(f"the {name} process ended {self.young_deaths} times in a row; the lines above say why")

    async def stop(self) -> None:
        if self.task:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError, StartFailed):
                await self.task
        if self.process and self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), _STOP_PATIENCE)
            except TimeoutError:
                self.process.kill()
                await self.process.wait()


class Network:
    """Everything that `palabre serve` runs. `ready` is called once pages are served, with the owner's link."""

    def __init__(self, settings: Settings, ready: Callable[[str | None], None]) -> None:
        self.settings = settings
        self.ready = ready
        self.postgres: Server | None = None
        self.children: list[Child] = []
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Until SIGTERM or SIGINT. Raises StartFailed or PostgresProblem when it cannot start or go on."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._asked_to_stop)
        logs.set_up(self.settings.log_level, self.settings.log_format)
        listening: socket.socket | None = None
        try:
            # The database comes first: a second start on one folder is told who holds it, not that the port is taken.
            dsn = await asyncio.to_thread(self._start_database)
            if self._stop.is_set():
                return
            listening = await _listen(self.settings.host, self.settings.port)
            owner_link = await self._migrate(dsn)
            self._start_children(self._environment(dsn), listening)
            await self._watch(self._welcome(listening, owner_link), self._keep_database())
        finally:
            await asyncio.gather(*(child.stop() for child in self.children))
            if listening:
                listening.close()
            if self.postgres:
                await asyncio.to_thread(self.postgres.stop)

    def _asked_to_stop(self) -> None:
        if self._stop.is_set():  # asked again: the kernel tells PostgreSQL, the closed pipe our other processes
            os._exit(130)
        self._stop.set()

    async def _watch(self, *work: Coroutine[Any, Any, None]) -> None:
        """Until we are asked to stop, or some of the work, or a child's, fails."""
        stopping = asyncio.create_task(self._stop.wait())
        ours = [asyncio.create_task(one) for one in work]
        going: set[asyncio.Task[Any]] = {*ours, *(child.task for child in self.children if child.task)}
        try:
            while not stopping.done():
                done, _ = await asyncio.wait({stopping, *going}, return_when=asyncio.FIRST_COMPLETED)
                for task in done & going:
                    going.discard(task)
                    task.result()
        finally:
            for task in (stopping, *ours):
                task.cancel()
            await asyncio.gather(stopping, *ours, return_exceptions=True)

    async def _welcome(self, listening: socket.socket, owner_link: str | None) -> None:
        await _wait_for_answer(listening)
        self.ready(owner_link)

    async def _keep_database(self) -> None:
        while True:
            await asyncio.sleep(0.2)
            reap_orphans({child.process.pid for child in self.children if child.process}, self.postgres)
            if self.postgres and not self.postgres.is_running:
                _log.error("postgres_died")
                await self._revive(self.postgres)

    async def _revive(self, postgres: Server) -> None:
        """It may be killed while it starts, too. Raises PostgresProblem when it never comes up."""
        for tries_left in reversed(range(_MOST_YOUNG_DEATHS)):
            try:
                return await asyncio.to_thread(postgres.start)
            except PostgresProblem as problem:
                if not tries_left:
                    raise
                _log.error("postgres_did_not_start", why=str(problem))
                await asyncio.sleep(1)

    def _start_database(self) -> str:
        outside = self.settings.database_url.get_secret_value()
        if outside:
            return outside
        self.settings.data.mkdir(parents=True, exist_ok=True, mode=0o755)
        cluster = prepare(self.settings.data)
        self.postgres = Server(cluster, {"shared_buffers": self.settings.database_memory, "max_connections": "200"})
        self.postgres.start()
        return cluster.dsn

    async def _migrate(self, dsn: str) -> str | None:
        db = Database(dsn, most=2)
        try:
            await migrate(db)
            async with db.transaction() as conn:
                secret = await links.owner_link(conn)
        except UNREACHABLE as error:
            raise StartFailed(f"the database cannot be used: {error}") from error
        finally:
            await db.close()
        return f"{self.settings.link_origin}/own/{secret}" if secret else None

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
        self.children = [
            Child(["web", "--leashed", "--fd", str(fd)], (fd,)) for _ in range(self.settings.web_processes)
        ]
        self.children += [Child(["worker", "--leashed"]) for _ in range(self.settings.worker_processes)]
        for child in self.children:
            child.task = asyncio.create_task(child.keep_running(environment))


async def _listen(host: str, port: int) -> socket.socket:
    """Raises PortTaken, or StartFailed for an address that is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    deadline = time.monotonic() + _PORT_PATIENCE
    while True:
        try:
            listening.bind((host, port))
            listening.listen(2048)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                await asyncio.sleep(0.05)
                continue
            listening.close()
            kind = PortTaken if error.errno == errno.EADDRINUSE else StartFailed
            raise kind(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
        listening.set_inheritable(True)
        return listening


async def _wait_for_answer(listening: socket.socket, patience: float = 60) -> None:
    """Until a web process serves a page on the socket. Raises StartFailed."""
    host, port = listening.getsockname()[:2]
    try:
        async with asyncio.timeout(patience):
            while not await _answers(host, port):  # noqa: ASYNC110 - another process, which cannot tell us
                await asyncio.sleep(0.1)
    except TimeoutError as error:
        raise StartFailed(f"no page was served within {patience:.0f} seconds; the lines above say why") from error


async def _answers(host: str, port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection(host, port)
        try:
            writer.write(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return (await reader.readline()).startswith(b"HTTP/1.1 200")
        finally:
            writer.close()
    except OSError:
        return False
