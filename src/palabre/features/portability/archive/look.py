"""What lies in a place, and whether it is as it was written. No key is needed."""

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import zstandard

from palabre.base.filling import together
from palabre.features.portability.archive.format import VERSION, Index, Stored, index_name, read_stored_line
from palabre.features.portability.archive.places import Place, PlaceProblem

Progress = Callable[[str, int, int], None]
AT_ONCE = 8
IN_MEMORY = 4 * 1024**2
_MEGABYTE = 1024**2


@dataclass
class Lying:
    """The files of an archive as listed; `complete`: its index is there. `newest`: when the last of them was written."""

    id: str
    names: list[str]
    newest: datetime

    @property
    def complete(self) -> bool:
        return index_name(self.id) in self.names


@dataclass
class Verdict:
    """`wrong`: what is missing or was changed, by name and why."""

    files: int = 0
    bytes: int = 0
    wrong: list[str] = field(default_factory=list)


async def lying(place: Place) -> list[Lying]:
    """All archives, complete or not, the newest first."""
    found: dict[str, Lying] = {}
    async for entry in place.list("archives"):
        archive = entry.key.split("/")[1]
        one = found.setdefault(archive, Lying(archive, [], entry.modified))
        one.names.append(entry.key)
        one.newest = max(one.newest, entry.modified)
    return [found[archive] for archive in sorted(found, reverse=True)]


async def indexes(place: Place) -> list[Index]:
    """Of the complete ones, the newest first. Raises PlaceProblem for one that can't be read."""
    return [await read_index(place, one.id) for one in await lying(place) if one.complete]


async def read_index(place: Place, archive: str) -> Index:
    found = await place.read(index_name(archive))
    if found is None:
        raise PlaceProblem(f"{place.shown} holds no archive {archive}; --list says which there are.")
    try:
        index = msgspec.json.decode(found, type=Index)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PlaceProblem(f"The index of archive {archive} in {place.shown} is damaged: {error}.") from error
    if index.format > VERSION:
        raise PlaceProblem(f"Archive {archive} was made by a newer Palabre ({index.palabre}): use that one.")
    return index


async def stored_media(place: Place, index: Index) -> AsyncIterator[Stored]:
    """Every medium of an archive as it lies there. Raises PlaceProblem where a list is damaged or short."""
    count = 0
    for file in index.files:
        if not file.name.rpartition("/")[2].startswith("stored."):
            continue
        data = await place.read(file.name)
        if data is None or (len(data), hashlib.sha256(data).hexdigest()) != (file.size, file.sha256):
            raise PlaceProblem(f"The list of media {file.name} in {place.shown} is damaged or missing.")
        for line in zstandard.ZstdDecompressor().decompressobj().decompress(data).splitlines():
            count += 1
            yield read_stored_line(line)
    if count != index.media:
        raise PlaceProblem(f"The lists of media of archive {index.id} name {count}, its index {index.media}.")


async def verify(place: Place, index: Index, progress: Progress) -> Verdict:
    """Every stored byte against its sum."""
    verdict = Verdict()
    total = sum(file.size for file in index.files) + index.media_bytes

    async def one(file: Stored) -> None:
        if why := await _wrong(place, file):
            verdict.wrong.append(f"{file.name} {why}")
        verdict.files += 1
        verdict.bytes += file.size
        progress("verifying, MB", verdict.bytes // _MEGABYTE, total // _MEGABYTE)

    await together(one, index.files, AT_ONCE)
    try:
        batch: list[Stored] = []
        async for medium in stored_media(place, index):
            batch.append(medium)
            if len(batch) == 500:
                await together(one, batch, AT_ONCE)
                batch = []
        await together(one, batch, AT_ONCE)
    except PlaceProblem as problem:
        verdict.wrong.append(problem.message)
    return verdict


async def _wrong(place: Place, file: Stored) -> str | None:
    try:
        size, digest = await (_whole(place, file.name) if file.size <= IN_MEMORY else _pieces(place, file.name))
    except PlaceProblem as problem:
        return f"can't be read: {problem.message}"
    if size != file.size:
        return f"has {size:,} bytes instead of {file.size:,}"
    return None if digest == file.sha256 else "was changed"


async def _whole(place: Place, name: str) -> tuple[int, str]:
    data = await place.read(name)
    if data is None:
        raise PlaceProblem("it isn't there.")
    return len(data), hashlib.sha256(data).hexdigest()


async def _pieces(place: Place, name: str) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    async for chunk in place.chunks(name):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()
