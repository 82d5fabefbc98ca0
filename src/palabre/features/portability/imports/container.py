"""The files inside a zip, a tar or a folder, read by name and within limits.

Nothing is ever written under a member's name, and no member is read whole unless it is small.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from palabre.features.portability.imports.model import N_, ArchiveError

CHUNK = 1 << 20
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")

UNSAFE_PATH = N_("The archive holds a file whose path leads outside of it: {name}")
NOT_A_FILE = N_("The archive holds a link or a device where only files may be: {name}")
TOO_MANY = N_("The archive holds more than {limit} files.")
TOO_BIG = N_("The archive would take more than {limit} bytes unpacked.")
MEMBER_TOO_BIG = N_("A file in the archive is too large: {name} ({size} bytes).")
BOMB = N_("A file in the archive unpacks to an impossible size: {name}")
DAMAGED = N_("The archive is damaged: {detail}")
INDEX_TOO_BIG = N_("The table of contents of the archive is too large.")
MISSING = N_("There is no file {name} in the archive.")

READ_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may weigh. A ratio counts only from `ratio_floor` bytes up: small texts compress well."""

    members: int = 400_000
    total: int = 64 << 30
    member: int = 8 << 30
    ratio: int = 200
    ratio_floor: int = 32 << 20
    index: int = 32 << 20


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while data := file.read(CHUNK):
            yield data


class ShortReads(io.BufferedReader):
    """A file that refuses to be read in one large gulp, so that a header claiming a huge index costs nothing."""

    def __init__(self, raw: io.RawIOBase, limit: int) -> None:
        super().__init__(raw)
        self._limit = limit

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = self._limit + 1 if size is None or size < 0 else min(size, self._limit + 1)
        data = super().read(wanted)
        if len(data) > self._limit:
            raise ArchiveError(INDEX_TOO_BIG)
        return data


def checked_name(name: str) -> str:
    """The name with plain slashes and no leading dots; refused when it would lead outside."""
    parts = name.replace("\\", "/").split("/")
    if parts[0] == "" or ".." in parts or "\0" in name or _DRIVE.match(name):
        raise ArchiveError(UNSAFE_PATH, name=name[:200])
    return "/".join(part for part in parts if part not in ("", "."))


class Container(ABC):
    """Members by name. Subclasses fill `_sizes` through `_admit` and know how to open one member."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._sizes: dict[str, int] = {}
        self._folder = ""
        self._names: list[str] | None = None
        self._count = 0
        self._total = 0

    @abstractmethod
    def _pieces(self, name: str) -> Iterator[bytes]: ...

    @abstractmethod
    def close(self) -> None: ...

    def _admit(self, raw_name: str, size: int, packed: int | None = None) -> str:
        """Take one member into account, or refuse the whole archive."""
        limits = self.limits
        name = checked_name(raw_name)
        self._count += 1
        self._total += size
        if self._count > limits.members:
            raise ArchiveError(TOO_MANY, limit=limits.members)
        if size > limits.member:
            raise ArchiveError(MEMBER_TOO_BIG, name=name, size=size)
        if self._total > limits.total:
            raise ArchiveError(TOO_BIG, limit=limits.total)
        if packed is not None and size > limits.ratio_floor and size > limits.ratio * max(packed, 1):
            raise ArchiveError(BOMB, name=name)
        self._sizes[name] = size
        return name

    def enter(self, folder: str) -> None:
        """Take `folder` for the top: archives are often packed with one folder around everything."""
        self._folder = folder + "/" if folder else ""
        self._names = None
        start = len(self._folder)
        self._sizes = {name[start:]: size for name, size in self._sizes.items() if name.startswith(self._folder)}

    def __contains__(self, name: object) -> bool:
        return name in self._sizes

    def names(self) -> list[str]:
        if self._names is None:
            self._names = sorted(self._sizes)
        return self._names

    def size(self, name: str) -> int:
        return self._sizes[name]

    def chunks(self, name: str) -> Iterator[bytes]:
        """The member's bytes, a piece at a time."""
        if name not in self._sizes:
            raise ArchiveError(MISSING, name=name)
        left = self._sizes[name]
        try:
            for data in self._pieces(self._folder + name):
                left -= len(data)
                if left < 0:
                    raise ArchiveError(BOMB, name=name)
                yield data
        except READ_ERRORS as error:
            raise ArchiveError(DAMAGED, detail=f"{name}: {error}") from error

    def read(self, name: str, limit: int) -> bytes:
        """The whole member, refused above `limit` bytes."""
        if name in self._sizes and self._sizes[name] > limit:
            raise ArchiveError(MEMBER_TOO_BIG, name=name, size=self._sizes[name])
        return b"".join(self.chunks(name))
