"""A ZIP written piece by piece onto a file: whatever its size, little of it is in memory."""

import asyncio
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType

from palabre.base import clock

_CHUNK = 1 << 20


class Pack:
    """Pictures are stored as they are, words are compressed. The work is done beside the event loop."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._at = clock.now().timetuple()[:6]
        self._names: set[str] = set()

    async def __aenter__(self) -> "Pack":
        return self

    async def __aexit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        await asyncio.to_thread(self._zip.close)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    async def add(self, name: str, data: bytes) -> None:
        self._names.add(name)
        await asyncio.to_thread(self._zip.writestr, self._info(name, zipfile.ZIP_DEFLATED), data)

    async def add_pieces(self, name: str, pieces: AsyncIterator[bytes]) -> None:
        """A file that is compressed already."""
        self._names.add(name)
        with self._zip.open(self._info(name, zipfile.ZIP_STORED), "w", force_zip64=True) as entry:
            async for piece in pieces:
                await asyncio.to_thread(entry.write, piece)

    async def add_file(self, name: str, path: Path, before: bytes, after: bytes) -> None:
        """What lies in a file, between two pieces."""
        self._names.add(name)
        await asyncio.to_thread(self._copy, name, path, before, after)

    def _copy(self, name: str, path: Path, before: bytes, after: bytes) -> None:
        with (
            self._zip.open(self._info(name, zipfile.ZIP_DEFLATED), "w", force_zip64=True) as entry,
            path.open("rb") as it,
        ):
            entry.write(before)
            while piece := it.read(_CHUNK):
                entry.write(piece)
            entry.write(after)

    def _info(self, name: str, how: int) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, self._at)
        info.compress_type = how
        info.external_attr = 0o600 << 16
        return info
