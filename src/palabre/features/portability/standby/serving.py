"""What the host that is followed offers over the link: its list of media, their bytes, and word of each change."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from palabre.base import clock, link
from palabre.base.blobs import BlobError, BlobMissing, Blobs
from palabre.base.db import UNAVAILABLE, Conn, Database
from palabre.features.portability.standby import store

MOST = 128
"""Changes told at once."""
HEARTBEAT = 5.0
_LOOK_AGAIN = 0.05
_GATHERED = 500


def services(blobs: Blobs, db: Database) -> Mapping[str, link.Service]:
    """`blobs`, `blob` and `mirrored`, for `link.serve`. What they say is written where `following.py` reads it."""
    serving = _Serving(blobs, db)
    return {
        name: _told_plainly(service)
        for name, service in {"blobs": serving.list_all, "blob": serving.send, "mirrored": serving.tell}.items()
    }


def _told_plainly(service: link.Service) -> link.Service:
    """A database or store that is away ends the call, in one line of the log; the other side calls again."""

    async def plain(
        peer: link.Peer, args: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            await service(peer, args, reader, writer)
        except (BlobError, *UNAVAILABLE) as error:
            writer.transport.abort()
            raise link.LinkProblem(str(error) or type(error).__name__) from error

    return plain


class _Serving:
    def __init__(self, blobs: Blobs, db: Database) -> None:
        self._blobs = blobs
        self._db = db

    async def list_all(
        self, peer: link.Peer, args: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """{"since"}, then {"blobs": [[key, size], …]} again and again, then {"end": how many}; registers who asks.

        In this order: what is written after the registration waits in the queue, what was written before is listed.
        """
        async with self._noting() as conn:
            since = await store.register(conn, peer.name, clock.now())
            await store.copying(conn, peer.name)
        await link.say(writer, {"since": since.isoformat()})
        some: list[tuple[str, int]] = []
        count = 0
        async for entry in self._blobs.list():
            some.append((entry.key, entry.size))
            count += 1
            if len(some) == _GATHERED:
                await link.say(writer, {"blobs": some})
                some = []
        await link.say(writer, {"blobs": some})
        await link.say(writer, {"end": count})

    async def send(
        self, peer: link.Peer, args: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """For each {"key"}: {"gone": true}, or {"error"}, or {"size"}, the bytes, and {"sha256"}."""
        while said := await link.hear_or_none(reader):
            key = str(said.get("key"))
            try:
                blob = await self._blobs.get(key)
            except BlobMissing:
                await link.say(writer, {"gone": True})
                continue
            except (BlobError, ValueError) as error:
                await link.say(writer, {"error": str(error)})
                continue
            await link.say(writer, {"size": blob.size})
            summed = hashlib.sha256()
            async for chunk in blob.chunks:  # if one can't be read, only cutting says that it isn't whole
                summed.update(chunk)
                writer.write(chunk)
                await writer.drain()
            await link.say(writer, {"sha256": summed.hexdigest()})

    async def tell(
        self, peer: link.Peer, args: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """{"waiting": [[id, key], …], "left"} as soon as there is some, at the latest each HEARTBEAT; then the other side
        says {"done": ids} as often as it likes, {"copied": true} once it has all, and {"next": true}.
        {"again": true}: the registration it knows is over.
        """
        while True:
            async with self._noting() as conn:
                since = await store.seen(conn, peer.name, clock.now())
            if since is None or since.isoformat() != args.get("since"):
                await link.say(writer, {"again": True})
                return
            some, left = await self._wait(peer.name)
            await link.say(writer, {"waiting": some, "left": left})
            if not await self._hear_what_is_done(peer.name, reader):
                return

    @asynccontextmanager
    async def _noting(self) -> AsyncIterator[Conn]:
        """Also where the network is read-only, as while it moves. What a crash undoes here is found out, and done again."""
        async with self._db.transaction(durable=False) as conn:
            await store.write_all_the_same(conn)
            yield conn

    async def _wait(self, name: str) -> tuple[Sequence[tuple[int, str]], int]:
        until = time.monotonic() + HEARTBEAT
        while True:
            async with self._db.reading() as conn:
                some = await store.waiting(conn, name, MOST)
                if len(some) == MOST:
                    return some, await store.how_many_wait(conn, name)
            if some or time.monotonic() > until:
                return some, len(some)
            await asyncio.sleep(_LOOK_AGAIN)

    async def _hear_what_is_done(self, name: str, reader: asyncio.StreamReader) -> bool:
        """False once the other side has hung up."""
        while said := await link.hear_or_none(reader):
            if "done" in said:
                async with self._noting() as conn:
                    await store.confirm(conn, name, [int(one) for one in said["done"]])
            elif "copied" in said:
                async with self._noting() as conn:
                    await store.copied(conn, name, clock.now())
            else:
                return True
        return False
