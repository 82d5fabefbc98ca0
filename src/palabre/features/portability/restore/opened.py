"""An archive that is being read: what its index and manifest say, and the content of its files."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, TypeVar

import msgspec
import zstandard

from palabre.base import migrate
from palabre.features.portability.archive import tables
from palabre.features.portability.archive.format import (
    PART_BYTES,
    VERSION,
    Index,
    Manifest,
    MediaLine,
    Stored,
    file_name,
    index_name,
    read_stored_line,
)
from palabre.features.portability.archive.sealing import SUFFIX, Opener
from palabre.features.portability.restore.problems import Damaged, RestoreProblem
from palabre.features.portability.restore.sources import Lost, Source

_PIECE = 1024 * 1024
#: What is read as a whole may be so large: lists are cut into parts of 8 MB, a manifest names some thousand of them.
_LARGEST_LIST, _LARGEST_MANIFEST = 8 * PART_BYTES, 32 * PART_BYTES
_MEDIUM = re.compile(r"media/[0-9a-f]{2}/[0-9a-f]{64}(\.[0-9a-f]{8}\.age)?")
_NEWER = "It was made by a newer Palabre ({}): install that version, or a later one, and give the same command again."

T = TypeVar("T", Stored, MediaLine)


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
        content = _joined(self.plain(await self._whole(self.index.manifest), self.index.manifest), _LARGEST_MANIFEST)
        _refuse_newer(content)
        self._manifest = manifest = _decode(content, Manifest, self.index.manifest)
        if (manifest.id, manifest.taken_at) != (self.id, self.index.taken_at):
            raise Damaged(f"The manifest is that of another archive ({manifest.id}): somebody put the two together.")
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
        start = file_name(self.id, "stored.", "")
        return sorted(file.name for file in self.index.files if file.name.startswith(start))

    async def stored_in(self, name: str) -> list[Stored]:
        return await self._lines(name, read_stored_line)

    async def media_in(self, name: str) -> list[MediaLine]:
        return await self._lines(name, MediaLine.read)

    async def _lines(self, name: str, read: Callable[[bytes], T]) -> list[T]:
        content = _joined(await self.content(name), _LARGEST_LIST)
        try:
            found = [read(line) for line in content.splitlines(keepends=True)]
        except ValueError as error:
            raise Damaged(f"{name} is damaged: {error}.") from error
        if bad := next((line.name for line in found if not _MEDIUM.fullmatch(line.name)), None):
            raise Damaged(f"{name} names a file {bad!r}, which can't be a medium of an archive.")
        return found

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
    _check_names(index, name)
    return OpenedArchive(source, index, opener)


def _check_names(index: Index, name: str) -> None:
    """Only files of this very archive: whoever can write where it lies must not reach any other by it."""
    ours = re.compile(re.escape(file_name(index.id, "", "")) + r"(tables/)?[a-z][a-z0-9_.]*")
    listed = [file.name for file in index.files]
    if bad := next((each for each in listed if not ours.fullmatch(each) or ".." in each), None):
        raise Damaged(f"{name} names a file {bad!r}, which can't be one of this archive.")
    if index.manifest not in listed or len(set(listed)) < len(listed):
        raise Damaged(f"{name} doesn't name each file of the archive once.")


def _joined(pieces: Iterator[bytes], most: int) -> bytes:
    """As a whole, unless it becomes larger than anything of the kind ever is."""
    found = bytearray()
    for piece in pieces:
        found += piece
        if len(found) > most:
            raise Damaged("A list or the manifest of this archive is larger than any can be.")
    return bytes(found)


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
