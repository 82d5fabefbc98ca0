"""What one supervisor holds, whatever role it plays: the web port, the database's server, the control socket, the link."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from palabre.base import logs
from palabre.base.postgres import NoRoom, PostgresProblem, Server
from palabre.hosting import control, listening, state
from palabre.hosting.children import MOST_YOUNG_DEATHS, Child
from palabre.hosting.state import State
from palabre.orphans import reap_orphans
from palabre.settings import Settings

if TYPE_CHECKING:
    from palabre.hosting.moving import Moving

_log = structlog.get_logger()


@dataclass(frozen=True)
class Voice:
    """How a supervisor speaks to whoever started it."""

    ready: Callable[[str | None], None]
    """Pages are served; with the owner's link, while there is no owner."""
    say: Callable[[str], None]
    progress: Callable[[str, int, int], None]
    """Of which work, how much is done, of how much."""


class Role(Protocol):
    """What a data folder is for. `run` goes on until the folder's role is another one, or somebody asked to stop."""

    async def run(self) -> None: ...


class Host:
    def __init__(self, settings: Settings, voice: Voice) -> None:
        self.settings = settings
        self.voice = voice
        self.data: Path = settings.data
        self.postgres: Server | None = None
        self.children: list[Child] = []
        self.handlers: dict[str, control.Handler] = {}
        self.stopping = asyncio.Event()
        self.serving = asyncio.Event()
        """Pages are served."""
        self._listening: socket.socket | None = None
        self._control: asyncio.Server | None = None
        self._link: Child | None = None
        self.moving: Moving | None = None
        """The move under way, through the change of roles."""

    @property
    def state(self) -> State:
        return state.load(self.data)

    @property
    def link_port(self) -> int:
        return self.state.link_port or self.settings.link_port

    async def run(self, roles: Mapping[str, Callable[["Host"], Role]]) -> None:
        """Until SIGTERM or SIGINT. Raises HostProblem or PostgresProblem when it cannot start or go on."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._asked_to_stop)
        logs.set_up(self.settings.log_level, self.settings.log_format)
        try:
            while not self.stopping.is_set():
                await roles[self.state.role](self).run()
        finally:
            await self.stop_children()
            if self._link:
                await self._link.stop()
            if self._control:
                self._control.close()
                control.path_of(self.data).unlink(missing_ok=True)
            if self._listening:
                self._listening.close()
            await self.stop_postgres()

    def _asked_to_stop(self) -> None:
        if self.stopping.is_set():  # asked again: the kernel tells PostgreSQL, the closed pipe our other processes
            os._exit(130)
        self.stopping.set()

    async def listen(self) -> socket.socket:
        """The web port's socket, opened once. Raises PortTaken."""
        if self._listening is None:
            self._listening = await listening.listen(self.settings.host, self.settings.port)
        return self._listening

    async def open_control(self) -> None:
        """Once the folder is surely ours."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o755)
        if self._control is None:
            self._control = await control.serve(self.data, self.handlers)

    @contextlib.contextmanager
    def doing(self, **handlers: control.Handler) -> Iterator[None]:
        """What the control socket can do meanwhile."""
        self.handlers.update(handlers)
        try:
            yield
        finally:
            for verb in handlers:
                self.handlers.pop(verb, None)

    def environment(self) -> dict[str, str]:
        """Of our children."""
        return os.environ | {
            "PALABRE_DATA": str(self.data.resolve()),
            "PALABRE_HOST": self.settings.host,
            "PALABRE_PORT": str(self.settings.port),
        }

    def start_link(self) -> None:
        """Once another host may dial it; from then on through all roles."""
        if self._link is None and self.state.peers:
            self._link = Child(["link", "--leashed"], vital=False)
            self._link.start(self.environment())

    async def stop_children(self, at_once: bool = False) -> None:
        await asyncio.gather(*(child.stop(at_once) for child in self.children))
        self.children = []

    async def stop_postgres(self) -> None:
        stopping, self.postgres = self.postgres, None  # so that nobody starts it again meanwhile
        if stopping:
            await asyncio.to_thread(stopping.stop)

    async def watch(self, leave: asyncio.Event, *work: Coroutine[Any, Any, None]) -> None:
        """Until we are asked to stop or to leave the role, or some of the work, or a child's, fails."""
        ending = {asyncio.create_task(event.wait()) for event in (self.stopping, leave)}
        ours = [asyncio.create_task(one) for one in work]
        going: set[asyncio.Task[Any]] = {*ours, *(child.task for child in self.children if child.task)}
        try:
            while not any(task.done() for task in ending):
                done, _ = await asyncio.wait({*ending, *going}, return_when=asyncio.FIRST_COMPLETED)
                for task in done & going:
                    going.discard(task)
                    task.result()
        finally:
            for task in (*ending, *ours):
                task.cancel()
            await asyncio.gather(*ending, *ours, return_exceptions=True)

    async def keep_database(self) -> None:
        while True:
            await asyncio.sleep(0.2)
            ours = [*self.children, *([self._link] if self._link else [])]
            reap_orphans({child.process.pid for child in ours if child.process}, self.postgres)
            if self.postgres and not self.postgres.is_running:
                _log.error("postgres_died")
                await self._revive(self.postgres)

    async def _revive(self, postgres: Server) -> None:
        """It may be killed while it starts, too; and where the disk is full it waits for room. Raises PostgresProblem when it
        never comes up."""
        tries_left, full = MOST_YOUNG_DEATHS, False
        while True:
            try:
                return await asyncio.to_thread(postgres.start)
            except NoRoom as problem:
                if not full:
                    self.voice.say(str(problem))
                full = True
            except PostgresProblem as problem:
                tries_left -= 1
                if not tries_left:
                    raise
                _log.error("postgres_did_not_start", why=str(problem))
            await asyncio.sleep(1)
