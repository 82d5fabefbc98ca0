"""What every archive offers, whatever its kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar

import msgspec

from palabre.features.portability.imports.container import Container
from palabre.features.portability.imports.loose import decoded
from palabre.features.portability.imports.model import (
    ArchivedPost,
    Bookmark,
    Boost,
    Favourite,
    Profile,
    Relation,
    Skipped,
    Totals,
    Why,
)
from palabre.features.portability.imports.scan import Broken, Bytes, Spool, spans

MAX_ITEM = 16 << 20
MAX_POSTS = 1_000_000
MAX_SKIPPED = 100_000  # lines; what comes after is only counted (again at each reading)


class Archive(ABC):
    """An opened archive. Reading it twice gives the same, and the same `skipped`, twice.

    Nothing here is asynchronous: read it in a thread.
    """

    kind: ClassVar[str]

    def __init__(self, container: Container, scratch: Path | None = None) -> None:
        self._container = container
        self._scratch = scratch
        self._spools: dict[str, Spool] = {}
        self._skipped: dict[tuple[str, Why], Skipped] = {}

    @abstractmethod
    def profile(self) -> Profile | None: ...

    @abstractmethod
    def totals(self) -> Totals:
        """How much is in it; the first call walks through the posts' dates once."""

    @abstractmethod
    def posts(self) -> Iterator[ArchivedPost]:
        """The posts, oldest first, so that what is replied to comes before its replies."""

    @abstractmethod
    def boosts(self) -> Iterator[Boost]: ...

    @abstractmethod
    def favourites(self) -> Iterator[Favourite]: ...

    @abstractmethod
    def bookmarks(self) -> Iterator[Bookmark]: ...

    @abstractmethod
    def relations(self) -> Iterator[Relation]: ...

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """All that was not taken by what has been read so far, and why."""
        return tuple(self._skipped.values())

    def media_size(self, path: str) -> int:
        return self._container.size(path)

    def read_media(self, path: str, limit: int) -> bytes:
        """A file of a post or of the profile, refused with ArchiveError above `limit` bytes."""
        return self._container.read(path, limit)

    def media_chunks(self, path: str) -> Iterator[bytes]:
        """The same a piece at a time, for files too large for memory."""
        return self._container.chunks(path)

    def close(self) -> None:
        for spool in self._spools.values():
            spool.close()
        self._spools.clear()
        self._container.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _skip(self, what: str, why: Why, count: int = 1) -> None:
        what = what[:500]
        if len(self._skipped) >= MAX_SKIPPED and (what, why) not in self._skipped:
            folded = self._skipped.get(("…", why))
            what, count = "…", count + (folded.count if folded else 0)
        self._skipped[what, why] = Skipped(what, why, count)

    def _data(self, name: str) -> Bytes:
        """A JSON member's bytes, mapped from disk."""
        if name not in self._spools:
            self._spools[name] = Spool(self._container.chunks(name), self._scratch)
        return self._spools[name].data

    def _spans(self, name: str, locate: Callable[[Bytes], int]) -> Iterator[tuple[int, int]]:
        """Where the items of the member's array lie; what cannot be read of it is noted."""
        data = self._data(name)
        try:
            start = locate(data)
        except Broken:
            self._skip(name, Why.UNREADABLE)
            return
        try:
            for first, last in spans(data, start):
                if last - first > MAX_ITEM:
                    self._skip(f"{name}:{first}", Why.TOO_LARGE)
                else:
                    yield first, last
        except Broken:
            self._skip(name, Why.CUT_OFF)

    def _items(self, name: str, locate: Callable[[Bytes], int]) -> Iterator[Any]:
        """The decoded items of a member's array; a member that is not there has none."""
        if name in self._container:
            for first, last in self._spans(name, locate):
                value = self._decode(name, first, last)
                if value is not None:
                    yield value

    def _decode(self, name: str, first: int, last: int) -> Any:
        value = decoded(msgspec.json.decode, self._data(name)[first:last])
        if value is None:
            self._skip(f"{name}:{first}", Why.UNREADABLE)
        return value
