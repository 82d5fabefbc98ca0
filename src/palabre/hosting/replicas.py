"""The serving host's side of its standbys: what the database keeps for them, and whom writes wait for."""

import asyncio
import contextlib
import re
from dataclasses import dataclass
from typing import Any

import structlog

from palabre.base.db import UNREACHABLE, Database, Error
from palabre.features.portability import standby
from palabre.hosting import store
from palabre.hosting.host import Host
from palabre.hosting.invite import standbys
from palabre.hosting.names import slot_of

_log = structlog.get_logger()
_EVERY = 1.0  # seconds


@dataclass
class Replicas:
    """`keep` goes on while this host serves."""

    host: Host
    dsn: str
    _seen: frozenset[str] = frozenset()
    _waits: bool = False

    async def settle(self) -> None:
        """Once, before anything is written, and before there may be tables: a setting that was switched off, or a standby
        that was forgotten, must not make us wait."""
        db = Database(self.dsn, most=1)
        try:
            await self._look(db)
        finally:
            await db.close()

    async def keep(self) -> None:
        db = Database(self.dsn, most=2)
        try:
            while True:
                with contextlib.suppress(*UNREACHABLE, Error):
                    await self._look(db)
                    await forget_others(db, standbys(self.host.state))
                await asyncio.sleep(_EVERY)
        finally:
            await db.close()

    async def _look(self, db: Database) -> None:
        known = standbys(self.host.state)
        async with db.reading() as conn:
            streaming = frozenset(row["name"] for row in await store.streams(conn)) & frozenset(known)
            before = waited_names(await store.waited_for(conn))
            wanted = known_waited(known, before, streaming) if self.host.settings.standby_synchronous else []
            if wanted != before:
                await store.wait_for(conn, wanted)
                _log.info("writes_wait_for", standbys=wanted)
        self._tell(streaming, waits=bool(wanted) and not streaming & set(wanted))

    def _tell(self, streaming: frozenset[str], waits: bool) -> None:
        for name in streaming - self._seen:
            _log.info("standby_follows", standby=name)
        for name in self._seen - streaming:
            _log.warning("standby_away", standby=name)
        if waits and not self._waits:
            _log.error(
                "writes_wait",
                why="standby_synchronous is set and no standby is there",
                remedy="start the standby, or `palabre standby --forget NAME`",
            )
        elif self._waits and not waits:
            _log.info("writes_go_on")
        self._seen, self._waits = streaming, waits


def waited_names(setting: str) -> list[str]:
    return sorted(re.findall(r'"(\w+)"', setting))


def known_waited(known: list[str], before: list[str], streaming: frozenset[str]) -> list[str]:
    """Who has been waited for stays so until he is forgotten; who follows joins."""
    return [name for name in sorted(known) if name in before or name in streaming]


async def forget_others(db: Database, known: list[str]) -> None:
    """Keep nothing for standbys other than these."""
    async with db.reading() as conn:
        for row in await store.slots(conn):
            if row["name"] not in {slot_of(name) for name in known}:
                await remove_slot(db, row["name"])
        gone = {one.name for one in await standby.standbys(conn)} - set(known)
    for name in gone:
        async with db.transaction() as conn:
            await store.wait_for_nobody(conn)
            await standby.forget(conn, name)


async def remove_slot(db: Database, slot: str) -> None:
    """Whoever uses it is cut off first; that takes a moment."""
    async with db.reading() as conn:
        for tries_left in reversed(range(100)):
            await store.end_streams(conn, slot)
            try:
                return await store.drop_slot(conn, slot)
            except Error:
                if not tries_left:
                    raise
                await asyncio.sleep(0.05)


async def figures(db: Database, known: list[str]) -> list[dict[str, Any]]:
    """Each standby as the serving host sees it."""
    async with db.reading() as conn:
        streams = {row["name"]: row for row in await store.streams(conn)}
        slots = {row["name"]: row for row in await store.slots(conn)}
        waited = waited_names(await store.waited_for(conn))
        media = {one.name: one.waiting for one in await standby.standbys(conn)}
    return [
        {
            "name": name,
            "streaming": name in streams,
            "bytes_behind": streams[name]["behind"] if name in streams else None,
            "seconds_behind": streams[name]["seconds"] if name in streams else None,
            "slot": slots[slot_of(name)]["kept"] if slot_of(name) in slots else None,
            "waited_for": name in waited,
            "media_waiting": media.get(name),
        }
        for name in known
    ]
