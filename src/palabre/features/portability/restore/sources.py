"""Where archives are read from: a folder, a tar file, standard input, an object store."""

import contextlib
import hashlib
import shutil
import sys
import tarfile
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import unquote, urlsplit

from anyio import to_thread

from palabre.base.blobs import CHUNK, BlobError, BlobMissing, Blobs, open_store
from palabre.features.portability.archive.format import MARK
from palabre.features.portability.restore.problems import Damaged, RestoreProblem

_PIECE = 1024 * 1024
_INDEX = "index.json"


class Lost(Damaged):
    """A file of the archive isn't there."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} isn't there.")


class Measured(NamedTuple):
    size: int
    sha256: str


class Source:
    """`shown`: for people, without secrets; `local`: its files lie on this machine's disk."""

    local = False

    def __init__(self, shown: str) -> None:
        self.shown = shown

    async def names(self) -> list[str]:
        """All files of archives, but not media."""
        raise NotImplementedError

    async def read(self, name: str) -> bytes:
        """A file of the archive, whole. Raises Lost."""
        raise NotImplementedError

    async def measure(self, name: str) -> Measured:
        raise NotImplementedError

    async def fetch(self, name: str, to: Path) -> Measured:
        """Copy it, and say what was copied."""
        raise NotImplementedError

    async def archives(self) -> list[str]:
        """The ids of those that are complete, the newest first."""
        parts = [name.split("/") for name in await self.names()]
        return sorted({part[1] for part in parts if len(part) == 3 and part[2] == _INDEX}, reverse=True)


class _Local(Source):
    local = True

    def open(self, name: str) -> IO[bytes]:
        raise NotImplementedError

    async def read(self, name: str) -> bytes:
        return await to_thread.run_sync(self._read, name)

    async def measure(self, name: str) -> Measured:
        return await to_thread.run_sync(self._copy, name, None)

    async def fetch(self, name: str, to: Path) -> Measured:
        return await to_thread.run_sync(self._copy, name, to)

    def _read(self, name: str) -> bytes:
        with self._opened(name) as file:
            return file.read()

    def _copy(self, name: str, to: Path | None) -> Measured:
        digest, size = hashlib.sha256(), 0
        with contextlib.ExitStack() as stack:
            target = stack.enter_context(to.open("wb")) if to else None
            file = stack.enter_context(self._opened(name))
            while piece := file.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                if target:
                    target.write(piece)
        return Measured(size, digest.hexdigest())

    @contextlib.contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        try:
            file = self.open(name)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise Lost(name) from error
        except OSError as error:
            raise RestoreProblem(f"{name} can't be read: {error.strerror or error}.") from error
        with file:
            yield file


class Folder(_Local):
    def __init__(self, folder: Path, shown: str = "") -> None:
        super().__init__(shown or str(folder))
        self.folder = folder

    async def names(self) -> list[str]:
        return [str(path.relative_to(self.folder)) for path in self.folder.glob("archives/*/*")]

    def open(self, name: str) -> IO[bytes]:
        return (self.folder / name).open("rb", buffering=0)


class Tar(_Local):
    """An archive in one file, read where it lies."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path
        try:
            with tarfile.open(path, "r:") as tar:
                self._places = {entry.name: (entry.offset_data, entry.size) for entry in tar if entry.isfile()}
        except (tarfile.TarError, EOFError) as error:
            raise Damaged(f"{path} is no complete tar file: {error}.") from error
        except OSError as error:
            raise RestoreProblem(f"{path} can't be read: {error.strerror or error}.") from error

    async def names(self) -> list[str]:
        return [name for name in self._places if name.startswith("archives/")]

    def open(self, name: str) -> IO[bytes]:
        if name not in self._places:
            raise FileNotFoundError(name)
        return _Within(self.path.open("rb", buffering=0), *self._places[name])  # type: ignore[return-value]


class _Within:
    """Some bytes of a file, as a file."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        self._file, self._left = file, size
        file.seek(start)

    def read(self, size: int = -1) -> bytes:
        pieces = []
        wanted = self._left if size < 0 else min(size, self._left)
        while wanted and (piece := self._file.read(wanted)):
            pieces.append(piece)
            wanted -= len(piece)
            self._left -= len(piece)
        return b"".join(pieces)

    def __enter__(self) -> "_Within":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


class Store(Source):
    """An object store."""

    def __init__(self, shown: str, blobs: Blobs) -> None:
        super().__init__(shown)
        self._blobs = blobs

    async def names(self) -> list[str]:
        with self._told("its archives"):
            return [entry.key async for entry in self._blobs.list("archives")]

    async def read(self, name: str) -> bytes:
        with self._told(name):
            return await self._blobs.read(name)

    async def measure(self, name: str) -> Measured:
        digest, size = hashlib.sha256(), 0
        async for chunk in self.chunks(name):
            digest.update(chunk)
            size += len(chunk)
        return Measured(size, digest.hexdigest())

    async def fetch(self, name: str, to: Path) -> Measured:
        digest, size = hashlib.sha256(), 0
        with to.open("wb") as target:
            async for chunk in self.chunks(name):
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        return Measured(size, digest.hexdigest())

    async def chunks(self, name: str) -> AsyncIterator[bytes]:
        with self._told(name):
            async for chunk in (await self._blobs.get(name)).chunks:
                yield chunk

    @contextlib.contextmanager
    def _told(self, name: str) -> Iterator[None]:
        try:
            yield
        except BlobMissing as error:
            raise Lost(name) from error
        except BlobError as error:
            raise RestoreProblem(
                f"{self.shown} can't be read: {error}. Give the same command again once it can."
            ) from error


async def open_source(source: str, options: Mapping[str, str], spool: Path) -> Source:
    """`spool`: a folder for what comes as a stream, from standard input or as a tar from elsewhere; it may be there from
    an attempt before."""
    if source == "-":
        return await to_thread.run_sync(_spooled, sys.stdin.buffer, spool, "standard input")
    if "://" in source and not source.startswith("file://"):
        if urlsplit(source).path.endswith(".tar"):
            return await _distant_tar(source, options, spool)
        return _store(source, options)
    path = Path(unquote(urlsplit(source).path) if source.startswith("file://") else source)
    return await to_thread.run_sync(_here, path)


def _here(path: Path) -> Source:
    if path.is_file():
        return Tar(path)
    if not path.is_dir():
        raise RestoreProblem(f"There is no folder or file {path}.")
    if not (path / MARK).exists() and not (path / "archives").is_dir():
        raise RestoreProblem(f"{path} holds no archives: it has no file {MARK}.")
    return Folder(path)


def _store(url: str, options: Mapping[str, str]) -> Store:
    parts = urlsplit(url)
    shown = parts._replace(query="", fragment="", netloc=parts.netloc.rpartition("@")[2]).geturl()
    try:
        return Store(shown, open_store(url, **options))
    except Exception as error:  # the store library's own, for addresses and options it doesn't know
        raise RestoreProblem(f"{shown} can't be used: {str(error).partition(chr(10))[0]}") from error


async def _distant_tar(url: str, options: Mapping[str, str], spool: Path) -> Source:
    """Fetched as a whole: what it holds is found by reading through it."""
    parts = urlsplit(url)
    above, _, name = parts.path.rpartition("/")
    whole = spool / "whole.tar"
    if not await to_thread.run_sync(whole.exists):
        await to_thread.run_sync(lambda: spool.mkdir(parents=True, exist_ok=True))
        coming = spool / "coming.tar"
        await _store(parts._replace(path=above).geturl(), options).fetch(name, coming)
        await to_thread.run_sync(Tar, coming)
        coming.rename(whole)
    tar = await to_thread.run_sync(Tar, whole)
    tar.shown = parts._replace(query="", netloc=parts.netloc.rpartition("@")[2]).geturl()
    return tar


def _spooled(stream: IO[bytes], spool: Path, shown: str) -> Folder:
    """Unpack a stream of tar; what came whole before isn't read again."""
    whole = spool / "whole"
    if not whole.exists():
        coming = spool / "coming"
        shutil.rmtree(coming, ignore_errors=True)
        coming.mkdir(parents=True)
        try:
            with tarfile.open(fileobj=stream, mode="r|", bufsize=CHUNK) as tar:
                for entry in tar:
                    if entry.isfile() and _belongs(entry.name):
                        _unpack(tar, entry, coming / entry.name)
        except (tarfile.TarError, EOFError) as error:
            raise Damaged(f"What came by {shown} is no complete archive: {error}.") from error
        coming.rename(whole)
    return Folder(whole, shown)


def _unpack(tar: tarfile.TarFile, entry: tarfile.TarInfo, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    packed = tar.extractfile(entry)
    assert packed is not None
    with packed, to.open("wb") as target:
        shutil.copyfileobj(packed, target, _PIECE)
    if to.stat().st_size != entry.size:
        raise tarfile.ReadError("it ends too early")


def _belongs(name: str) -> bool:
    """Only what an archive has: a stream from elsewhere must not write anywhere else."""
    parts = name.split("/")
    return name == MARK or (parts[0] in ("archives", "media") and not any(part in ("", ".", "..") for part in parts))
