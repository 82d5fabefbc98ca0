"""Where archives lie: a folder, an object store, a tar file, or standard output as tar."""

import asyncio
import contextlib
import errno
import os
import secrets
import shutil
import sys
import tarfile
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import msgspec

from palabre.base import clock
from palabre.base.blobs import BlobEntry, BlobError, BlobMissing, Blobs, LocalBlobs, open_store
from palabre.base.errors import Refused
from palabre.features.portability.archive.format import MARK, VERSION, PlaceMark

_BYTES = "application/octet-stream"
_PIECE = 1024 * 1024
_TRIES = 3
#: What a folder may hold before the first archive comes: a fresh disk has some of it.
_HARMLESS = {"lost+found"}


class PlaceProblem(Refused):
    """The place can't be read or written; says why and what to do."""


class Place:
    """A folder or an object store, which holds any number of archives and the media they share."""

    remembers = True

    def __init__(self, shown: str, blobs: Blobs) -> None:
        """`shown`: the destination as people may see it, without secrets."""
        self.shown = shown
        self._blobs = blobs

    async def __aenter__(self) -> "Place":
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing is open."""

    async def complete(self) -> None:
        """All of an archive was put."""

    async def put(self, name: str, content: bytes | Path) -> None:
        """Once this returns, it is safe there: a store that isn't ours is asked, since some say so and keep nothing."""
        size = _size_of(content)
        for _ in range(_TRIES):
            with self._told(f"write {name}"):
                await self._blobs.put(name, content, _BYTES)
                if isinstance(self._blobs, LocalBlobs) or await self._size(name) == size:
                    return
                await self._blobs.delete([name])  # what was cut off once can be in the way for good
        raise PlaceProblem(f"{self.shown} says that it keeps {name}, and doesn't. Use another store.")

    async def read(self, name: str) -> bytes | None:
        """A small file as a whole; None where there is none."""
        try:
            with self._told(f"read {name}"):
                return await self._blobs.read(name)
        except _Missing:
            return None

    async def _size(self, name: str) -> int | None:
        try:
            return await self._blobs.size(name)
        except BlobMissing:
            return None

    async def chunks(self, name: str) -> AsyncIterator[bytes]:
        """A file piece by piece. Raises PlaceProblem, also where there is none."""
        with self._told(f"read {name}"):
            async for chunk in (await self._blobs.get(name)).chunks:
                yield chunk

    async def list(self, prefix: str) -> AsyncIterator[BlobEntry]:
        with self._told("list what lies there"):
            async for entry in self._blobs.list(prefix):
                yield entry

    async def delete(self, names: Iterable[str]) -> None:
        with self._told("remove files"):
            await self._blobs.delete(names)

    async def mark(self) -> PlaceMark | None:
        """What the place says of itself; None for one that holds no archives yet. Raises PlaceProblem."""
        found = await self.read(MARK)
        if found is None:
            return None
        try:
            mark = msgspec.json.decode(found, type=PlaceMark)
        except msgspec.DecodeError as error:
            raise PlaceProblem(f"{self.shown}: its file {MARK} is damaged; choose another place.") from error
        if mark.format > VERSION:
            raise PlaceProblem(f"{self.shown} was written by a newer Palabre: bring this one up to date first.")
        return mark

    async def marked(self, network: str, owner: str) -> PlaceMark:
        """The same, made where there is none. Raises PlaceProblem for a place of another network."""
        mark = await self.mark()
        if mark is None:
            made = PlaceMark(secrets.token_hex(16), network, owner)
            await self.put(MARK, msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n")
            mark = await self.mark()  # another may have been quicker
            assert mark is not None
        if mark.owner != owner:
            raise PlaceProblem(
                f"{self.shown} holds the archives of another network ({mark.network}, place {mark.id[:8]}). "
                "Give each network a place of its own."
            )
        return mark

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except BlobMissing as error:
            raise _Missing(f"{self.shown}: there is no {error}.") from error
        except BlobError as error:
            raise problem(self.shown, what, error) from error


class _Missing(PlaceProblem):
    """No such file there."""


class TarPlace:
    """One archive in one tar: to a file aside that takes its name when complete, or to a stream."""

    remembers = False

    def __init__(self, shown: str, target: Path | None, stream: IO[bytes] | None = None) -> None:
        self.shown = shown
        self._target = target
        self._aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial") if target else None
        self._stream = stream
        self._one_at_a_time = asyncio.Lock()

    async def __aenter__(self) -> "TarPlace":
        with self._told("be written"):
            if self._aside:
                self._stream = open(self._aside, "xb", opener=_private)  # noqa: ASYNC230, SIM115 - open until complete
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._aside and self._stream:
            with contextlib.suppress(OSError):
                self._stream.close()
            self._aside.unlink(missing_ok=True)

    async def complete(self) -> None:
        """All of it was put: now it takes its name."""
        with self._told("be written"):
            await asyncio.to_thread(self._finish)

    async def put(self, name: str, content: bytes | Path) -> None:
        async with self._one_at_a_time:
            with self._told("be written"):
                await asyncio.to_thread(self._add, name, content)

    async def marked(self, network: str, owner: str) -> PlaceMark:
        mark = PlaceMark(secrets.token_hex(16), network, owner)
        await self.put(MARK, msgspec.json.format(msgspec.json.encode(mark), indent=2) + b"\n")
        return mark

    def _add(self, name: str, content: bytes | Path) -> None:
        """By hand: tarfile's streams write to the end, also when there is none to write to."""
        assert self._stream is not None
        entry = tarfile.TarInfo(name)
        entry.mtime = int(clock.now().timestamp())
        entry.mode = 0o600
        with BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
            entry.size = file.seek(0, os.SEEK_END)
            file.seek(0)
            self._stream.write(entry.tobuf(tarfile.PAX_FORMAT))
            shutil.copyfileobj(file, self._stream, _PIECE)
        self._stream.write(bytes(-entry.size % tarfile.BLOCKSIZE))

    def _finish(self) -> None:
        assert self._stream is not None
        self._stream.write(bytes(2 * tarfile.BLOCKSIZE))
        self._stream.flush()
        if self._aside and self._target:
            os.fsync(self._stream.fileno())
            self._stream.close()
            self._aside.replace(self._target)
            folder = os.open(self._target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise problem(self.shown, what, error) from error


AnyPlace = Place | TarPlace


def is_tar(destination: str) -> bool:
    return destination == "-" or (destination.endswith(".tar") and "://" not in destination)


def shown(destination: str) -> str:
    """As people may see it: without what stands in the query or before the host, where secrets are."""
    if destination == "-":
        return "standard output"
    if "://" not in destination:
        return str(Path(destination).absolute())
    parts = urlsplit(destination)
    return parts._replace(query="", fragment="", netloc=parts.netloc.rpartition("@")[2]).geturl()


def open_place(destination: str, options: Mapping[str, str]) -> AnyPlace:
    """For writing an archive; a folder is made. Raises PlaceProblem. Use it as a context manager."""
    if destination == "-":
        return TarPlace(shown(destination), None, sys.stdout.buffer)
    if is_tar(destination):
        return TarPlace(shown(destination), Path(destination).absolute())
    _check_folder(destination)
    return _store(destination, options)


def existing_place(destination: str, options: Mapping[str, str]) -> Place:
    """For looking at archives that lie there: nothing is made. Raises PlaceProblem."""
    if is_tar(destination):
        raise PlaceProblem(f"{destination} is a tar: `palabre restore {destination} --check` verifies it.")
    if "://" not in destination and not (Path(destination) / MARK).is_file():
        raise PlaceProblem(f"There are no archives in {destination}: it has no file {MARK}.")
    return _store(destination, options)


def problem(shown: str, what: str, error: BaseException) -> PlaceProblem:
    """Why something failed there, in words, and what to do."""
    known: dict[int | None, str] = {
        errno.ENOSPC: "the disk is full. Free some space, and give the same command again.",
        errno.EDQUOT: "the disk quota is used up. Free some space, and give the same command again.",
        errno.EFBIG: "a file there may not grow that large. Choose another place.",
        errno.EACCES: "this user may not write there. Change its owner, or choose another place.",
        errno.EPERM: "this user may not write there. Change its owner, or choose another place.",
        errno.EROFS: "it is read-only. Choose another place.",
        errno.EPIPE: "whoever was reading has gone.",
    }
    number = next((each.errno for each in _causes(error) if isinstance(each, OSError) and each.errno), None)
    return PlaceProblem(f"{shown} can't {what}: {known.get(number) or _first_line(error)}")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0][:300]


def _size_of(content: bytes | Path) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _store(destination: str, options: Mapping[str, str]) -> Place:
    try:
        return Place(shown(destination), open_store(destination, **options))
    except OSError as error:
        raise problem(shown(destination), "be used", error) from error
    except Exception as error:  # the store library's own, for options and addresses it doesn't know
        raise PlaceProblem(f"{shown(destination)} can't be used: {_first_line(error)}") from error


def _check_folder(destination: str) -> None:
    """A new one is made, for this user alone. One that holds something else is none for archives: most likely a slip."""
    folder = Path(destination)
    if "://" in destination:
        return
    if not folder.exists():
        try:
            folder.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise problem(destination, "be made", error) from error
    if not folder.is_dir():
        raise PlaceProblem(f"{destination} is a file. Give a folder, a name ending in .tar, or an object store's URL.")
    if not (folder / MARK).exists():
        others = [each for each in folder.iterdir() if not each.name.startswith(".") and each.name not in _HARMLESS]
        if others:
            raise PlaceProblem(f"{destination} holds other things ({others[0].name}…). Give an empty or new folder.")
