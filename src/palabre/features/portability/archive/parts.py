"""Lines into the archive: cut into parts, compressed as they come, sealed and sent."""

import asyncio
import hashlib
from dataclasses import dataclass, field

import zstandard

from palabre.features.portability.archive.format import PART_BYTES, Part, Stored, file_name
from palabre.features.portability.archive.places import AnyPlace
from palabre.features.portability.archive.sealing import Seal

LEVEL = 3
#: What is handed to a thread at once.
PIECE = 1024**2


@dataclass
class Files:
    """The files of one archive, as they are written."""

    place: AnyPlace
    archive: str
    seal: Seal
    stored: list[Stored] = field(default_factory=list)

    async def put(self, name: str, data: bytes, *, clear: bool = False) -> str:
        """Seal and send; the name it has there."""
        seal = Seal([]) if clear else self.seal
        whole = file_name(self.archive, name, seal.suffix)
        data, digest = await asyncio.to_thread(_sealed, seal, data)
        await self.place.put(whole, data)
        self.stored.append(Stored(whole, len(data), digest))
        return whole


@dataclass
class Numbers:
    """Those of the parts of one list, whoever writes them."""

    last: int = 0

    def next(self) -> int:
        self.last += 1
        return self.last


class Parts:
    """Lines in, parts out: `add` what comes, `close` at the end; `written` names the parts."""

    def __init__(self, files: Files, stem: str, *, clear: bool = False, numbers: Numbers | None = None) -> None:
        self.written: list[Part] = []
        self._files, self._stem, self._clear = files, stem, clear
        self._numbers = numbers or Numbers()
        self._pieces: list[bytes] = []
        self._waiting = 0
        self._begin()

    async def add(self, data: bytes) -> None:
        self._pieces.append(data)
        self._waiting += len(data)
        if self._waiting >= PIECE:
            await self._compress(self._take())
            if self._bytes >= PART_BYTES:
                await self._end()

    async def close(self) -> None:
        if self._waiting:
            await self._compress(self._take())
        if self._bytes:
            await self._end()

    def _begin(self) -> None:
        self._compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compressobj()
        self._sum = hashlib.sha256()
        self._rows = self._bytes = 0
        self._compressed: list[bytes] = []

    def _take(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces, self._waiting = [], 0
        return data

    async def _compress(self, data: bytes) -> None:
        """Once the part is long enough it ends with the last line; what follows begins the next."""
        if self._bytes + len(data) >= PART_BYTES and (rest := data[data.rfind(b"\n") + 1 :]):
            data = data[: len(data) - len(rest)]
            self._pieces, self._waiting = [rest], len(rest)
        await asyncio.to_thread(self._press, data)

    def _press(self, data: bytes) -> None:
        self._sum.update(data)
        self._rows += data.count(b"\n")
        self._bytes += len(data)
        if pressed := self._compressor.compress(data):
            self._compressed.append(pressed)

    async def _end(self) -> None:
        whole = await asyncio.to_thread(lambda: b"".join([*self._compressed, self._compressor.flush()]))
        self._compressed = []
        name = f"{self._stem}.{self._numbers.next():04d}.tsv.zst"
        stored = await self._files.put(name, whole, clear=self._clear)
        self.written.append(Part(stored, self._rows, self._bytes, self._sum.hexdigest()))
        self._begin()


def _sealed(seal: Seal, data: bytes) -> tuple[bytes, str]:
    data = seal.close(data)
    return data, hashlib.sha256(data).hexdigest()
