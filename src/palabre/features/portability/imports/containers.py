"""The three shapes an archive comes in: a zip, a tar (packed by gzip or not), an unpacked folder."""

from __future__ import annotations

import gzip
import io
import os
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import IO

from palabre.features.portability.imports.container import (
    BOMB,
    CHUNK,
    DAMAGED,
    NOT_A_FILE,
    READ_ERRORS,
    TOO_BIG,
    Container,
    Limits,
    ShortReads,
    pieces,
)
from palabre.features.portability.imports.model import N_, ArchiveError

ENCRYPTED = N_("The archive is protected by a password; unpack it first.")
NOT_AN_ARCHIVE = N_("This is neither a .zip, a .tar.gz nor a folder, nor a .csv: {name}")
NOT_FOUND = N_("There is no such file: {name}")

_GZIP = b"\x1f\x8b"


class ZipContainer(Container):
    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__(limits)
        self._zip = zipfile.ZipFile(ShortReads(io.FileIO(path), limits.index))
        self._infos: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            if info.is_dir():
                continue
            if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
                raise ArchiveError(NOT_A_FILE, name=info.filename[:200])
            if info.flag_bits & 1:
                raise ArchiveError(ENCRYPTED)
            self._infos[self._admit(info.filename, info.file_size, info.compress_size)] = info

    def _pieces(self, name: str) -> Iterator[bytes]:
        return pieces(self._zip.open(self._infos[name]))

    def close(self) -> None:
        self._zip.close()


class TarContainer(Container):
    """A tar laid out on disk, packed ones through a nameless temporary file: members are then read by offset."""

    def __init__(self, path: Path, limits: Limits, scratch: Path | None) -> None:
        super().__init__(limits)
        self._lock = Lock()
        self._file = self._unpacked(path, limits, scratch)
        self._places: dict[str, tuple[int, int]] = {}
        with tarfile.open(fileobj=self._file, mode="r:") as tar:
            for member in tar:
                tar.members = []  # type: ignore[attr-defined]  # otherwise it keeps every header
                if member.isdir():
                    continue
                if not member.isreg() or member.issparse():
                    raise ArchiveError(NOT_A_FILE, name=member.name[:200])
                self._places[self._admit(member.name, member.size)] = member.offset_data, member.size

    @staticmethod
    def _unpacked(path: Path, limits: Limits, scratch: Path | None) -> ShortReads:
        with open(path, "rb") as file:
            if file.read(2) != _GZIP:
                return ShortReads(io.FileIO(path), limits.index)
        with tempfile.TemporaryFile(dir=scratch) as plain:
            _gunzip(path, plain, limits)
            plain.seek(0)
            return ShortReads(io.FileIO(os.dup(plain.fileno())), limits.index)

    def _pieces(self, name: str) -> Iterator[bytes]:
        offset, left = self._places[name]
        while left:
            with self._lock:
                self._file.seek(offset)
                data = self._file.read(min(CHUNK, left))
            if not data:
                raise EOFError("cut off")
            offset, left = offset + len(data), left - len(data)
            yield data

    def close(self) -> None:
        self._file.close()


def _gunzip(path: Path, plain: IO[bytes], limits: Limits) -> None:
    total, most = 0, max(limits.ratio_floor, limits.ratio * path.stat().st_size)
    with gzip.open(path) as packed:
        while data := packed.read(CHUNK):
            total += len(data)
            if total > limits.total:
                raise ArchiveError(TOO_BIG, limit=limits.total)
            if total > most:
                raise ArchiveError(BOMB, name=path.name)
            plain.write(data)
    plain.flush()


class FolderContainer(Container):
    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__(limits)
        self._path = path
        for folder, folders, files in os.walk(path, followlinks=False):
            for name in [*folders, *files]:
                full = Path(folder, name)
                relative = str(full.relative_to(path))
                status = full.lstat()
                if stat.S_ISDIR(status.st_mode):
                    continue
                if not stat.S_ISREG(status.st_mode):
                    raise ArchiveError(NOT_A_FILE, name=relative)
                self._admit(relative, status.st_size)

    def _pieces(self, name: str) -> Iterator[bytes]:
        return pieces(os.fdopen(os.open(self._path / name, os.O_RDONLY | os.O_NOFOLLOW), "rb"))

    def close(self) -> None:
        """Nothing is held open."""


def open_container(path: Path, limits: Limits, scratch: Path | None = None) -> Container:
    """The container at `path`, told by what it is and not by its name."""
    if not path.exists():
        raise ArchiveError(NOT_FOUND, name=path.name)
    try:
        if path.is_dir():
            return FolderContainer(path, limits)
        if zipfile.is_zipfile(path):
            return ZipContainer(path, limits)
        return TarContainer(path, limits, scratch)
    except tarfile.ReadError as error:
        raise ArchiveError(NOT_AN_ARCHIVE, name=path.name) from error
    except (*READ_ERRORS, tarfile.TarError, ValueError) as error:
        raise ArchiveError(DAMAGED, detail=f"{path.name}: {error}") from error
