"""Taking archives of the network under test, and looking into them as anybody could who has the key."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import pyrage
import zstandard

from palabre.base import blobs
from palabre.base.blobs import Blobs
from palabre.features.portability.archive import Taken, choose_seal, take
from palabre.features.portability.archive.format import Index, Manifest, MediaLine, Stored, read_stored_line
from palabre.features.portability.archive.sealing import new_identity
from tests.support.network import Network

PRIVATE, PUBLIC = new_identity()


async def takes(
    network: Network,
    to: Path | str,
    *,
    recipients: Sequence[str] = (),
    media: Blobs | None = None,
    options: Mapping[str, str] | None = None,
    **more: Any,
) -> Taken:
    """Plain, unless there are recipients."""
    seal = choose_seal(recipients, plain=not recipients)
    store = media or blobs.current()
    return await take(network.db, store, str(to), options or {}, seal=seal, progress=lambda *_: None, **more)


@dataclass
class Opened:
    """An archive in a folder, read without Palabre's own reader."""

    folder: Path
    archive: str
    private: str = ""

    @cached_property
    def index(self) -> Index:
        return msgspec.json.decode((self.folder / f"archives/{self.archive}/index.json").read_bytes(), type=Index)

    @cached_property
    def manifest(self) -> Manifest:
        return msgspec.json.decode(self.content(self.index.manifest), type=Manifest)

    @cached_property
    def media(self) -> dict[str, MediaLine]:
        lines = [MediaLine.read(line) for name in self.manifest.keys for line in self.content(name).splitlines()]
        return {line.key: line for line in lines}

    @cached_property
    def stored_media(self) -> dict[str, Stored]:
        names = [file.name for file in self.index.files if "/stored." in file.name]
        lines = [read_stored_line(line) for name in names for line in self.content(name).splitlines()]
        return {stored.name: stored for stored in lines}

    def rows(self, table: str) -> list[dict[str, str]]:
        content = self.manifest.tables[table]
        lines = [line for part in content.parts for line in self.content(part.name).decode().splitlines()]
        return [dict(zip(content.columns, line.split("\t"), strict=True)) for line in lines]

    def content(self, name: str) -> bytes:
        """Opened and unpacked."""
        data = (self.folder / name).read_bytes()
        if name.endswith(".age"):
            data = pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(self.private)])
        name = name.removesuffix(".age")
        return zstandard.ZstdDecompressor().decompressobj().decompress(data) if name.endswith(".zst") else data

    def check(self) -> None:
        """Every sum and count there is."""
        assert (self.manifest.id, self.manifest.network) == (self.index.id, self.index.network)
        for stored in (*self.index.files, *self.stored_media.values()):
            assert fingerprint((self.folder / stored.name).read_bytes()) == (stored.size, stored.sha256), stored.name
        listed = {file.name for file in self.index.files}
        for table in self.manifest.tables.values():
            assert sum(part.rows for part in table.parts) == table.rows
            assert len(table.columns) == len(table.types)
            for part in table.parts:
                data = self.content(part.name)
                assert part.name in listed
                assert (*fingerprint(data), data.count(b"\n")) == (part.bytes, part.sha256, part.rows)
        assert len(self.media) == len(self.stored_media) == self.manifest.media == self.index.media
        for line in self.media.values():
            data = (self.folder / line.name).read_bytes()
            if line.name.endswith(".age"):
                data = pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(self.private)])
            assert fingerprint(data) == (line.size, line.sha256)


def fingerprint(data: bytes) -> tuple[int, str]:
    return len(data), hashlib.sha256(data).hexdigest()


def all_bytes(folder: Path) -> bytes:
    """Of every file below, with their names."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return b"\n".join(str(path.relative_to(folder)).encode() + b"\n" + path.read_bytes() for path in files)


def names(folder: Path, below: str = "") -> set[str]:
    return {str(path.relative_to(folder)) for path in (folder / below).rglob("*") if path.is_file()}
