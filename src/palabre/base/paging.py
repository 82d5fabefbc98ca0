"""Paging by id, as Mastodon does it: newest first, `max_id`, `since_id` and `min_id` all exclusive."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from palabre.base import ids

T = TypeVar("T")


class Page(msgspec.Struct, frozen=True):
    """`min_id` asks for the entries right after it; `since_id` for the newest ones down to it."""

    limit: int = 20
    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None

    @property
    def above(self) -> int:
        return max(self.min_id or 0, self.since_id or 0)

    @property
    def below(self) -> int:
        return self.max_id if self.max_id is not None else ids.LARGEST

    @property
    def order(self) -> str:
        """For ORDER BY: the entries next to `min_id` come first, if it was given."""
        return "ASC" if self.min_id is not None else "DESC"

    def newest_first(self, entries: Sequence[T]) -> list[T]:
        return list(reversed(entries)) if self.min_id is not None else list(entries)

    def beyond(self, seen: int, limit: int) -> "Page":
        """The page that goes on behind `seen`, in the direction of this one."""
        if self.min_id is not None:
            return Page(limit, self.max_id, self.since_id, seen)
        return Page(limit, seen, self.since_id, None)
