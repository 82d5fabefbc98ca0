"""Every file of an archive against its sum, before anything is made of it. It needs no key."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from palabre.base.filling import together
from palabre.features.portability.archive.format import Stored
from palabre.features.portability.restore.opened import OpenedArchive
from palabre.features.portability.restore.problems import Damaged
from palabre.features.portability.restore.sources import Folder, Lost, Measured

Progress = Callable[[str, int, int], None]
AT_ONCE = 6
_MEGABYTE = 1024**2
_NAMED = 5


@dataclass
class Verified:
    """`bad_media`: names of those that are damaged or not there."""

    files: int = 0
    bytes: int = 0
    bad_media: list[str] = field(default_factory=list)


async def fetch_files(archive: OpenedArchive, staging: Path, progress: Progress) -> None:
    """Bring all files of an archive but its media nearer; those that are there, and right, aren't fetched again."""
    counted = _Counted("fetching, MB", sum(file.size for file in archive.index.files), progress)

    async def fetch(file: Stored) -> None:
        to = staging / file.name
        here = Folder(staging)
        if not (to.exists() and await here.measure(file.name) == (file.size, file.sha256)):
            to.parent.mkdir(parents=True, exist_ok=True)
            coming = to.with_name(f"{to.name}.coming")
            _compare(file, await archive.source.fetch(file.name, coming))
            coming.rename(to)
        counted.add(file.size)

    await together(fetch, archive.index.files, AT_ONCE)
    archive.nearer = Folder(staging)


async def verify_files(archive: OpenedArchive, progress: Progress) -> Verified:
    """All but media. Raises Damaged, which names the first few that are."""
    counted = _Counted("verifying, MB", sum(file.size for file in archive.index.files), progress)
    bad: list[str] = []

    async def verify(file: Stored) -> None:
        if why := await _wrong(archive, file):
            bad.append(f"{file.name} {why}")
        counted.add(file.size)

    await together(verify, archive.index.files, AT_ONCE)
    if bad:
        raise Damaged(
            f"{len(bad)} of {len(archive.index.files)} files of archive {archive.id} are damaged or missing: "
            f"{'; '.join(sorted(bad)[:_NAMED])}. Take another copy of it, or another archive (--archive ID)."
        )
    return Verified(len(archive.index.files), sum(file.size for file in archive.index.files))


async def verify_media(archive: OpenedArchive, verified: Verified, progress: Progress) -> None:
    """Each as it lies there; `verified` hears which are wrong."""
    counted = _Counted("verifying media, MB", archive.index.media_bytes, progress)

    async def verify(medium: Stored) -> None:
        if await _wrong(archive, medium):
            verified.bad_media.append(medium.name)
        verified.files += 1
        verified.bytes += medium.size
        counted.add(medium.size)

    async for media in stored_media(archive):
        await together(verify, media, AT_ONCE)
    if verified.files - len(archive.index.files) != archive.index.media:
        raise Damaged(f"The lists of media of archive {archive.id} don't name as many as its index says.")


async def stored_media(archive: OpenedArchive) -> AsyncIterator[Sequence[Stored]]:
    for name in await archive.stored_media():
        yield await asyncio.to_thread(list, await archive.stored_in(name))


async def _wrong(archive: OpenedArchive, file: Stored) -> str:
    try:
        _compare(file, await archive.source.measure(file.name))
    except Lost:
        return "isn't there"
    except Damaged:
        return "has another content"
    return ""


def _compare(file: Stored, found: Measured) -> None:
    if found != (file.size, file.sha256):
        raise Damaged(f"{file.name} isn't what was written once: it was damaged, or cut off.")


@dataclass
class _Counted:
    """Bytes told as megabytes."""

    part: str
    total: int
    progress: Progress
    done: int = 0

    def add(self, size: int) -> None:
        self.done += size
        self.progress(self.part, self.done // _MEGABYTE, max(self.total // _MEGABYTE, 1))
