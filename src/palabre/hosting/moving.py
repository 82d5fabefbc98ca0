"""Handing the network over to a standby, planned. Nothing acknowledged is lost; who asks meanwhile waits, and sees no error.

While all goes on: is the standby there, complete, and close behind? Then writes wait: the processes end, the standby
catches up to the last byte. Until then everything can be undone. Once the role `moved` is on disk there is no way back:
this host never serves again, and whoever starts it completes the move (`moved.py`).
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec

from palabre.base.db import UNREACHABLE, Database, Error
from palabre.base.link import Address, LinkProblem
from palabre.features.portability import standby
from palabre.hosting import clocks, state, store
from palabre.hosting.host import Host
from palabre.hosting.problems import HostProblem
from palabre.hosting.state import State
from palabre.hosting.telling import Telling

NEAR = 4 * 1024**2
"""Bytes behind at which a standby is close enough for writes to wait for it."""
CATCH_UP = 20.0  # seconds that writes wait at most, before the move is undone
_PAUSE = 0.05
_PATIENCE = 5.0


class Moving:
    """One move under way."""

    def __init__(self, host: Host, dsn: str, name: str) -> None:
        self.host = host
        self.name = name
        self.address = _address(host.state, name)
        self.began: float | None = None
        """When writes began to wait (time.monotonic)."""
        self.failure: HostProblem | None = None
        self._dsn = dsn
        self._cancelled = False
        self._final = False
        self.telling = Telling()

    async def prepare(self) -> None:
        """While the network goes on: until the standby is close behind. Raises HostProblem."""
        found, ahead = await self._ask_standby()
        if found.get("role") != "standby":
            raise HostProblem(f"{self.name} is no standby ({found.get('role')})")
        if ahead is not None and abs(ahead) > clocks.MOST_APART:
            raise HostProblem(
                f"{self.name}'s clock is {abs(ahead):.0f} s {'behind' if ahead > 0 else 'ahead of'} this host's: set both "
                "by NTP (`timedatectl set-ntp true`), then move"
            )
        self.telling.step(f"{self.name} ({self.address.place}) follows this host. Members notice nothing yet.")
        db = Database(self._dsn, most=2)
        try:
            await self._until(lambda: self._near(db), None)
        finally:
            await db.close()
        self.telling.step(f"{self.name} is close behind, its media complete.")

    async def hand_over(self, stop_serving: Callable[[], Awaitable[None]]) -> bool:
        """Whether this host has moved; if not, it is to serve again, and `failure` says why."""
        self.began = time.monotonic()
        try:
            state.update(self.host.data, moving=True)
            self.telling.step("Requests wait from now on.")
            await stop_serving()
            await self._catch_up()
            self._final = True
            state.change(self.host.data, self._moved)
        except (HostProblem, *UNREACHABLE, Error) as error:
            self.failure = _in_words(error, self.name)
            with contextlib.suppress(OSError):  # the disk is full: then it never came to stand there
                state.update(self.host.data, moving=False)
            self.telling.step("This host goes on serving: nothing has changed.")
            self.telling.end({"error": str(self.failure)})
            return False
        self.telling.step("This host has stopped for good. From here on there is no way back.")
        return True

    def cancel(self) -> bool:
        """Whether it can still be undone."""
        self._cancelled = not self._final
        return self._cancelled

    async def _ask_standby(self) -> tuple[dict[str, Any], float | None]:
        """What it says of itself, and by how many seconds our clock is ahead of its."""
        try:
            async with asyncio.timeout(_PATIENCE):
                return await clocks.ask_status(self.address)
        except (LinkProblem, TimeoutError) as problem:
            why = str(problem) or "no answer"
            raise HostProblem(
                f"this host cannot reach {self.name} at {self.address.place}: {why}. Its link port must be open to this "
                "host, since requests are forwarded through it"
            ) from problem

    async def _near(self, db: Database) -> bool:
        waiting = await self._waiting(db)
        async with db.reading() as conn:
            behind = [row["behind"] for row in await store.streams(conn) if row["name"] == self.name]
        if not behind:
            raise HostProblem(f"{self.name} does not follow this host at the moment: look at its own words there")
        found, _ = await self._ask_standby()
        complete = bool(found.get("media_complete"))
        self.telling.note(
            {"progress": {"bytes_behind": behind[0], "media_waiting": waiting, "media_complete": complete}}
        )
        return behind[0] <= NEAR and complete and waiting == 0

    async def _catch_up(self) -> None:
        """Nobody else writes any more: until the standby has all there is."""
        db = Database(self._dsn, most=2)
        try:
            async with db.reading() as conn:
                await store.end_others(conn)
            async with db.transaction() as conn:
                last = await store.last_position(conn)
            await self._until(lambda: self._has(db, last), CATCH_UP)
        finally:
            await db.close()
        self.telling.step(f"{self.name} has everything: {self._seconds():.1f} s.")

    async def _has(self, db: Database, position: int) -> bool:
        async with db.reading() as conn:
            there = await store.reached(conn, self.name)
        return there is not None and there >= position and await self._waiting(db) == 0

    async def _waiting(self, db: Database) -> int:
        """Media that the standby has not confirmed."""
        async with db.reading() as conn:
            return sum(one.waiting for one in await standby.standbys(conn) if one.name == self.name)

    async def _until(self, reached: Callable[[], Awaitable[bool]], seconds: float | None) -> None:
        ends = time.monotonic() + seconds if seconds else None
        while not await reached():
            if self._cancelled:
                raise HostProblem("the move was called off")
            if ends and time.monotonic() > ends:
                raise HostProblem(
                    f"{self.name} did not catch up within {seconds:.0f} s; try again when it is close behind"
                )
            await asyncio.sleep(_PAUSE if seconds else 1)
        if self._cancelled:
            raise HostProblem("the move was called off")

    def _moved(self, old: State) -> State:
        return msgspec.structs.replace(
            old, role="moved", moving=False, to=str(self.address), url=self.host.settings.origin
        )

    def _seconds(self) -> float:
        return time.monotonic() - (self.began or time.monotonic())


def _in_words(error: BaseException, standby: str) -> HostProblem:
    if isinstance(error, HostProblem):
        return error
    return HostProblem(
        f"this host's database cannot be used ({error}). Bring it back (is the disk full? make room) and move again; or, if "
        f"that takes too long, stop this host and say `palabre promote` on {standby}, which serves all that has reached it"
    )


def _address(here: State, name: str) -> Address:
    peer = here.peers.get(name)
    if peer is None or not peer.address:
        known = ", ".join(sorted(other for other, one in here.peers.items() if one.address)) or "none yet"
        raise HostProblem(
            f"no standby named {name} follows this host; those that do: {known}. `palabre standby --invite` makes one"
        )
    return Address.parse(peer.address)


class Mover:
    """Moves of a host that serves: what the control socket asks, and what the role does about it."""

    def __init__(self, host: Host, dsn: str, leave: asyncio.Event) -> None:
        self._host = host
        self._dsn = dsn
        self._leave = leave
        self._preparing: asyncio.Task[None] | None = None

    async def move(self, to: str) -> AsyncIterator[dict[str, Any]]:
        """Hand the network over to this standby; who asks again while it goes on hears the same."""
        moving = self._host.moving
        if moving is None:
            moving = self._host.moving = Moving(self._host, self._dsn, to)
            self._preparing = asyncio.create_task(self._prepare(moving))
        elif moving.name != to:
            raise HostProblem(f"a move to {moving.name} is under way")
        async for told in moving.telling.all():
            yield told

    async def cancel(self) -> AsyncIterator[dict[str, Any]]:
        moving = self._host.moving
        if moving is None:
            raise HostProblem("no move is under way")
        if not moving.cancel():
            raise HostProblem("it is too late to call the move off: the other host takes over")
        yield {"done": "The move is called off."}

    async def has_ended(self, stop_serving: Callable[[], Awaitable[None]]) -> bool:
        """Once serving was interrupted: whether it is over, or goes on because a move could not be completed."""
        moving = self._host.moving
        if moving is None or self._host.stopping.is_set() or await moving.hand_over(stop_serving):
            return True
        self._host.moving = None
        self._leave.clear()
        return False

    async def _prepare(self, moving: Moving) -> None:
        try:
            await moving.prepare()
        except (HostProblem, *UNREACHABLE, Error) as problem:
            self._host.moving = None
            moving.telling.end({"error": str(_in_words(problem, moving.name))})
        else:
            self._leave.set()
