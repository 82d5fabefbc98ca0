"""Media out of an archive, decrypted and verified, into the staging folder; from there to where they are to be."""

import asyncio
import hashlib
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from palabre.base.blobs import BlobError, Blobs, check_key
from palabre.base.filling import together
from palabre.features.portability.archive.format import MediaLine, Stored
from palabre.features.portability.archive.sealing import SUFFIX, Opener
from palabre.features.portability.restore.opened import OpenedArchive
from palabre.features.portability.restore.problems import Damaged, RestoreProblem
from palabre.features.portability.restore.sources import Lost
from palabre.features.portability.restore.verifying import Progress, stored_media

_AT_ONCE = 8
_TYPE = "application/octet-stream"


@dataclass
class Brought:
    """`lost`: keys of those that are damaged in the archive."""

    media: int
    bytes: int
    lost: list[str]


class Bringing:
    """`scratch`: a folder on the same disk as `to`. `bad`: names of media that are known to be damaged; `handed`: keys of
    those that went further already."""

    def __init__(
        self,
        archive: OpenedArchive,
        opener: Opener,
        to: Path,
        scratch: Path,
        progress: Progress,
        *,
        bad: Collection[str] = (),
        handed: Collection[str] = (),
    ) -> None:
        self._archive, self._opener, self._to, self._scratch = archive, opener, to, scratch
        self._bad, self._handed, self._progress = set(bad), set(handed), progress
        self._stored: dict[str, Stored] = {}
        self._brought = Brought(0, 0, [])

    async def all(self) -> Brought:
        self._to.mkdir(parents=True, exist_ok=True)
        self._scratch.mkdir(parents=True, exist_ok=True)
        for left in self._scratch.iterdir():
            left.unlink()
        if not self._archive.source.local:
            async for media in stored_media(self._archive):
                self._stored |= {medium.name: medium for medium in media}
        for name in self._archive.manifest.keys:
            await together(self._bring, await self._archive.media_in(name), _AT_ONCE)
        return self._brought

    async def _bring(self, line: MediaLine) -> None:
        to = self._to / _checked(line.key)
        there = line.key in self._handed or await asyncio.to_thread(_is, to, line)
        if not there and (line.name in self._bad or not await self._open(line, to)):
            self._brought.lost.append(line.key)
            return
        self._brought.media += 1
        self._brought.bytes += line.size
        self._progress("media", self._brought.media, max(self._archive.manifest.media, 1))

    async def _open(self, line: MediaLine, to: Path) -> bool:
        """Whether it is now there. In a local archive all was verified before, so that what is wrong now is our matter."""
        stored, plain = self._scratch / secrets.token_hex(8), self._scratch / secrets.token_hex(8)
        try:
            return await self._opened(line, to, stored, plain)
        finally:
            stored.unlink(missing_ok=True)
            plain.unlink(missing_ok=True)

    async def _opened(self, line: MediaLine, to: Path, stored: Path, plain: Path) -> bool:
        try:
            found = await self._archive.source.fetch(line.name, stored)
        except Lost:
            return False
        expected = self._stored.get(line.name)
        if expected and found != (expected.size, expected.sha256):
            return False
        if line.name.endswith(SUFFIX):
            try:
                await asyncio.to_thread(self._opener.open_file, stored, plain)
            except ValueError:
                return False
        else:
            plain = stored
        if not await asyncio.to_thread(_is, plain, line):
            return False
        to.parent.mkdir(parents=True, exist_ok=True)
        os.replace(plain, to)
        return True


def handed_over(noted: Path) -> set[str]:
    return set(noted.read_text().split()) if noted.exists() else set()


async def hand_over(archive: OpenedArchive, folder: Path, noted: Path, store: Blobs, progress: Progress) -> None:
    """From the staging folder into a store that is elsewhere. `noted` names those that are safe there."""
    handed = handed_over(noted)
    done = 0

    async def put(line: MediaLine) -> None:
        nonlocal done
        path = folder / line.key
        if line.key not in handed and path.exists():
            try:
                await store.put(line.key, path, _TYPE)
            except BlobError as error:
                raise RestoreProblem(
                    f"The media store can't be written: {error}. Give the same command again once it can."
                ) from error
            notes.write(f"{line.key}\n")
            notes.flush()
            path.unlink()
        done += 1
        progress("media to the store", done, max(archive.manifest.media, 1))

    with noted.open("a") as notes:
        for name in archive.manifest.keys:
            await together(put, await archive.media_in(name), _AT_ONCE)


def _checked(key: str) -> str:
    """Only keys of ours name a file."""
    try:
        return check_key(key)
    except ValueError as error:
        raise Damaged(f"The archive names a medium {key!r}, which can't be one.") from error


def _is(path: Path, line: MediaLine) -> bool:
    try:
        if path.stat().st_size != line.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == line.sha256
    except OSError:
        return False
