"""Taking over: the standby's database becomes one that can be written to, and this host the one that serves.

Each step is harmless twice. Once `promoting` is on disk there is no way back, and whoever starts this host completes it.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from palabre.base import clock, duties, ids
from palabre.base.db import UNAVAILABLE, Database
from palabre.base.link import Address, Identity
from palabre.features.portability import standby
from palabre.hosting import clocks, rivals, state, store
from palabre.hosting.problems import HostProblem
from palabre.hosting.state import State
from palabre.hosting.telling import Telling

Say = Callable[[str], None]
_PROMOTION_SECONDS = 45


class Takeover:
    """One promotion under way, and what it has said: whoever asks for another is told of this one."""

    def __init__(self, work: Callable[[Say], Awaitable[None]], say: Say) -> None:
        self._telling = Telling()
        self.task = asyncio.ensure_future(self._run(work, say))

    async def _run(self, work: Callable[[Say], Awaitable[None]], say: Say) -> None:
        def step(words: str) -> None:
            self._telling.note({"step": words})
            say(words)

        try:
            await work(step)
        finally:
            self._telling.end()

    async def steps(self) -> AsyncIterator[str]:
        """Each as it is made, until the end. Raises what ended it."""
        async for told in self._telling.all():
            yield told["step"]
        await asyncio.wait({self.task})
        self.task.result()


async def nothing() -> None:
    """Nobody follows."""


async def take_over(
    data: Path, dsn: str, say: Say, *, force: bool = False, hold: Callable[[], Awaitable[None]] = nothing
) -> State:
    """Until this folder's role is `serving`. Raises HostProblem; refuses while the first host serves, unless forced.
    `hold` ends following; after it the database runs."""
    here = state.load(data)
    if not here.promoting:
        say(f"Is the first host ({Address.parse(here.of).place}) gone? Asking it…")
        found = await rivals.ask_around(here)
        if not force:
            found.refuse(Identity.of(data / "link").fingerprint)
            say(
                "It does not answer."
                if found.first is None
                else f"It is up and does not serve ({found.first['role']})."
            )
        here = state.change(data, partial(_begun, found.highest_term))
    say(f"From now on this host is the one that serves (term {here.term}).")
    await hold()
    began = time.monotonic()
    db = Database(dsn, most=2)
    try:
        await _end_following(db)
        say(f"The database takes writes, after {time.monotonic() - began:.1f} s.")
        released, last = await _let_go(db)
        say(f"What was in the first host's hands goes on here ({released} {'duty' if released == 1 else 'duties'}).")
    finally:
        await db.close()
    for line in clocks.words((clock.now() - last).total_seconds() if last and last > clock.now() else None):
        say(line)
    return state.change(data, partial(_ended, ids.first_at(last) if last else here.ids_after))


def _begun(highest_term: int, old: State) -> State:
    if old.role != "standby":
        raise HostProblem("another promotion was quicker: this host serves already")
    term = old.term if old.promoting else max(old.term, highest_term) + 1
    return msgspec.structs.replace(old, promoting=True, term=term)


def _ended(ids_after: int, old: State) -> State:
    fencing = old.of or old.fencing
    return msgspec.structs.replace(old, role="serving", promoting=False, of="", fencing=fencing, ids_after=ids_after)


async def _end_following(db: Database) -> None:
    deadline = time.monotonic() + _PROMOTION_SECONDS
    while True:
        with contextlib.suppress(*UNAVAILABLE):
            async with db.reading() as conn:
                if not await store.is_following(conn):
                    return
                await store.end_following(conn, _PROMOTION_SECONDS)
        if time.monotonic() > deadline:
            raise HostProblem("the database does not end following; see postgres.log in the data folder. Promote again")
        await asyncio.sleep(0.05)


async def _let_go(db: Database) -> tuple[int, datetime | None]:
    """What belonged to the host that is gone: how many duties it had in hand, and what its clock last showed."""
    async with db.transaction() as conn:
        await standby.forget_all(conn)
        released = await duties.release(conn)
        return released, await clocks.take_up(conn)
