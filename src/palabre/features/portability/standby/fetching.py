"""Bringing blobs from the first host to this one's store, many over one call."""

import asyncio
import hashlib
import mimetypes
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from palabre.base import link
from palabre.base.blobs import BlobError, Blobs

_IN_MEMORY = 1024 * 1024
_PIECE = 256 * 1024
_PATIENCE = 60.0
"""Seconds in which the first host must come forward with the next piece."""


@dataclass(frozen=True)
class Brought:
    """What became of a key: `size` None where the first host has it no more; `problem` where it must be tried again."""

    key: str
    size: int | None = None
    problem: str = ""


class Damaged(Exception):
    """Other bytes arrived than were sent."""


class Busy:
    """Keys under way: who brings one later must find what the first host has later."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._freed = asyncio.Condition()

    @asynccontextmanager
    async def hold(self, keys: Sequence[str]) -> AsyncIterator[None]:
        wanted = set(keys)
        async with self._freed:
            await self._freed.wait_for(lambda: not wanted & self._keys)
            self._keys |= wanted
        try:
            yield
        finally:
            self._keys -= wanted
            async with self._freed:
                self._freed.notify_all()


class Courier:
    """One call of the service `blob`, made when first needed and again after it broke."""

    def __init__(self, address: link.Address, store: Blobs, scratch: Path | None, busy: Busy) -> None:
        self._address = address
        self._store = store
        self._scratch = scratch
        self._busy = busy
        self._streams: link.Streams | None = None

    async def bring(self, keys: Sequence[str]) -> AsyncGenerator[Brought]:
        """Make each key here what it is there: the same bytes on disk, or gone. Raises what the link raises."""
        async with self._busy.hold(keys):
            try:
                reader, writer = self._streams = self._streams or await link.dial(self._address, "blob")
                for key in keys:
                    await link.say(writer, {"key": key})
                for key in keys:
                    yield await self._take(key, reader)
            except BaseException:  # what is still under way on this call would be taken for something else
                self.hang_up()
                raise

    def hang_up(self) -> None:
        if self._streams:
            self._streams[1].transport.abort()
            self._streams = None

    async def _take(self, key: str, reader: asyncio.StreamReader) -> Brought:
        async with asyncio.timeout(_PATIENCE):
            said = await link.hear(reader)
        try:
            if said.get("gone"):
                await self._store.delete([key])
                return Brought(key)
            if "size" not in said:
                return Brought(key, problem=f"The first host can't read {key}: {said.get('error')}")
            await self._keep(key, int(said["size"]), reader)
        except Damaged:
            return Brought(key, problem=f"{key} arrived damaged")
        except BlobError as error:
            return Brought(key, problem=f"This host can't keep media: {error}")
        return Brought(key, said["size"])

    async def _keep(self, key: str, size: int, reader: asyncio.StreamReader) -> None:
        kind = mimetypes.guess_type(key)[0] or "application/octet-stream"
        if size <= _IN_MEMORY:
            content = b"".join([piece async for piece in _pieces(reader, size)])
            await _check(hashlib.sha256(content).hexdigest(), reader)
            await self._store.put(key, content, kind)
            return
        with tempfile.NamedTemporaryFile(dir=self._scratch, prefix="palabre-media-") as file:
            summed = hashlib.sha256()
            async for piece in _pieces(reader, size):
                summed.update(piece)
                await asyncio.to_thread(file.write, piece)
            file.flush()
            await _check(summed.hexdigest(), reader)
            await self._store.put(key, Path(file.name), kind)


async def _pieces(reader: asyncio.StreamReader, size: int) -> AsyncIterator[bytes]:
    while size:
        async with asyncio.timeout(_PATIENCE):
            piece = await reader.readexactly(min(size, _PIECE))
        yield piece
        size -= len(piece)


async def _check(summed: str, reader: asyncio.StreamReader) -> None:
    if (await link.hear(reader)).get("sha256") != summed:
        raise Damaged
