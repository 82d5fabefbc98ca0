"""The role `serving`: the database if it is ours to run, web and worker processes, each started again if it dies."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

from palabre.base.db import UNREACHABLE, Database, Error
from palabre.base.migrate import migrate
from palabre.base.postgres import Server, prepare
from palabre.features.accounts import links
from palabre.hosting.children import Child
from palabre.hosting.host import Host
from palabre.hosting.listening import wait_for_answer
from palabre.hosting.moving import Moving
from palabre.hosting.problems import HostProblem, StartFailed
from palabre.settings import Settings


def postgres_settings(settings: Settings) -> dict[str, str]:
    """The same on both hosts: a standby refuses to follow with fewer connections."""
    return {
        "shared_buffers": settings.database_memory,
        "max_connections": "200",
        "max_slot_wal_keep_size": settings.standby_keep,
    }


class Network:
    def __init__(self, host: Host) -> None:
        self.host = host
        self.settings = host.settings
        self.dsn = ""
        self._leave = asyncio.Event()
        self._preparing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        # The database comes first: a second start on one folder is told who holds it, not that the port is taken.
        self.dsn = await asyncio.to_thread(self._start_database)
        if self.host.stopping.is_set():
            return
        with self.host.doing(status=self.status, promote=self.promote, move=self.move, cancel_move=self.cancel_move):
            await self.host.open_control()
            listening = await self.host.listen()
            try:
                owner_link = await self._migrate()
                while True:
                    self._start_children(listening)
                    await self.host.watch(self._leave, self._welcome(listening, owner_link), self.host.keep_database())
                    moving = self.host.moving
                    if moving is None or self.host.stopping.is_set() or await moving.hand_over(self._stop_serving):
                        break
                    self.host.moving = None
                    self._leave.clear()
            finally:
                self.host.serving.clear()
                await self.host.stop_children(at_once=self._leave.is_set())

    async def _welcome(self, listening: socket.socket, owner_link: str | None) -> None:
        await wait_for_answer(listening)
        self.host.serving.set()
        self.host.voice.ready(owner_link)

    def _start_database(self) -> str:
        outside = self.settings.database_url.get_secret_value()
        if outside:
            return outside
        self.host.data.mkdir(parents=True, exist_ok=True, mode=0o755)
        cluster = prepare(self.host.data)
        if self.host.postgres is None:
            self.host.postgres = Server(cluster, postgres_settings(self.settings))
            self.host.postgres.start()
        return cluster.dsn

    async def _migrate(self) -> str | None:
        db = Database(self.dsn, most=2)
        try:
            await migrate(db)
            async with db.transaction() as conn:
                secret = await links.owner_link(conn)
        except UNREACHABLE as error:
            raise StartFailed(f"the database cannot be used: {error}") from error
        finally:
            await db.close()
        return f"{self.settings.origin}/own/{secret}" if secret else None

    def _start_children(self, listening: socket.socket) -> None:
        fd = listening.fileno()
        started = [Child(["web", "--leashed", "--fd", str(fd)], (fd,)) for _ in range(self.settings.web_processes)]
        started += [Child(["worker", "--leashed"]) for _ in range(self.settings.worker_processes)]
        for child in started:
            child.start(self.host.environment(self.dsn))
        self.host.children += started

    async def status(self) -> AsyncIterator[dict[str, Any]]:
        state = self.host.state
        yield {"done": {"role": state.role, "term": state.term, "serving": self.host.serving.is_set()}}

    async def promote(self, force: bool = False) -> AsyncIterator[dict[str, Any]]:
        yield {"done": f"This host serves already, in term {self.host.state.term}: there is nothing to promote."}

    async def move(self, to: str) -> AsyncIterator[dict[str, Any]]:
        """Hand the network over to this standby; who asks again while it goes on hears the same."""
        if self.host.moving is None:
            self.host.moving = Moving(self.host, self.dsn, to)
            self._preparing = asyncio.create_task(self._prepare(self.host.moving))
        elif self.host.moving.name != to:
            raise HostProblem(f"a move to {self.host.moving.name} is under way")
        async for step in self.host.moving.telling.all():
            yield step

    async def cancel_move(self) -> AsyncIterator[dict[str, Any]]:
        moving = self.host.moving
        if moving is None:
            raise HostProblem("no move is under way")
        if not moving.cancel():
            raise HostProblem("it is too late: the other host takes over")
        yield {"done": "The move is called off."}

    async def _prepare(self, moving: Moving) -> None:
        try:
            await moving.prepare()
        except (HostProblem, *UNREACHABLE, Error) as problem:
            self.host.moving = None
            moving.telling.end({"error": str(problem)})
        else:
            self._leave.set()

    async def _stop_serving(self) -> None:
        """What is being answered is answered; the port stays open, so that who comes now waits."""
        self.host.serving.clear()
        await self.host.stop_children("web", "worker")
