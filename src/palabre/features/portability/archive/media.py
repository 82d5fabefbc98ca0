"""Every medium into the place, each once: what lies there already, whole and for the same recipients, stays."""

import asyncio
import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from palabre.base.blobs import Blob, BlobError, BlobMissing, Blobs
from palabre.base.db import Database
from palabre.base.filling import together
from palabre.features.portability.archive import store
from palabre.features.portability.archive.format import MediaLine, Stored, media_name, stored_line
from palabre.features.portability.archive.parts import Files, Parts
from palabre.features.portability.archive.places import Place, PlaceProblem
from palabre.features.portability.archive.rows import ArchiveFailed, Progress
from palabre.features.portability.archive.shelves import SHELVES, Shelves

#: Members' own archives: each is made of what is here anyway, and whoever wants his asks again.
MADE_ANEW = ("exports/",)
AT_ONCE = 6
#: Larger ones go through files: several are under way at once.
IN_MEMORY = 1024**2
BATCH = 400


@dataclass
class Sent:
    """`bytes`: of the media themselves; `stored_bytes`: of what lies in the place; `new_bytes`: sent this time."""

    keys: list[str] = field(default_factory=list)
    count: int = 0
    bytes: int = 0
    stored_bytes: int = 0
    new: int = 0
    new_bytes: int = 0
    gone: int = 0


@dataclass(frozen=True)
class _One:
    line: MediaLine
    stored: Stored
    is_new: bool


class Sending:
    """`copies`: what this place is called in the table of what lies where."""

    def __init__(self, db: Database, media: Blobs, files: Files, place_id: str, scratch: Path) -> None:
        self.sent = Sent()
        self._db, self._media, self._files, self._scratch = db, media, files, scratch
        self._suffix = files.seal.media_suffix
        self._copies = place_id + self._suffix
        self._mine, self._there = Shelves(scratch / "mine"), Shelves(scratch / "there")
        self._keys = Parts(files, "keys")
        self._stored = Parts(files, "stored", clear=True)

    async def all(self, progress: Progress) -> Sent:
        """Raises PlaceProblem or ArchiveFailed."""
        await self._list()
        for shelf in (f"{number:02x}" for number in range(SHELVES)):
            there = dict(self._there.shelf(shelf))
            for batch in _batches(self._mine.shelf(shelf)):
                await self._batch(batch, there)
                progress("media", self.sent.count + self.sent.gone, self._mine.count)
        await self._keys.close()
        await self._stored.close()
        self.sent.keys = [part.name for part in self._keys.written]
        return self.sent

    async def _list(self) -> None:
        """What the network has, and what lies in the place."""
        try:
            async for entry in self._media.list():
                if entry.key.startswith(MADE_ANEW):
                    continue
                name = media_name(entry.key, self._suffix)
                self._mine.add(name[6:8], entry.key, entry.size)
        except BlobError as error:
            raise _unreadable(error) from error
        if isinstance(self._files.place, Place):
            async for entry in self._files.place.list("media"):
                self._there.add(entry.key[6:8], entry.key, entry.size)

    async def _batch(self, batch: dict[str, int], there: dict[str, int]) -> None:
        known = await self._known(batch, there)
        done: dict[str, _One] = dict(known)

        async def send(key: str) -> None:
            if one := await self._send(key, batch[key]):
                done[key] = one

        await together(send, [key for key in batch if key not in known], AT_ONCE)
        new = [done[key] for key in done if key not in known]
        if new and isinstance(self._files.place, Place):
            await self._remember(new)
        for key in batch:
            await self._write_down(done.get(key))

    async def _known(self, batch: dict[str, int], there: dict[str, int]) -> dict[str, _One]:
        if not there:
            return {}
        async with self._db.reading() as conn:
            rows = await store.copies(conn, self._copies, list(batch))
        found = {}
        for row in rows:
            name = media_name(row["key"], self._suffix)
            if row["size"] == batch[row["key"]] and there.get(name) == row["stored_size"]:
                line = MediaLine(row["key"], name, row["size"], row["sha256"].hex())
                found[row["key"]] = _One(line, Stored(name, row["stored_size"], row["stored_sha256"].hex()), False)
        return found

    async def _remember(self, new: list[_One]) -> None:
        rows = [
            (
                one.line.key,
                one.line.size,
                bytes.fromhex(one.line.sha256),
                one.stored.size,
                bytes.fromhex(one.stored.sha256),
            )
            for one in new
        ]
        async with self._db.transaction() as conn:
            await store.add_copies(conn, self._copies, rows)

    async def _write_down(self, one: _One | None) -> None:
        if one is None:
            self.sent.gone += 1
            return
        self.sent.count += 1
        self.sent.bytes += one.line.size
        self.sent.stored_bytes += one.stored.size
        if one.is_new:
            self.sent.new += 1
            self.sent.new_bytes += one.stored.size
        await self._keys.add(one.line.line())
        await self._stored.add(stored_line(one.stored))

    async def _send(self, key: str, size: int) -> _One | None:
        """None for a medium that was erased meanwhile."""
        try:
            if size <= IN_MEMORY:
                return await self._small(key, await self._media.read(key))
            return await self._large(key, await self._media.get(key))
        except BlobMissing:
            return None
        except PlaceProblem:
            raise
        except BlobError as error:
            raise _unreadable(error) from error

    async def _small(self, key: str, data: bytes) -> _One:
        sealed = self._files.seal.close(data)
        return await self._put(key, len(data), _sum(data), sealed, len(sealed), _sum(sealed))

    async def _large(self, key: str, blob: Blob) -> _One:
        plain, sealed = self._scratch / secrets.token_hex(8), self._scratch / secrets.token_hex(8)
        try:
            await _to_file(blob, plain)
            size, digest = await asyncio.to_thread(_file_sum, plain)
            if not self._files.seal.recipients:
                return await self._put(key, size, digest, plain, size, digest)
            await asyncio.to_thread(self._files.seal.close_file, plain, sealed)
            plain.unlink()
            return await self._put(key, size, digest, sealed, *await asyncio.to_thread(_file_sum, sealed))
        finally:
            plain.unlink(missing_ok=True)
            sealed.unlink(missing_ok=True)

    async def _put(
        self, key: str, size: int, digest: str, content: bytes | Path, stored_size: int, stored_digest: str
    ) -> _One:
        name = media_name(key, self._suffix)
        await self._files.place.put(name, content)
        return _One(MediaLine(key, name, size, digest), Stored(name, stored_size, stored_digest), True)


def _batches(lines: Iterator[tuple[str, int]]) -> Iterator[dict[str, int]]:
    while batch := dict(islice(lines, BATCH)):
        yield batch


async def _to_file(blob: Blob, path: Path) -> None:
    with path.open("wb") as file:
        async for chunk in blob.chunks:
            await asyncio.to_thread(file.write, chunk)


def _file_sum(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return file.tell(), digest.hexdigest()


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _unreadable(error: BlobError) -> ArchiveFailed:
    return ArchiveFailed(f"The network's media can't be read: {error}")
