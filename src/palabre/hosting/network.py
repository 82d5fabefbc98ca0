"""The role `serving`: the database if it is ours to run, web and worker processes, each started again if it dies."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

from palabre.base.db import UNREACHABLE, Database
from palabre.base.migrate import migrate
from palabre.base.postgres import Server, prepare, refuse_half_restored
from palabre.features.accounts import links
from palabre.hosting import fencing, invite
from palabre.hosting.children import Child
from palabre.hosting.host import Host
from palabre.hosting.listening import wait_for_answer
from palabre.hosting.moving import Mover
from palabre.hosting.problems import HostProblem, StartFailed
from palabre.hosting.replicas import Replicas, figures, forget_others
from palabre.settings import Settings

_LINK_PATIENCE = 10.0  # seconds until the link's process answers


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
        self._leave, self._left = asyncio.Event(), asyncio.Event()

    async def run(self) -> None:
        # The database comes first: a second start on one folder is told who holds it, not that the port is taken.
        self.dsn = await asyncio.to_thread(self._start_database)
        if self.host.stopping.is_set():
            return
        verbs = {name: getattr(self, name) for name in ("status", "invite", "forget", "fence", "promote")}
        mover = Mover(self.host, self.dsn, self._leave)
        with self.host.doing(**verbs, move=mover.move, cancel_move=mover.cancel):
            await self.host.open_control()
            if await fencing.is_overtaken(self.host):
                return await self.host.stop_postgres()
            self.host.start_link()  # before anything is written: a write may have to wait for a standby
            listening = await self.host.listen()
            if self.host.postgres:
                await Replicas(self.host, self.dsn).settle()
            try:
                await self._serve(listening)
                while not await mover.has_ended(self._stop_serving):
                    await self._serve(listening)
            finally:
                self.host.serving.clear()
                await self.host.stop_children(at_once=self._leave.is_set())
                if self._leave.is_set():
                    await self.host.stop_postgres()
                self._left.set()

    async def _serve(self, listening: socket.socket) -> None:
        work = [self._come_up(listening), self.host.keep_database(), fencing.fence_other(self.host), self._give_way()]
        if self.host.postgres:
            work.append(Replicas(self.host, self.dsn).keep())
        await self.host.watch(self._leave, *work)

    async def _give_way(self) -> None:
        await fencing.until_overtaken(self.host)
        self._leave.set()

    async def _stop_serving(self) -> None:
        """What is being answered is answered; the port stays open, so that who comes now waits."""
        self.host.serving.clear()
        await self.host.stop_children()

    def _start_database(self) -> str:
        refuse_half_restored(self.host.data)
        outside = self.settings.database_url.get_secret_value()
        if outside:
            return outside
        self.host.data.mkdir(parents=True, exist_ok=True, mode=0o755)
        cluster = prepare(self.host.data)
        if self.host.postgres is None:
            self.host.postgres = Server(cluster, postgres_settings(self.settings))
            self.host.postgres.start()
        return cluster.dsn

    async def _come_up(self, listening: socket.socket) -> None:
        """Until cancelled. Raises StartFailed as soon as one of the processes cannot be kept running."""
        owner_link = await self._migrate()
        self._start_children(listening)
        running = [child.task for child in self.host.children if child.task]
        welcome = asyncio.create_task(self._welcome(listening, owner_link))
        try:
            await asyncio.gather(welcome, *running)
        finally:
            welcome.cancel()

    async def _welcome(self, listening: socket.socket, owner_link: str | None) -> None:
        await wait_for_answer(listening)
        self.host.serving.set()
        self.host.voice.ready(owner_link)

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
        return f"{self.settings.link_origin}/own/{secret}" if secret else None

    def _start_children(self, listening: socket.socket) -> None:
        fd = listening.fileno()
        started = [Child(["web", "--leashed", "--fd", str(fd)], (fd,)) for _ in range(self.settings.web_processes)]
        started += [Child(["worker", "--leashed"]) for _ in range(self.settings.worker_processes)]
        for child in started:
            child.start(self.host.environment() | {"DATABASE_URL": self.dsn})
        self.host.children += started

    # What the control socket asks.

    async def status(self) -> AsyncIterator[dict[str, Any]]:
        here = self.host.state
        told: dict[str, Any] = {"role": here.role, "term": here.term, "serving": self.host.serving.is_set()}
        if self.host.postgres:
            db = Database(self.dsn, most=1)
            try:
                told["standbys"] = await figures(db, invite.standbys(here))
            finally:
                await db.close()
        to_fence = here.fencing.partition("?")[0]
        yield {"done": told | {"synchronous": self.settings.standby_synchronous, "to_fence": to_fence}}

    async def invite(self, name: str = "", host: str = "") -> AsyncIterator[dict[str, Any]]:
        address = await asyncio.to_thread(invite.invite, self.settings, name, host)
        self.host.start_link()
        await self._wait_for_link(address.port)
        yield {"done": {"address": str(address), "name": address.name}}

    async def _wait_for_link(self, port: int) -> None:
        at = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.settings.link_host, self.settings.link_host)  # noqa: S104
        try:
            async with asyncio.timeout(_LINK_PATIENCE):
                while True:
                    with contextlib.suppress(OSError):
                        _, writer = await asyncio.open_connection(at, port)
                        return writer.close()
                    await asyncio.sleep(0.05)
        except TimeoutError as error:
            raise HostProblem(
                f"the link does not come up on {self.settings.link_host}:{port}; the network's log says why "
                "(another link_port?)"
            ) from error

    async def forget(self, name: str) -> AsyncIterator[dict[str, Any]]:
        await asyncio.to_thread(invite.forget, self.host.data, name)
        db = Database(self.dsn, most=2)
        try:
            await Replicas(self.host, self.dsn).settle()
            await forget_others(db, invite.standbys(self.host.state))
        finally:
            await db.close()
        yield {"done": {"name": name}}

    async def fence(self, term: int, by: str, url: str = "") -> AsyncIterator[dict[str, Any]]:
        """`by`: the peer who serves in our place."""
        here = self.host.state
        if term <= here.term:
            yield {"done": {"role": here.role, "term": here.term}}
            return
        made = await asyncio.to_thread(fencing.moved, self.host, term, here.peers[by].address, url)
        self._leave.set()
        await self._left.wait()
        yield {"done": {"role": made.role, "term": made.term}}

    async def promote(self, force: bool = False) -> AsyncIterator[dict[str, Any]]:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.host.serving.wait(), 60)
        yield {"done": f"This host serves already (term {self.host.state.term}): there is nothing to promote."}
