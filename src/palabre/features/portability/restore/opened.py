"""An archive that is being read: what its index and manifest say, and the content of its files."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import msgspec
import zstandard

from palabre.base import migrate
from palabre.features.portability.archive import tables
from palabre.features.portability.archive.format import (
    VERSION,
    Index,
    Manifest,
    MediaLine,
    Stored,
    index_name,
    read_stored_line,
)
from palabre.features.portability.archive.sealing import SUFFIX, Opener
from palabre.features.portability.restore.problems import Damaged, RestoreProblem
from palabre.features.portability.restore.sources import Lost, Source

_PIECE = 1024 * 1024
_NEWER = "It was made by a newer Palabre ({}): install that version, or a later one, and give the same command again."


class _Format(msgspec.Struct):
    format: int = 0
    palabre: str = "?"


class OpenedArchive:
    """`manifest` is there once `unlock` was called: it needs the key. `nearer`: where all files but media were brought."""

    def __init__(self, source: Source, index: Index, opener: Opener) -> None:
        self.source = source
        self.nearer = source
        self.index = index
        self.id = index.id
        self._opener = opener
        self._files = {file.name: file for file in index.files}
        self._manifest: Manifest | None = None

    @property
    def manifest(self) -> Manifest:
        assert self._manifest is not None
        return self._manifest

    async def unlock(self) -> None:
        """Read the manifest. Raises WrongKey, or RestoreProblem where this version doesn't know what is in it."""
        content = b"".join(self.plain(await self._whole(self.index.manifest), self.index.manifest))
        _refuse_newer(content)
        self._manifest = manifest = _decode(content, Manifest, self.index.manifest)
        if unknown := set(manifest.migrations) - {name for name, _ in migrate.available()}:
            raise RestoreProblem(
                f"{_NEWER.format(manifest.palabre)} Unknown here: migrations {', '.join(sorted(unknown))}."
            )
        if unknown := set(manifest.tables) - set(tables.of_the_network()):
            raise RestoreProblem(f"It has tables that this version doesn't know: {', '.join(sorted(unknown))}.")
        listed = [part.name for table in manifest.tables.values() for part in table.parts] + manifest.keys
        if lost := [name for name in listed if name not in self._files]:
            raise Damaged(f"The index of this archive doesn't name {lost[0]}: it isn't whole.")

    async def content(self, name: str) -> Iterator[bytes]:
        """A file decrypted and decompressed, piece by piece. Raises Damaged or WrongKey."""
        return self.plain(await self._whole(name), name)

    def plain(self, stored: bytes, name: str) -> Iterator[bytes]:
        try:
            opened = self._opener.open(stored) if name.endswith(SUFFIX) else stored
            with zstandard.ZstdDecompressor().stream_reader(BytesIO(opened), read_across_frames=True) as reader:
                while piece := reader.read(_PIECE):
                    yield piece
        except (ValueError, zstandard.ZstdError) as error:
            raise Damaged(f"{name} is damaged: {error}.") from error

    async def stored_media(self) -> "list[str]":
        """The names of the lists of media as they lie there."""
        return sorted(file.name for file in self.index.files if file.name.split("/")[2].startswith("stored."))

    async def stored_in(self, name: str) -> list[Stored]:
        return [read_stored_line(line) for line in b"".join(await self.content(name)).splitlines(keepends=True)]

    async def media_in(self, name: str) -> list[MediaLine]:
        return [MediaLine.read(line) for line in b"".join(await self.content(name)).splitlines(keepends=True)]

    async def _whole(self, name: str) -> bytes:
        return await self.nearer.read(name)


async def choose(source: Source, wanted: str | None) -> str:
    """The id of the archive to read: the newest complete one, unless one is `wanted` by its id or how it begins."""
    found = await source.archives()
    if not found:
        raise Damaged(f"There is no complete archive in {source.shown}: its last file, the index, isn't there.")
    if wanted is None:
        return found[0]
    like = [each for each in found if each.startswith(wanted)]
    if len(like) != 1:
        few = ", ".join(found[:5]) + (" …" if len(found) > 5 else "")
        raise RestoreProblem(f"{source.shown} has {len(like) or 'no'} archives {wanted}. It has: {few}.")
    return like[0]


async def open_archive(source: Source, archive_id: str, opener: Opener) -> OpenedArchive:
    """Its index read, nothing else. Raises RestoreProblem."""
    name = index_name(archive_id)
    try:
        content = await source.read(name)
    except Lost as error:
        raise Damaged(f"There is no complete archive {archive_id} in {source.shown}.") from error
    _refuse_newer(content)
    index = _decode(content, Index, name)
    if index.id != archive_id:
        raise Damaged(f"{name} is the index of another archive ({index.id}).")
    return OpenedArchive(source, index, opener)


def _refuse_newer(content: bytes) -> None:
    try:
        found = msgspec.json.decode(content, type=_Format)
    except msgspec.DecodeError as error:
        raise Damaged(f"The archive's index or manifest is damaged: {error}.") from error
    if found.format > VERSION:
        raise RestoreProblem(_NEWER.format(found.palabre))


def _decode(content: bytes, kind: Any, name: str) -> Any:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError as error:
        raise Damaged(f"{name} is damaged: {error}.") from error
