"""The blob store of a host that others follow: what changes is noted for them, in one statement."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path

from palabre.base.blobs import Blob, BlobEntry, BlobError, Blobs
from palabre.base.db import UNREACHABLE, Database
from palabre.features.portability.standby import queue, store

CONFIRMED_WITHIN = 30.0
"""Seconds for which a synchronous put waits."""
_LOOK_AGAIN = 0.02


class Mirrored(Blobs):
    """`synchronous`: a put returns once every standby has the bytes on disk, and fails when one doesn't say so in time."""

    def __init__(self, inner: Blobs, db: Database, synchronous: bool = False) -> None:
        self.inner = inner
        self._db = db
        self._synchronous = synchronous

    async def put(self, key: str, content: bytes | Path, content_type: str) -> None:
        await self.inner.put(key, content, content_type)
        note, standbys = await self._journal([key], False, _size_of(content))
        if self._synchronous and standbys:
            await self._until_confirmed(key, note, standbys)

    async def delete(self, keys: Iterable[str]) -> None:
        wanted = list(keys)
        await self.inner.delete(wanted)
        if wanted:
            await self._journal(wanted, True)

    async def get(self, key: str, byte_range: tuple[int, int | None] | None = None) -> Blob:
        return await self.inner.get(key, byte_range)

    def list(self, prefix: str = "") -> AsyncIterator[BlobEntry]:
        return self.inner.list(prefix)

    async def size(self, key: str) -> int:
        return await self.inner.size(key)

    async def _journal(self, keys: Sequence[str], gone: bool, size: int = 0) -> tuple[int, Sequence[str]]:
        """After the change itself: a standby that is told copies what it then finds, or finds nothing."""
        try:
            async with self._db.reading() as conn:
                return await queue.journal(conn, keys, gone, size)
        except UNREACHABLE as error:
            raise BlobError(f"{keys[0]}: the database can't note it for the standbys: {error}") from error

    async def _until_confirmed(self, key: str, note: int, standbys: Sequence[str]) -> None:
        until = time.monotonic() + CONFIRMED_WITHIN
        try:
            while True:
                async with self._db.reading() as conn:
                    lacking = await store.unconfirmed(conn, standbys, note)
                if not lacking:
                    return
                if time.monotonic() > until:
                    break
                await asyncio.sleep(_LOOK_AGAIN)
        except UNREACHABLE as error:
            raise BlobError(f"{key}: whether the standbys have it can't be seen: {error}") from error
        raise BlobError(
            f"{key}: the standby {', '.join(lacking)} did not confirm it within {CONFIRMED_WITHIN:.0f} s "
            "(standby_synchronous is on). Is it running and connected? If it is gone for good, forget it."
        )


def _size_of(content: bytes | Path) -> int:
    return content.stat().st_size if isinstance(content, Path) else len(content)
