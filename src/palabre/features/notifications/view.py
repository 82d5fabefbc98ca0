"""Notifications as their owner sees them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from palabre.base import ids
from palabre.features.accounts import AccountView
from palabre.features.notifications.rules import alone_key
from palabre.features.posts import PostView


@dataclass(frozen=True)
class Selection:
    """Which notifications are wanted. `types` None: all; `ungrouped`: types to be shown one by one."""

    types: Sequence[str] | None = None
    without: Sequence[str] = ()
    from_id: int | None = None
    ungrouped: Sequence[str] = ()


@dataclass(frozen=True)
class NotificationView:
    """`details`: what the sender of an official notification said about it."""

    id: int
    type: str
    sender: AccountView
    post: PostView | None
    details: dict[str, Any] | None
    key: str | None

    @property
    def group_key(self) -> str:
        return self.key or alone_key(self.id)

    @property
    def created_at(self) -> datetime:
        return ids.made_at(self.id)


@dataclass(frozen=True)
class GroupView:
    """Notifications of one kind about one thing. `newest` stands for all; `sample`: who sent the latest few."""

    newest: NotificationView
    key: str
    count: int
    oldest_id: int
    sample: Sequence[int]


@dataclass(frozen=True)
class Groups:
    """A page of groups, and everybody who appears in them."""

    groups: Sequence[GroupView]
    accounts: dict[int, AccountView] = field(default_factory=dict)


@dataclass(frozen=True)
class Marker:
    """How far somebody has read."""

    last_read_id: int
    version: int
    updated_at: datetime
